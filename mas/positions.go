package mas

import (
	"strings"

	"github.com/maskit-dev/maskit"
)

// positions maps YAML paths to where they stood in the files that were parsed: the
// key, or the start of a list item. A path that has a position and no value in the
// Config was reported by Parse: its value could not be read.
type positions map[string]maskit.Pos

// within reports whether a path is the other one or below it. Nothing is within "",
// which stands for the document as a whole.
func within(path, other string) bool {
	rest, ok := strings.CutPrefix(path, other)
	return ok && other != "" && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

// reports are the errors of Parse, by path and code.
type reports map[[2]string]bool

func reportsOf(problems maskit.Problems) reports {
	r := reports{}
	for _, p := range problems.Only(maskit.SeverityError) {
		r[[2]string{p.Path, p.Code}] = true
	}
	return r
}

// without returns the problems that Parse has not reported yet.
func (r reports) without(problems maskit.Problems) maskit.Problems {
	if len(r) == 0 {
		return problems
	}
	var out maskit.Problems
	for _, p := range problems {
		if p.Severity != maskit.SeverityError || !r[[2]string{p.Path, p.Code}] {
			out = append(out, p)
		}
	}
	return out
}
