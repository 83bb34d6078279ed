package onelogin

import (
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
)

// SetupSteps implements [upstream.Guide].
func (c Config) SetupSteps(env upstream.Env) []upstream.Step {
	method := "Basic"
	if c.AuthMethod == mas.AuthClientSecretPost {
		method = "POST"
	}
	steps := []upstream.Step{{
		Title: "Add an app with the connector OpenID Connect (OIDC)",
		Settings: []upstream.Setting{
			{Name: "Redirect URI's", Value: env.CallbackURL()},
			{Name: "Login Url", Value: env.Site.Issuer()},
			{Name: "Application Type", Value: "Web"},
			{Name: "Token Endpoint, Authentication Method", Value: method},
		},
		Detail: "The first two are on the tab Configuration, the last two on the tab SSO, where client id and secret are, too.",
	}}
	if len(c.Claims.Require.Groups) > 0 {
		steps = append(steps, upstream.Step{
			Title:    "Send the groups",
			Settings: []upstream.Setting{{Name: "Groups", Value: "User Roles"}},
			Detail:   "It is a parameter of the app. If it comes as one text, set groups_separator.",
		})
	}
	return upstream.Unverified(steps...)
}
