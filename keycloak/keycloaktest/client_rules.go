package keycloaktest

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// setClient writes what was sent into a client, new or not, by the rules of a client.
func (c *call) setClient(at *client) answer {
	sent := c.sent
	if a := c.checkClient(); a.failed() {
		return a
	}
	mappers, a := c.sentMappers(at)
	if a.failed() {
		return a
	}
	wasPublic := is(at.doc, "publicClient")
	overlay(at.doc, sent, "id", "attributes", "authenticationFlowBindingOverrides", "protocolMappers", "defaultClientScopes", "optionalClientScopes",
		"access", "registrationAccessToken", "authorizationServicesEnabled", "authorizationSettings", "registeredNodes", "secret")
	mergeTexts(at.attributes, object(sent, "attributes"))
	mergeTexts(at.overrides, object(sent, "authenticationFlowBindingOverrides"))
	if _, isSent := sent["protocolMappers"]; isSent {
		at.mappers = mappers
	}
	if c.options.Version == V260 && !wasPublic && is(at.doc, "publicClient") {
		at.doc["frontchannelLogout"] = true
	}
	c.setSecret(at)
	if _, isSent := sent["webOrigins"]; !isSent && len(strs(at.doc["webOrigins"])) == 0 {
		at.doc["webOrigins"] = origins(strs(at.doc["redirectUris"]))
	}
	return noContent()
}

// setSecret stores a secret that was sent as it is, a mask too. A client that may have
// one and has none gets one.
func (c *call) setSecret(at *client) {
	sent, isSent := c.sent["secret"].(string)
	_, has := at.doc["secret"]
	switch {
	case is(at.doc, "publicClient"):
		delete(at.doc, "secret")
	case isSent:
		at.doc["secret"] = sent
	case !has:
		c.renewSecret(at)
	}
}

// renewSecret makes a secret.
func (c *call) renewSecret(at *client) {
	length := 86
	if c.options.Version == V260 {
		length = 32
	}
	at.doc["secret"] = c.pick(alphanumeric, length)
	at.attributes[attrSecretCreated] = strconv.FormatInt(c.now().Unix(), 10)
}

const attrSecretCreated = "client.secret.creation.time"

// origins are derived from absolute redirect URIs.
func origins(uris []string) []any {
	out := []any{}
	for _, uri := range uris {
		u, err := url.Parse(strings.TrimSuffix(uri, "*"))
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			continue
		}
		if origin := u.Scheme + "://" + u.Host; !slices.Contains(out, any(origin)) {
			out = append(out, origin)
		}
	}
	return out
}

// checkClient finds what Keycloak refuses.
func (c *call) checkClient() answer {
	invalid := func(text string) answer { return refuseWhy(http.StatusBadRequest, "invalid_input", text) }
	for _, f := range []struct{ key, name string }{{"rootUrl", "Root URL"}, {"baseUrl", "Base URL"}, {"adminUrl", "Master SAML Processing URL"}} {
		if address := str(c.sent, f.key); address != "" && !strings.Contains(address, "${") && !isAddress(address, f.key == "baseUrl") {
			return invalid(f.name + " is not a valid URL")
		}
	}
	for _, uri := range strs(c.sent["redirectUris"]) {
		if strings.Contains(uri, "#") {
			if c.options.Version == V260 {
				return invalid("Redirect URIs must not contain an URI fragment")
			}
			return invalid("A redirect URI must not contain an URL fragment")
		}
	}
	attributes := object(c.sent, "attributes")
	fromRoot := str(c.sent, "rootUrl") != "" // which relative addresses are resolved against
	if address := str(attributes, attrLogoutURL); address != "" && !isAddress(address, fromRoot) {
		return invalid("Backchannel logout URL is not a valid URL")
	}
	for _, id := range object(c.sent, "authenticationFlowBindingOverrides") {
		if name, isText := id.(string); isText && name != "" && c.realm.flowByID(name) == nil {
			return broke()
		}
	}
	return noContent()
}

const (
	attrLogoutURL     = "backchannel.logout.url"
	attrLogoutSession = "backchannel.logout.session.required"
	attrLogoutOffline = "backchannel.logout.revoke.offline.tokens"
	attrPKCE          = "pkce.code.challenge.method"
)

// isAddress reports whether text is an absolute address, or a path where that will do.
func isAddress(text string, orPath bool) bool {
	if strings.ContainsAny(text, " <>\"") {
		return false
	}
	u, err := url.Parse(text)
	if err != nil {
		return false
	}
	return u.Scheme != "" && (u.Host != "" || u.Opaque != "") || orPath && strings.HasPrefix(text, "/")
}

// sentMappers are the mappers that were sent with the client.
func (c *call) sentMappers(at *client) ([]document, answer) {
	var mappers []document
	for _, raw := range docs(c.sent["protocolMappers"]) {
		sent, a, good := mapperShape().check(raw)
		if !good {
			return nil, a
		}
		if str(sent, "id") == "" {
			if i := slices.IndexFunc(at.mappers, func(m document) bool { return str(m, "name") == str(sent, "name") }); i >= 0 {
				sent["id"] = at.mappers[i]["id"]
			} else {
				sent["id"] = c.uuid()
			}
		}
		mappers = append(mappers, newMapper(sent))
	}
	return mappers, noContent()
}

// addAccount makes the service account of a client.
func (c *call) addAccount(at *client) {
	at.account = c.newUser(c.realm, document{"username": "service-account-" + strings.ToLower(at.clientID()), "enabled": true})
	at.account.ofClient = at
	if s := c.realm.scopeByName("service_account"); s != nil && !slices.Contains(at.defaults, s.id) {
		at.defaults = append(at.defaults, s.id)
	}
}

func (c *call) removeAccount(at *client) {
	if at.account != nil {
		c.realm.dropUser(at.account)
		at.account = nil
	}
	if s := c.realm.scopeByName("service_account"); s != nil {
		at.defaults = slices.DeleteFunc(at.defaults, func(id string) bool { return id == s.id })
	}
}

func showAccount(c *call) answer {
	at, a, found := c.client()
	switch {
	case !found:
		return a
	case at.account == nil:
		return refuse(http.StatusBadRequest, "Service account not enabled for the client '"+at.clientID()+"'")
	}
	return ok(c.userView(at.account))
}
