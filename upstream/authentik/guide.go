package authentik

import (
	"github.com/maskit-dev/maskit/upstream"
)

// SetupSteps implements [upstream.Guide], in the words of authentik's documentation.
func (c Config) SetupSteps(env upstream.Env) []upstream.Step {
	entry, _ := c.Entry(env) // the problems are for whoever uses the entry
	steps := []upstream.Step{c.providerStep(env)}
	if upstream.LogsOut(entry) {
		steps = append(steps, upstream.Step{
			Title: "Let authentik tell MAS about logouts (2025.8 or newer)",
			Settings: []upstream.Setting{
				{Name: "Logout URI", Value: env.BackchannelLogoutURL()},
				{Name: "Logout Method", Value: "Back-channel"},
			},
			Detail: "authentik must reach that address.",
		})
	}
	return upstream.Unverified(append(steps, upstream.Step{
		Title:    "Create an application for the provider",
		Settings: []upstream.Setting{{Name: "Slug", Value: c.Application}},
		Detail:   "Bind policies or groups to it to say who may log in at all.",
	})...)
}

func (c Config) providerStep(env upstream.Env) upstream.Step {
	return upstream.Step{
		Title: "Create an OAuth2/OpenID provider",
		Settings: []upstream.Setting{
			{Name: "Client type", Value: "Confidential"},
			{Name: "Client ID", Value: c.Client.ID},
			{Name: "Redirect URIs", Value: "Strict: " + env.CallbackURL()},
			{Name: "Signing Key", Value: "one with RSA"},
			{Name: "Encryption Key", Value: "(none)"},
			{Name: "Subject mode", Value: "Based on the User's hashed ID"},
			{Name: "Issuer mode", Value: c.issuerMode()},
		},
		Detail: "Without a signing key the tokens are signed with the secret, which MAS cannot verify. Never change the subject mode: everybody would lose their account. Copy the client secret into the configuration.",
	}
}

func (c Config) issuerMode() string {
	if c.GlobalIssuer {
		return "Same identifier is used for all providers"
	}
	return "Each provider has a different issuer, based on the application slug"
}
