package keycloak

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/strictyaml"
)

// unfamiliar warns of the name of something that Keycloak does not bring along. It is no
// error, since extensions have names of their own.
func unfamiliar(path, name string, known []string) maskit.Problems {
	if name == "" || slices.Contains(known, name) {
		return nil
	}
	p := maskit.Problem{
		Path: path, Code: "unfamiliar-name", Severity: maskit.SeverityWarning,
		Message: fmt.Sprintf("%q is nothing that Keycloak brings along: without an extension of that name it is refused", name), Hint: "check the spelling",
	}
	if closest := strictyaml.Closest(name, known); closest != "" {
		p.Hint = fmt.Sprintf("did you mean %q?", closest)
	}
	return maskit.Problems{p}
}

// lacksGroup reports whether there is no such group, and the spec does not make it. What
// the account may not see is taken to be there.
func (r *run) lacksGroup(ctx context.Context, path string) (bool, error) {
	if r.spec.makesGroup(path) {
		return false, nil
	}
	raw, err := findGroup(ctx, r, Group{Path: path})
	if errors.Is(err, maskit.ErrForbidden) {
		return false, nil
	}
	return raw == nil, err
}

// makesGroup reports whether the spec makes a group, if only as one above another.
func (s Spec) makesGroup(path string) bool {
	return slices.ContainsFunc(s.Groups, func(g Group) bool { return g.Path == path || strings.HasPrefix(g.Path, path+"/") })
}

func groupMissing(path string) maskit.Problem {
	return maskit.Problem{Path: path, Code: "group-missing", Message: "there is no such group", Hint: "check the spelling, or list it in groups to have it made"}
}
