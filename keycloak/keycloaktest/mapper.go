package keycloaktest

import (
	"net/http"
	"slices"
	"strings"
)

func mapperShape() shape {
	return newShape("ProtocolMapperRepresentation").with(text, "id name protocol protocolMapper consentText").with(flag, "consentRequired").with(texts, "config")
}

func newMapper(sent document) document {
	return document{
		"id": str(sent, "id"), "name": str(sent, "name"), "protocol": str(sent, "protocol"), "protocolMapper": str(sent, "protocolMapper"),
		"consentRequired": false, "config": filled(object(sent, "config")),
	}
}

// knownMapper reports whether Keycloak has such a provider. What begins as its own do is
// taken for one.
func knownMapper(provider string) bool {
	return strings.HasSuffix(provider, "-mapper") && (strings.HasPrefix(provider, "oidc-") || strings.HasPrefix(provider, "saml-") || strings.HasPrefix(provider, "docker-"))
}

// mappers are those of the client or the client scope that the address names.
func (c *call) mappers() (*[]document, []string, answer, bool) {
	if id, ofClient := c.vars["client"]; ofClient {
		at, a, found := c.client()
		if !found {
			return nil, nil, a, false
		}
		return &at.mappers, []string{"clients", id}, answer{}, true
	}
	s, a, found := c.scope()
	if !found {
		return nil, nil, a, false
	}
	return &s.mappers, []string{"client-scopes", s.id}, answer{}, true
}

func (c *call) mapper() (*[]document, int, answer, bool) {
	mappers, _, a, found := c.mappers()
	if !found {
		return nil, 0, a, false
	}
	i := slices.IndexFunc(*mappers, func(m document) bool { return m["id"] == c.vars["mapper"] })
	if i < 0 {
		return nil, 0, refuse(http.StatusNotFound, "Model not found"), false
	}
	return mappers, i, answer{}, true
}

func listMappers(c *call) answer {
	mappers, _, a, found := c.mappers()
	if !found {
		return a
	}
	return ok(anyList(*mappers))
}

func createMapper(c *call) answer {
	mappers, at, a, found := c.mappers()
	if !found {
		return a
	}
	name := str(c.sent, "name")
	same := func(m document) bool { return str(m, "name") == name && str(m, "protocol") == str(c.sent, "protocol") }
	switch {
	case !knownMapper(str(c.sent, "protocolMapper")):
		return refuse(http.StatusNotFound, "ProtocolMapper provider not found")
	case name == "":
		return c.duplicate()
	case slices.ContainsFunc(*mappers, same):
		return refuseMessage(http.StatusConflict, "Protocol mapper exists with same name")
	}
	if str(c.sent, "id") == "" {
		c.sent["id"] = c.uuid()
	}
	*mappers = append(*mappers, newMapper(c.sent))
	return c.created(append(at, "protocol-mappers", "models", str(c.sent, "id"))...)
}

func showMapper(c *call) answer {
	mappers, i, a, found := c.mapper()
	if !found {
		return a
	}
	return ok((*mappers)[i])
}

// changeMapper replaces the configuration. A name that was sent is ignored.
func changeMapper(c *call) answer {
	mappers, i, a, found := c.mapper()
	switch {
	case !found:
		return a
	case str(c.sent, "id") == "":
		return broke()
	}
	m := (*mappers)[i]
	next := document{}
	overlay(next, m)
	next["config"] = filled(object(c.sent, "config"))
	if provider := str(c.sent, "protocolMapper"); provider != "" {
		next["protocolMapper"] = provider
	}
	(*mappers)[i] = next
	return noContent()
}

func deleteMapper(c *call) answer {
	mappers, i, a, found := c.mapper()
	if !found {
		return a
	}
	*mappers = slices.Delete(*mappers, i, i+1)
	return noContent()
}
