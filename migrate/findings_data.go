package migrate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
)

// Anomaly is what was counted in Synapse's database of one kind of row that does not
// fit MAS, or that MAS treats otherwise. [AnomalyFinding] puts it into words.
type Anomaly struct {
	// Code is one of the codes of findings about data.
	Code string
	// Path is the table of Synapse: "devices", "access_tokens".
	Path string
	// Count is how many rows there are.
	Count int64
	// Users is how many users the rows are of; zero means unknown, or that the rows are users.
	Users int64
	// Samples are natural keys of some of the rows, never a token or a hash:
	// "@alice:example.com", "@alice:example.com DEVICE".
	Samples []string
	// Provider is the user_external_ids.auth_provider, and Issuer whom Synapse asks for
	// it, of the findings about links.
	Provider, Issuer string
	// Mapped says that MAS has the provider, so that the links are moved.
	Mapped bool
	// ServerName is the server name, of "foreign-users".
	ServerName string
	// Limits are the session limits of MAS, of "many-devices".
	Limits SessionLimits
	// IdleSeconds is how long MAS keeps a session that is not used, of "inactive-devices".
	IdleSeconds int64
}

// SessionLimits is experimental.session_limit of MAS's configuration.
type SessionLimits struct {
	Soft, Hard uint64
	// Threshold exempts users with more sessions; zero means that it exempts nobody.
	Threshold uint64
	// Evicts says that the oldest sessions give way beyond Hard, instead of no new one being possible.
	Evicts bool
}

// AnomalyFinding is the finding of an anomaly: the only place that says what it means
// for people under a policy, and how to mend it. A code that is not about data gives a
// finding with the code as its message.
func AnomalyFinding(a Anomaly, p Policy) Finding {
	f := anomalyText(a, p)
	f.Path, f.Code, f.Count = a.Path, a.Code, a.Count
	f.Samples = samples(a.Samples)
	return f
}

// samples returns the least keys, sorted and each once.
func samples(keys []string) []string {
	sorted := slices.Compact(slices.Sorted(slices.Values(keys)))
	return sorted[:min(len(sorted), MaxSamples)]
}

func anomalyText(a Anomaly, p Policy) Finding {
	for _, text := range []func(Anomaly, Policy) (Finding, bool){rowText, userText, tokenText, deviceText, linkText, accountText} {
		if f, known := text(a, p); known {
			return f
		}
	}
	return Finding{Problem: maskit.Problem{Message: a.Code}}
}

// says is how the texts are written down: what is wrong, what it means for people, what mends it.
type says struct {
	severity                   maskit.Severity
	message, hint, effect, fix string
}

func (s says) finding() Finding {
	return Finding{
		Problem: maskit.Problem{Severity: s.severity, Message: s.message, Hint: s.hint},
		Effect:  s.effect, Fix: s.fix,
	}
}

// judged is the severity of what a disposition is about.
func judged(d Disposition) maskit.Severity {
	if d == Skip {
		return maskit.SeverityWarning
	}
	return maskit.SeverityError
}

// orSkip ends a hint: how to migrate without mending anything.
func orSkip(d Disposition, field string) string {
	if d == Skip {
		return ", or leave it as it is: Policy." + field + " skips them"
	}
	return ", or set Policy." + field + " to skip them"
}

// number writes "1 user", "2 users"; plural is "users" or "e-mail address|es".
func number(n int64, plural string) string {
	stem, ending, irregular := strings.Cut(plural, "|")
	switch {
	case n == 1 && irregular:
		return fmt.Sprintf("%d %s", n, stem)
	case n == 1:
		return fmt.Sprintf("%d %s", n, strings.TrimSuffix(plural, "s"))
	}
	return fmt.Sprintf("%d %s%s", n, stem, ending)
}

// verb agrees with a number: verb(1, "is", "are").
func verb(n int64, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// of writes "3 tokens of 2 users", without the users if they are not known.
func (a Anomaly) of(plural string) string {
	if a.Users == 0 {
		return number(a.Count, plural)
	}
	return number(a.Count, plural) + " of " + number(a.Users, "users")
}

// literal quotes a text for SQL.
func literal(text string) string {
	quoted := "'" + strings.ReplaceAll(text, "'", "''") + "'"
	if strings.Contains(text, `\`) {
		return " E" + strings.ReplaceAll(quoted, `\`, `\\`)
	}
	return quoted
}
