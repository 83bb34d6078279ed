package keycloak

import (
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
)

// exportClient is what a spec says about a client representation.
func exportClient(raw map[string]any) Client {
	from, attribute := exporter{raw}, exporter{attributesOf(raw)}
	c := Client{
		ID: text(raw, "clientId"), Name: Set(text(raw, "name")), Enabled: from.flag("enabled"),
		RedirectURIs: textList(raw["redirectUris"]), WebOrigins: textList(raw["webOrigins"]),
		BaseURL: Set(text(raw, "baseUrl")), RootURL: Set(text(raw, "rootUrl")), AdminURL: Set(text(raw, "adminUrl")),
		BackchannelLogoutURL: Set(text(attribute.raw, attrLogoutURL)), LogoutScope: LogoutUser,
		RevokeOfflineTokens: attribute.flagText(attrLogoutOffline), FrontchannelLogout: from.flag("frontchannelLogout"),
		PKCE: Set(text(attribute.raw, attrPKCE)), StandardFlow: from.flag("standardFlowEnabled"), ImplicitFlow: from.flag("implicitFlowEnabled"),
		DirectGrant: from.flag("directAccessGrantsEnabled"), ServiceAccount: from.flag("serviceAccountsEnabled"),
		DeviceGrant: attribute.flagText(attrDevice), CIBAGrant: attribute.flagText(attrCIBA),
		ConsentRequired: from.flag("consentRequired"), FullScope: from.flag("fullScopeAllowed"), Public: from.flag("publicClient"),
		DefaultScopes: assigned(raw, defaultScopes), OptionalScopes: assigned(raw, optionalScopes),
	}
	if attribute.flagText(attrLogoutSession).V {
		c.LogoutScope = LogoutSession
	}
	for _, m := range inOrder(maplist(raw["protocolMappers"]), "name") {
		if text(m, "protocol") == protocolOIDC {
			c.Mappers = append(c.Mappers, exportMapper(m))
		}
	}
	c.Attributes = foreignAttributes(attribute.raw)
	return exportAuth(c, raw)
}

// exportAuth adds how the client authenticates, as far as a spec can say it.
func exportAuth(c Client, raw map[string]any) Client {
	auth, secret := ClientAuth(text(raw, "clientAuthenticatorType")), text(raw, "secret")
	switch {
	case c.Public.V:
	case auth == ClientSecretAuth:
		c.Auth = auth
		if secret != "" && !isMasked(secret) {
			c.Secret = maskit.NewSecret(secret)
		}
	case auth == ClientJWTAuth && text(raw, "attributes", attrAuthAlg) == "RS256" && text(raw, "attributes", attrUseJWKS) == "true":
		c.Auth, c.JWKSURL = auth, text(raw, "attributes", attrJWKS)
	}
	return c.withoutRelativeURLs()
}

// withoutRelativeURLs leaves alone what a spec refuses to say: addresses that the server
// resolves against the root URL.
func (c Client) withoutRelativeURLs() Client {
	for _, p := range c.validateURLs() {
		switch p.Path {
		case "backchannel_logout_url":
			c.BackchannelLogoutURL = Opt[string]{}
		case "jwks_url":
			c.Auth, c.JWKSURL = "", ""
		}
	}
	return c
}

func attributesOf(raw map[string]any) map[string]any {
	attributes, _ := raw["attributes"].(map[string]any)
	return attributes
}

// foreignAttributes are those without a setting that people set, not the server.
func foreignAttributes(attributes map[string]any) map[string]string {
	var out map[string]string
	for name, value := range attributes {
		s, isText := value.(string)
		if !isText || s == "" || isMasked(s) || strings.HasPrefix(name, "client.secret.") || name == "realm_client" || slices.Contains(attributesWithSettings(), name) {
			continue
		}
		if out == nil {
			out = map[string]string{}
		}
		out[name] = s
	}
	return out
}

// exportMapper finds the words of a spec for a mapper; what they do not say stands in
// its configuration.
func exportMapper(raw map[string]any) Mapper {
	config, _ := raw["config"].(map[string]any)
	m := Mapper{Name: text(raw, "name"), Type: text(raw, "protocolMapper")}
	switch attribute := text(config, "user.attribute"); {
	case m.Type == attributeMapper && attribute != "":
		m.Type, m.Attribute, m.Claim, m.Multivalued = "", attribute, text(config, "claim.name"), text(config, "multivalued") == "true"
	case m.Type == groupsMapper:
		m.Type, m.Groups, m.Claim, m.FullPath = "", true, text(config, "claim.name"), text(config, "full.path") == "true"
	}
	says := m.config()
	rest := map[string]string{}
	for key, value := range config {
		if s, ok := value.(string); ok && says[key] != s {
			rest[key] = s
		}
	}
	for key := range says {
		if text(config, key) == "" && says[key] != "false" {
			rest[key] = ""
		}
	}
	if len(rest) > 0 {
		m.Config = rest
	}
	return m
}
