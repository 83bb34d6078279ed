package keycloaktest

import (
	"net/http"
	"slices"
)

// roleUsers lists the users who were given a role themselves.
func roleUsers(c *call) answer {
	r, _, a, found := c.role()
	if !found {
		return a
	}
	out := []document{}
	for _, name := range sortedKeys(c.realm.names) {
		if u := c.realm.names[name]; slices.Contains(u.roles, r) {
			out = append(out, c.userView(u))
		}
	}
	return ok(page(c, out, 0))
}

// roleByID finds a role of the realm or of any client.
func (r *realm) roleByID(id string) *role {
	for _, role := range r.roles {
		if role.id == id {
			return role
		}
	}
	for _, at := range r.clients {
		for _, role := range at.roles {
			if role.id == id {
				return role
			}
		}
	}
	return nil
}

// partsOfClient lists the roles of a client that a role holds.
func partsOfClient(c *call) answer {
	r := c.realm.roleByID(c.vars["role"])
	if r == nil {
		return refuse(http.StatusNotFound, "Could not find role with id")
	}
	at, a, found := c.client()
	if !found {
		return a
	}
	out := []document{}
	for _, part := range r.parts {
		if part.client == at {
			out = append(out, part.brief())
		}
	}
	return ok(out)
}
