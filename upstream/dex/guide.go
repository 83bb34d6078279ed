package dex

import (
	"github.com/maskit-dev/maskit/upstream"
)

// SetupSteps implements [upstream.Guide], by the keys of Dex's configuration.
func (c Config) SetupSteps(env upstream.Env) []upstream.Step {
	entry, _ := c.Entry(env) // the problems are for whoever uses the entry
	step := upstream.Step{
		Title: "Add a client below staticClients",
		Settings: []upstream.Setting{
			{Name: "id", Value: c.Client.ID},
			{Name: "name", Value: "Matrix"},
			{Name: "redirectURIs", Value: "['" + env.CallbackURL() + "']"},
			{Name: "secretEnv", Value: "a variable that holds the secret"},
		},
	}
	if upstream.LogsOut(entry) {
		step.Settings = append(step.Settings, upstream.Setting{Name: "backchannelLogoutURI", Value: env.BackchannelLogoutURL()})
		step.Detail = "The last key is for releases that have sessions, with DEX_SESSIONS_ENABLED=true; leave it out for others, which send no logout tokens."
	}
	return upstream.Unverified(step, upstream.Step{
		Title: "Check the rest of Dex's configuration",
		Settings: []upstream.Setting{
			{Name: "issuer", Value: c.Issuer},
			{Name: "storage.type", Value: "anything but memory"},
			{Name: "oauth2.skipApprovalScreen", Value: "true"},
		},
		Detail: "With the storage memory a restart loses keys and sessions. Never rename the id of a connector: everybody would lose their account.",
	})
}
