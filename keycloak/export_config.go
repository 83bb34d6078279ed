package keycloak

import "slices"

// restOfConfig is what the words of a spec do not say about the config of a directory, an
// identity provider or a mapper: entries that no field has, and those that fields would
// have otherwise. Entries that have settings are left out.
func restOfConfig(raw map[string]any, fields []field, settings ...string) map[string]string {
	config, _ := raw["config"].(map[string]any)
	rest := map[string]string{}
	for key, value := range texts(config) {
		if !isMasked(value) && value != "" && !slices.Contains(settings, key) {
			rest[key] = value
		}
	}
	for _, f := range fields {
		switch key := f.path[len(f.path)-1]; {
		case f.path[0] != "config":
		case f.satisfied(config[key]):
			delete(rest, key)
		case rest[key] == "" && !slices.Contains(settings, key):
			rest[key] = ""
		}
	}
	if len(rest) == 0 {
		return nil
	}
	return rest
}

// config reads the settings of a component or an identity provider, all of which are texts.
type config map[string]any

func configOf(raw map[string]any) config {
	c, _ := raw["config"].(map[string]any)
	return c
}

func (c config) text(key string) string { return text(c, key) }

// optional is a text that is managed if there is one.
func (c config) optional(key string) Opt[string] {
	if value := c.text(key); value != "" {
		return Set(value)
	}
	return Opt[string]{}
}

// webURL is an address, unless it is one that a spec refuses: then it stays in Config.
func (c config) webURL(key string) string {
	if address := c.text(key); len(checkWebURL("", address)) == 0 {
		return address
	}
	return ""
}

func (c config) optionalURL(key string) Opt[string] {
	if address := c.webURL(key); address != "" {
		return Set(address)
	}
	return Opt[string]{}
}

// flag is managed if there is one.
func (c config) flag(key string) Opt[bool] {
	switch c.text(key) {
	case "true":
		return Set(true)
	case "false":
		return Set(false)
	}
	return Opt[bool]{}
}
