package keycloak

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
)

// ProviderMapper takes something over from an identity provider. Say what by one of
// From with To, Username, Group and Type.
type ProviderMapper struct {
	// Name of the mapper at the provider. Required, and never changed.
	Name string `yaml:"name"`
	// From is a claim, or for SAML the name of an attribute.
	From string `yaml:"from"`
	// To is the user attribute that it becomes: email, firstName, or any other. Forms show
	// those that the user profile declares.
	To string `yaml:"to"`
	// Username is a template of the user name: ${CLAIM.sub}, for SAML ${ATTRIBUTE.uid} or
	// ${NAMEID}.
	Username string `yaml:"username"`
	// Group is the path of a group that everybody from there is in.
	Group string `yaml:"group"`
	// Type is the provider of any other mapper: oidc-advanced-group-idp-mapper.
	Type string `yaml:"type"`
	// SyncMode is when it works. Default for a new one: as the provider says.
	SyncMode SyncMode `yaml:"sync_mode"`
	// Config is what Keycloak keeps of the mapper. It adds to the settings above, and wins
	// where both say something. Settings that neither names are left alone; the empty
	// string removes one.
	Config map[string]string `yaml:"config"`
}

func (p IdentityProvider) validateMappers() maskit.Problems {
	return named[ProviderMapper]{
		key: "name", name: func(m ProviderMapper) string { return m.Name },
		validate: func(m ProviderMapper) maskit.Problems { return m.validate(p.Type) },
		twice:    "is the name of two mappers", hint: "rename one",
	}.validateAll(p.Mappers)
}

func (m ProviderMapper) validate(of string) maskit.Problems {
	var ps maskit.Problems
	if m.Name == "" {
		ps = append(ps, missing("name", "the name of the mapper at the provider"))
	}
	kinds := 0
	for _, is := range []bool{m.From != "" || m.To != "", m.Username != "", m.Group != "", m.Type != ""} {
		if is {
			kinds++
		}
	}
	switch {
	case kinds != 1:
		ps = append(ps, maskit.Problem{Code: "mapper-kind", Message: fmt.Sprintf("says in %d ways what it takes over", kinds), Hint: "set one of from with to, username, group and type"})
	case (m.From == "") != (m.To == ""):
		ps = append(ps, maskit.Problem{Code: "mapper-kind", Message: "has only one of from and to", Hint: "set both"})
	case (m.From != "" || m.Username != "") && of != ProviderOIDC && of != ProviderSAML:
		ps = append(ps, maskit.Problem{Code: "mapper-kind", Message: "from, to and username are for oidc and saml", Hint: "set type and config"})
	case m.Group != "" && !isGroupPath(m.Group):
		ps = append(ps, maskit.Problem{Path: "group", Code: "group-path", Message: "is not the path of a group", Hint: "write /name or /parent/name"})
	}
	if m.SyncMode != "" && !slices.Contains(syncModes(), m.SyncMode) {
		ps = append(ps, maskit.Problem{Path: "sync_mode", Code: "unknown-value", Message: "is none of import, force and legacy"})
	}
	return ps
}

// provider is Keycloak's name of the kind of mapper at a provider of the type.
func (m ProviderMapper) provider(of string) string {
	switch {
	case m.From != "":
		return of + "-user-attribute-idp-mapper"
	case m.Username != "":
		return of + "-username-idp-mapper"
	case m.Group != "":
		return "oidc-hardcoded-group-idp-mapper" // for SAML, too
	}
	return m.Type
}

func (m ProviderMapper) config(of string) map[string]string {
	config := map[string]string{}
	switch {
	case m.From != "":
		config["user.attribute"] = m.To
		config[map[bool]string{true: "attribute.name", false: "claim"}[of == ProviderSAML]] = m.From
	case m.Username != "":
		config["template"] = m.Username
	case m.Group != "":
		config["group"] = m.Group
	}
	if m.SyncMode != "" {
		config["syncMode"] = strings.ToUpper(string(m.SyncMode))
	}
	maps.Copy(config, m.Config)
	return config
}

// document is the mapper at a provider.
func (m ProviderMapper) document(p IdentityProvider) document {
	f := settings{}
	f.own(m.provider(p.Type), "identityProviderMapper")
	f.entries(m.config(p.Type), "config")
	initial := map[string]any{"name": m.Name, "identityProviderAlias": p.Alias, "config": map[string]any{"syncMode": "INHERIT"}}
	if m.Username != "" {
		initial["config"] = map[string]any{"syncMode": "INHERIT", "target": "LOCAL"}
	}
	return document{
		rule: providerMapperRule(), name: m.Name + " of " + p.subject(), fields: f, initial: initial,
		find: func(ctx context.Context, r *run) (state, error) { return findProviderMapper(ctx, r, p, m.Name) },
		collection: func(_ context.Context, r *run) (string, error) {
			return r.path("identity-provider", "instances", p.Alias, "mappers"), nil
		},
		item: func(_ context.Context, r *run, raw map[string]any) (string, error) {
			return r.path("identity-provider", "instances", p.Alias, "mappers", text(raw, "id")), nil
		},
	}
}

func providerMappers(ctx context.Context, r *run, p IdentityProvider) ([]map[string]any, error) {
	var list []map[string]any
	_, err := r.get(ctx, r.path("identity-provider", "instances", p.Alias, "mappers"), &list)
	return list, err
}

// findProviderMapper asks for the mappers of a provider only if there is one.
func findProviderMapper(ctx context.Context, r *run, p IdentityProvider, name string) (state, error) {
	owner, err := findProvider(ctx, r, p.Alias)
	if err != nil || owner.raw == nil {
		return state{orphan: true}, err
	}
	list, err := providerMappers(ctx, r, p)
	for _, raw := range list {
		if text(raw, "name") == name {
			return state{raw: raw}, err
		}
	}
	return state{}, err
}

// surplusMappers has the mappers that the spec does not name.
func (p IdentityProvider) surplusMappers(ctx context.Context, r *run) ([]object, error) {
	owner, err := findProvider(ctx, r, p.Alias)
	if err != nil || owner.raw == nil {
		return nil, err
	}
	list, err := providerMappers(ctx, r, p)
	wanted := map[string]bool{}
	for _, m := range p.Mappers {
		wanted[m.Name] = true
	}
	var objects []object
	for _, raw := range inOrder(list, "name") {
		name := text(raw, "name")
		if wanted[name] {
			continue
		}
		objects = append(objects, removal{
			what: "mapper " + name + " of " + p.subject(),
			find: func(ctx context.Context, r *run) (state, error) { return findProviderMapper(ctx, r, p, name) },
			drop: func(ctx context.Context, r *run, have state) error {
				return r.send(ctx, http.MethodDelete, r.path("identity-provider", "instances", p.Alias, "mappers", text(have.raw, "id")), nil)
			},
		})
	}
	return objects, err
}
