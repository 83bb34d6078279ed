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

// router finds routes, by the number of segments and the first two of them.
type router struct {
	routes map[routeKey][]*route
	// open are the routes that end in any number of segments.
	open []*route
}

type routeKey struct {
	segments int
	first    string
	fourth   string
}

func newRouter(routes []route) *router {
	t := &router{routes: map[routeKey][]*route{}}
	for i := range routes {
		r := &routes[i]
		if strings.HasSuffix(r.segments[len(r.segments)-1], "...}") {
			t.open = append(t.open, r)
			continue
		}
		key := keyOf(r.segments)
		t.routes[key] = append(t.routes[key], r)
	}
	return t
}

// keyOf has the fourth segment, by which the admin API is divided.
func keyOf(segments []string) routeKey {
	key := routeKey{segments: len(segments)}
	if len(segments) > 0 {
		key.first = segments[0]
	}
	if len(segments) > 3 {
		key.fourth = segments[3]
	}
	return key
}

// dispatch answers a request by its route: the one with the most literal segments.
func (t *router) dispatch(c *call) answer {
	segments, readable := decoded(c.r.URL.EscapedPath())
	var best *route
	known := false
	for _, r := range append(t.open[:len(t.open):len(t.open)], t.routes[keyOf(segments)]...) {
		if !readable || !r.matches(segments) {
			continue
		}
		known = true
		if r.serves(c.r.Method) && (best == nil || r.literals() > best.literals()) {
			best = r
		}
	}
	if best != nil {
		c.vars = best.variables(segments)
		return c.answer(best)
	}
	a := refuse(http.StatusNotFound, "HTTP 404 Not Found")
	if len(segments) > 2 && segments[1] == "realms" && c.realms[segments[2]] == nil {
		a = refuse(http.StatusNotFound, "Realm not found.")
	}
	if known {
		a = refuse(http.StatusMethodNotAllowed, "HTTP 405 Method Not Allowed")
	}
	a.unknown = true
	return a
}

func (r *route) serves(method string) bool {
	return r.method == method || r.method == http.MethodGet && method == http.MethodHead
}

// decoded are the segments of a path.
func decoded(path string) ([]string, bool) {
	segments := split(path)
	for i, s := range segments {
		text, err := url.PathUnescape(s)
		if err != nil {
			return nil, false
		}
		segments[i] = text
	}
	return segments, true
}

func isVariable(segment string) bool { return strings.HasPrefix(segment, "{") }

func (r *route) matches(segments []string) bool {
	for i, want := range r.segments {
		switch {
		case i >= len(segments):
			return false
		case strings.HasSuffix(want, "...}"):
			return true
		case !isVariable(want) && want != segments[i]:
			return false
		}
	}
	return len(segments) == len(r.segments)
}

// variables are what stands at the places of the variables.
func (r *route) variables(segments []string) map[string]string {
	vars := map[string]string{}
	for i, want := range r.segments {
		if rest, isRest := strings.CutSuffix(want, "...}"); isRest {
			vars[rest[1:]] = strings.Join(segments[i:], "/")
		} else if isVariable(want) {
			vars[want[1:len(want)-1]] = segments[i]
		}
	}
	return vars
}

// literals is how precise the route is.
func (r *route) literals() int {
	n := 0
	for _, s := range r.segments {
		if !isVariable(s) {
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
