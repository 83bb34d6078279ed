package keycloaktest

import "net/http"

// flowConfig is the settings of an authenticator in a flow.
type flowConfig struct {
	id, alias string
	settings  document
}

func flowConfigShape() shape {
	return newShape("AuthenticatorConfigRepresentation").with(text, "id alias").with(texts, "config")
}

// aliasTaken reports whether other settings have that name.
func (c *call) aliasTaken(alias, but string) bool {
	if c.options.Version == V260 {
		return false
	}
	for id, config := range c.realm.configs {
		if id != but && config.alias == alias {
			return true
		}
	}
	return false
}

// createFlowConfig replaces the settings that there are. Before 26.7 these stay behind.
func createFlowConfig(c *call) answer {
	e, _, a, found := c.execution()
	alias := str(c.sent, "alias")
	switch {
	case !found:
		return a
	case alias == "":
		return refuseMessage(http.StatusBadRequest, "Alias missing")
	case c.aliasTaken(alias, e.config):
		return refuseMessage(http.StatusConflict, "Authentication execution configuration "+alias+" already exists")
	}
	if c.options.Version != V260 {
		delete(c.realm.configs, e.config)
	}
	e.config = c.uuid()
	c.realm.configs[e.config] = &flowConfig{id: e.config, alias: alias, settings: filled(object(c.sent, "config"))}
	return c.created("authentication", "executions", e.id, "config", e.config)
}

func (c *call) flowConfig() (*flowConfig, answer, bool) {
	config := c.realm.configs[c.vars["config"]]
	if config == nil {
		return nil, refuse(http.StatusNotFound, "Could not find authenticator config"), false
	}
	return config, answer{}, true
}

func showFlowConfig(c *call) answer {
	config, a, found := c.flowConfig()
	if !found {
		return a
	}
	return ok(document{"id": config.id, "alias": config.alias, "config": config.settings})
}

func changeFlowConfig(c *call) answer {
	config, a, found := c.flowConfig()
	alias := str(c.sent, "alias")
	switch {
	case !found:
		return a
	case c.aliasTaken(alias, config.id):
		return refuseMessage(http.StatusConflict, "Authentication execution configuration "+alias+" already exists")
	}
	config.alias, config.settings = alias, filled(object(c.sent, "config"))
	return noContent()
}

func deleteFlowConfig(c *call) answer {
	config, a, found := c.flowConfig()
	if !found {
		return a
	}
	delete(c.realm.configs, config.id)
	return noContent()
}
