package keycloak

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"

	"github.com/maskit-dev/maskit"
)

// profileObjects has the declared attributes, and what becomes of the others.
func profileObjects(_ context.Context, r *run) ([]object, error) {
	u := r.spec.UserProfile
	var objects []object
	for i, a := range u.Attributes {
		objects = append(objects, profilePart{document: document{
			rule: profileAttributeRule(), name: a.Name, fields: a.fields(),
			initial: map[string]any{
				"name": a.Name,
				"permissions": map[string]any{
					"view": []string{ProfileAdmin, ProfileUser}, "edit": []string{ProfileAdmin},
				},
			},
			find: func(ctx context.Context, r *run) (state, error) { return findProfileAttribute(ctx, r, a.Name) },
			judge: func(have state) maskit.Problems {
				return below(fmt.Sprintf("user_profile.attributes[%d]", i), a.judge(have))
			},
		}, attribute: a.Name})
	}
	if u.Unmanaged != "" {
		objects = append(objects, profilePart{document: document{
			rule: profileRule(), name: r.realm, fields: []field{{path: []string{unmanagedPolicy}, want: u.Unmanaged.wire()}}, find: findProfile,
		}})
	}
	return objects, nil
}

// judge finds what the server would refuse: the name of a group that the profile lacks, and
// validators that there are not.
func (a ProfileAttribute) judge(have state) maskit.Problems {
	profile, _ := have.more.(map[string]any)
	if profile == nil || have.raw != nil && !differ(a.fields(), have.raw) {
		return nil
	}
	var ps maskit.Problems
	isIt := func(group map[string]any) bool { return text(group, "name") == a.Group.V }
	if a.Group.V != "" && !slices.ContainsFunc(maplist(profile["groups"]), isIt) {
		ps = append(ps, maskit.Problem{Path: "group", Code: "profile-group-missing", Message: "the user profile has no group of that name", Hint: "check the spelling, or make the group"})
	}
	there, _ := have.raw["validations"].(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(a.Validations)) {
		if _, stays := there[name]; !stays {
			ps = append(ps, unfamiliar("validations."+name, name, validators())...)
		}
	}
	return ps
}

// validators are those that Keycloak brings along (26.0 and 26.7) and that people use.
func validators() []string {
	return []string{
		"double", "email", "integer", "iso-date", "length", "local-date", "multivalued", "not-blank", "not-empty", "options", "pattern",
		"person-name-prohibited-characters", "up-immutable-attribute", "up-username-not-idn-homograph", "uri", "username-prohibited-characters",
	}
}

const unmanagedPolicy = "unmanagedAttributePolicy"

// profilePart is an attribute of the user profile, or the profile without its attributes.
// Keycloak takes the profile as a whole only.
type profilePart struct {
	document
	attribute string // empty for the profile itself
}

// findProfile returns the user profile.
func findProfile(ctx context.Context, r *run) (state, error) {
	var raw map[string]any
	_, err := r.get(ctx, r.path("users", "profile"), &raw)
	return state{raw: raw, more: raw}, err
}

func findProfileAttribute(ctx context.Context, r *run, name string) (state, error) {
	have, err := findProfile(ctx, r)
	profile := have.raw
	have.raw = nil
	for _, attribute := range maplist(profile["attributes"]) {
		if text(attribute, "name") != name {
			continue
		}
		// An empty object means: required for everybody, always.
		if required, ok := attribute["required"].(map[string]any); ok && len(required) == 0 {
			attribute["required"] = map[string]any{"roles": []any{ProfileAdmin, ProfileUser}}
		}
		have.raw = attribute
	}
	return have, err
}

// compare knows that a server without profiles has nothing to declare attributes in.
func (p profilePart) compare(have state) comparison {
	c := p.document.compare(have)
	if profile, _ := have.more.(map[string]any); profile == nil && !have.orphan {
		c.problems = append(c.problems, noProfile())
	}
	return c
}

func noProfile() maskit.Problem {
	return maskit.Problem{
		Path: "user_profile", Code: "no-user-profile", Message: "this server has no user profile, or the account may not see it",
		Hint: "Keycloak has it since 24; the account needs manage-realm",
	}
}

// write sends the whole profile with the part in it, as one run of this process at a
// time, since the server keeps what was sent last.
func (p profilePart) write(ctx context.Context, r *run, _ state) error {
	if err := r.p.realms.take(ctx); err != nil {
		return err
	}
	defer r.p.realms.done()
	clear(r.memo)
	have, err := p.find(ctx, r)
	if err != nil {
		return err
	}
	profile, _ := normal(have.more).(map[string]any)
	if !isProfile(profile) {
		return errors.New("the server shows no user profile with user name and address, and to write without them empties the profile: does the account have the rights?")
	}
	if profile, err = p.into(profile, have.raw); err != nil {
		return err
	}
	return r.send(ctx, http.MethodPut, r.path("users", "profile"), profile)
}

// isProfile reports whether the profile has what Keycloak never lets go.
func isProfile(profile map[string]any) bool {
	var names []string
	for _, attribute := range maplist(profile["attributes"]) {
		names = append(names, text(attribute, "name"))
	}
	return slices.Contains(names, "username") && slices.Contains(names, "email")
}

// into is the profile with the part as it is wanted.
func (p profilePart) into(profile, raw map[string]any) (map[string]any, error) {
	if p.attribute == "" {
		merged, err := p.merged(profile)
		return withoutEmpty(merged), err
	}
	if raw == nil {
		list, _ := profile["attributes"].([]any)
		profile["attributes"] = append(list, withoutEmpty(p.body()))
		return profile, nil
	}
	attribute, err := p.merged(raw)
	if err != nil {
		return nil, err
	}
	for i, other := range maplist(profile["attributes"]) {
		if text(other, "name") == p.attribute {
			list, _ := profile["attributes"].([]any)
			list[i] = withoutEmpty(attribute)
			return profile, nil
		}
	}
	return nil, fmt.Errorf("attribute %s: %w", p.attribute, maskit.ErrNotFound)
}

// withoutEmpty is the document without what is unset: the server takes no empty text for
// the name of a group or a policy.
func withoutEmpty(document map[string]any) map[string]any {
	maps.DeleteFunc(document, func(_ string, value any) bool { return value == nil || value == "" })
	return document
}
