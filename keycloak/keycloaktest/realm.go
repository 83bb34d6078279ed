package keycloaktest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

func listRealms(c *call) answer {
	out := []document{}
	for _, name := range sortedKeys(c.realms) {
		c.realm = c.realms[name]
		if c.administers() {
			out = append(out, c.realmView())
		}
	}
	return ok(out)
}

// reservedInNames are the characters that names of realms and identity providers must
// not have.
const reservedInNames = `:/?#@!$&()*+,;=[]\`

func reserved(name string) (answer, bool) {
	if i := strings.IndexAny(name, reservedInNames); i >= 0 {
		return refuse(http.StatusBadRequest, fmt.Sprintf("Character '%c' not allowed.", name[i])), true
	}
	return answer{}, false
}

func createRealm(c *call) answer {
	if !c.inMaster("create-realm") {
		return forbidden()
	}
	s := c.realmShape()
	s.message = "unable to read contents from stream"
	if a, good := c.read(s); !good {
		return a
	}
	name := str(c.sent, "realm")
	a, bad := reserved(name)
	switch {
	case name == "":
		return refuseMessage(http.StatusBadRequest, "Realm name cannot be empty")
	case bad:
		return a
	case c.realms[name] != nil:
		return c.realmTaken(name)
	case len(name) > 255 || len(str(c.sent, "displayName")) > 255:
		return refuseMessage(http.StatusBadRequest, "Database operation failed")
	}
	return c.makeRealm(name)
}

func (c *call) realmTaken(name string) answer {
	if c.options.Version == V260 {
		return refuseMessage(http.StatusConflict, "Conflict detected. See logs for details")
	}
	return refuseMessage(http.StatusConflict, "Realm "+name+" already exists")
}

// makeRealm makes a realm with what was sent in it. What cannot be made undoes all.
func (c *call) makeRealm(name string) answer {
	id := str(c.sent, "id")
	if id == "" {
		id = c.uuid()
	}
	r := c.newRealm(id, name)
	c.realm = r
	c.fill(r)
	if a := c.setRealm(r); a.failed() {
		return refuse(a.status, messageOf(a))
	}
	c.realms[name] = r
	for _, build := range []func(document) answer{c.importScopes, c.importClients, c.importGroups, c.importUsers} {
		if a := build(c.sent); a.failed() {
			delete(c.realms, name)
			return a
		}
	}
	at := c.addRealmClient(r)
	if c.who.user != nil && !c.inMaster("admin") {
		for _, role := range sortedKeys(at.roles) {
			c.who.user.roles = append(c.who.user.roles, at.roles[role])
		}
	}
	return answer{status: http.StatusCreated, header: map[string]string{"Location": c.origin + c.adminPath()}}
}

func messageOf(a answer) string {
	var body struct {
		ErrorMessage string `json:"errorMessage"`
	}
	if json.Unmarshal(a.body, &body) != nil {
		return ""
	}
	return body.ErrorMessage
}

// importClients makes the clients that a new realm was sent with, and so on.
func (c *call) importClients(sent document) answer {
	for _, d := range docs(sent["clients"]) {
		if a := c.importOne(clientShape(), d, createClient); a.failed() {
			return a
		}
	}
	return noContent()
}

func (c *call) importUsers(sent document) answer {
	for _, d := range docs(sent["users"]) {
		if a := c.importOne(userShape(), d, createUser); a.failed() {
			return a
		}
	}
	return noContent()
}

func (c *call) importGroups(sent document) answer {
	for _, d := range docs(sent["groups"]) {
		if a := c.importOne(groupShape(), d, createGroup); a.failed() {
			return a
		}
	}
	return noContent()
}

func (c *call) importScopes(sent document) answer {
	for _, d := range docs(sent["clientScopes"]) {
		if a := c.importOne(scopeShape(), d, createScope); a.failed() {
			return a
		}
	}
	return noContent()
}

func (c *call) importOne(s shape, d document, create func(*call) answer) answer {
	part := *c
	checked, a, good := s.check(d)
	if !good {
		return a
	}
	part.sent = checked
	return create(&part)
}

// realmView is the realm as the caller sees it: without the role view-realm or
// manage-realm it is a few fields.
func (c *call) realmView() document {
	r := c.realm
	if !c.has("view-realm") && !c.has("manage-realm") {
		return document{"realm": r.name, "bruteForceProtected": r.doc["bruteForceProtected"], "supportedLocales": []any{}, "organizationsEnabled": false}
	}
	view := document{"id": r.id, "realm": r.name, "attributes": r.attributes, "smtpServer": masked(r.smtp, "password")}
	overlay(view, r.doc)
	view["clientProfiles"], view["clientPolicies"] = document{"profiles": r.profiles}, document{"policies": r.policies}
	view["defaultRole"] = r.everybody.brief()
	return view
}

// mask is what Keycloak shows instead of a secret.
const mask = "**********"

// masked hides one entry.
func masked(d document, key string) document {
	out := document{}
	overlay(out, d)
	if _, there := d[key]; there {
		out[key] = mask
	}
	return out
}

// showRealm shows a stub also to those who may only create realms.
func showRealm(c *call) answer {
	if !c.administers() && !c.inMaster("create-realm") {
		return forbidden()
	}
	return ok(c.realmView())
}

func changeRealm(c *call) answer {
	r := c.realm
	name := str(c.sent, "realm")
	if name != "" && name != r.name && r.name == masterRealm {
		return refuseMessage(http.StatusBadRequest, "Can't rename master realm")
	}
	if name != "" && name != r.name && c.realms[name] != nil {
		return refuseMessage(http.StatusConflict, "Realm with same name exists")
	}
	if a := c.setRealm(r); a.failed() {
		return a
	}
	if name != "" && name != r.name {
		c.rename(r, name)
	}
	return noContent()
}

func (s *Server) rename(r *realm, name string) {
	master := s.realms[masterRealm]
	if at := master.clientIDs[r.name+"-realm"]; at != nil {
		delete(master.clientIDs, r.name+"-realm")
		master.clientIDs[name+"-realm"] = at
		at.doc["clientId"] = name + "-realm"
	}
	delete(s.realms, r.name)
	s.realms[name], r.name = r, name
}

func deleteRealm(c *call) answer {
	if c.realm.name == masterRealm {
		return refuseMessage(http.StatusBadRequest, "Can't remove master realm")
	}
	master := c.realms[masterRealm]
	if at := master.clientIDs[c.realm.name+"-realm"]; at != nil {
		master.dropClient(at)
	}
	delete(c.realms, c.realm.name)
	return noContent()
}

// setRealm writes what was sent into a realm, by the rules of a realm.
func (c *call) setRealm(r *realm) answer {
	if a := c.checkRealm(r); a.failed() {
		return a
	}
	sent := c.sent
	overlay(r.doc, sent, "id", "realm", "attributes", "smtpServer", "browserSecurityHeaders", "defaultRole", "clientProfiles", "clientPolicies",
		"clients", "users", "groups", "roles", "clientScopes", "components", "identityProviders", "identityProviderMappers", "requiredActions",
		"authenticationFlows", "authenticatorConfig", "federatedUsers", "protocolMappers", "keycloakVersion", "otpPolicyCodeReusable")
	if sslRequired := str(sent, "sslRequired"); sslRequired != "" {
		r.doc["sslRequired"] = strings.ToLower(sslRequired)
	}
	if str(r.doc, "passwordPolicy") == "" {
		delete(r.doc, "passwordPolicy")
	}
	if locales, sentLocales := sent["supportedLocales"].([]any); sentLocales && len(locales) == 0 {
		delete(r.doc, "supportedLocales")
	}
	if reusable, isSent := sent["otpPolicyCodeReusable"]; isSent && sent["otpPolicyType"] != nil {
		r.doc["otpPolicyCodeReusable"] = reusable
	}
	if smtp, isSent := sent["smtpServer"].(document); isSent {
		r.setSMTP(smtp)
	}
	if headers := object(sent, "browserSecurityHeaders"); headers != nil {
		c.setHeaders(r, headers)
	}
	c.setAttributes(r)
	return noContent()
}

func (r *realm) setSMTP(sent document) {
	next := document{}
	overlay(next, sent)
	if next["password"] == mask {
		next["password"] = r.smtp["password"]
	}
	r.smtp = next
}

// setHeaders merges over what there is; since 26.7 the defaults are always there.
func (c *call) setHeaders(r *realm, sent document) {
	next := document{}
	if c.options.Version == V267 {
		next = object(c.realmDefaults(), "browserSecurityHeaders")
	}
	overlay(next, object(r.doc, "browserSecurityHeaders"))
	overlay(next, sent)
	r.doc["browserSecurityHeaders"] = next
}

// setAttributes replaces all attributes if there are any in what was sent. Two settings
// that are attributes go back to their defaults unless they are sent.
func (c *call) setAttributes(r *realm) {
	if sent, isSent := c.sent["attributes"].(document); isSent {
		next := ownAttributes()
		for key, value := range sent {
			if value != nil {
				next[key] = value
			}
		}
		r.attributes = next
		if c.options.Version == V260 && c.sent["browserSecurityHeaders"] == nil {
			r.doc["browserSecurityHeaders"] = document{}
		}
	}
	for name, standard := range map[string]string{"oauth2DeviceCodeLifespan": "600", "oauth2DevicePollingInterval": "5"} {
		value, isSent := c.sent[name].(json.Number)
		if !isSent {
			value = json.Number(standard)
		}
		r.doc[name], r.attributes[name] = value, value.String()
	}
}

// checkRealm finds what Keycloak refuses.
func (c *call) checkRealm(r *realm) answer {
	failed := refuseMessage(http.StatusInternalServerError, "Failed to update realm")
	for _, key := range []string{"browserFlow", "registrationFlow", "directGrantFlow", "resetCredentialsFlow", "clientAuthenticationFlow", "dockerAuthenticationFlow", "firstBrokerLoginFlow"} {
		if alias := str(c.sent, key); alias != "" && r.flowByAlias(alias) == nil {
			return failed
		}
	}
	if ssl := strings.ToLower(str(c.sent, "sslRequired")); ssl != "" && !slices.Contains([]string{"all", "external", "none"}, ssl) {
		return failed
	}
	if smtp := object(c.sent, "smtpServer"); len(smtp) > 0 && c.options.Version == V267 && !strings.Contains(str(smtp, "from"), "@") {
		return refuseMessage(http.StatusBadRequest, "Invalid sender address 'null'.")
	}
	if why := checkPolicy(str(c.sent, "passwordPolicy")); why != "" {
		return refuseMessage(http.StatusBadRequest, why)
	}
	return noContent()
}
