package synapse

import (
	"slices"
	"strings"
)

// repair is what has to go from one top-level key.
type repair struct {
	key      string
	section  setting // the whole of it
	findings []finding
}

// repairs groups findings by top-level key, in the order of the table. What
// removes the key as a whole makes the others needless.
func (c config) repairs(findings []finding) []repair {
	var repairs []repair
	targets := map[string]bool{}
	for _, f := range findings {
		if f.remove == "" {
			continue
		}
		key := f.topKey()
		i := slices.IndexFunc(repairs, func(r repair) bool { return r.key == key })
		if i < 0 {
			section, _ := c.find(key)
			i = len(repairs)
			repairs = append(repairs, repair{key: key, section: section})
		}
		r := &repairs[i]
		switch {
		case targets[key], targets[f.target()]:
		case f.remove == key:
			r.findings = []finding{f}
		default:
			r.findings = append(r.findings, f)
		}
		targets[f.target()] = true
	}
	return repairs
}

// isWhole reports whether the key goes with all that it holds.
func (r repair) isWhole() bool { return r.findings[0].remove == r.key }

// topKey is the top-level key of what Patch removes.
func (f finding) topKey() string {
	key, _, _ := strings.Cut(f.remove, ".")
	return strings.TrimSuffix(key, "[]")
}

// target is the path of what Patch removes.
func (f finding) target() string {
	if list, isItem := strings.CutSuffix(f.remove, "[]"); isItem {
		end := strings.Index(f.at.Path, "]")
		return list + f.at.Path[len(list):end+1]
	}
	return f.remove
}
