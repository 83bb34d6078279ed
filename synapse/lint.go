package synapse

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/maskit-dev/maskit"
)

// maxProblems is how many problems are reported at once.
const maxProblems = 500

// Lint reports what stands between the files that Synapse loads, in its order,
// and delegation to MAS as the Delegate describes it:
//
//   - errors for what keeps Synapse from starting beside an enabled
//     matrix_authentication_service section, and for a section that is missing,
//     disabled, misspelt or says something else. Without an error, [Delegate.Patch]
//     changes nothing;
//   - warnings for what cannot be judged from the files, such as unknown modules;
//   - what [Delegate.Validate] finds.
//
// The hint of each error says what Patch does about it.
func (d Delegate) Lint(files []File) maskit.Problems {
	problems := d.Validate()
	config, found := load(files)
	problems = append(problems, found...)
	if problems.Err() == nil {
		problems = append(problems, d.lint(config)...)
	}
	return capped(problems)
}

// lint judges files that could be read.
func (d Delegate) lint(c config) maskit.Problems {
	problems := c.checkServerName(d.Site)
	problems = append(problems, d.lintSection(c)...)
	for _, f := range d.judge(c) {
		problems = append(problems, f.problem())
	}
	return append(problems, d.lintVersion(c)...)
}

// problem words a finding.
func (f finding) problem() maskit.Problem {
	p := maskit.Problem{Path: f.at.Path, Code: f.code, Pos: f.at.Pos, Hint: f.advice}
	switch f.effect {
	case refused:
		p.Message = fmt.Sprintf("is %s; %s, and does not start beside %s", f.shown(), f.does, sectionKey)
	case crashes:
		p.Message = cmp.Or(f.does, "is "+f.shown()) + ", and Synapse does not start with it"
	case outdated:
		p.Message = f.does
	case unknown:
		p.Severity = maskit.SeverityWarning
		p.Message = fmt.Sprintf("is %s; whether it checks passwords is not known, and Synapse does not start beside %s with a module that does", f.shown(), sectionKey)
	}
	if f.remove != "" {
		p.Hint = fmt.Sprintf("Patch removes %s: %s", f.target(), f.reason)
	}
	switch {
	case f.moved != "":
		p.Hint += "; set that up first"
	case f.remove != "" && f.advice != "":
		p.Hint += "; " + f.advice
	}
	return p
}

// merged reports what is left: the problems of the result, each at the place
// where it stood in the files before, if it was there.
func merged(before, after maskit.Problems) maskit.Problems {
	known := map[string]maskit.Problems{}
	for _, p := range before {
		known[identity(p)] = append(known[identity(p)], p)
	}
	out := make(maskit.Problems, len(after))
	for i, p := range after {
		if same := known[identity(p)]; len(same) > 0 {
			p.Path, p.Pos, known[identity(p)] = same[0].Path, same[0].Pos, same[1:]
		}
		out[i] = p
	}
	return out
}

// identity is what stays of a problem when lines and items of lists move, or
// another file counts.
func identity(p maskit.Problem) string {
	path, rest, isItem := strings.Cut(p.Path, "[")
	if isItem {
		_, rest, _ = strings.Cut(rest, "]")
	}
	return strings.Join([]string{p.Code, path, rest, p.Message}, "\x00")
}

// capped sorts problems and limits their number.
func capped(problems maskit.Problems) maskit.Problems {
	problems = problems.Sorted()
	if len(problems) <= maxProblems {
		return problems
	}
	more := problems[maxProblems-1:]
	return append(problems[:maxProblems-1:maxProblems-1], maskit.Problem{
		Code: "too-many-problems", Severity: more[0].Severity,
		Message: fmt.Sprintf("%d more problems are not listed", len(more)),
		Hint:    "mend the others first",
	})
}
