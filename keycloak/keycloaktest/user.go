package keycloaktest

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// user is a user of a realm.
type user struct {
	id          string
	doc         document // username, email, firstName, lastName, emailVerified, enabled
	attributes  document
	actions     []any // required actions
	credentials []*credential
	groups      map[*group]bool
	roles       []*role
	ofClient    *client // whose service account it is
	made        int64
}

func (u *user) name() string { return str(u.doc, "username") }

func userShape() shape {
	return newShape("UserRepresentation").with(text, "id username email firstName lastName federationLink serviceAccountClientId origin self").
		with(flag, "emailVerified enabled totp").with(number, "createdTimestamp notBefore").
		with(list, `credentials disableableCredentialTypes requiredActions federatedIdentities realmRoles clientConsents groups socialLinks`).
		with(objects, "attributes clientRoles applicationRoles userProfileMetadata access")
}

// newUser makes a user without any check.
func (s *Server) newUser(r *realm, fields document) *user {
	u := &user{id: s.uuid(), doc: document{"emailVerified": false, "enabled": false}, attributes: document{}, groups: map[*group]bool{}, made: s.millis()}
	overlay(u.doc, fields)
	u.roles = []*role{r.everybody}
	r.keep(u)
	return u
}

// keep puts a user into the indexes of a realm.
func (r *realm) keep(u *user) {
	r.users[u.id], r.names[u.name()] = u, u
	if mail := str(u.doc, "email"); mail != "" {
		r.mails[mail] = u
	}
}

func (r *realm) dropUser(u *user) {
	delete(r.users, u.id)
	delete(r.names, u.name())
	if mail := str(u.doc, "email"); r.mails[mail] == u {
		delete(r.mails, mail)
	}
	for id, s := range r.sessions {
		if s.user == u {
			delete(r.sessions, id)
		}
	}
}

// userView is a user as the admin API shows it.
func (c *call) userView(u *user) document {
	access := document{"manage": true, "view": true, "mapRoles": true, "manageGroupMembership": true, "impersonate": true}
	if c.options.Version == V267 {
		access["resetPassword"] = true
	}
	d := document{
		"id": u.id, "createdTimestamp": u.made, "totp": u.hasOTP(), "disableableCredentialTypes": []any{}, "requiredActions": append([]any{}, u.actions...),
		"notBefore": 0, "access": access,
	}
	for key, value := range u.doc {
		if value != "" {
			d[key] = value
		}
	}
	if len(u.attributes) > 0 {
		d["attributes"] = u.attributes
	}
	return d
}

func (c *call) user() (*user, answer, bool) {
	u := c.realm.users[c.vars["user"]]
	if u == nil {
		return nil, refuse(http.StatusNotFound, "User not found"), false
	}
	return u, answer{}, true
}

// listUsers looks up by exact names, or searches: 100 users unless more are asked for.
// Who may only query sees nothing.
func listUsers(c *call) answer {
	out := []document{}
	if !c.has("view-users") && !c.has("manage-users") {
		return ok(out)
	}
	name, mail, exact := strings.ToLower(c.query("username")), strings.ToLower(c.query("email")), c.query("exact") == "true"
	if exact && name != "" {
		if u := c.realm.names[name]; u != nil && u.ofClient == nil && (mail == "" || str(u.doc, "email") == mail) {
			out = append(out, c.userView(u))
		}
		return ok(out)
	}
	var found []*user
	for _, key := range sortedKeys(c.realm.names) {
		if u := c.realm.names[key]; u.ofClient == nil && u.matches(name, mail, strings.ToLower(c.query("search")), exact) {
			found = append(found, u)
		}
	}
	for _, u := range page(c, found, 100) {
		out = append(out, c.userView(u))
	}
	return ok(out)
}

func (u *user) matches(name, mail, search string, exact bool) bool {
	if exact && mail != "" {
		return str(u.doc, "email") == mail
	}
	if search != "" && !strings.Contains(u.name(), search) && !strings.Contains(str(u.doc, "email"), search) {
		return false
	}
	return strings.Contains(u.name(), name) && strings.Contains(str(u.doc, "email"), mail)
}

func countUsers(c *call) answer {
	n := 0
	for _, u := range c.realm.users {
		if u.ofClient == nil {
			n++
		}
	}
	return ok(n)
}

func createUser(c *call) answer {
	sent := c.sent
	name, mail := strings.ToLower(str(sent, "username")), strings.ToLower(str(sent, "email"))
	switch {
	case name == "":
		return refuseMessage(http.StatusBadRequest, "User name is missing")
	case c.realm.names[name] != nil:
		return refuseMessage(http.StatusConflict, "User exists with same username")
	case mail != "" && c.realm.mails[mail] != nil && !is(c.realm.doc, "duplicateEmailsAllowed"):
		return refuseMessage(http.StatusConflict, "User exists with same email")
	}
	if a := checkNames(name, sent); a.failed() {
		return a
	}
	u := &user{id: cmp.Or(str(sent, "id"), c.uuid()), attributes: document{}, groups: map[*group]bool{}, made: c.millis()}
	u.doc = document{"username": name, "email": mail, "firstName": str(sent, "firstName"), "lastName": str(sent, "lastName"), "enabled": is(sent, "enabled"), "emailVerified": is(sent, "emailVerified")}
	for _, path := range strs(sent["groups"]) {
		g := c.realm.paths[path]
		if g == nil {
			return broke()
		}
		u.groups[g] = true
	}
	u.attributes = c.realm.declared(object(sent, "attributes"))
	u.actions = c.realm.knownActions(sent["requiredActions"])
	for _, action := range c.realm.actions {
		if is(action, "enabled") && is(action, "defaultAction") && !slices.Contains(u.actions, action["alias"]) {
			u.actions = append(u.actions, action["alias"])
		}
	}
	for _, raw := range docs(sent["credentials"]) {
		if a := c.addCredential(u, raw); a.failed() {
			return a
		}
	}
	u.roles = []*role{c.realm.everybody}
	c.realm.keep(u)
	return c.created("users", u.id)
}

// checkNames finds what the user profile of a new realm refuses.
func checkNames(name string, sent document) answer {
	refused := func(field, code string, params ...any) answer {
		return jsonAnswer(http.StatusBadRequest, document{"field": field, "errorMessage": code, "params": append([]any{field}, params...)})
	}
	if mail := str(sent, "email"); mail != "" {
		if local, host, found := strings.Cut(mail, "@"); !found || local == "" || host == "" {
			return refused("email", "error-invalid-email", mail)
		}
	}
	if n := len([]rune(name)); n < 3 || n > 255 {
		return refused("username", "error-invalid-length", 3, 255)
	}
	return noContent()
}

func showUser(c *call) answer {
	u, a, found := c.user()
	if !found {
		return a
	}
	return ok(c.userView(u))
}

// changeUser keeps what is not sent, unless attributes are: then the names and the
// address are part of them, and cleared.
func changeUser(c *call) answer {
	u, a, found := c.user()
	if !found {
		return a
	}
	sent := c.sent
	if name, isSent := sent["username"].(string); isSent && !strings.EqualFold(name, u.name()) && !is(c.realm.doc, "editUsernameAllowed") {
		return jsonAnswer(http.StatusBadRequest, document{"field": "username", "errorMessage": "error-user-attribute-read-only", "params": []any{"username"}})
	}
	if a := checkNames(u.name(), sent); a.failed() {
		return a
	}
	mail := strings.ToLower(str(sent, "email"))
	if other := c.realm.mails[mail]; mail != "" && other != nil && other != u && !is(c.realm.doc, "duplicateEmailsAllowed") {
		return refuseMessage(http.StatusConflict, "User exists with same email")
	}
	delete(c.realm.mails, str(u.doc, "email"))
	delete(c.realm.names, u.name())
	c.setUser(u)
	c.realm.keep(u)
	return noContent()
}

func (c *call) setUser(u *user) {
	sent := c.sent
	attributes, isSent := sent["attributes"].(document)
	for _, key := range []string{"email", "firstName", "lastName"} {
		if value, there := sent[key]; there {
			u.doc[key] = value
		} else if isSent {
			u.doc[key] = ""
		}
	}
	u.doc["email"] = strings.ToLower(str(u.doc, "email"))
	if name := str(sent, "username"); name != "" {
		u.doc["username"] = strings.ToLower(name)
	}
	for _, key := range []string{"enabled", "emailVerified"} {
		if value, there := sent[key]; there {
			u.doc[key] = value
		}
	}
	if isSent {
		u.attributes = c.realm.declared(attributes)
	}
	if actions, there := sent["requiredActions"]; there {
		u.actions = c.realm.knownActions(actions)
	}
}

func deleteUser(c *call) answer {
	u, a, found := c.user()
	if !found {
		return a
	}
	c.realm.dropUser(u)
	return noContent()
}

func userGroups(c *call) answer {
	u, a, found := c.user()
	if !found {
		return a
	}
	out := []document{}
	groups := slices.SortedFunc(maps.Keys(u.groups), func(a, b *group) int { return cmp.Compare(a.path(), b.path()) })
	for _, g := range groups {
		out = append(out, g.brief())
	}
	return ok(page(c, out, 0))
}

func joinGroup(c *call) answer { return c.membership(func(u *user, g *group) { u.groups[g] = true }) }

func leaveGroup(c *call) answer {
	return c.membership(func(u *user, g *group) { delete(u.groups, g) })
}

func (c *call) membership(change func(*user, *group)) answer {
	u, a, found := c.user()
	g := c.realm.groups[c.vars["id"]]
	switch {
	case !found:
		return a
	case g == nil:
		return refuse(http.StatusNotFound, "Group not found")
	}
	change(u, g)
	return noContent()
}

// declared are the attributes that the user profile lets administrators set; the others are dropped in
// silence, unless the policy for attributes that are not managed allows them.
func (r *realm) declared(sent document) document {
	out := document{}
	policy := str(r.profile, "unmanagedAttributePolicy")
	for name, value := range sent {
		known := slices.ContainsFunc(docs(r.profile["attributes"]), func(d document) bool {
			return d["name"] == name && slices.Contains(strs(object(d, "permissions")["edit"]), "admin")
		})
		if !known && policy != "ENABLED" && policy != "ADMIN_EDIT" {
			continue
		}
		switch v := value.(type) {
		case []any:
			if len(v) > 0 {
				out[name] = v
			}
		case nil:
		default:
			out[name] = []any{fmt.Sprint(v)}
		}
	}
	for _, standard := range []string{"username", "email", "firstName", "lastName"} {
		delete(out, standard)
	}
	return out
}
