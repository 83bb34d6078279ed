package keycloaktest

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// broker is an identity provider of a realm.
type broker struct {
	id      string
	doc     document // without its settings
	config  document
	mappers []document
}

func brokerShape() shape {
	return newShape("IdentityProviderRepresentation").
		with(text, "alias displayName internalId providerId updateProfileFirstLoginMode firstBrokerLoginFlowAlias postBrokerLoginFlowAlias organizationId").
		with(flag, "enabled trustEmail storeToken addReadTokenRoleOnCreate authenticateByDefault linkOnly hideOnLogin").
		with(list, "types").with(texts, "config")
}

func brokerMapperShape() shape {
	return newShape("IdentityProviderMapperRepresentation").with(text, "id name identityProviderAlias identityProviderMapper").with(texts, "config")
}

// brokerView leaves out what is not set, but older releases show what is off; secrets are
// masked.
func (c *call) brokerView(b *broker) document {
	config := b.config
	if str(config, "clientSecret") != "" {
		config = masked(config, "clientSecret")
	}
	d := document{"internalId": b.id, "config": config}
	for key, value := range b.doc {
		if value != "" && (value != false || c.options.Version == V260) {
			d[key] = value
		}
	}
	return d
}

func (c *call) broker() (*broker, answer, bool) {
	i := slices.IndexFunc(c.realm.brokers, func(b *broker) bool { return b.alias() == c.vars["alias"] })
	if i < 0 {
		return nil, refuse(http.StatusNotFound, "HTTP 404 Not Found"), false
	}
	return c.realm.brokers[i], answer{}, true
}

func (b *broker) alias() string { return str(b.doc, "alias") }

func listBrokers(c *call) answer {
	out := []document{}
	for _, b := range c.realm.brokers {
		if search := c.query("search"); search == "" || strings.Contains(b.alias(), search) {
			out = append(out, c.brokerView(b))
		}
	}
	return ok(page(c, out, 0))
}

func createBroker(c *call) answer {
	alias := str(c.sent, "alias")
	a, bad := reserved(alias)
	switch {
	case bad:
		return a
	case strings.Contains(alias, " "):
		return refuse(http.StatusBadRequest, "Empty Space not allowed.")
	case slices.ContainsFunc(c.realm.brokers, func(b *broker) bool { return b.alias() == alias }):
		return refuseMessage(http.StatusConflict, "Identity Provider "+alias+" already exists")
	}
	b := &broker{id: c.uuid(), config: document{}}
	if a := c.setBroker(b); a.failed() {
		return a
	}
	c.realm.brokers = append(c.realm.brokers, b)
	return c.created("identity-provider", "instances", alias)
}

// setBroker replaces everything; only a mask keeps the secret that there is.
func (c *call) setBroker(b *broker) answer {
	if provider := str(c.sent, "providerId"); !slices.Contains(strings.Fields("oidc keycloak-oidc saml google github gitlab microsoft kubernetes oauth2 facebook linkedin-openid-connect bitbucket"), provider) {
		if provider == "" {
			provider = "null"
		}
		return refuseMessage(http.StatusBadRequest, "Invalid identity provider id ["+provider+"]")
	}
	for _, key := range []string{"firstBrokerLoginFlowAlias", "postBrokerLoginFlowAlias"} {
		if alias := str(c.sent, key); alias != "" && c.realm.flowByAlias(alias) == nil {
			return broke()
		}
	}
	config := filled(object(c.sent, "config"))
	if a := c.checkBrokerURLs(config); a.failed() {
		return a
	}
	if config["clientSecret"] == mask {
		if secret, there := b.config["clientSecret"]; there {
			config["clientSecret"] = secret
		}
	}
	b.doc, b.config = document{}, config
	if c.options.Version == V260 {
		fillOlder(b)
	}
	overlay(b.doc, c.sent, "config", "internalId", "types")
	if _, isSent := c.sent["enabled"]; !isSent {
		b.doc["enabled"] = true
	}
	return noContent()
}

// fillOlder has what older releases show although it was not sent.
func fillOlder(b *broker) {
	for _, key := range []string{"trustEmail", "storeToken", "addReadTokenRoleOnCreate", "authenticateByDefault", "linkOnly", "hideOnLogin"} {
		b.doc[key] = false
	}
	if b.config["syncMode"] == nil {
		b.config["syncMode"] = "LEGACY"
	}
}

func showBroker(c *call) answer {
	b, a, found := c.broker()
	if !found {
		return a
	}
	return ok(c.brokerView(b))
}

func changeBroker(c *call) answer {
	b, a, found := c.broker()
	alias := b.aliasOr(str(c.sent, "alias"))
	switch {
	case !found:
		return a
	case alias != b.alias() && c.options.Version == V267:
		return refuseMessage(http.StatusBadRequest, "Identity Provider alias cannot be changed")
	}
	before := b.alias()
	if a := c.setBroker(b); a.failed() {
		return a
	}
	if b.alias() == "" {
		b.doc["alias"] = before
	}
	return noContent()
}

func (b *broker) aliasOr(sent string) string {
	if sent == "" && b != nil {
		return b.alias()
	}
	return sent
}

func deleteBroker(c *call) answer {
	b, a, found := c.broker()
	if !found {
		return a
	}
	c.realm.brokers = slices.DeleteFunc(c.realm.brokers, func(other *broker) bool { return other == b })
	return noContent()
}

func listBrokerMappers(c *call) answer {
	b, a, found := c.broker()
	if !found {
		return a
	}
	return ok(anyList(b.mappers))
}

func createBrokerMapper(c *call) answer {
	b, a, found := c.broker()
	name := str(c.sent, "name")
	switch {
	case !found:
		return a
	case slices.ContainsFunc(b.mappers, func(m document) bool { return m["name"] == name }):
		return refuseMessage(http.StatusBadRequest, fmt.Sprintf("Failed to add mapper '%s' to identity provider [%s].", name, str(b.doc, "providerId")))
	}
	m := document{"id": c.uuid(), "config": document{}}
	overlay(m, c.sent, "id")
	m["config"] = filled(object(c.sent, "config"))
	b.mappers = append(b.mappers, m)
	return c.created("identity-provider", "instances", b.alias(), "mappers", str(m, "id"))
}

func (c *call) brokerMapper() (*broker, int, answer, bool) {
	b, a, found := c.broker()
	if !found {
		return nil, 0, a, false
	}
	i := slices.IndexFunc(b.mappers, func(m document) bool { return m["id"] == c.vars["mapper"] })
	if i < 0 {
		return nil, 0, refuse(http.StatusNotFound, "Model not found"), false
	}
	return b, i, answer{}, true
}

func showBrokerMapper(c *call) answer {
	b, i, a, found := c.brokerMapper()
	if !found {
		return a
	}
	return ok(b.mappers[i])
}

// changeBrokerMapper replaces the mapper, its name included.
func changeBrokerMapper(c *call) answer {
	b, i, a, found := c.brokerMapper()
	switch {
	case !found:
		return a
	case str(c.sent, "id") == "":
		return broke()
	}
	next := document{"id": b.mappers[i]["id"]}
	overlay(next, c.sent, "id")
	next["config"] = filled(object(c.sent, "config"))
	b.mappers[i] = next
	return noContent()
}

func deleteBrokerMapper(c *call) answer {
	b, i, a, found := c.brokerMapper()
	if !found {
		return a
	}
	b.mappers = slices.Delete(b.mappers, i, i+1)
	return noContent()
}
