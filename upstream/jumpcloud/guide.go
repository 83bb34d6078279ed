package jumpcloud

import (
	"strings"

	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
)

// SetupSteps implements [upstream.Guide].
func (c Config) SetupSteps(env upstream.Env) []upstream.Step {
	method := "Client Secret Basic"
	if c.AuthMethod == mas.AuthClientSecretPost {
		method = "Client Secret POST"
	}
	step := upstream.Step{
		Title: "Add a custom application with OIDC single sign-on",
		Settings: []upstream.Setting{
			{Name: "Redirect URIs", Value: env.CallbackURL()},
			{Name: "Client Authentication Type", Value: method},
			{Name: "Login URL", Value: env.Site.Issuer()},
			{Name: "Standard Scopes", Value: strings.Join(c.oidc().WithDefaults().Client.Scopes, " ")},
		},
		Detail: "JumpCloud shows client id and secret once. Copy both into the configuration, and bind user groups to the application: others are refused there.",
	}
	if c.GroupsClaim != "" {
		step.Settings = append(step.Settings, upstream.Setting{Name: "Include group attribute", Value: c.GroupsClaim})
	}
	return upstream.Unverified(step)
}
