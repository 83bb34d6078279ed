package upstreamtest

import (
	"crypto/subtle"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"

	"github.com/maskit-dev/maskit/mas"
)

// credentials are what a client says about itself in one request.
type credentials struct {
	method     mas.AuthMethod
	id, secret string
	assertion  string
}

const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

// authenticate finds out which client asks.
func (p *IDP) authenticate(c *call) (Client, answer) {
	given, sound := readCredentials(c)
	if !sound {
		return Client{}, refuse(http.StatusBadRequest, "invalid_request", "the client must authenticate in one way")
	}
	if given.assertion != "" {
		given.id = unverified(given.assertion).Subject
	}
	p.mu.Lock()
	client, known := p.clients[given.id]
	p.mu.Unlock()
	if !known {
		return Client{}, p.refuseClient(c, false)
	}
	if !allows(client.AuthMethod, &given) || !p.proves(c.r.Context(), client, given) {
		return Client{}, p.refuseClient(c, true)
	}
	return client, answer{}
}

// refuseClient is what the client gets that does not authenticate.
func (p *IDP) refuseClient(c *call, known bool) answer {
	pushing := c.r.URL.Path == pathPAR
	switch {
	case p.has(EmptyBody401):
		return answer{status: http.StatusUnauthorized}
	case p.has(UnauthorizedClient) && pushing:
		return refuse(http.StatusUnauthorized, "invalid_request", "Authentication failed.")
	case p.has(UnauthorizedClient) && known:
		return refuse(http.StatusUnauthorized, "unauthorized_client", "Invalid client or Invalid client credentials")
	}
	a := refuse(http.StatusUnauthorized, "invalid_client", "client authentication failed")
	if c.r.Header.Get("Authorization") != "" {
		a.header["WWW-Authenticate"] = "Basic"
	}
	return a
}

// readCredentials refuses requests that authenticate in two ways (RFC 6749, 2.3).
func readCredentials(c *call) (credentials, bool) {
	var found []credentials
	if header := c.r.Header.Get("Authorization"); header != "" {
		id, secret, good := basic(header)
		if !good {
			return credentials{}, false
		}
		found = append(found, credentials{method: mas.AuthClientSecretBasic, id: id, secret: secret})
	}
	if c.form.Has("client_secret") {
		found = append(found, credentials{method: mas.AuthClientSecretPost, id: c.form.Get("client_id"), secret: c.form.Get("client_secret")})
	}
	if c.form.Has("client_assertion") {
		if c.form.Get("client_assertion_type") != assertionType {
			return credentials{}, false
		}
		found = append(found, credentials{method: mas.AuthPrivateKeyJWT, assertion: c.form.Get("client_assertion")})
	}
	if len(found) == 0 {
		found = append(found, credentials{method: mas.AuthNone, id: c.form.Get("client_id")})
	}
	return found[0], len(found) == 1
}

// basic decodes a header whose parts are encoded as in a form (RFC 6749, 2.3.1).
func basic(header string) (id, secret string, good bool) {
	scheme, value, _ := strings.Cut(header, " ")
	raw, err := base64.StdEncoding.DecodeString(value)
	if err != nil || !strings.EqualFold(scheme, "Basic") {
		return "", "", false
	}
	id, secret, good = strings.Cut(string(raw), ":")
	id, errID := url.QueryUnescape(id)
	secret, errSecret := url.QueryUnescape(secret)
	return id, secret, good && errID == nil && errSecret == nil
}

// allows reports whether the client may authenticate so. Which assertion it is depends on
// what the client is registered for.
func allows(registered mas.AuthMethod, given *credentials) bool {
	if given.assertion != "" && registered == mas.AuthClientSecretJWT {
		given.method = registered
	}
	if registered == "" {
		return given.method == mas.AuthClientSecretBasic || given.method == mas.AuthClientSecretPost
	}
	return given.method == registered
}

func sameSecret(want, got string) bool {
	return want != "" && subtle.ConstantTimeCompare([]byte(want), []byte(got)) == 1
}
