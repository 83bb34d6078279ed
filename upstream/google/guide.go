package google

import (
	"strings"

	"github.com/maskit-dev/maskit/upstream"
)

// SetupSteps implements [upstream.Guide], in the words of the Google Cloud console.
func (c Config) SetupSteps(env upstream.Env) []upstream.Step {
	return upstream.Unverified(c.consentStep(), upstream.Step{
		Title: "Create an OAuth client (Google Auth Platform, Clients)",
		Settings: []upstream.Setting{
			{Name: "Application type", Value: "Web application"},
			{Name: "Authorized JavaScript origins", Value: "(none)"},
			{Name: "Authorized redirect URIs", Value: env.CallbackURL()},
			{Name: "Client ID", Value: c.Client.ID},
		},
		Detail: "Copy the client secret into the configuration. The redirect URI is compared exactly.",
	})
}

// consentStep says who may sign in at all.
func (c Config) consentStep() upstream.Step {
	step := upstream.Step{Title: "Configure the consent screen (Google Auth Platform, Branding and Audience)"}
	add := func(name, value string) {
		step.Settings = append(step.Settings, upstream.Setting{Name: name, Value: value})
	}
	switch domains := c.Claims.Require.Domains; len(domains) {
	case 0:
		add("User type", "External")
		add("Publishing status", "In production")
		step.Detail = "Anybody with a Google account can then log in to Matrix. In testing, only the listed test users can."
	case 1:
		add("User type", "Internal")
		step.Detail = "In a project of the organisation of " + domains[0] + ": Google then refuses everybody else itself, and MAS checks the claim hd as well."
	default:
		add("User type", "External")
		add("Publishing status", "In production")
		step.Detail = "MAS refuses accounts of domains other than " + strings.Join(domains, ", ") + "."
	}
	add("Scopes", strings.Join(c.oidc().WithDefaults().Client.Scopes, ", "))
	return step
}
