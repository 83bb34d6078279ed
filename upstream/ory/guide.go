package ory

import (
	"strings"

	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
)

// SetupSteps implements [upstream.Guide], by the fields of Hydra's API for clients.
func (c Config) SetupSteps(env upstream.Env) []upstream.Step {
	generic := c.oidc().WithDefaults()
	step := upstream.Step{
		Title: "Create an OAuth 2.0 client",
		Settings: []upstream.Setting{
			{Name: "client_name", Value: "Matrix"},
			{Name: "grant_types", Value: "authorization_code"},
			{Name: "response_types", Value: "code"},
			{Name: "scope", Value: strings.Join(generic.Client.Scopes, " ")},
			{Name: "redirect_uris", Value: env.CallbackURL()},
			{Name: "token_endpoint_auth_method", Value: string(generic.AuthMethod)},
		},
		Detail: "Ory chooses the client id and the secret, and shows the secret once. Copy both into the configuration.",
	}
	if generic.AuthMethod == mas.AuthPrivateKeyJWT {
		step.Settings = append(step.Settings, upstream.Setting{Name: "jwks_uri", Value: env.JWKSURL()})
		step.Detail = "There is no secret: Ory fetches the keys of MAS, and must reach that address."
	}
	entry, _ := c.Entry(env) // the problems are for whoever uses the entry
	if upstream.LogsOut(entry) {
		step.Settings = append(step.Settings,
			upstream.Setting{Name: "backchannel_logout_uri", Value: env.BackchannelLogoutURL()},
			upstream.Setting{Name: "backchannel_logout_session_required", Value: "true"})
	}
	return upstream.Unverified(step)
}
