package keycloaktest

import (
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Request is a request that the server received. It has no header and no body, so it
// holds no secret, but for what a caller put into its query.
type Request struct {
	// Method and Path as received; the path is decoded, and without the query.
	Method, Path string
	// Query is what followed the path, decoded.
	Query url.Values
	// Status is what was answered; 0 if the connection was cut.
	Status int

	unknown bool
}

// String returns the method and the path: "GET /admin/realms/staff".
func (r Request) String() string { return r.Method + " " + r.Path }

// IsWrite reports whether the request could change something by the admin API.
func (r Request) IsWrite() bool {
	return r.Method != http.MethodGet && r.Method != http.MethodHead && strings.Contains(r.Path, "/admin/realms")
}

// Requests returns all requests received so far, in the order of their answers. Calls
// of [Server.Admin] are not among them.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

// Unknown returns the requests to addresses that this package does not serve, and to
// those that it serves in part: 404, 405 and 501. A test whose subject should know its
// way ends by requiring that there are none.
func (s *Server) Unknown() []Request {
	return slices.DeleteFunc(s.Requests(), func(r Request) bool { return !r.unknown })
}

// Forget empties the list of requests.
func (s *Server) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = nil
}

func (s *Server) record(r Request, status int, unknown bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r.Status, r.unknown = status, unknown
	s.requests = append(s.requests, r)
}

// call is a request while it is being answered.
type call struct {
	*Server
	r       *http.Request
	request Request
	// origin is what addresses start with: "http://host:port".
	origin string
	body   []byte
	form   url.Values
	vars   map[string]string
	realm  *realm
	who    principal
	sent   document
	keys   fetchedKeys
}

// maxBody bounds a request; Keycloak's own limit is of that order.
const maxBody = 10 << 20

func (s *Server) receive(r *http.Request) (*call, error) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil {
		return nil, fmt.Errorf("keycloaktest: read body: %w", err)
	}
	if len(body) > maxBody {
		return nil, fmt.Errorf("keycloaktest: read body: longer than %d bytes", maxBody)
	}
	c := &call{Server: s, r: r, body: body, request: Request{Method: r.Method, Path: r.URL.Path, Query: r.URL.Query()}}
	c.origin = s.options.URL
	if c.origin == "" {
		c.origin = "http://" + r.Host
		if r.TLS != nil || r.URL.Scheme == "https" {
			c.origin = "https://" + r.Host
		}
	}
	mediaType, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if mediaType == "application/x-www-form-urlencoded" {
		c.form, _ = url.ParseQuery(string(body)) // pairs that cannot be decoded are dropped
	}
	return c, nil
}

// query returns a parameter of the address.
func (c *call) query(name string) string { return c.request.Query.Get(name) }

// field returns a field of the form that was sent.
func (c *call) field(name string) string { return c.form.Get(name) }

// adminPath is an address below the realm in the admin API.
func (c *call) adminPath(segments ...string) string {
	path := "/admin/realms/" + url.PathEscape(c.realm.name)
	for _, s := range segments {
		path += "/" + url.PathEscape(s)
	}
	return path
}

// issuer is the realm as tokens name it.
func (c *call) issuer() string {
	return c.origin + "/realms/" + strings.ReplaceAll(url.PathEscape(c.realm.name), "%27", "'")
}
