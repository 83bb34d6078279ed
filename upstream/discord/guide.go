package discord

import (
	"strings"

	"github.com/maskit-dev/maskit/upstream"
)

// SetupSteps implements [upstream.Guide], in the words of the Discord Developer Portal.
func (c Config) SetupSteps(env upstream.Env) []upstream.Step {
	return upstream.Unverified(
		upstream.Step{
			Title: "Create an application (discord.com/developers/applications, New Application)",
			Settings: []upstream.Setting{
				{Name: "OAuth2, Client ID", Value: c.Client.ID},
				{Name: "OAuth2, Public Client", Value: "Off"},
				{Name: "OAuth2, Redirects", Value: env.CallbackURL()},
			},
			Detail: "Copy the client secret (Reset Secret) into the configuration. A bot is not needed.",
		},
		upstream.Step{
			Title:    "Know what MAS asks people for",
			Settings: []upstream.Setting{{Name: "Scopes", Value: strings.Join(c.oidc().WithDefaults().Client.Scopes, " ")}},
			Detail:   "There is nothing to set: people agree at their first login.",
		},
	)
}
