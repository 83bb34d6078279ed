package migrate

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/maskit-dev/maskit"
)

// String is the report for people: a line for each table, what is wrong and what it
// means, and the rows that differ.
func (r VerifyReport) String() string {
	var b strings.Builder
	verdict := "MAS's database has what Synapse's database says"
	if r.Err() != nil {
		verdict = "MAS's database is NOT what Synapse's database says; do not start MAS"
	}
	fmt.Fprintf(&b, "%s (compared in %.1f s)\n", verdict, r.Seconds)
	for _, e := range r.Entities {
		fmt.Fprintf(&b, "  %s: %s\n", e.Entity, e.line())
	}
	writeGroup(&b, "ERRORS", r.Findings().Only(maskit.SeverityError))
	r.writeDifferences(&b)
	writeGroup(&b, "WARNINGS", r.Findings().Only(maskit.SeverityWarning))
	return strings.TrimSuffix(b.String(), "\n")
}

func (r VerifyReport) writeDifferences(b *strings.Builder) {
	shown := map[Entity]int64{}
	for i, d := range r.Differences {
		if i == 0 {
			b.WriteString("\nROWS THAT DIFFER\n")
		}
		fmt.Fprintf(b, "  %s\n", d)
		shown[d.Entity]++
		if last := i+1 == len(r.Differences) || r.Differences[i+1].Entity != d.Entity; last {
			r.writeRest(b, d.Entity, shown[d.Entity])
		}
	}
}

func (r VerifyReport) writeRest(b *strings.Builder, of Entity, shown int64) {
	for _, e := range r.Entities {
		if rest := e.Different() - shown; e.Entity == of && rest > 0 {
			fmt.Fprintf(b, "  … and %s more of %s\n", thousands(rest), of)
		}
	}
}

// String is the difference on one line.
func (d Difference) String() string {
	text := fmt.Sprintf("%s %s %s", d.Kind, d.Entity, d.Key)
	for i, f := range d.Fields {
		text += []string{": ", ", "}[min(i, 1)] + f.String()
	}
	return text
}

// String is "locked_at is NULL instead of 2024-01-02T03:04:05Z", or without the values
// of secrets.
func (f DifferentField) String() string {
	if f.Secret {
		return f.Column + " is another one"
	}
	return fmt.Sprintf("%s is %s instead of %s", f.Column, f.Found, f.Expected)
}

// line says how a table compares.
func (e VerifiedEntity) line() string {
	if e.Different() == 0 {
		return thousands(e.Found) + " rows, equal"
	}
	if e.Found == e.Expected {
		return fmt.Sprintf("%s rows: %s", thousands(e.Found), e.summary())
	}
	return fmt.Sprintf("%s rows instead of %s: %s", thousands(e.Found), thousands(e.Expected), e.summary())
}

// summary says how many rows differ, and how.
func (e VerifiedEntity) summary() string {
	var parts []string
	for _, part := range []struct {
		rows int64
		kind DifferenceKind
	}{{e.Missing, Missing}, {e.Extra, Extra}, {e.Changed, Changed}} {
		if part.rows > 0 {
			parts = append(parts, thousands(part.rows)+" "+string(part.kind))
		}
	}
	return strings.Join(parts, ", ")
}

// effect is what people would notice.
func (e VerifiedEntity) effect(deviceUsers int64) string {
	switch e.Entity {
	case Users:
		return "people whose account is missing cannot log in, and extra accounts are nobody's; changed ones may be locked, or have rights that they should not"
	case Passwords:
		return "people cannot log in with their passwords, or somebody else could"
	case Emails, Unsupported:
		return "people cannot recover their accounts by these addresses, or somebody else could"
	case Links:
		return "people who come from the identity provider are not recognised, or as somebody else"
	case Sessions:
		if deviceUsers > 0 {
			return fmt.Sprintf("%s %s other devices in MAS than in Synapse: at the next logout MAS removes from Synapse those that it lacks, with their keys",
				number(deviceUsers, "users"), verb(deviceUsers, "has", "have"))
		}
		return "people see something else about their devices"
	}
	return "devices are signed out, or answer to the wrong token"
}

// thousands writes 1784210 as "1,784,210".
func thousands(n int64) string {
	digits := strconv.FormatInt(n, 10)
	for i := len(digits) - 3; i > 0 && digits[i-1] != '-'; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
