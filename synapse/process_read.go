package synapse

import (
	"net/url"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/maskit-dev/maskit/internal/yamledit"
)

// mainApp is what the main process runs.
const mainApp = "synapse.app.homeserver"

// Delegation is how a process delegates.
type Delegation struct {
	// Enabled says whether it does.
	Enabled bool `json:"enabled"`
	// File is the one whose section counts; empty if none has it.
	File string `json:"file,omitempty"`
	// Endpoint is where it reaches MAS. What is not an address is not shown.
	Endpoint string `json:"endpoint,omitempty"`
	// SecretPath is the file with the shared secret. What is not an absolute path is not shown.
	SecretPath string `json:"secret_path,omitempty"`
	// InlineSecret says that the secret stands in the configuration.
	InlineSecret bool `json:"inline_secret,omitempty"`
}

// delegation reads the section that counts.
func (c config) delegation() Delegation {
	section, ok := c.find(sectionKey)
	if !ok || !section.IsMapping() {
		return Delegation{}
	}
	d := Delegation{File: c[section.file].Name()}
	if enabled, ok := c.below(section, "enabled"); ok {
		d.Enabled = enabled.Scalar() == yamledit.Scalar{Kind: yamledit.KindBool, Text: "true"}
	}
	if endpoint, ok := c.below(section, "endpoint"); ok {
		d.Endpoint = shownAddress(endpoint.Scalar().Text)
	}
	if path, ok := c.below(section, "secret_path"); ok && path.Truthy() {
		d.SecretPath = shownPath(path.Scalar().Text)
	}
	if secret, ok := c.below(section, "secret"); ok {
		d.InlineSecret = secret.Truthy()
	}
	return d
}

// notShown stands for a value that is not of the right kind, and so may be a secret.
const notShown = "(not shown)"

func shownAddress(text string) string {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" {
		return notShown
	}
	return text
}

func shownPath(text string) string {
	if !strings.HasPrefix(text, "/") {
		return notShown
	}
	return text
}

// app is what a process runs. Synapse takes anything that is false for the main process.
func (c config) app() string {
	app, ok := c.find("worker_app")
	switch {
	case !ok || !app.Truthy():
		return mainApp
	case !isApp(app.Scalar().Text):
		return notShown
	}
	return app.Scalar().Text
}

// isApp reports whether Synapse knows a worker_app. All but the first are older
// names of the generic worker (Synapse 1.136 to 1.163).
func isApp(name string) bool {
	switch strings.TrimPrefix(name, "synapse.app.") {
	case "homeserver", "generic_worker", "appservice", "client_reader", "event_creator", "federation_reader", "federation_sender",
		"frontend_proxy", "media_repository", "pusher", "synchrotron", "user_dir":
		return strings.HasPrefix(name, "synapse.app.")
	}
	return false
}

// listeners is the key under which a process looks for its listeners.
func (c config) listeners() string {
	if c.app() == mainApp {
		return "listeners"
	}
	return "worker_listeners"
}

// serves reports whether a process has an HTTP listener for a resource.
func (c config) serves(resource string) bool {
	if port, ok := c.find("bind_port"); ok && port.Truthy() && c.app() == mainApp {
		return resource == "client" || resource == "federation" // the form of old; it replaces the others
	}
	listeners, ok := c.find(c.listeners())
	if !ok {
		return false
	}
	for _, listener := range c.items(listeners) {
		kind, ok := c.below(listener, "type")
		if !ok || !kind.Scalar().IsString("http") {
			continue
		}
		resources, ok := c.below(listener, "resources")
		if ok && c.offers(resources, resource) {
			return true
		}
	}
	return false
}

// offers reports whether a list of resources names one.
func (c config) offers(resources setting, resource string) bool {
	for _, item := range c.items(resources) {
		names, ok := c.below(item, "names")
		if !ok || names.Value.Kind != yaml.SequenceNode {
			continue
		}
		for _, name := range c.items(names) {
			if name.Scalar().IsString(resource) {
				return true
			}
		}
	}
	return false
}
