package keycloaktest

import "strings"

// standardScope is a client scope of a new realm.
type standardScope struct {
	name, protocol string
	// list is default, optional, or empty if new clients do not get it.
	list string
	// inToken says that the name stands in the claim scope.
	inToken bool
	mappers []standardMapper
}

// standardMapper writes a claim.
type standardMapper struct {
	name, provider string
	config         map[string]string
	// userinfo and id say where the claim stands besides the access token.
	id, userinfo bool
}

// addDefaultScopes makes the client scopes of a new realm.
func (s *Server) addDefaultScopes(r *realm) {
	for _, standard := range s.standardScopes() {
		at := &scope{id: s.uuid(), doc: document{"name": standard.name, "protocol": standard.protocol}, attributes: document{}}
		if standard.protocol == protocolOIDC && standard.name != "offline_access" {
			at.attributes["include.in.token.scope"] = map[bool]string{true: "true", false: "false"}[standard.inToken]
			at.attributes["display.on.consent.screen"] = at.attributes["include.in.token.scope"]
		}
		for _, m := range standard.mappers {
			at.mappers = append(at.mappers, newMapper(m.document(s.uuid(), standard.protocol)))
		}
		r.scopes[at.id] = at
		r.scopeOrder = append(r.scopeOrder, at.id)
		switch standard.list {
		case "default":
			r.defaultScopes = append(r.defaultScopes, at.id)
		case "optional":
			r.optionalScopes = append(r.optionalScopes, at.id)
		}
	}
}

func (m standardMapper) document(id, protocol string) document {
	config := document{}
	for key, value := range m.config {
		config[key] = value
	}
	if protocol == protocolOIDC {
		config["access.token.claim"], config["introspection.token.claim"] = "true", "true"
		if m.id {
			config["id.token.claim"] = "true"
		}
		if m.userinfo {
			config["userinfo.token.claim"] = "true"
		}
	}
	return document{"id": id, "name": m.name, "protocol": protocol, "protocolMapper": m.provider, "config": config}
}

const (
	attributeMapper = "oidc-usermodel-attribute-mapper"
	propertyMapper  = "oidc-usermodel-property-mapper"
	noteMapper      = "oidc-usersessionmodel-note-mapper"
	subMapper       = "oidc-sub-mapper"
	nameMapper      = "oidc-full-name-mapper"
	acrMapper       = "oidc-acr-mapper"
	realmRoleMapper = "oidc-usermodel-realm-role-mapper"
	roleMapper      = "oidc-usermodel-client-role-mapper"
	groupsMapper    = "oidc-group-membership-mapper"
	fixedMapper     = "oidc-hardcoded-claim-mapper"
	audienceMapper  = "oidc-audience-mapper"
)

// claim maps a user attribute; what is "name attribute claim type".
func claim(what string) standardMapper {
	f := strings.Split(what, " ")
	provider := attributeMapper
	if f[1] == "emailVerified" {
		provider = propertyMapper
	}
	return standardMapper{name: strings.ReplaceAll(f[0], "_", " "), provider: provider, id: true, userinfo: true, config: map[string]string{
		"user.attribute": f[1], "claim.name": f[2], "jsonType.label": f[3],
	}}
}

func note(name, key, claim, kind string) standardMapper {
	return standardMapper{name: name, provider: noteMapper, id: true, config: map[string]string{"user.session.note": key, "claim.name": claim, "jsonType.label": kind}}
}

func (s *Server) standardScopes() []standardScope {
	roles := func(name, provider, claim string, inID bool) standardMapper {
		return standardMapper{name: name, provider: provider, id: inID, config: map[string]string{"multivalued": "true", "claim.name": claim, "jsonType.label": "String", "user.attribute": "foo"}}
	}
	scopes := []standardScope{
		{"offline_access", protocolOIDC, "optional", false, nil},
		{"role_list", protocolSAML, "default", false, []standardMapper{{name: "role list", provider: "saml-role-list-mapper", config: map[string]string{"single": "false", "attribute.nameformat": "Basic", "attribute.name": "Role"}}}},
		{"saml_organization", protocolSAML, "default", false, []standardMapper{{name: "organization", provider: "saml-organization-membership-mapper"}}},
		{"profile", protocolOIDC, "default", true, []standardMapper{
			{name: "full name", provider: nameMapper, id: true, userinfo: true},
			claim("family_name lastName family_name String"), claim("given_name firstName given_name String"), claim("middle_name middleName middle_name String"),
			claim("nickname nickname nickname String"), claim("username username preferred_username String"), claim("profile profile profile String"),
			claim("picture picture picture String"), claim("website website website String"), claim("gender gender gender String"),
			claim("birthdate birthdate birthdate String"), claim("zoneinfo zoneinfo zoneinfo String"), claim("locale locale locale String"),
			claim("updated_at updatedAt updated_at long"),
		}},
		{"email", protocolOIDC, "default", true, []standardMapper{claim("email email email String"), claim("email_verified emailVerified email_verified boolean")}},
		{"address", protocolOIDC, "optional", true, []standardMapper{{name: "address", provider: "oidc-address-mapper", id: true, userinfo: true}}},
		{"phone", protocolOIDC, "optional", true, []standardMapper{claim("phone_number phoneNumber phone_number String"), claim("phone_number_verified phoneNumberVerified phone_number_verified boolean")}},
		{"roles", protocolOIDC, "default", false, []standardMapper{
			roles("realm roles", realmRoleMapper, "realm_access.roles", false), roles("client roles", roleMapper, "resource_access.${client_id}.roles", false),
			{name: "audience resolve", provider: "oidc-audience-resolve-mapper"},
		}},
		{"web-origins", protocolOIDC, "default", false, []standardMapper{{name: "allowed web origins", provider: "oidc-allowed-origins-mapper"}}},
		{"microprofile-jwt", protocolOIDC, "optional", true, []standardMapper{claim("upn username upn String"), roles("groups", realmRoleMapper, "groups", true)}},
		{"acr", protocolOIDC, "default", false, []standardMapper{{name: "acr loa level", provider: acrMapper, id: true}}},
		{"basic", protocolOIDC, "default", false, []standardMapper{{name: "sub", provider: subMapper}, note("auth_time", "AUTH_TIME", "auth_time", "long")}},
		{"organization", protocolOIDC, "optional", true, []standardMapper{{name: "organization", provider: "oidc-organization-membership-mapper", id: true}}},
	}
	if s.options.Version == V267 {
		scopes = append(scopes,
			standardScope{"service_account", protocolOIDC, "", false, []standardMapper{
				note("Client ID", "client_id", "client_id", "String"), note("Client Host", "clientHost", "clientHost", "String"), note("Client IP Address", "clientAddress", "clientAddress", "String"),
			}},
			standardScope{"AuthnContextClassRef", protocolSAML, "default", false, []standardMapper{{name: "AuthnContextClassRef", provider: "saml-authn-context-class-ref-mapper"}}},
		)
	}
	return scopes
}
