package keycloak

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
)

// exportProfile has the attributes that somebody declared beside those of every realm.
func (r *run) exportProfile(ctx context.Context) (UserProfile, error) {
	have, err := findProfile(ctx, r)
	if err != nil || have.raw == nil {
		return UserProfile{}, err
	}
	u := UserProfile{Unmanaged: UnmanagedAttributes(strings.ToLower(text(have.raw, unmanagedPolicy)))}
	if u.Unmanaged == "" {
		u.Unmanaged = UnmanagedOff
	}
	for _, raw := range maplist(have.raw["attributes"]) {
		name := text(raw, "name")
		if slices.Contains([]string{"username", "email", "firstName", "lastName"}, name) {
			continue
		}
		attribute, err := findProfileAttribute(ctx, r, name)
		if err != nil {
			return UserProfile{}, err
		}
		u.Attributes = append(u.Attributes, exportProfileAttribute(attribute.raw))
	}
	return u, nil
}

func exportProfileAttribute(raw map[string]any) ProfileAttribute {
	a := ProfileAttribute{
		Name: text(raw, "name"), DisplayName: Set(text(raw, "displayName")), Multivalued: exporter{raw}.flag("multivalued"), Group: Set(text(raw, "group")),
		View: textList(lookup(raw, []string{"permissions", "view"})), Edit: textList(lookup(raw, []string{"permissions", "edit"})),
		RequiredFor: textList(lookup(raw, []string{"required", "roles"})), Validations: map[string]map[string]any{},
	}
	if _, required := raw["required"].(map[string]any); required && len(a.RequiredFor) == 0 {
		a.RequiredFor = nil // by scopes alone
	}
	validations, _ := raw["validations"].(map[string]any)
	for name, settings := range validations {
		a.Validations[name], _ = plainNumbers(settings).(map[string]any)
	}
	annotations, _ := raw["annotations"].(map[string]any)
	a.Annotations = texts(annotations)
	return a
}

// texts are the entries of a map that are texts; nil if there are none.
func texts(m map[string]any) map[string]string {
	var out map[string]string
	for key, value := range m {
		if s, ok := value.(string); ok {
			if out == nil {
				out = map[string]string{}
			}
			out[key] = s
		}
	}
	return out
}

// plainNumbers has Go's numbers in place of those of JSON, which YAML would take for text.
func plainNumbers(value any) any {
	switch v := value.(type) {
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n
		}
		if f, err := v.Float64(); err == nil {
			return f
		}
	case []any:
		for i := range v {
			v[i] = plainNumbers(v[i])
		}
	case map[string]any:
		for key := range v {
			v[key] = plainNumbers(v[key])
		}
	}
	return value
}
