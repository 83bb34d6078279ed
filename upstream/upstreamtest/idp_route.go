package upstreamtest

import (
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
)

// Request is a request that an [IDP] received. Printing it shows no secret.
type Request struct {
	// Method and Path as received; the path without the query.
	Method, Path string
	// Query is that of the address.
	Query url.Values
	// Header without Authorization and Cookie.
	Header http.Header
	// Status is what the provider answered.
	Status int

	authorization maskit.Secret
	form          map[string]maskit.Secret
}

// Authorization returns the whole Authorization header; the zero Secret if there was none.
func (r Request) Authorization() maskit.Secret { return r.authorization }

// FormValue returns the first value of a form field of the body; the zero Secret if
// there was none.
func (r Request) FormValue(name string) maskit.Secret { return r.form[name] }

// answer is a complete response.
type answer struct {
	status int
	header map[string]string
	body   []byte
}

// call is a request while it is being answered.
type call struct {
	r    *http.Request
	form url.Values
	w    http.ResponseWriter
}

// maxForm bounds the body of a request.
const maxForm = 1 << 20

// ServeHTTP answers a request and records it.
func (p *IDP) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	record := Request{Method: r.Method, Path: r.URL.Path, Query: r.URL.Query(), Header: r.Header.Clone(), form: map[string]maskit.Secret{}}
	if header := r.Header.Get("Authorization"); header != "" {
		record.authorization = maskit.NewSecret(header)
	}
	record.Header.Del("Authorization")
	record.Header.Del("Cookie")
	c := &call{r: r, w: w}
	a := c.readForm()
	if a.status == 0 {
		a = p.answer(c)
	}
	for name := range c.form {
		record.form[name] = maskit.NewSecret(c.form.Get(name))
	}
	record.Status = a.status
	p.mu.Lock()
	p.requests = append(p.requests, record)
	p.mu.Unlock()
	a.write(w)
}

// readForm reads the form of a POST; the answer is a refusal, if any.
func (c *call) readForm() answer {
	if c.r.Method != http.MethodPost {
		return answer{}
	}
	body, err := io.ReadAll(io.LimitReader(c.r.Body, maxForm+1))
	switch {
	case err != nil:
		return refuse(http.StatusBadRequest, "invalid_request", "the body cannot be read")
	case len(body) > maxForm:
		return refuse(http.StatusRequestEntityTooLarge, "invalid_request", "the body is too long")
	case len(body) == 0:
		return answer{}
	}
	if media, _, _ := mime.ParseMediaType(c.r.Header.Get("Content-Type")); media != "application/x-www-form-urlencoded" {
		return refuse(http.StatusUnsupportedMediaType, "invalid_request", "the body is no form")
	}
	if c.form, err = url.ParseQuery(string(body)); err != nil {
		return refuse(http.StatusBadRequest, "invalid_request", "the form cannot be read")
	}
	return answer{}
}

// route is an address that the provider serves.
type route struct {
	path    string
	methods []string
	handle  func(*call) answer
}

func (p *IDP) routes() []route {
	get, post := http.MethodGet, http.MethodPost
	routes := []route{
		{pathAuthorize, []string{get, post}, p.authorize},
		{pathLogin, []string{post}, p.login},
		{pathToken, []string{post}, p.token},
		{pathUserinfo, []string{get, post}, p.userinfo},
	}
	if p.has(UserinfoOnly) {
		return routes
	}
	if p.pushes() {
		routes = append(routes, route{pathPAR, []string{post}, p.push})
	}
	if !p.has(HTMLDiscovery) {
		routes = append(routes, route{strings.TrimPrefix(p.URL, p.origin) + pathMetadata, []string{get}, p.metadata})
	}
	return append(routes, route{pathJWKS, []string{get}, p.keySet})
}

const (
	pathMetadata  = "/.well-known/openid-configuration"
	pathAuthorize = "/authorize"
	pathLogin     = "/login"
	pathToken     = "/token"
	pathUserinfo  = "/userinfo"
	pathPAR       = "/par"
	pathJWKS      = "/jwks"
)

// pushes reports whether the provider takes pushed requests: those whose quirks come from
// vendors that do not are without.
func (p *IDP) pushes() bool { return !p.has(Error200) && !p.has(EmptyBody401) && !p.has(UserinfoOnly) }

func (p *IDP) answer(c *call) answer {
	for _, route := range p.routes() {
		if route.path != c.r.URL.Path {
			continue
		}
		if !slices.Contains(route.methods, c.r.Method) {
			return answer{status: http.StatusMethodNotAllowed, header: map[string]string{"Allow": strings.Join(route.methods, ", ")}}
		}
		return route.handle(c)
	}
	if p.has(HTMLDiscovery) {
		return page(http.StatusOK, "Welcome", "")
	}
	return page(http.StatusNotFound, "Not found", "")
}

func (a answer) write(w http.ResponseWriter) {
	for name, value := range a.header {
		w.Header().Set(name, value)
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // a client that went away is no concern of ours
}

// asJSON is an answer with the content type that MAS insists on.
func asJSON(status int, value any) answer {
	body, err := json.Marshal(value)
	if err != nil {
		return answer{status: http.StatusInternalServerError, body: fmt.Appendf(nil, "upstreamtest: %v", err)}
	}
	return answer{status: status, header: map[string]string{"Content-Type": "application/json", "Cache-Control": "no-store"}, body: body}
}

// refuse is an error of RFC 6749, 5.2.
func refuse(status int, code, description string) answer {
	return asJSON(status, map[string]string{"error": code, "error_description": description})
}
