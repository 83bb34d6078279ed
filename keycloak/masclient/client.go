package masclient

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit/keycloak"
	"github.com/maskit-dev/maskit/upstream"
)

const idTokenAlg = "id.token.signed.response.alg"

// client is MAS's client. Addresses, and everything that is safest switched off, follow from
// the site and the id of the provider, see [keycloak.Client].
func (a *addition) client() {
	client := &a.spec.Client
	state(a, "client.id", &client.ID, a.entry.ClientID)
	state(a, "client.provider", &client.Provider, a.env.ID)
	switch {
	case client.Site.AccountURL == "":
		client.Site.AccountURL = a.env.Site.AccountURL
	case client.Site.Issuer() != a.env.Site.Issuer():
		a.disagree("client.site.account_url", "is not where MAS is", "remove it")
	}
	if list := client.RedirectURIs; list != nil && !slices.ContainsFunc(list, a.isCallback) {
		a.disagree("client.redirect_uris", "lack the one that MAS sends", "remove them, or add "+a.env.CallbackURL())
	}
	a.tolerate("client.enabled", client.Enabled, true)
	a.tolerate("client.standard_flow", client.StandardFlow, true)
	a.tolerate("client.public", client.Public, false)
	if client.PKCE.V == "plain" {
		a.disagree("client.pkce", "is a method that MAS does not use", "remove it: S256 is demanded")
	}
	a.authentication()
	a.logout()
	a.algorithm()
}

// isCallback compares as Keycloak does, which takes a final * for any rest.
func (a *addition) isCallback(uri string) bool {
	beginning, open := strings.CutSuffix(uri, "*")
	return uri == a.env.CallbackURL() || open && strings.HasPrefix(a.env.CallbackURL(), beginning)
}

func (a *addition) authentication() {
	client := &a.spec.Client
	switch a.entry.TokenEndpointAuthMethod {
	case "client_secret_basic", "client_secret_post":
		if client.Auth != "" || client.JWKSURL != "" {
			state(a, "client.auth", &client.Auth, keycloak.ClientSecretAuth)
		}
		a.secret()
	case "private_key_jwt":
		state(a, "client.auth", &client.Auth, keycloak.ClientJWTAuth)
		if client.JWKSURL != "" {
			state(a, "client.jwks_url", &client.JWKSURL, a.env.JWKSURL())
		}
		if alg := cmp.Or(a.entry.TokenEndpointAuthSigningAlg, "RS256"); alg != "RS256" {
			a.refuse("token_endpoint_auth_signing_alg", "auth-alg-not-provisioned", "is not what the client is set up for, which is RS256", "remove it")
		}
	default:
		a.refuse("token_endpoint_auth_method", "auth-method-not-provisioned", "is not one that this package sets up at Keycloak", "use client_secret_basic")
	}
}

// secret leaves a file that the spec names to whoever reads it.
func (a *addition) secret() {
	client, secret := &a.spec.Client, a.entry.ClientSecret.Inline
	switch {
	case secret.IsZero() || client.SecretFile != "":
	case client.Secret.IsZero():
		client.Secret = secret
	case !client.Secret.Equal(secret):
		a.disagree("client.secret", "is not the one that the provider of MAS has", "remove it")
	}
}

// logout has Keycloak tell MAS what ends, if MAS acts on it.
func (a *addition) logout() {
	client := &a.spec.Client
	if !upstream.LogsOut(a.entry) {
		client.BackchannelLogoutURL = client.BackchannelLogoutURL.Or("")
		return
	}
	if client.BackchannelLogoutURL.Valid {
		demand(a, "client.backchannel_logout_url", &client.BackchannelLogoutURL, a.env.BackchannelLogoutURL())
	}
	if client.FrontchannelLogout.V {
		a.disagree("client.frontchannel_logout", "switches the back-channel logout off that MAS listens to", "remove it")
	}
}

// algorithm is said even where it is Keycloak's own: the realm may have another default.
func (a *addition) algorithm() {
	alg := string(cmp.Or(a.entry.IDTokenSignedResponseAlg, "RS256"))
	attributes := maps.Clone(a.spec.Client.Attributes)
	if attributes == nil {
		attributes = map[string]string{}
	}
	have := attributes[idTokenAlg]
	state(a, "client.attributes."+idTokenAlg, &have, alg)
	attributes[idTokenAlg] = have
	a.spec.Client.Attributes = attributes
}
