package keycloaktest

import (
	"net/http"
	"strings"
)

// example answers with the claims that a login would give, without a login. Scopes that
// do not exist are ignored; nothing is asked of the user, not even to be enabled.
func example(claims func(*call, *grant) document) func(*call) answer {
	return func(c *call) answer {
		at, a, found := c.client()
		u := c.realm.users[c.query("userId")]
		switch {
		case !found:
			return a
		case c.options.Version == V267 && !c.has("view-users") && !c.has("manage-users"):
			return forbidden()
		case c.query("userId") == "":
			return refuse(http.StatusNotFound, "No userId provided")
		case u == nil:
			return refuse(http.StatusNotFound, "No user found")
		}
		s := &session{id: c.sessionID(), user: u, example: true, clients: map[*client]bool{at: true}}
		g := &grant{realm: c.realm, client: at, user: u, session: s, scope: strings.Fields(c.query("scope"))}
		return ok(claims(c, g))
	}
}

func exampleID(c *call, g *grant) document { return c.idClaims(g, "") }

func exampleAccess(c *call, g *grant) document { return c.accessClaims(g) }

func exampleUserinfo(c *call, g *grant) document { return c.userinfoClaims(g) }

// exampleMappers lists the mappers that count.
func exampleMappers(c *call) answer {
	at, a, found := c.client()
	if !found {
		return a
	}
	out := []document{}
	add := func(mappers []document, id, name, kind string) {
		for _, m := range mappers {
			out = append(out, document{
				"mapperId": m["id"], "mapperName": m["name"], "protocolMapper": m["protocolMapper"],
				"containerId": id, "containerName": name, "containerType": kind,
			})
		}
	}
	for _, s := range c.realm.effective(at, strings.Fields(c.query("scope"))) {
		add(s.mappers, s.id, str(s.doc, "name"), "client-scope")
	}
	add(at.mappers, at.id, str(at.doc, "name"), "client")
	return ok(out)
}
