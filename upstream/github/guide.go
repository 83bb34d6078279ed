package github

import (
	"strings"

	"github.com/maskit-dev/maskit/upstream"
)

// SetupSteps implements [upstream.Guide], in the words of GitHub's documentation.
func (c Config) SetupSteps(env upstream.Env) []upstream.Step {
	generic := c.oidc().WithDefaults()
	return upstream.Unverified(
		upstream.Step{
			Title: "Register an OAuth app at https://" + c.host() + "/settings/developers",
			Settings: []upstream.Setting{
				{Name: "Application name", Value: "Matrix"},
				{Name: "Homepage URL", Value: env.Site.Issuer()},
				{Name: "Authorization callback URL", Value: env.CallbackURL()},
				{Name: "Enable Device Flow", Value: "Off"},
			},
			Detail: "Better under an organisation (its Settings, Developer settings, OAuth apps) than under a person. An OAuth app has one callback URL.",
		},
		upstream.Step{
			Title:    "Generate a client secret",
			Settings: []upstream.Setting{{Name: "Client ID", Value: c.Client.ID}},
			Detail:   "The button is Generate a new client secret; GitHub shows the secret once. Copy both into the configuration.",
		},
		upstream.Step{
			Title:    "Know what MAS asks people for",
			Settings: []upstream.Setting{{Name: "Scopes", Value: strings.Join(generic.Client.Scopes, " ")}},
			Detail:   "There is nothing to set: people agree at their first login. An organisation that restricts OAuth apps has to approve this one.",
		},
	)
}
