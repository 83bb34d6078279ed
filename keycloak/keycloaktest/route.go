package keycloaktest

import (
	"net/http"
	"net/url"
	"strings"
)

// route is one address and method that is served.
type route struct {
	method   string
	segments []string // "{name}" is any one, "{name...}" all that follow
	// public addresses need no token; the others are the admin API.
	public bool
	// roles are those of which one is needed; none means that any administrator may.
	roles []string
	// body is the representation that is sent; nil if there is none.
	body   func() shape
	handle func(*call) answer
}

// anyAccount stands for the roles of what checks them by itself.
const anyAccount = "*"

// admin is a route of the admin API below a realm.
func admin(pattern, roles string, body func() shape, handle func(*call) answer) route {
	method, path, _ := strings.Cut(pattern, " ")
	r := route{method: method, body: body, handle: handle, roles: strings.Fields(roles)}
	r.segments = append([]string{"admin", "realms", "{realm}"}, split(path)...)
	return r
}

// public is a route that needs no token.
func public(pattern string, handle func(*call) answer) route {
	method, path, _ := strings.Cut(pattern, " ")
	return route{method: method, segments: split(path), handle: handle, public: true}
}

func split(path string) []string {
	path = strings.Trim(path, "/")
	if path == "" {
		return nil
	}
	return strings.Split(path, "/")
}

// router finds routes.
type router struct{ routes []route }

func newRouter(routes []route) *router { return &router{routes} }

// dispatch answers a request by its route.
func (t *router) dispatch(c *call) answer {
	segments := split(c.r.URL.EscapedPath())
	var best *route
	known := false
	for i := range t.routes {
		r := &t.routes[i]
		vars, matches := r.match(segments)
		if !matches {
			continue
		}
		known = true
		if (r.method == c.r.Method || r.method == http.MethodGet && c.r.Method == http.MethodHead) && (best == nil || r.literals() > best.literals()) {
			best, c.vars = r, vars
		}
	}
	switch {
	case best != nil:
		return c.answer(best)
	case known:
		a := refuse(http.StatusMethodNotAllowed, "HTTP 405 Method Not Allowed")
		a.unknown = true
		return a
	}
	a := refuse(http.StatusNotFound, "HTTP 404 Not Found")
	a.unknown = true
	return a
}

// match returns what stands at the variables.
func (r *route) match(segments []string) (map[string]string, bool) {
	vars := map[string]string{}
	for i, want := range r.segments {
		if rest, ok := strings.CutSuffix(want, "...}"); ok && len(segments) > i {
			text, err := url.PathUnescape(strings.Join(segments[i:], "/"))
			vars[rest[1:]] = text
			return vars, err == nil
		}
		if i >= len(segments) {
			return nil, false
		}
		have, err := url.PathUnescape(segments[i])
		if err != nil {
			return nil, false
		}
		if name, ok := strings.CutPrefix(want, "{"); ok {
			vars[strings.TrimSuffix(name, "}")] = have
		} else if want != have {
			return nil, false
		}
	}
	return vars, len(segments) == len(r.segments)
}

// literals is how precise the route is.
func (r *route) literals() int {
	n := 0
	for _, s := range r.segments {
		if !strings.HasPrefix(s, "{") {
			n++
		}
	}
	return n
}

// answer checks who calls and what was sent, in Keycloak's order, and hands over.
func (c *call) answer(r *route) answer {
	if r.public {
		if name, ok := c.vars["realm"]; ok {
			if c.realm = c.realms[name]; c.realm == nil {
				return refuse(http.StatusNotFound, "Realm does not exist")
			}
		}
		return r.handle(c)
	}
	if a, ok := c.authenticate(); !ok {
		return a
	}
	if name, ok := c.vars["realm"]; ok {
		if c.realm = c.realms[name]; c.realm == nil {
			return refuse(http.StatusNotFound, "Realm not found.")
		}
	}
	if !(len(r.roles) == 1 && r.roles[0] == anyAccount) && !c.allowed(r.roles) {
		return forbidden()
	}
	if r.body != nil {
		if a, ok := c.read(r.body()); !ok {
			return a
		}
	}
	return r.handle(c)
}
