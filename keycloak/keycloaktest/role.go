package keycloaktest

import (
	"net/http"
	"slices"
)

// role is a role of a realm or of a client.
type role struct {
	id, name, description string
	container             string // id of the realm or client
	client                *client
	attributes            document
	parts                 []*role // the roles that a composite role holds
}

func roleShape() shape {
	return newShape("RoleRepresentation").with(text, "id name description containerId").with(flag, "composite clientRole scopeParamRequired").
		with(objects, "composites attributes")
}

func (s *Server) newRole(container string, sent document, of *client) *role {
	return &role{id: s.uuid(), name: str(sent, "name"), description: str(sent, "description"), container: container, client: of, attributes: document{}}
}

// brief is a role in a list.
func (r *role) brief() document {
	d := document{"id": r.id, "name": r.name, "composite": len(r.parts) > 0, "clientRole": r.client != nil, "containerId": r.container}
	if r.description != "" {
		d["description"] = r.description
	}
	return d
}

// full is a role by itself.
func (r *role) full() document {
	d := r.brief()
	d["attributes"] = r.attributes
	return d
}

// addTo puts a role with all that it holds into a set.
func (r *role) addTo(set map[*role]bool) {
	if r == nil || set[r] {
		return
	}
	set[r] = true
	for _, part := range r.parts {
		part.addTo(set)
	}
}

// rolesOf are all roles of a user: its own, those of its groups and of the groups above
// them, and what these hold.
func (r *realm) rolesOf(u *user) map[*role]bool {
	set := map[*role]bool{}
	for _, role := range u.roles {
		role.addTo(set)
	}
	for g := range u.groups {
		for at := g; at != nil; at = at.parent {
			for _, role := range at.roles {
				role.addTo(set)
			}
		}
	}
	return set
}

// roleHolder is the realm, or the client, that the address names.
func (c *call) roleHolder() (map[string]*role, *client, answer, bool) {
	if _, ofClient := c.vars["client"]; !ofClient {
		return c.realm.roles, nil, answer{}, true
	}
	at, a, found := c.client()
	if !found {
		return nil, nil, a, false
	}
	return at.roles, at, answer{}, true
}

func (c *call) role() (*role, map[string]*role, answer, bool) {
	roles, _, a, found := c.roleHolder()
	if !found {
		return nil, nil, a, false
	}
	r := roles[c.vars["role"]]
	if r == nil {
		return nil, nil, refuse(http.StatusNotFound, "Could not find role"), false
	}
	return r, roles, answer{}, true
}

func listRoles(c *call) answer {
	roles, _, a, found := c.roleHolder()
	if !found {
		return a
	}
	out := []document{}
	for _, name := range sortedKeys(roles) {
		out = append(out, roles[name].brief())
	}
	return ok(page(c, out, 0))
}

func createRole(c *call) answer {
	roles, at, a, found := c.roleHolder()
	name := str(c.sent, "name")
	switch {
	case !found:
		return a
	case name == "":
		return refuse(http.StatusBadRequest, "role has no name")
	case roles[name] != nil:
		return refuseMessage(http.StatusConflict, "Role with name "+name+" already exists")
	case at == nil:
		roles[name] = c.newRole(c.realm.id, c.sent, nil)
		return c.created("roles", name)
	}
	roles[name] = c.newRole(at.id, c.sent, at)
	return c.created("clients", at.id, "roles", name)
}

func showRole(c *call) answer {
	r, _, a, found := c.role()
	if !found {
		return a
	}
	return ok(r.full())
}

func changeRole(c *call) answer {
	r, roles, a, found := c.role()
	name := str(c.sent, "name")
	switch {
	case !found:
		return a
	case name != "" && name != r.name && roles[name] != nil:
		return c.duplicate()
	case name != "":
		delete(roles, r.name)
		roles[name], r.name = r, name
	}
	r.description = str(c.sent, "description")
	return noContent()
}

func deleteRole(c *call) answer {
	r, roles, a, found := c.role()
	if !found {
		return a
	}
	if r == c.realm.everybody {
		return refuseMessage(http.StatusBadRequest, r.name+" is default role of the realm and cannot be removed.")
	}
	delete(roles, r.name)
	c.realm.forgetRole(r)
	return noContent()
}

// forgetRole takes a role from everybody.
func (r *realm) forgetRole(gone *role) {
	without := func(roles []*role) []*role {
		return slices.DeleteFunc(roles, func(other *role) bool { return other == gone })
	}
	for _, g := range r.groups {
		g.roles = without(g.roles)
	}
	for _, u := range r.users {
		u.roles = without(u.roles)
	}
	for _, other := range r.roles {
		other.parts = without(other.parts)
	}
}

func roleGroups(c *call) answer {
	r, _, a, found := c.role()
	if !found {
		return a
	}
	out := []document{}
	for _, path := range sortedKeys(c.realm.paths) {
		if g := c.realm.paths[path]; slices.Contains(g.roles, r) {
			out = append(out, g.brief())
		}
	}
	return ok(page(c, out, 0))
}

// holder is the user or the group that the address names.
func (c *call) holder() (*[]*role, answer, bool) {
	if _, isGroup := c.vars["group"]; isGroup {
		g, a, found := c.group()
		if !found {
			return nil, a, false
		}
		return &g.roles, answer{}, true
	}
	u, a, found := c.user()
	if !found {
		return nil, a, false
	}
	return &u.roles, answer{}, true
}

func listMappings(c *call) answer {
	held, a, found := c.holder()
	if !found {
		return a
	}
	of, _, a, found := c.roleHolder()
	if !found {
		return a
	}
	out := []document{}
	for _, r := range *held {
		if of[r.name] == r {
			out = append(out, r.brief())
		}
	}
	return ok(out)
}

func addMappings(c *call) answer {
	return changeMappings(c, func(held *[]*role, r *role) {
		if !slices.Contains(*held, r) {
			*held = append(*held, r)
		}
	})
}

func removeMappings(c *call) answer {
	return changeMappings(c, func(held *[]*role, r *role) {
		*held = slices.DeleteFunc(*held, func(other *role) bool { return other == r })
	})
}

// changeMappings takes a list of roles, which it knows by their names and ids.
func changeMappings(c *call, change func(*[]*role, *role)) answer {
	held, a, found := c.holder()
	if !found {
		return a
	}
	of, _, a, found := c.roleHolder()
	if !found {
		return a
	}
	sent, a, good := c.readList(roleShape())
	if !good {
		return a
	}
	var roles []*role
	for _, d := range sent {
		r := of[str(d, "name")]
		if r == nil || r.id != str(d, "id") {
			return refuse(http.StatusNotFound, "Role not found")
		}
		roles = append(roles, r)
	}
	for _, r := range roles {
		change(held, r)
	}
	return noContent()
}
