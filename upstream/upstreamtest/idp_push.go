package upstreamtest

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"time"
)

// push is the endpoint for pushed authorization requests (RFC 9126).
func (p *IDP) push(c *call) answer {
	client, refusal := p.authenticate(c)
	if refusal.status != 0 {
		return refusal
	}
	parameters := url.Values{}
	for name, values := range c.form {
		switch name {
		case "client_secret", "client_assertion", "client_assertion_type":
		default:
			parameters[name] = values
		}
	}
	if id := parameters.Get("client_id"); id != "" && id != client.ID {
		return refuse(http.StatusBadRequest, "invalid_request", "client_id is another client's")
	}
	parameters.Set("client_id", client.ID)
	if parameters.Has("request_uri") {
		return refuse(http.StatusBadRequest, "invalid_request", "request_uri cannot be pushed")
	}
	if _, wrong := p.checkClient(parameters); wrong != "" {
		return refuse(http.StatusBadRequest, "invalid_request", wrong)
	}
	if code, description := checkAuthorization(client, parameters); code != "" {
		return refuse(http.StatusBadRequest, code, description)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return asJSON(http.StatusCreated, map[string]any{"request_uri": p.keep(client.ID, parameters), "expires_in": int(pushLife.Seconds())})
}

// keep keeps a request of the client and returns its request URI. The lock is held.
func (p *IDP) keep(client string, parameters url.Values) string {
	reference := requestURIs + rand.Text()
	p.pushed[reference] = pushedRequest{client: client, parameters: parameters, expires: time.Now().Add(pushLife)}
	return reference
}

// takePushed returns what the client pushed, once.
func (p *IDP) takePushed(reference, client string) (url.Values, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	request, found := p.pushed[reference]
	if !found || request.client != client || time.Now().After(request.expires) {
		return nil, false
	}
	delete(p.pushed, reference)
	return request.parameters, true
}
