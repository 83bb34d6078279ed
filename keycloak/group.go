package keycloak

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
)

// Group is a group that exists. Its members are not managed.
type Group struct {
	// Path is where the group stands: /matrix-users, /staff/matrix. Groups above it are
	// made if need be.
	Path string `yaml:"path"`
}

func (g Group) segments() []string { return strings.Split(strings.TrimPrefix(g.Path, "/"), "/") }

func (s Spec) validateGroups() maskit.Problems {
	var ps maskit.Problems
	seen := map[string]bool{}
	for i, g := range s.Groups {
		at := fmt.Sprintf("[%d].path", i)
		switch {
		case !isGroupPath(g.Path):
			ps = append(ps, maskit.Problem{Path: at, Code: "group-path", Message: "is not the path of a group", Hint: "write /name or /parent/name"})
		case seen[g.Path]:
			ps = append(ps, maskit.Problem{Path: at, Code: "duplicate", Message: "is listed twice", Hint: "remove one"})
		}
		seen[g.Path] = true
	}
	return ps
}

// isGroupPath reports whether a text is the path of a group. The server refuses to look
// for "." and "..", as no normal path.
func isGroupPath(path string) bool {
	first, rest, _ := strings.Cut(path, "/")
	return first == "" && path != "" && !slices.ContainsFunc(strings.Split(rest, "/"), isDots)
}

// isDots reports whether a text is no segment of a path.
func isDots(segment string) bool { return segment == "" || segment == "." || segment == ".." }

func groupObjects(_ context.Context, r *run) ([]object, error) {
	objects := make([]object, len(r.spec.Groups))
	for i, g := range r.spec.Groups {
		objects[i] = groupObject(g)
	}
	return objects, nil
}

func groupObject(g Group) object {
	segments := g.segments()
	return document{
		rule: groupRule(), name: g.Path,
		initial: map[string]any{"name": segments[len(segments)-1]},
		find: func(ctx context.Context, r *run) (state, error) {
			raw, err := findGroup(ctx, r, g)
			return state{raw: raw}, err
		},
		collection: func(ctx context.Context, r *run) (string, error) {
			return groupParent(ctx, r, segments[:len(segments)-1])
		},
	}
}

// findGroup returns a group by its path; nil if there is none.
func findGroup(ctx context.Context, r *run, g Group) (map[string]any, error) {
	var raw map[string]any
	_, err := r.get(ctx, r.path(append([]string{"group-by-path"}, g.segments()...)...), &raw)
	return raw, err
}

// groupParent returns the path that creates groups below the given one, which is made
// if it does not exist.
func groupParent(ctx context.Context, r *run, above []string) (string, error) {
	if len(above) == 0 {
		return r.path("groups"), nil
	}
	parent := Group{Path: "/" + strings.Join(above, "/")}
	for attempt := 1; ; attempt++ {
		raw, err := findGroup(ctx, r, parent)
		if err != nil {
			return "", err
		}
		if raw != nil {
			return r.path("groups", text(raw, "id"), "children"), nil
		}
		if attempt == 2 {
			return "", fmt.Errorf("%s %s: group %s: %w", http.MethodGet, r.path("group-by-path"), parent.Path, maskit.ErrNotFound)
		}
		made, _ := groupObject(parent).(document)
		if err := made.create(ctx, r); err != nil {
			return "", err
		}
	}
}
