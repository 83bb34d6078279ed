package masclient

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit/internal/jinja"
	"github.com/maskit-dev/maskit/keycloak"
)

// claims has Keycloak send every claim that the templates of the entry read, whatever the
// settings were that they are made of.
func (a *addition) claims() {
	imports := a.entry.ClaimsImports
	for _, part := range []struct {
		key, template string
		// decides says that people must not write the claim themselves.
		decides bool
	}{
		{"subject", imports.Subject.Template, true},
		{"localpart", imports.Localpart.Template, true},
		{"email", imports.Email.Template, true},
		{"display_name", imports.Displayname.Template, false},
		{"account_name", imports.AccountName.Template, false},
	} {
		template, err := jinja.Compile(part.template)
		if err != nil {
			a.refuse("claims."+part.key, "claims-unknown", "makes a template of which nobody can say what it reads: "+err.Error(), "")
			continue
		}
		for _, name := range template.Claims() {
			a.send("claims."+part.key, name, part.decides)
		}
	}
}

// send has the claim sent: by Keycloak itself, by a client scope, or by a mapper.
func (a *addition) send(path, claim string, decides bool) {
	switch scope, known := scopeOf(claim); {
	case known && scope == "":
	case known:
		a.needScope(scope)
	case claim == "groups":
		a.needMapper(keycloak.Mapper{Name: "groups", Groups: true, FullPath: true})
	case claim == "realm_access":
		a.needMapper(rolesMapper())
		demand(a, "client.full_scope", &a.spec.Client.FullScope, true)
	default:
		a.sendAttribute(path, claim, decides)
	}
}

// scopeOf is the client scope that sends a claim, as Keycloak makes them with every realm;
// empty for claims that every ID token has.
func scopeOf(claim string) (scope string, known bool) {
	switch claim {
	case "iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "azp", "sid", "jti", "typ", "at_hash":
		return "", true
	case "name", "family_name", "given_name", "middle_name", "nickname", "preferred_username", "profile", "picture", "website",
		"gender", "birthdate", "zoneinfo", "locale", "updated_at":
		return "profile", true
	case "email", "email_verified":
		return "email", true
	case "phone_number", "phone_number_verified":
		return "phone", true
	case "address", "acr":
		return claim, true
	}
	return "", false
}

// rolesMapper writes the realm roles into the ID token. It writes those in the scope of the
// client only, which a client has by its full scope.
func rolesMapper() keycloak.Mapper {
	return keycloak.Mapper{
		Name: "realm roles", Type: "oidc-usermodel-realm-role-mapper",
		Config: map[string]string{
			"claim.name": "realm_access.roles", "jsonType.label": "String", "multivalued": "true",
			"id.token.claim": "true", "userinfo.token.claim": "true", "access.token.claim": "false",
		},
	}
}

// sendAttribute sends the user attribute of the same name.
func (a *addition) sendAttribute(path, name string, decides bool) {
	if strings.Trim(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") != "" {
		if !a.hasMapper(name) {
			a.refuse(path, "claim-not-provisioned", fmt.Sprintf("reads the claim %q, which is neither one that Keycloak sends nor the name of a user attribute", name), "add a mapper that writes it, or take another claim")
		}
		return
	}
	mapper := keycloak.Mapper{Name: name, Attribute: name}
	if escaped := strings.ReplaceAll(name, ".", `\.`); escaped != name {
		mapper.Claim = escaped // a dot would begin a claim inside another
	}
	a.needMapper(mapper)
	if !slices.Contains([]string{"username", "email", "firstName", "lastName"}, name) {
		a.declare(name, decides)
	}
}

// declare declares the attribute, since Keycloak drops those that are not. Who decides about
// accounts by it must be an administrator.
func (a *addition) declare(name string, decides bool) {
	profile := slices.Clone(a.spec.UserProfile.Attributes)
	i := slices.IndexFunc(profile, func(p keycloak.ProfileAttribute) bool { return p.Name == name })
	if i < 0 {
		i, profile = len(profile), append(profile, keycloak.ProfileAttribute{Name: name})
	}
	if decides {
		switch {
		case profile[i].Edit == nil:
			profile[i].Edit = []string{keycloak.ProfileAdmin}
		case slices.Contains(profile[i].Edit, keycloak.ProfileUser):
			a.disagree(fmt.Sprintf("user_profile.attributes[%d].edit", i), "lets people write what MAS tells accounts apart by", "leave it to administrators: [admin]")
		}
	}
	a.spec.UserProfile.Attributes = profile
}

// claimOf is the claim that a mapper writes into the ID token, as Keycloak spells it.
func claimOf(m keycloak.Mapper) string {
	if m.Config["id.token.claim"] == "false" || m.Type != "" && m.Config["id.token.claim"] != "true" {
		return ""
	}
	claim := cmp.Or(m.Config["claim.name"], m.Claim, m.Attribute)
	if claim == "" && m.Groups {
		return "groups"
	}
	return claim
}

func (a *addition) hasMapper(claim string) bool {
	return slices.ContainsFunc(a.spec.Client.Mappers, func(m keycloak.Mapper) bool { return claimOf(m) == strings.ReplaceAll(claim, ".", `\.`) })
}

// needMapper adds a mapper unless the spec has one that writes the claim.
func (a *addition) needMapper(want keycloak.Mapper) {
	client := &a.spec.Client
	for i, m := range client.Mappers {
		at := fmt.Sprintf("client.mappers[%d]", i)
		switch {
		case claimOf(m) == claimOf(want):
			if want.Groups && m.Groups && (!m.FullPath || m.Config["full.path"] == "false") {
				a.disagree(at+".full_path", "is off, and MAS compares groups by their paths", "set it to true")
			}
			return
		case m.Name == want.Name:
			a.disagree(at+".name", "is the name of the mapper that MAS needs, and this one does not write its claim into ID tokens", "rename it")
			return
		}
	}
	client.Mappers = append(slices.Clone(client.Mappers), want)
}

// needScope makes a client scope one that every login has.
func (a *addition) needScope(name string) {
	client := &a.spec.Client
	if slices.Contains(client.OptionalScopes, name) {
		client.OptionalScopes = slices.DeleteFunc(slices.Clone(client.OptionalScopes), func(s string) bool { return s == name })
	}
	if client.DefaultScopes == nil {
		if slices.Contains(usualScopes(), name) {
			return // the client has them anyway
		}
		client.DefaultScopes = usualScopes()
	}
	if !slices.Contains(client.DefaultScopes, name) {
		client.DefaultScopes = append(slices.Clone(client.DefaultScopes), name)
	}
}

// usualScopes are the default scopes of a client that nothing else is said of.
func usualScopes() []string { return []string{"basic", "profile", "email"} }

// scopes lets the client ask for what MAS asks for. Openid is none of Keycloak's scopes, and
// organization:acme is asked for by the scope organization.
func (a *addition) scopes() {
	client := &a.spec.Client
	defaults := client.DefaultScopes
	if defaults == nil {
		defaults = usualScopes()
	} else if !slices.Contains(defaults, "basic") {
		client.DefaultScopes = append(slices.Clone(defaults), "basic") // it sends sub
		defaults = client.DefaultScopes
	}
	for name := range strings.FieldsSeq(a.entry.Scope) {
		if strings.HasPrefix(name, "organization:") {
			name = "organization"
		}
		if name != "openid" && !slices.Contains(defaults, name) && !slices.Contains(client.OptionalScopes, name) {
			client.OptionalScopes = append(slices.Clone(client.OptionalScopes), name)
		}
	}
}
