package zitadel

import (
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
)

// SetupSteps implements [upstream.Guide].
func (c Config) SetupSteps(env upstream.Env) []upstream.Step {
	generic := c.oidc().WithDefaults()
	steps := []upstream.Step{{
		Title: "Create a web application in a project",
		Settings: []upstream.Setting{
			{Name: "Authentication Method", Value: authLabel(generic.AuthMethod)},
			{Name: "Redirect URIs", Value: env.CallbackURL()},
			{Name: "Auth Token Type", Value: "Bearer Token"},
		},
		Detail: "Copy the client id and the secret into the configuration. With private_key_jwt, upload the public key of MAS instead: ZITADEL does not fetch it from " + env.JWKSURL() + ".",
	}}
	if len(c.Claims.Require.Roles) > 0 {
		steps = append(steps, upstream.Step{
			Title:    "Send the roles",
			Settings: []upstream.Setting{{Name: "Assert Roles on Authentication", Value: "On"}},
			Detail:   "It is a setting of the project. \"Check authorization on Authentication\" beside it refuses people without a role at ZITADEL, with a better page.",
		})
	}
	entry, _ := c.Entry(env) // the problems are for whoever uses the entry
	if upstream.LogsOut(entry) {
		steps = append(steps, upstream.Step{
			Title:    "Let ZITADEL tell MAS about logouts (beta)",
			Settings: []upstream.Setting{{Name: "backchannel_logout_uri", Value: env.BackchannelLogoutURL()}},
			Detail:   "It is a field of the application in the API, behind the feature flag of back-channel logout; the feature of web keys goes with it.",
		})
	}
	return upstream.Unverified(steps...)
}

func authLabel(method mas.AuthMethod) string {
	switch method {
	case mas.AuthClientSecretPost:
		return "POST"
	case mas.AuthPrivateKeyJWT:
		return "Private Key JWT"
	default:
		return "Basic"
	}
}
