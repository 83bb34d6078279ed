package mastest

import (
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
)

// Request is a request that the server received. Printing it shows no secret.
type Request struct {
	// Method and Path as received; the path without the query.
	Method, Path string
	// Header without Authorization and Cookie.
	Header http.Header
	// Status is what the server answered.
	Status int

	authorization maskit.Secret
	form          map[string][]maskit.Secret
}

// Authorization returns the whole Authorization header; the zero Secret if there was none.
func (r Request) Authorization() maskit.Secret { return r.authorization }

// BearerToken returns the token of an Authorization header with the scheme
// Bearer; the zero Secret if there was none.
func (r Request) BearerToken() maskit.Secret {
	token, ok := cutScheme(r.authorization.Reveal(), "Bearer")
	if !ok {
		return maskit.Secret{}
	}
	return maskit.NewSecret(token)
}

// FormValue returns the first value of a form field of the body, or "". It
// reveals what the field holds, which may be a token.
func (r Request) FormValue(name string) string {
	if values := r.form[name]; len(values) > 0 {
		return values[0].Reveal()
	}
	return ""
}

// Requests returns all requests received so far, in the order of their answers.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

// Unserved returns the requests that hit no route of this package: 404, 405 and
// 501. A test whose subject should know its way ends by requiring that it is empty.
func (s *Server) Unserved() []Request {
	return slices.DeleteFunc(s.Requests(), func(r Request) bool {
		switch r.Status {
		case http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusNotImplemented:
			return false
		}
		return true
	})
}

func (s *Server) record(r Request, status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r.Status = status
	s.requests = append(s.requests, r)
}

// call is a request while it is being answered.
type call struct {
	Request
	origin  string // "http://host:port"
	hasForm bool   // the body is a form, by its content type
}

const maxBody = 2 << 20 // bytes; the limit of the web framework that MAS uses

func readCall(r *http.Request) (call, error) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil {
		return call{}, fmt.Errorf("mastest: read body: %w", err)
	}
	if len(body) > maxBody {
		return call{}, fmt.Errorf("mastest: read body: longer than %d bytes", maxBody)
	}
	c := call{Request: Request{Method: r.Method, Path: r.URL.Path, Header: r.Header.Clone()}, origin: "http://" + r.Host}
	if r.TLS != nil {
		c.origin = "https://" + r.Host
	}
	if values := r.Header.Values("Authorization"); len(values) > 0 {
		c.authorization = maskit.NewSecret(values[0])
	}
	c.Header.Del("Authorization")
	c.Header.Del("Cookie")
	mediaType, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if c.hasForm = mediaType == "application/x-www-form-urlencoded"; c.hasForm {
		c.form = parseForm(string(body))
	}
	return c, nil
}

// parseForm drops the pairs that it cannot decode.
func parseForm(body string) map[string][]maskit.Secret {
	values, _ := url.ParseQuery(body)
	form := map[string][]maskit.Secret{}
	for name, list := range values {
		for _, value := range list {
			form[name] = append(form[name], maskit.NewSecret(value))
		}
	}
	return form
}

// cutScheme cuts an authentication scheme and one space off a header. Schemes
// are case-insensitive (RFC 9110, 11.1).
func cutScheme(header, scheme string) (string, bool) {
	if n := len(scheme); len(header) > n && header[n] == ' ' && strings.EqualFold(header[:n], scheme) {
		return header[n+1:], true
	}
	return "", false
}
