package keycloak

import "github.com/maskit-dev/maskit"

// Events says which events of the realm are kept, and who is told.
type Events struct {
	// Save keeps events of logins.
	Save Opt[bool] `yaml:"save"`
	// Types are the kinds of login events that are kept. Nil leaves them alone; Keycloak
	// takes an empty list for its default kinds.
	Types []string `yaml:"types"`
	// Expiration is for how long they are kept. 0 leaves it alone (Keycloak: for ever).
	Expiration Seconds `yaml:"expiration"`
	// SaveAdmin keeps events of administration.
	SaveAdmin Opt[bool] `yaml:"save_admin"`
	// AdminDetails keeps what was sent too, which may be personal data.
	AdminDetails Opt[bool] `yaml:"admin_details"`
	// Listeners are told of each event: jboss-logging writes it to the log. Nil leaves
	// them alone.
	Listeners []string `yaml:"listeners"`
}

func (e Events) validate() maskit.Problems {
	if e.Types != nil && len(e.Types) == 0 {
		return maskit.Problems{{Path: "types", Code: "empty-list", Message: "is empty, which Keycloak takes for its default kinds", Hint: "name the kinds, or set save to false"}}
	}
	return nil
}

func (e Events) fields() []field {
	f := settings{}
	f.flag(e.Save, "eventsEnabled")
	f.list(e.Types, "enabledEventTypes")
	f.seconds(e.Expiration, "eventsExpiration")
	f.flag(e.SaveAdmin, "adminEventsEnabled")
	f.flag(e.AdminDetails, "adminEventsDetailsEnabled")
	f.list(e.Listeners, "eventsListeners")
	return f
}
