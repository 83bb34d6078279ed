package mastest

import (
	"bytes"
	"encoding/json"
	"html"
	"net/http"
	"slices"
	"strings"
)

// answer is a complete response.
type answer struct {
	status      int
	contentType string
	header      map[string]string
	body        []byte
}

func (a answer) write(w http.ResponseWriter) {
	for name, value := range a.header {
		w.Header().Set(name, value)
	}
	if a.contentType != "" {
		w.Header().Set("Content-Type", a.contentType)
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // a client that went away is no concern of ours
}

func jsonAnswer(status int, value any) answer {
	var body bytes.Buffer
	encoder := json.NewEncoder(&body)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return textAnswer(http.StatusInternalServerError, "mastest: "+err.Error())
	}
	return answer{status: status, contentType: "application/json", body: bytes.TrimSuffix(body.Bytes(), []byte("\n"))}
}

func textAnswer(status int, text string) answer {
	return answer{status: status, contentType: "text/plain; charset=utf-8", body: []byte(text)}
}

// route is what the server knows about one path.
type route struct {
	methods []string // as in the Allow header
	cors    bool     // browsers of any origin may use it
	handle  func(call) answer
}

func (s *Server) route(path string) route {
	get := []string{http.MethodGet, http.MethodHead}
	switch path {
	case "/.well-known/openid-configuration":
		return route{methods: get, cors: true, handle: s.discovery}
	case "/oauth2/keys.json":
		return route{methods: get, cors: true, handle: func(call) answer { return jsonAnswer(http.StatusOK, s.keys) }}
	case "/oauth2/introspect":
		return route{methods: []string{http.MethodPost}, cors: true, handle: s.introspect}
	case "/health":
		return route{methods: get, handle: func(call) answer { return textAnswer(http.StatusOK, "ok") }}
	}
	switch {
	case isCompatLogin(path):
		return route{methods: append(get, http.MethodPost), cors: true, handle: s.compatLogin}
	case servedByMAS(path):
		return route{handle: notImplemented}
	}
	return route{handle: notFound}
}

func (r route) serve(c call) answer {
	a := r.dispatch(c)
	if r.cors {
		if a.header == nil {
			a.header = map[string]string{}
		}
		a.header["Access-Control-Allow-Origin"] = "*"
		a.header["Vary"] = "origin, access-control-request-method, access-control-request-headers"
	}
	return a
}

func (r route) dispatch(c call) answer {
	allow := map[string]string{"Allow": strings.Join(r.methods, ",")}
	switch {
	case len(r.methods) == 0 || slices.Contains(r.methods, c.Method):
		return r.handle(c)
	case r.cors && c.Method == http.MethodOptions:
		allow["Access-Control-Allow-Methods"] = "*"
		allow["Access-Control-Allow-Headers"] = "authorization,accept,accept-language,content-language,content-type,x-requested-with"
		allow["Access-Control-Max-Age"] = "3600"
		return answer{status: http.StatusOK, header: allow}
	}
	return answer{status: http.StatusMethodNotAllowed, header: allow}
}

// notFound is MAS's page for people, which API paths get too.
func notFound(c call) answer {
	return answer{
		status: http.StatusNotFound, contentType: "text/html; charset=utf-8",
		body: []byte("<!DOCTYPE html>\n<title>matrix-authentication-service</title>\n<h1>Page not found</h1>\n<pre>" +
			html.EscapeString(c.Method+" "+c.Path) + "</pre>\n"),
	}
}

func notImplemented(c call) answer {
	return textAnswer(http.StatusNotImplemented, "mastest: "+c.Method+" "+c.Path+" exists in MAS and is not implemented here")
}

// servedByMAS reports whether MAS 1.22 has a route at path, or below it, that
// this package lacks.
func servedByMAS(path string) bool {
	switch path {
	case "/", "/authorize", "/device", "/graphql", "/link", "/login", "/logout", "/metrics",
		"/.well-known/change-password", "/.well-known/webfinger",
		"/oauth2/device", "/oauth2/registration", "/oauth2/revoke", "/oauth2/token", "/oauth2/userinfo":
		return true
	}
	for _, prefix := range []string{
		"/account/", "/api/", "/assets/", "/complete-compat-sso/", "/consent/", "/device/",
		"/graphql/", "/recover", "/register", "/upstream/",
	} {
		if strings.HasPrefix(path, prefix) {
			return true
		}
	}
	rest, ok := cutCompat(path)
	return ok && (rest == "logout" || rest == "logout/all" || rest == "refresh" || strings.HasPrefix(rest, "login/sso/redirect"))
}

// cutCompat returns the rest of "/_matrix/client/{version}/{rest}". The version
// is one segment; MAS takes any, also the empty one.
func cutCompat(path string) (string, bool) {
	path, ok := strings.CutPrefix(path, "/_matrix/client/")
	if !ok {
		return "", false
	}
	_, rest, ok := strings.Cut(path, "/")
	return rest, ok
}

func isCompatLogin(path string) bool {
	rest, ok := cutCompat(path)
	return ok && rest == "login"
}
