package mas

import (
	"fmt"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/strictyaml"
)

// collector collects problems: each once, none that Parse has reported, and of each
// severity no more than strictyaml.MaxProblems, so that a hostile file costs neither
// time nor memory and warnings crowd out no error.
type collector struct {
	positions positions
	known     map[[2]string]bool // errors that were reported elsewhere, by path and code
	seen      map[saidOnce]bool
	kept      maskit.Problems
	count     map[maskit.Severity]int
}

// saidOnce is what makes a problem the same as another one.
type saidOnce struct {
	path, code, message string
	pos                 maskit.Pos
}

func newCollector(where positions, known map[[2]string]bool) *collector {
	return &collector{positions: where, known: known, seen: map[saidOnce]bool{}, count: map[maskit.Severity]int{}}
}

// add keeps the first of several problems that say the same: two rules may see one mistake.
func (f *collector) add(problems ...maskit.Problem) {
	for _, p := range f.positions.fill(problems) {
		same := saidOnce{p.Path, p.Code, p.Message, p.Pos}
		if p.Severity == maskit.SeverityError && f.known[[2]string{p.Path, p.Code}] || f.seen[same] {
			continue
		}
		if f.count[p.Severity]++; f.count[p.Severity] <= strictyaml.MaxProblems {
			f.seen[same] = true
			f.kept = append(f.kept, p)
		}
	}
}

// problems returns what was kept, with a last one that says how many more there are. It is as
// severe as what it stands for.
func (f *collector) problems() maskit.Problems {
	var more []string
	worst := maskit.SeveritySkip
	for s := maskit.SeverityError; s <= maskit.SeveritySkip; s++ {
		if hidden := f.count[s] - strictyaml.MaxProblems; hidden > 0 {
			more = append(more, fmt.Sprintf("%d of severity %s", hidden, s))
			worst = min(worst, s)
		}
	}
	if more == nil {
		return f.kept
	}
	return append(f.kept, maskit.Problem{
		Code: "too-many-problems", Severity: worst,
		Message: "more problems, which are not shown: " + strings.Join(more, ", "),
		Hint:    "is this the right file? Mend those that are shown first",
	})
}
