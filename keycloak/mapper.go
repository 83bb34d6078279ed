package keycloak

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
)

// Mapper writes something about the user into the tokens of the client. Say what by
// one of Attribute, Groups and Type.
type Mapper struct {
	// Name of the mapper at the client. Required, and never changed.
	Name string `yaml:"name"`
	// Attribute is a user attribute to write into a claim.
	Attribute string `yaml:"attribute"`
	// Groups writes the user's groups into a claim. A user without groups gets no claim.
	Groups bool `yaml:"groups"`
	// FullPath writes groups with their path. Without it, /a/x and /b/x look the same.
	FullPath bool `yaml:"full_path"`
	// Claim is the name of the claim. Default: the attribute's name, or groups.
	Claim string `yaml:"claim"`
	// Multivalued writes all values of the attribute, as a list.
	Multivalued bool `yaml:"multivalued"`
	// Type is the provider of any other mapper: oidc-hardcoded-claim-mapper.
	Type string `yaml:"type"`
	// Config is what Keycloak keeps of the mapper. It adds to the settings above, and wins
	// where both say something. Settings that neither names are left alone; the empty
	// string removes one.
	Config map[string]string `yaml:"config"`
}

const (
	attributeMapper = "oidc-usermodel-attribute-mapper"
	groupsMapper    = "oidc-group-membership-mapper"
	protocolOIDC    = "openid-connect"
)

// provider is Keycloak's name of the kind of mapper.
func (m Mapper) provider() string {
	switch {
	case m.Attribute != "":
		return attributeMapper
	case m.Groups:
		return groupsMapper
	}
	return m.Type
}

// config is the whole configuration that is managed. MAS reads the ID token, and the
// userinfo if it is told to; the access token is Keycloak's own.
func (m Mapper) config() map[string]string {
	config := map[string]string{}
	if m.provider() != m.Type {
		config = map[string]string{
			"id.token.claim": "true", "userinfo.token.claim": "true", "access.token.claim": "false",
		}
	}
	switch {
	case m.Attribute != "":
		config["user.attribute"] = m.Attribute
		config["claim.name"] = cmp.Or(m.Claim, m.Attribute)
		config["jsonType.label"] = "String"
		config["multivalued"] = fmt.Sprint(m.Multivalued)
	case m.Groups:
		config["claim.name"] = cmp.Or(m.Claim, "groups")
		config["full.path"] = fmt.Sprint(m.FullPath)
	}
	maps.Copy(config, m.Config)
	return config
}

func (m Mapper) fields() []field {
	f := settings{}
	f.own(m.provider(), "protocolMapper")
	for _, key := range slices.Sorted(maps.Keys(m.config())) {
		want := field{path: []string{"config", key}, want: m.config()[key]}
		if want.want == "false" {
			want.fine = []any{""}
		}
		f = append(f, want)
	}
	return f
}

func validateMappers(mappers []Mapper) maskit.Problems {
	return named[Mapper]{
		key: "name", name: func(m Mapper) string { return m.Name }, validate: Mapper.validate,
		twice: "is the name of two mappers", hint: "rename one",
	}.validateAll(mappers)
}

func (m Mapper) validate() maskit.Problems {
	var ps maskit.Problems
	if m.Name == "" {
		ps = append(ps, missing("name", "the name of the mapper at the client"))
	}
	kinds := 0
	for _, is := range []bool{m.Attribute != "", m.Groups, m.Type != ""} {
		if is {
			kinds++
		}
	}
	if kinds != 1 {
		ps = append(ps, maskit.Problem{
			Code: "mapper-kind", Message: fmt.Sprintf("says in %d ways what it writes", kinds), Hint: "set one of attribute, groups and type",
		})
	}
	if m.Type != "" && (m.Claim != "" || m.Multivalued) {
		ps = append(ps, maskit.Problem{Path: "type", Code: "mapper-kind", Message: "claim and multivalued mean nothing for a mapper of any type", Hint: "write them in config"})
	}
	if m.FullPath && !m.Groups {
		ps = append(ps, maskit.Problem{Path: "full_path", Code: "mapper-kind", Message: "is for groups alone", Hint: "remove it"})
	}
	return ps
}

func (m Mapper) representation() map[string]any {
	body, _ := normal(m.document(clientRef{}).body()).(map[string]any)
	return body
}

// document is the mapper at a client.
func (m Mapper) document(at clientRef) document {
	return document{
		rule: mapperRule(), name: m.Name + " of " + at.subject(),
		fields:  m.fields(),
		initial: map[string]any{"name": m.Name, "protocol": protocolOIDC},
		find:    func(ctx context.Context, r *run) (state, error) { return at.findMapper(ctx, r, m.Name) },
		collection: func(ctx context.Context, r *run) (string, error) {
			return at.path(ctx, r, "protocol-mappers", "models")
		},
		item: func(ctx context.Context, r *run, raw map[string]any) (string, error) {
			return at.path(ctx, r, "protocol-mappers", "models", text(raw, "id"))
		},
	}
}

// mapperObjects has the mappers of the client, and those to remove if the list is
// meant to be whole.
func mapperObjects(ctx context.Context, r *run) ([]object, error) {
	c := r.spec.Client
	at := c.ref()
	var objects []object
	wanted := map[string]bool{}
	for _, m := range c.Mappers {
		wanted[m.Name] = true
		objects = append(objects, m.document(at))
	}
	if !c.ExactMappers {
		return objects, nil
	}
	raw, err := at.find(ctx, r)
	if err != nil {
		return nil, err
	}
	for _, mapper := range inOrder(maplist(raw["protocolMappers"]), "name") {
		if name := text(mapper, "name"); !wanted[name] && text(mapper, "protocol") == protocolOIDC && !(c.hasServiceAccount(raw) && ofServiceAccount(mapper)) {
			objects = append(objects, removal{
				what: "mapper " + name + " of " + at.subject(),
				find: func(ctx context.Context, r *run) (state, error) { return at.findMapper(ctx, r, name) },
				drop: func(ctx context.Context, r *run, have state) error {
					path, err := at.path(ctx, r, "protocol-mappers", "models", text(have.raw, "id"))
					if err != nil {
						return err
					}
					return r.send(ctx, http.MethodDelete, path, nil)
				},
			})
		}
	}
	return objects, nil
}

// hasServiceAccount reports whether the client will have an account of its own.
func (c Client) hasServiceAccount(raw map[string]any) bool {
	return c.ServiceAccount.Or(raw["serviceAccountsEnabled"] == true).V
}

// ofServiceAccount reports whether a mapper is one of those that Keycloak 26.0 makes by
// itself for a client that gets an account of its own.
func ofServiceAccount(mapper map[string]any) bool {
	notes := []string{"client_id", "clientId", "clientHost", "clientAddress"}
	return text(mapper, "protocolMapper") == "oidc-usersessionmodel-note-mapper" && slices.Contains(notes, text(mapper, "config", "user.session.note"))
}

// inOrder has objects in the order of a key: the server has them in any, and what is shown
// and exported shall be the same each time.
func inOrder(list []map[string]any, key string) []map[string]any {
	return slices.SortedStableFunc(slices.Values(list), func(a, b map[string]any) int { return strings.Compare(text(a, key), text(b, key)) })
}

// maplist returns the objects of a JSON list.
func maplist(list any) []map[string]any {
	items, _ := list.([]any)
	out := make([]map[string]any, 0, len(items))
	for _, item := range items {
		if m, ok := item.(map[string]any); ok {
			out = append(out, m)
		}
	}
	return out
}
