package keycloak

import (
	"cmp"
	"context"

	"github.com/maskit-dev/maskit"
)

// derived is the client with what follows from Provider.
func (c Client) derived() Client {
	if c.Provider == "" {
		return c
	}
	issuer := c.Site.Issuer()
	c.Auth = cmp.Or(c.Auth, ClientSecretAuth)
	if c.Auth == ClientJWTAuth {
		c.JWKSURL = cmp.Or(c.JWKSURL, c.Site.JWKSURL())
	}
	c.RedirectURIs = orList(c.RedirectURIs, c.Site.CallbackURL(c.Provider))
	c.WebOrigins = orList(c.WebOrigins)
	c.BaseURL, c.RootURL, c.AdminURL = c.BaseURL.Or(issuer), c.RootURL.Or(issuer), c.AdminURL.Or("")
	c.Name, c.Enabled = c.Name.Or("Matrix"), c.Enabled.Or(true)
	c.BackchannelLogoutURL = c.BackchannelLogoutURL.Or(c.Site.BackchannelLogoutURL(c.Provider))
	c.LogoutScope = cmp.Or(c.LogoutScope, LogoutSession)
	c.RevokeOfflineTokens, c.FrontchannelLogout = c.RevokeOfflineTokens.Or(true), c.FrontchannelLogout.Or(false)
	c.PKCE, c.StandardFlow = c.PKCE.Or("S256"), c.StandardFlow.Or(true)
	c.ImplicitFlow, c.DirectGrant, c.ServiceAccount = c.ImplicitFlow.Or(false), c.DirectGrant.Or(false), c.ServiceAccount.Or(false)
	c.DeviceGrant, c.CIBAGrant = c.DeviceGrant.Or(false), c.CIBAGrant.Or(false)
	c.ConsentRequired, c.FullScope, c.Public = c.ConsentRequired.Or(false), c.FullScope.Or(false), c.Public.Or(false)
	c.DefaultScopes = orList(c.DefaultScopes, scopeBasic, "profile", "email")
	return c
}

func orList(list []string, values ...string) []string {
	if list != nil {
		return list
	}
	return append([]string{}, values...)
}

// fields are what a spec owns of the client itself.
func (c Client) fields() []field {
	f := settings{}
	f.optional(c.Name, "name")
	f.flag(c.Enabled, "enabled")
	f.text(string(c.Auth), "clientAuthenticatorType")
	if !c.Secret.IsZero() {
		f.own(c.Secret, "secret")
	}
	f.list(c.RedirectURIs, "redirectUris")
	f.list(c.WebOrigins, "webOrigins")
	f.optional(c.BaseURL, "baseUrl")
	f.optional(c.RootURL, "rootUrl")
	f.optional(c.AdminURL, "adminUrl")
	f.flag(c.FrontchannelLogout, "frontchannelLogout")
	f.flag(c.StandardFlow, "standardFlowEnabled")
	f.flag(c.ImplicitFlow, "implicitFlowEnabled")
	f.flag(c.DirectGrant, "directAccessGrantsEnabled")
	f.flag(c.ServiceAccount, "serviceAccountsEnabled")
	f.flag(c.ConsentRequired, "consentRequired")
	f.flag(c.FullScope, "fullScopeAllowed")
	f.flag(c.Public, "publicClient")
	return append(f, c.attributes()...)
}

func (c Client) attributes() []field {
	f := settings{}
	at := func(name string) []string { return []string{"attributes", name} }
	f.optional(c.BackchannelLogoutURL, at(attrLogoutURL)...)
	if c.LogoutScope != "" {
		f.flagText(Set(c.LogoutScope == LogoutSession), at(attrLogoutSession)...)
	}
	f.flagText(c.RevokeOfflineTokens, at(attrLogoutOffline)...)
	f.optional(c.PKCE, at(attrPKCE)...)
	f.flagText(c.DeviceGrant, at(attrDevice)...)
	f.flagText(c.CIBAGrant, at(attrCIBA)...)
	if c.JWKSURL != "" {
		f.own("true", at(attrUseJWKS)...)
		f.own(c.JWKSURL, at(attrJWKS)...)
		// MAS signs with RS256, for which it always has a key.
		f.own("RS256", at(attrAuthAlg)...)
	}
	f.entries(c.Attributes, "attributes")
	return f
}

// clientObjects has the client itself. A new one gets its scopes and mappers in the
// same request, so that it is never there without them.
func clientObjects(ctx context.Context, r *run) ([]object, error) {
	c := r.spec.Client
	if c.isZero() {
		return nil, nil
	}
	able, err := r.features(ctx)
	if err != nil {
		return nil, err
	}
	at := c.ref()
	return []object{r.guardedClient(document{
		rule: clientRule(), name: c.ID, fields: c.fields(), initial: c.initial(),
		find: func(ctx context.Context, r *run) (state, error) {
			raw, err := at.find(ctx, r)
			return state{raw: raw}, err
		},
		collection: func(_ context.Context, r *run) (string, error) { return r.path("clients"), nil },
		item:       func(ctx context.Context, r *run, _ map[string]any) (string, error) { return at.path(ctx, r) },
		judge:      func(have state) maskit.Problems { return append(judgeClient(have), able.judgeLogout(c)...) },
	})}, nil
}

// initial is what a new client is sent with besides its fields.
func (c Client) initial() map[string]any {
	initial := map[string]any{"clientId": c.ID, "protocol": protocolOIDC, "publicClient": false}
	if c.DefaultScopes != nil {
		// Scopes that do not exist are ignored. With either list the realm's defaults are
		// not assigned, so optional scopes alone are left to the update that follows.
		initial["defaultClientScopes"] = c.DefaultScopes
		if c.OptionalScopes != nil {
			initial["optionalClientScopes"] = c.OptionalScopes
		}
	}
	mappers := make([]any, 0, len(c.Mappers))
	for _, m := range c.Mappers {
		mappers = append(mappers, m.representation())
	}
	if len(mappers) > 0 {
		initial["protocolMappers"] = mappers
	}
	return initial
}

// judgeClient finds what makes a client useless for MAS although the spec does not
// own it.
func judgeClient(have state) maskit.Problems {
	if have.raw == nil {
		return nil
	}
	var ps maskit.Problems
	if protocol := text(have.raw, "protocol"); protocol != "" && protocol != protocolOIDC {
		ps = append(ps, maskit.Problem{Path: "client.id", Code: "client-protocol", Message: "is a client of another protocol than OpenID Connect", Hint: "choose another id"})
	}
	if have.raw["bearerOnly"] == true {
		ps = append(ps, maskit.Problem{Path: "client.id", Code: "client-bearer-only", Message: "is a client that nobody can log in to", Hint: "choose another id"})
	}
	return ps
}
