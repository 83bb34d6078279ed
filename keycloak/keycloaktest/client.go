package keycloaktest

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// client is a client of a realm.
type client struct {
	id         string
	doc        document // without what the fields below hold
	attributes document
	overrides  document
	mappers    []document
	// defaults and optionals are ids of client scopes.
	defaults, optionals []string
	roles               map[string]*role
	account             *user // its service account
}

func (at *client) clientID() string { return str(at.doc, "clientId") }

func clientShape() shape {
	return newShape("ClientRepresentation").
		with(text, "id clientId name description type rootUrl adminUrl baseUrl clientAuthenticatorType secret registrationAccessToken protocol clientTemplate origin").
		with(flag, `surrogateAuthRequired enabled alwaysDisplayInConsole bearerOnly consentRequired standardFlowEnabled implicitFlowEnabled
			directAccessGrantsEnabled serviceAccountsEnabled authorizationServicesEnabled directGrantsOnly publicClient frontchannelLogout
			fullScopeAllowed useTemplateConfig useTemplateScope useTemplateMappers`).
		with(number, "notBefore nodeReRegistrationTimeout").with(list, "defaultRoles redirectUris webOrigins protocolMappers defaultClientScopes optionalClientScopes").
		with(texts, "attributes authenticationFlowBindingOverrides").with(objects, "registeredNodes authorizationSettings access")
}

// view is a client as the admin API shows it.
func (r *realm) clientView(at *client) document {
	view := document{
		"attributes": at.attributes, "authenticationFlowBindingOverrides": at.overrides,
		"defaultClientScopes": r.scopeNames(at.defaults), "optionalClientScopes": r.scopeNames(at.optionals),
		"access": document{"view": true, "configure": true, "manage": true},
	}
	overlay(view, at.doc)
	if len(at.mappers) > 0 {
		view["protocolMappers"] = anyList(at.mappers)
	}
	return view
}

func (r *realm) scopeNames(ids []string) []any {
	names := []any{}
	for _, id := range ids {
		names = append(names, str(r.scopes[id].doc, "name"))
	}
	return names
}

// client finds the client that the address names.
func (c *call) client() (*client, answer, bool) {
	at := c.realm.clients[c.vars["client"]]
	if at == nil {
		return nil, refuse(http.StatusNotFound, "Could not find client"), false
	}
	return at, answer{}, true
}

// listClients looks up by an exact clientId, or lists. Who may only query sees nothing.
func listClients(c *call) answer {
	out := []document{}
	if !c.has("view-clients") && !c.has("manage-clients") {
		return ok(out)
	}
	id := c.query("clientId")
	if id != "" && c.query("search") != "true" {
		if at := c.realm.clientIDs[id]; at != nil {
			out = append(out, c.realm.clientView(at))
		}
		return ok(out)
	}
	var names []string
	for _, name := range sortedKeys(c.realm.clientIDs) {
		if strings.Contains(name, id) {
			names = append(names, name)
		}
	}
	for _, name := range page(c, names, 0) {
		out = append(out, c.realm.clientView(c.realm.clientIDs[name]))
	}
	return ok(out)
}

func showClient(c *call) answer {
	at, a, found := c.client()
	if !found {
		return a
	}
	return ok(c.realm.clientView(at))
}

func deleteClient(c *call) answer {
	at, a, found := c.client()
	if !found {
		return a
	}
	c.realm.dropClient(at)
	return noContent()
}

func (r *realm) dropClient(at *client) {
	for _, role := range at.roles {
		r.forgetRole(role)
	}
	if at.account != nil {
		r.dropUser(at.account)
	}
	for _, s := range r.sessions {
		delete(s.clients, at)
	}
	delete(r.clients, at.id)
	delete(r.clientIDs, at.clientID())
}

// plainClient makes a client without settings, as Keycloak's own are.
func (s *Server) plainClient(r *realm, clientID string) *client {
	at := &client{id: s.uuid(), attributes: document{"realm_client": "false"}, overrides: document{}, roles: map[string]*role{}}
	at.doc = clientDefaults()
	at.doc["id"], at.doc["clientId"], at.doc["protocol"], at.doc["fullScopeAllowed"] = at.id, clientID, protocolOIDC, false
	at.defaults, at.optionals = r.standardScopes(protocolOIDC)
	r.clients[at.id], r.clientIDs[clientID] = at, at
	return at
}

func clientDefaults() document {
	d := document{
		"enabled": true, "standardFlowEnabled": true, "fullScopeAllowed": true, "clientAuthenticatorType": authSecret,
		"redirectUris": []any{}, "webOrigins": []any{}, "notBefore": 0, "nodeReRegistrationTimeout": -1,
	}
	for _, name := range []string{
		"surrogateAuthRequired", "alwaysDisplayInConsole", "bearerOnly", "consentRequired", "implicitFlowEnabled", "directAccessGrantsEnabled",
		"serviceAccountsEnabled", "publicClient", "frontchannelLogout",
	} {
		d[name] = false
	}
	return d
}

const (
	protocolOIDC = "openid-connect"
	protocolSAML = "saml"
	authSecret   = "client-secret"
	authJWT      = "client-jwt"
)

func createClient(c *call) answer {
	if !c.has("manage-clients") {
		return forbidden()
	}
	sent := c.sent
	id := cmp.Or(str(sent, "id"), c.uuid())
	if _, isSent := sent["clientId"]; !isSent {
		sent["clientId"] = id
	}
	clientID := str(sent, "clientId")
	switch {
	case clientID == "" && c.options.Version == V267:
		return refuseWhy(http.StatusBadRequest, "invalid_input", "Client ID cannot be blank")
	case c.realm.clientIDs[clientID] != nil || c.realm.clients[id] != nil:
		return refuseMessage(http.StatusConflict, fmt.Sprintf("Client %s already exists", clientID))
	}
	at := &client{id: id, attributes: document{"realm_client": "false"}, overrides: document{}, roles: map[string]*role{}, doc: clientDefaults()}
	c.protocolDefaults(at)
	if a := c.setClient(at); a.failed() {
		return a
	}
	at.doc["id"] = id
	at.defaults, at.optionals = c.realm.standardScopes(str(at.doc, "protocol"))
	c.givenScopes(at)
	if is(at.doc, "serviceAccountsEnabled") {
		c.addAccount(at)
	}
	c.realm.clients[id], c.realm.clientIDs[clientID] = at, at
	return c.created("clients", id)
}

// protocolDefaults are set for a client that is sent with its protocol only.
func (c *call) protocolDefaults(at *client) {
	switch str(c.sent, "protocol") {
	case protocolSAML:
		at.doc["protocol"], at.doc["frontchannelLogout"] = protocolSAML, true
	case protocolOIDC:
		at.doc["protocol"] = protocolOIDC
		if _, isSent := c.sent["directAccessGrantsEnabled"]; !isSent {
			at.doc["directAccessGrantsEnabled"] = true
		}
		at.attributes["backchannel.logout.session.required"] = "true"
		at.attributes["backchannel.logout.revoke.offline.tokens"] = "false"
	default:
		at.doc["protocol"] = protocolOIDC
	}
}

// givenScopes assigns the scopes that were sent; names that do not exist are ignored.
func (c *call) givenScopes(at *client) {
	_, defaults := c.sent["defaultClientScopes"]
	_, optionals := c.sent["optionalClientScopes"]
	if !defaults && !optionals {
		return
	}
	at.defaults, at.optionals = nil, nil
	for _, name := range strs(c.sent["defaultClientScopes"]) {
		if s := c.realm.scopeByName(name); s != nil {
			at.defaults = append(at.defaults, s.id)
		}
	}
	for _, name := range strs(c.sent["optionalClientScopes"]) {
		if s := c.realm.scopeByName(name); s != nil && !slices.Contains(at.defaults, s.id) {
			at.optionals = append(at.optionals, s.id)
		}
	}
}

func changeClient(c *call) answer {
	at, a, found := c.client()
	if !found {
		return a
	}
	before, clientID := at.clientID(), str(c.sent, "clientId")
	if other := c.realm.clientIDs[clientID]; clientID != "" && other != nil && other != at {
		return c.duplicate()
	}
	had := is(at.doc, "serviceAccountsEnabled")
	if a := c.setClient(at); a.failed() {
		return a
	}
	if at.clientID() != before {
		delete(c.realm.clientIDs, before)
		c.realm.clientIDs[at.clientID()] = at
	}
	if c.realm.rotation(at) == nil {
		dropRotated(at)
	}
	if has := is(at.doc, "serviceAccountsEnabled"); has && !had {
		c.addAccount(at)
	} else if had && !has {
		c.removeAccount(at)
	}
	return noContent()
}
