package keycloaktest

import (
	"net/http"
	"slices"
)

// assigned is one of the two lists of scopes of a client, and the other one.
func (c *call) assigned() (mine, other *[]string, a answer, found bool) {
	at, a, found := c.client()
	switch {
	case !found:
		return nil, nil, a, false
	case c.vars["list"] == "default-client-scopes":
		return &at.defaults, &at.optionals, answer{}, true
	case c.vars["list"] == "optional-client-scopes":
		return &at.optionals, &at.defaults, answer{}, true
	}
	a = refuse(http.StatusNotFound, "HTTP 404 Not Found")
	a.unknown = true
	return nil, nil, a, false
}

func listAssigned(c *call) answer {
	mine, _, a, found := c.assigned()
	if !found {
		return a
	}
	return ok(c.realm.briefScopes(*mine))
}

func (r *realm) briefScopes(ids []string) []document {
	out := []document{}
	for _, id := range ids {
		out = append(out, document{"id": id, "name": r.scopes[id].doc["name"]})
	}
	return out
}

// assignScope says that it worked, and does nothing, while the scope is in the other list.
func assignScope(c *call) answer {
	mine, other, a, found := c.assigned()
	switch {
	case !found:
		return a
	case c.realm.scopes[c.vars["scope"]] == nil:
		return refuse(http.StatusNotFound, "Client scope not found")
	}
	if id := c.vars["scope"]; !slices.Contains(*mine, id) && !slices.Contains(*other, id) {
		*mine = append(*mine, id)
	}
	return noContent()
}

// unassignScope takes a scope off both lists, whichever is named.
func unassignScope(c *call) answer {
	mine, other, a, found := c.assigned()
	switch {
	case !found:
		return a
	case c.realm.scopes[c.vars["scope"]] == nil:
		return refuse(http.StatusNotFound, "Client scope not found")
	}
	without := func(ids []string) []string {
		return slices.DeleteFunc(ids, func(id string) bool { return id == c.vars["scope"] })
	}
	*mine, *other = without(*mine), without(*other)
	return noContent()
}

// realmScopes is one of the lists of scopes that new clients get.
func (c *call) realmScopes() *[]string {
	if c.vars["list"] == "default-default-client-scopes" {
		return &c.realm.defaultScopes
	}
	return &c.realm.optionalScopes
}

func listRealmScopes(c *call) answer { return ok(c.realm.briefScopes(*c.realmScopes())) }

// addRealmScope refuses what is in one of the lists.
func addRealmScope(c *call) answer {
	id := c.vars["scope"]
	switch {
	case c.realm.scopes[id] == nil:
		return refuse(http.StatusNotFound, "Client scope not found")
	case slices.Contains(c.realm.defaultScopes, id), slices.Contains(c.realm.optionalScopes, id):
		return c.duplicate()
	}
	mine := c.realmScopes()
	*mine = append(*mine, id)
	return noContent()
}

func removeRealmScope(c *call) answer {
	mine := c.realmScopes()
	if c.realm.scopes[c.vars["scope"]] == nil {
		return refuse(http.StatusNotFound, "Client scope not found")
	}
	*mine = slices.DeleteFunc(*mine, func(id string) bool { return id == c.vars["scope"] })
	return noContent()
}
