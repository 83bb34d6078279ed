package keycloak

import (
	"fmt"

	"github.com/maskit-dev/maskit"
)

// named is what a list of the spec tells its items by.
type named[T any] struct {
	key      string // the setting that has the name
	name     func(T) string
	validate func(T) maskit.Problems
	twice    string // what is wrong with a name that is there again
	hint     string
}

// validateAll validates each item, and refuses a name that is there again.
func (n named[T]) validateAll(items []T) maskit.Problems {
	var ps maskit.Problems
	seen := map[string]bool{}
	for i, item := range items {
		at, name := fmt.Sprintf("[%d]", i), n.name(item)
		ps = append(ps, below(at, n.validate(item))...)
		if name != "" && seen[name] {
			ps = append(ps, maskit.Problem{Path: at + "." + n.key, Code: "duplicate", Message: n.twice, Hint: n.hint})
		}
		seen[name] = true
	}
	return ps
}
