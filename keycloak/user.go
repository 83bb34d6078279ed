package keycloak

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
)

// User is a user for tests. It is made if there is none of that name; one that exists
// is left alone, its password included.
type User struct {
	// Username is at least three characters long; Keycloak keeps it in lower case.
	Username string `yaml:"username"`
	// Email counts as verified. Without an address and both names, Keycloak asks the
	// user for them at the first login.
	Email     string `yaml:"email"`
	FirstName string `yaml:"first_name"`
	LastName  string `yaml:"last_name"`
	// Password is set once. Without one the user cannot log in by a password.
	Password maskit.Secret `yaml:"password"`
	// PasswordFile holds the password instead; [Spec.ReadSecrets] reads it.
	PasswordFile string `yaml:"password_file"`
	// Attributes must be declared in the user profile of the realm, else Keycloak drops
	// them in silence.
	Attributes map[string][]string `yaml:"attributes"`
	// Groups are paths of groups that exist, or are in the spec.
	Groups []string `yaml:"groups"`
}

func (s Spec) validateUsers() maskit.Problems {
	var ps maskit.Problems
	seen := map[string]bool{}
	for i, u := range s.Users {
		at, name := fmt.Sprintf("[%d]", i), strings.ToLower(u.Username)
		switch {
		case len(name) < 3 || len(name) > 255:
			ps = append(ps, maskit.Problem{Path: at + ".username", Code: "username", Message: "is not 3 to 255 characters long", Hint: "choose another name"})
		case seen[name]:
			ps = append(ps, maskit.Problem{Path: at + ".username", Code: "duplicate", Message: "is listed twice", Hint: "remove one"})
		}
		seen[name] = true
		for j, group := range u.Groups {
			if !isGroupPath(group) {
				ps = append(ps, maskit.Problem{Path: fmt.Sprintf("%s.groups[%d]", at, j), Code: "group-path", Message: "is not the path of a group", Hint: "write /name or /parent/name"})
			}
		}
	}
	return ps
}

func userObjects(_ context.Context, r *run) ([]object, error) {
	objects := make([]object, len(r.spec.Users))
	for i, u := range r.spec.Users {
		objects[i] = userObject(fmt.Sprintf("users[%d]", i), u)
	}
	return objects, nil
}

func userObject(path string, u User) object {
	f := settings{}
	f.text(u.Email, "email")
	f.text(u.FirstName, "firstName")
	f.text(u.LastName, "lastName")
	f.list(u.Groups, "groups")
	for _, key := range slices.Sorted(maps.Keys(u.Attributes)) {
		f.own(u.Attributes[key], "attributes", key)
	}
	initial := map[string]any{"username": u.Username, "enabled": true, "emailVerified": u.Email != ""}
	if !u.Password.IsZero() {
		initial["credentials"] = []any{map[string]any{"type": "password", "value": u.Password.Reveal(), "temporary": false}}
	}
	return document{
		rule: userRule(), name: u.Username, fields: f, initial: initial,
		find: func(ctx context.Context, r *run) (state, error) {
			raw, err := findUser(ctx, r, u.Username)
			if err != nil || raw != nil {
				return state{raw: raw}, err
			}
			lacking, err := u.lackingGroups(ctx, r)
			return state{more: lacking}, err
		},
		judge: func(have state) maskit.Problems {
			lacking, _ := have.more.(maskit.Problems)
			return below(path, lacking)
		},
		collection: func(ctx context.Context, r *run) (string, error) { return r.path("users"), u.checkGroups(ctx, r) },
	}
}

// lackingGroups are the groups that there are not, and that the spec does not make.
func (u User) lackingGroups(ctx context.Context, r *run) (maskit.Problems, error) {
	var ps maskit.Problems
	for i, group := range u.Groups {
		lacks, err := r.lacksGroup(ctx, group)
		if err != nil {
			return nil, err
		}
		if lacks {
			ps = append(ps, groupMissing(fmt.Sprintf("groups[%d]", i)))
		}
	}
	return ps, nil
}

// checkGroups looks for the user's groups: without one Keycloak only says 500.
func (u User) checkGroups(ctx context.Context, r *run) error {
	for _, path := range u.Groups {
		raw, err := findGroup(ctx, r, Group{Path: path})
		if err != nil {
			return err
		}
		if raw == nil {
			return fmt.Errorf("group %s: %w: add it to groups, or check the spelling", path, maskit.ErrNotFound)
		}
	}
	return nil
}

// findUser returns the user of exactly that name; nil if there is none.
func findUser(ctx context.Context, r *run, name string) (map[string]any, error) {
	path := r.path("users") + "?exact=true&username=" + url.QueryEscape(name)
	return r.one(ctx, path, func(raw map[string]any) bool { return strings.EqualFold(text(raw, "username"), name) })
}
