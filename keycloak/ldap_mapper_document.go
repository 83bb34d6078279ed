package keycloak

import (
	"context"
	"fmt"
	"maps"
	"net/url"

	"github.com/maskit-dev/maskit"
)

// object is the mapper at a directory.
func (m LDAPMapper) object(path string, l LDAP) object {
	return component{document{
		rule: ldapMapperRule(), name: m.Name + " of " + l.subject(), fields: m.fields(l),
		initial: map[string]any{"name": m.Name, "providerId": m.provider(), "providerType": ldapMapperType, "config": m.initial(l)},
		find: func(ctx context.Context, r *run) (state, error) {
			owner, err := l.find(ctx, r)
			have := state{orphan: true}
			if err == nil && owner.raw != nil {
				query := url.Values{"parent": {text(owner.raw, "id")}, "type": {ldapMapperType}}
				have, err = r.component(ctx, query, m.Name)
			}
			if err == nil {
				have.more, err = m.lacksGroup(ctx, r, l, have.raw)
			}
			return have, err
		},
		collection: components,
		item:       componentItem,
		judge:      func(have state) maskit.Problems { return below(path, m.judge(have)) },
		outgoing:   listed,
	}, func(ctx context.Context, r *run) (string, error) {
		owner, err := l.find(ctx, r)
		if err == nil && owner.raw == nil {
			err = fmt.Errorf("%s: %w", l.subject(), maskit.ErrNotFound)
		}
		return text(owner.raw, "id"), err
	}}
}

// lacksGroup reports whether the group is missing below which groups are to stand, without
// which Keycloak refuses the mapper (26.7 and 26.0).
func (m LDAPMapper) lacksGroup(ctx context.Context, r *run, l LDAP, raw map[string]any) (bool, error) {
	path := m.Groups.Path
	if path == "" || path == "/" || raw != nil && !differ(m.fields(l), raw) {
		return false, nil
	}
	return r.lacksGroup(ctx, path)
}

func (m LDAPMapper) judge(have state) maskit.Problems {
	var ps maskit.Problems
	if lacks, _ := have.more.(bool); lacks {
		ps = append(ps, groupMissing("groups.path"))
	}
	if have.raw == nil {
		return append(ps, unfamiliar("type", m.Type, ldapMapperTypes())...)
	}
	if is := text(have.raw, "providerId"); is != m.provider() {
		ps = append(ps, maskit.Problem{
			Code: "mapper-type", Message: fmt.Sprintf("the mapper %q is a %s, and cannot become a %s", m.Name, is, m.provider()),
			Hint: "remove it, or give the new one another name",
		})
	}
	return ps
}

// ldapMapperTypes are those that Keycloak brings along (26.0 and 26.7).
func ldapMapperTypes() []string {
	return []string{
		ldapAttributeMapper, ldapGroupMapper, "role-ldap-mapper", "full-name-ldap-mapper", "hardcoded-attribute-mapper", "hardcoded-ldap-attribute-mapper",
		"hardcoded-ldap-group-mapper", "hardcoded-ldap-role-mapper", "msad-user-account-control-mapper", "msad-lds-user-account-control-mapper",
		"certificate-ldap-mapper", "kerberos-principal-attribute-mapper",
	}
}

// listed is a component with its settings as lists, as the server has them.
func listed(body map[string]any) map[string]any {
	config, _ := body["config"].(map[string]any)
	config = maps.Clone(config)
	for key, value := range config {
		switch v := value.(type) {
		case []any:
		case nil:
			config[key] = []any{}
		default:
			config[key] = []any{v}
			if v == "" {
				config[key] = []any{}
			}
		}
	}
	body["config"] = config
	return body
}
