package maskit

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Severity says what a [Problem] means for the caller.
type Severity int

const (
	// SeverityError is a mistake that must be mended (or accepted by an [Ack]). The zero value.
	SeverityError Severity = iota
	// SeverityWarning is legal and probably not what was meant.
	SeverityWarning
	// SeverityInfo is worth knowing and asks for nothing.
	SeverityInfo
	// SeveritySkip says that a check could not be made, and why.
	SeveritySkip
)

// String returns "error", "warning", "info" or "skip".
func (s Severity) String() string {
	switch s {
	case SeverityError:
		return "error"
	case SeverityWarning:
		return "warning"
	case SeverityInfo:
		return "info"
	case SeveritySkip:
		return "skip"
	}
	return fmt.Sprintf("severity(%d)", int(s))
}

// MarshalText implements [encoding.TextMarshaler].
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler]: it reads what MarshalText writes.
func (s *Severity) UnmarshalText(text []byte) error {
	for known := SeverityError; known <= SeveritySkip; known++ {
		if known.String() == string(text) {
			*s = known
			return nil
		}
	}
	return fmt.Errorf("maskit: decode severity %.40q: want error, warning, info or skip", text)
}

// Pos is a place in a file. Line and Column count from 1; zero means unknown.
type Pos struct {
	File   string `json:"file,omitempty"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
}

// IsZero reports whether nothing is known.
func (p Pos) IsZero() bool { return p == Pos{} }

// String returns "file:line:column", without the parts that are unknown.
func (p Pos) String() string {
	var parts []string
	if p.File != "" {
		parts = append(parts, p.File)
	}
	if p.Line > 0 {
		parts = append(parts, fmt.Sprint(p.Line))
		if p.Column > 0 {
			parts = append(parts, fmt.Sprint(p.Column))
		}
	}
	return strings.Join(parts, ":")
}

// Problem is one finding: the only type in which any maskit package reports one,
// be it static or live. No field ever holds a secret.
type Problem struct {
	// Path is where the problem is: a YAML path such as
	// "upstream_oauth2.providers[1].client_id", a URL, or a table.
	Path string `json:"path"`
	// Code is a stable identifier in kebab case, such as "unknown-key".
	Code string `json:"code"`
	// Message says what is wrong, in one sentence without a final period.
	Message string `json:"message"`
	// Hint says how to mend it; may be empty.
	Hint string `json:"hint,omitempty"`
	// Severity is what it means.
	Severity Severity `json:"severity"`
	// Pos is where it stands in the file that was read; zero if it came from no file.
	Pos Pos `json:"pos,omitzero"`
}

// String returns the problem on one line:
//
//	error: site.yaml:3:5: database.max_connections: must be at least 2 [pool-too-small] (fix: …)
func (p Problem) String() string {
	var b strings.Builder
	b.WriteString(p.Severity.String())
	for _, part := range []string{p.Pos.String(), p.Path, p.Message} {
		if part != "" {
			b.WriteString(": ")
			b.WriteString(part)
		}
	}
	if p.Code != "" {
		fmt.Fprintf(&b, " [%s]", p.Code)
	}
	if p.Hint != "" {
		fmt.Fprintf(&b, " (fix: %s)", p.Hint)
	}
	return b.String()
}

// Problems is a list of findings. Functions that return it report everything
// that they found, errors and warnings alike.
type Problems []Problem

// Only returns the problems of one severity.
func (ps Problems) Only(severity Severity) Problems {
	var out Problems
	for _, p := range ps {
		if p.Severity == severity {
			out = append(out, p)
		}
	}
	return out
}

// Err returns nil if no problem is an error; otherwise an error that lists
// those that are, matches [ErrInvalid], and unwraps by [errors.As] to [*ProblemsError].
func (ps Problems) Err() error {
	errs := ps.Only(SeverityError)
	if len(errs) == 0 {
		return nil
	}
	return &ProblemsError{Problems: errs}
}

// String returns one line per problem.
func (ps Problems) String() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// Sorted returns a copy ordered by severity, file, line, path and code.
func (ps Problems) Sorted() Problems {
	out := slices.Clone(ps)
	slices.SortStableFunc(out, func(a, b Problem) int {
		return cmp.Or(
			cmp.Compare(a.Severity, b.Severity),
			cmp.Compare(a.Pos.File, b.Pos.File),
			cmp.Compare(a.Pos.Line, b.Pos.Line),
			cmp.Compare(a.Pos.Column, b.Pos.Column),
			cmp.Compare(a.Path, b.Path),
			cmp.Compare(a.Code, b.Code),
		)
	})
	return out
}

// ProblemsError is the error of [Problems.Err].
type ProblemsError struct {
	// Problems are those of severity error, at least one.
	Problems Problems
}

// Error lists the problems, one per line if there are several.
func (e *ProblemsError) Error() string {
	if len(e.Problems) == 1 {
		return e.Problems[0].String()
	}
	return fmt.Sprintf("%d problems:\n%s", len(e.Problems), e.Problems)
}

// Is reports that the error matches [ErrInvalid].
func (e *ProblemsError) Is(target error) bool {
	return target == ErrInvalid
}

// Ack accepts a finding by name. It is the only way to let an error pass.
type Ack struct {
	// Code of the problem. Required.
	Code string `json:"code" yaml:"code"`
	// Path of the problem; empty accepts the code at any path.
	Path string `json:"path,omitempty" yaml:"path,omitempty"`
	// Max is how many such problems are accepted; zero means one. If there are
	// more, none is accepted: the situation is not the one that was acknowledged.
	Max int `json:"max,omitempty" yaml:"max,omitempty"`
}

func (a Ack) covers(p Problem) bool {
	return p.Severity == SeverityError && p.Code == a.Code && (a.Path == "" || a.Path == p.Path)
}

// Accept returns a copy in which every error that an ack covers is a warning.
// An ack that covers nothing, or fewer problems than there are, is reported
// beside them with the code "ack-unused" (warning) or "ack-exceeded" (error).
func (ps Problems) Accept(acks ...Ack) Problems {
	out := slices.Clone(ps)
	for _, ack := range acks {
		var hits []int
		for i, p := range ps {
			if ack.covers(p) {
				hits = append(hits, i)
			}
		}
		limit := max(ack.Max, 1)
		switch {
		case len(hits) == 0:
			out = append(out, Problem{
				Path: ack.Path, Code: "ack-unused", Severity: SeverityWarning,
				Message: fmt.Sprintf("the acknowledgement of %q accepts nothing", ack.Code),
				Hint:    "remove it",
			})
		case len(hits) > limit:
			out = append(out, Problem{
				Path: ack.Path, Code: "ack-exceeded",
				Message: fmt.Sprintf("%d problems have the code %q, the acknowledgement accepts %d", len(hits), ack.Code, limit),
				Hint:    "mend some of them, or raise the maximum once you have looked at each",
			})
		default:
			for _, i := range hits {
				out[i].Severity = SeverityWarning
			}
		}
	}
	return out
}
