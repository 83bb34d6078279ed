package oidc

import (
	"strings"

	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
)

// SetupSteps implements [upstream.Guide], in the words of OpenID Connect Dynamic Client
// Registration 1.0, since every product has its own.
func (c Config) SetupSteps(env upstream.Env) []upstream.Step {
	c = c.WithDefaults()
	step := upstream.Step{
		Title: "Register a client at the provider",
		Settings: []upstream.Setting{
			{Name: "client_id", Value: c.Client.ID},
			{Name: "redirect_uris", Value: env.CallbackURL()},
			{Name: "grant_types", Value: "authorization_code"},
			{Name: "response_types", Value: "code"},
			{Name: "scope", Value: strings.Join(c.Client.Scopes, " ")},
			{Name: "token_endpoint_auth_method", Value: string(c.AuthMethod)},
		},
		Detail: "The redirect URI is compared exactly: no wildcard is needed.",
	}
	step.Settings = append(step.Settings, c.optionalSettings(env)...)
	return []upstream.Step{step}
}

func (c Config) optionalSettings(env upstream.Env) []upstream.Setting {
	var settings []upstream.Setting
	add := func(name, value string, wanted bool) {
		if wanted {
			settings = append(settings, upstream.Setting{Name: name, Value: value})
		}
	}
	add("jwks_uri", env.JWKSURL(), c.AuthMethod == mas.AuthPrivateKeyJWT)
	add("token_endpoint_auth_signing_alg", string(c.AuthSigningAlg), c.AuthSigningAlg != "")
	add("id_token_signed_response_alg", string(c.IDTokenAlg), c.IDTokenAlg != "")
	add("userinfo_signed_response_alg", string(c.UserinfoAlg), c.UserinfoAlg != "")
	logout := c.BackchannelLogout == mas.LogoutBrowserOnly || c.BackchannelLogout == mas.LogoutAll
	add("backchannel_logout_uri", env.BackchannelLogoutURL(), logout)
	add("backchannel_logout_session_required", "true", logout)
	return settings
}
