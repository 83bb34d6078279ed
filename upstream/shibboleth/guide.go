package shibboleth

import (
	"strings"

	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
)

// SetupSteps implements [upstream.Guide], by the names of OpenID Connect's client metadata,
// which the plugin reads as JSON.
func (c Config) SetupSteps(env upstream.Env) []upstream.Step {
	generic := c.oidc().WithDefaults()
	step := upstream.Step{
		Title: "Add the client's metadata to a metadata provider of the IdP",
		Settings: []upstream.Setting{
			{Name: "client_id", Value: c.Client.ID},
			{Name: "redirect_uris", Value: env.CallbackURL()},
			{Name: "response_types", Value: "code"},
			{Name: "grant_types", Value: "authorization_code"},
			{Name: "scope", Value: strings.Join(generic.Client.Scopes, " ")},
			{Name: "token_endpoint_auth_method", Value: string(generic.AuthMethod)},
			{Name: "id_token_signed_response_alg", Value: "RS256"},
		},
	}
	if generic.AuthMethod == mas.AuthPrivateKeyJWT {
		step.Settings = append(step.Settings, upstream.Setting{Name: "jwks_uri", Value: env.JWKSURL()})
	}
	entry, _ := c.Entry(env) // the problems are for whoever uses the entry
	if upstream.LogsOut(entry) {
		step.Settings = append(step.Settings, upstream.Setting{Name: "backchannel_logout_uri", Value: env.BackchannelLogoutURL()})
	}
	return upstream.Unverified(step, upstream.Step{
		Title: "Release attributes to the client",
		Settings: []upstream.Setting{
			{Name: "preferred_username", Value: "uid or eduPersonPrincipalName"},
			{Name: "name", Value: "displayName"},
			{Name: "email", Value: "mail"},
		},
		Detail: "Each needs an OIDC transcoding rule and an attribute filter. Serve the metadata at " + strings.TrimRight(c.Issuer, "/") + "/.well-known/openid-configuration, with this issuer byte for byte.",
	})
}
