package facebook

import (
	"strings"

	"github.com/maskit-dev/maskit/upstream"
)

// SetupSteps implements [upstream.Guide], in the words of Meta's developer site.
func (c Config) SetupSteps(env upstream.Env) []upstream.Step {
	return upstream.Unverified(
		upstream.Step{
			Title: "Create an app with the use case Facebook Login (developers.facebook.com, My Apps)",
			Settings: []upstream.Setting{
				{Name: "App ID", Value: c.Client.ID},
				{Name: "API version", Value: c.GraphVersion},
			},
			Detail: "Copy the app secret (App settings, Basic) into the configuration.",
		},
		upstream.Step{
			Title: "Set the addresses (Facebook Login, Settings)",
			Settings: []upstream.Setting{
				{Name: "Client OAuth login", Value: "Yes"},
				{Name: "Web OAuth login", Value: "Yes"},
				{Name: "Enforce HTTPS", Value: "Yes"},
				{Name: "Use Strict Mode for redirect URIs", Value: "Yes"},
				{Name: "Valid OAuth Redirect URIs", Value: env.CallbackURL()},
			},
		},
		upstream.Step{
			Title:    "Allow the permissions (Use cases, Permissions) and publish the app",
			Settings: []upstream.Setting{{Name: "Permissions", Value: strings.Join(c.oidc().WithDefaults().Client.Scopes, ", ")}},
			Detail:   "Until it is published, only people with a role in the app can log in.",
		},
	)
}
