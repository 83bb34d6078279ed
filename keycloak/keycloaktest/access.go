package keycloaktest

import (
	"net/http"
	"slices"
	"strings"
)

// principal is who calls the admin API.
type principal struct {
	// root is the caller of [Server.Admin], who may do everything.
	root bool
	user *user
	home *realm // the realm of the user
	// held are the roles that the token itself holds; nil if the user's own count.
	held map[*role]bool
}

// authenticate finds out who calls.
func (c *call) authenticate() (answer, bool) {
	if c.who.root {
		return answer{}, true
	}
	token, isBearer := cutScheme(c.r.Header.Get("Authorization"), "Bearer")
	g := c.logins[token]
	if !isBearer || g == nil || !c.now().Before(g.expires) || !g.alive() || g.realm.notBefore.After(g.issued) {
		return refuse(http.StatusUnauthorized, "HTTP 401 Unauthorized"), false
	}
	c.who = principal{user: g.user, home: g.realm, held: g.roles}
	return answer{}, true
}

// cutScheme cuts an authentication scheme and one space off a header. Schemes are
// case-insensitive (RFC 9110, 11.1).
func cutScheme(header, scheme string) (string, bool) {
	if n := len(scheme); len(header) > n && header[n] == ' ' && strings.EqualFold(header[:n], scheme) {
		return header[n+1:], true
	}
	return "", false
}

func forbidden() answer { return refuse(http.StatusForbidden, "HTTP 403 Forbidden") }

// roles are all that the caller has.
func (p principal) roles() map[*role]bool {
	if p.held != nil {
		return p.held
	}
	return p.home.rolesOf(p.user)
}

// allowed reports whether the caller has one of the roles in the realm of the call: by
// the client realm-management of the realm, or by the realm's client in the realm master.
func (c *call) allowed(roles []string) bool {
	return c.who.root || len(roles) == 0 && c.administers() || slices.ContainsFunc(roles, c.has)
}

// has reports whether the caller has one administrative role.
func (c *call) has(name string) bool {
	if c.who.root {
		return true
	}
	have := c.who.roles()
	if management := c.management(); management != nil {
		return have[management.roles[name]] || have[management.roles["realm-admin"]]
	}
	return false
}

// administers reports whether the caller has any administrative role.
func (c *call) administers() bool {
	if c.who.root {
		return true
	}
	management := c.management()
	if management == nil {
		return false
	}
	have := c.who.roles()
	for _, role := range management.roles {
		if have[role] {
			return true
		}
	}
	return false
}

// management is the client whose roles give the caller rights in the realm of the call.
func (c *call) management() *client {
	switch {
	case c.who.home == nil || c.realm == nil:
		return nil
	case c.who.home.name == masterRealm:
		return c.who.home.clientIDs[c.realm.name+"-realm"]
	case c.who.home == c.realm:
		return c.realm.clientIDs["realm-management"]
	}
	return nil
}

// inMaster reports whether the caller has a role of the realm master.
func (c *call) inMaster(name string) bool {
	return c.who.root || c.who.home.name == masterRealm && c.who.roles()[c.who.home.roles[name]]
}

// managementRoles are the administrative roles of a realm, and which others each holds.
func managementRoles() map[string][]string {
	return map[string][]string{
		"view-realm": nil, "manage-realm": nil, "view-events": nil, "manage-events": nil, "query-realms": nil, "impersonation": nil,
		"view-clients": {"query-clients"}, "manage-clients": nil, "query-clients": nil, "create-client": nil,
		"view-users": {"query-users", "query-groups"}, "manage-users": nil, "query-users": nil, "query-groups": nil,
		"view-identity-providers": nil, "manage-identity-providers": nil, "view-authorization": nil, "manage-authorization": nil,
		"view-organizations": nil, "manage-organizations": nil, "query-organizations": nil,
	}
}

// addManagementRoles gives a client the administrative roles of a realm.
func (s *Server) addManagementRoles(at *client) {
	all := managementRoles()
	for _, name := range sortedKeys(all) { // the ids follow from the order
		at.roles[name] = s.newRole(at.id, document{"name": name}, at)
	}
	for name, parts := range all {
		for _, part := range parts {
			at.roles[name].parts = append(at.roles[name].parts, at.roles[part])
		}
	}
}

// addRealmManagement makes the client by whose roles users of the realm administer it.
func (s *Server) addRealmManagement(r *realm) {
	at := s.plainClient(r, "realm-management")
	at.doc["bearerOnly"], at.attributes["realm_client"] = true, "true"
	s.addManagementRoles(at)
	whole := s.newRole(at.id, document{"name": "realm-admin"}, at)
	for _, name := range sortedKeys(at.roles) {
		whole.parts = append(whole.parts, at.roles[name])
	}
	at.roles["realm-admin"] = whole
}

// addRealmClient makes the client of the realm master whose roles administer r, and
// gives them to administrators.
func (s *Server) addRealmClient(r *realm) *client {
	master := s.realms[masterRealm]
	at := s.plainClient(master, r.name+"-realm")
	at.doc["bearerOnly"], at.attributes["realm_client"] = true, "true"
	s.addManagementRoles(at)
	admin := master.roles["admin"]
	for _, name := range sortedKeys(at.roles) {
		admin.parts = append(admin.parts, at.roles[name])
	}
	return at
}
