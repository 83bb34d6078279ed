package gitlab

import (
	"strings"

	"github.com/maskit-dev/maskit/upstream"
)

// SetupSteps implements [upstream.Guide], in the words of GitLab's documentation.
func (c Config) SetupSteps(env upstream.Env) []upstream.Step {
	where := "Admin area, Applications"
	if c.URL == "" {
		where = "Settings of a group, Applications"
	}
	step := upstream.Step{
		Title: "Add an application (" + where + ")",
		Settings: []upstream.Setting{
			{Name: "Redirect URI", Value: env.CallbackURL()},
			{Name: "Confidential", Value: "Yes"},
			{Name: "Scopes", Value: strings.Join(c.oidc().WithDefaults().Client.Scopes, ", ")},
			{Name: "Application ID", Value: c.Client.ID},
		},
		Detail: "Tick exactly these scopes: one that is not ticked makes every login fail. Copy the secret into the configuration.",
	}
	if c.URL != "" {
		step.Settings = append(step.Settings, upstream.Setting{Name: "Trusted", Value: "Yes, so that nobody is asked for consent"})
	}
	return upstream.Unverified(step)
}
