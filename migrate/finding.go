package migrate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
)

// Finding is one thing that stands in the way of a migration, or that people would
// notice: a problem, how many rows it concerns, and what becomes of them.
type Finding struct {
	maskit.Problem
	// Count is how many rows, users or settings it concerns; zero means that it is
	// not about rows.
	Count int64 `json:"count,omitempty"`
	// Samples are the natural keys of some of them, at most [MaxSamples] and sorted:
	// "@alice:example.com", "@alice:example.com DEVICE". Never a token or a hash.
	Samples []string `json:"samples,omitempty"`
	// Effect says what people lose if nothing is done: "312 devices of 40 users would
	// be signed out". Empty if nobody notices.
	Effect string `json:"effect,omitempty"`
	// Fix is the SQL or the setting that mends it, ready to be pasted; empty if Hint
	// says it all. SQL is for Synapse's database, and for a stopped Synapse, unless it
	// says otherwise.
	Fix string `json:"fix,omitempty"`
}

// MaxSamples is how many keys a [Finding] shows.
const MaxSamples = 5

// String returns the finding on one line, and Effect, Samples and Fix on lines of
// their own, indented by two spaces.
func (f Finding) String() string {
	var b strings.Builder
	b.WriteString(f.Problem.String())
	line := func(name, text string) {
		if text != "" {
			fmt.Fprintf(&b, "\n  %s: %s", name, text)
		}
	}
	line("effect", f.Effect)
	line("such as", strings.Join(f.Samples, ", "))
	line("fix", strings.ReplaceAll(f.Fix, "\n", "\n       "))
	return b.String()
}

// Findings is a list of findings.
type Findings []Finding

// Problems returns the findings without counts, samples, effects and fixes.
func (fs Findings) Problems() maskit.Problems {
	var problems maskit.Problems
	for _, f := range fs {
		problems = append(problems, f.Problem)
	}
	return problems
}

// Err is that of [maskit.Problems]: nil if no finding is an error.
func (fs Findings) Err() error { return fs.Problems().Err() }

// Only returns the findings of one severity.
func (fs Findings) Only(severity maskit.Severity) Findings {
	return slices.DeleteFunc(slices.Clone(fs), func(f Finding) bool { return f.Severity != severity })
}

// Sorted returns a copy with errors first. Findings of one severity stay in the order in
// which they were found: configurations, servers, rows.
func (fs Findings) Sorted() Findings {
	sorted := slices.Clone(fs)
	slices.SortStableFunc(sorted, func(a, b Finding) int {
		return slices.Index(severities(), a.Severity) - slices.Index(severities(), b.Severity)
	})
	return sorted
}

func severities() []maskit.Severity {
	return []maskit.Severity{maskit.SeverityError, maskit.SeverityWarning, maskit.SeverityInfo, maskit.SeveritySkip}
}

// Accept returns a copy in which every error that an ack covers is a warning. Max
// bounds the rows, not the findings: an ack for "orphan-rows" with Max 10 accepts up
// to ten orphans in each table (or in the table that Path names). An ack that covers
// neither an error nor a warning is reported as "ack-unused" (warning), one that is
// exceeded as "ack-exceeded" (error), one of what no engine can work with, such as a
// Synapse that runs, as "ack-refused" (error).
func (fs Findings) Accept(acks ...maskit.Ack) Findings {
	accepted := slices.Clone(fs)
	for _, ack := range acks {
		accepted = accept(accepted, ack)
	}
	return accepted
}

func accept(fs Findings, ack maskit.Ack) Findings {
	covered, limit := false, max(int64(ack.Max), 1)
	for i, f := range fs {
		if f.Code != ack.Code || ack.Path != "" && f.Path != ack.Path || f.Severity > maskit.SeverityWarning {
			continue
		}
		covered = true
		if f.Severity == maskit.SeverityWarning { // nothing is left to accept: the engine may have asked Job.Judge
			continue
		}
		switch count := max(f.Count, 1); {
		case Fatal(f.Code):
			fs = append(fs, ackProblem(ack, "ack-refused", maskit.SeverityError, "cannot be accepted: no engine can work with it"))
		case count > limit:
			fs = append(fs, ackProblem(ack, "ack-exceeded", maskit.SeverityError,
				fmt.Sprintf("there are %d, and at most %d were accepted", count, limit)))
		default:
			fs[i].Severity = maskit.SeverityWarning
		}
	}
	if !covered {
		fs = append(fs, ackProblem(ack, codeAckUnused, maskit.SeverityWarning, "was accepted, and not found"))
	}
	return fs
}

// codeAckUnused is that of [maskit.Problems.Accept], too.
const codeAckUnused = "ack-unused"

func ackProblem(ack maskit.Ack, code string, severity maskit.Severity, message string) Finding {
	return Finding{Problem: maskit.Problem{
		Path: ack.Path, Code: code, Severity: severity, Message: ack.Code + " " + message, Hint: "look at the finding again, and change the acknowledgement",
	}}
}
