package rauthy

import (
	"strings"

	"github.com/maskit-dev/maskit/upstream"
)

// SetupSteps implements [upstream.Guide].
func (c Config) SetupSteps(env upstream.Env) []upstream.Step {
	entry, _ := c.Entry(env) // the problems are for whoever uses the entry
	step := upstream.Step{
		Title: "Create a client",
		Settings: []upstream.Setting{
			{Name: "Client ID", Value: c.Client.ID},
			{Name: "Confidential", Value: "On"},
			{Name: "Redirect URI", Value: env.CallbackURL()},
			{Name: "Authentication Flows", Value: "authorization_code"},
			{Name: "PKCE Challenge Methods", Value: "S256"},
			{Name: "ID Token Algorithm", Value: "RS256"},
			{Name: "Allowed Scopes", Value: strings.Join(c.oidc().WithDefaults().Client.Scopes, " ")},
		},
		Detail: "A new client signs with EdDSA, which MAS cannot verify: set RS256. Copy the client secret into the configuration.",
	}
	if upstream.LogsOut(entry) {
		step.Settings = append(step.Settings, upstream.Setting{Name: "Backchannel Logout URI", Value: env.BackchannelLogoutURL()})
	}
	return upstream.Unverified(step)
}
