package keycloaktest

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/go-jose/go-jose/v4"
)

// authenticateClient finds out which client asks for a token.
func (c *call) authenticateClient() (*client, answer) {
	unknown := refuseWhy(http.StatusUnauthorized, "invalid_client", "Invalid client or Invalid client credentials")
	wrong := refuseWhy(http.StatusUnauthorized, "unauthorized_client", "Invalid client or Invalid client credentials")
	if assertion := c.field("client_assertion"); assertion != "" {
		return c.signedClient(assertion)
	}
	id, secret, method := c.field("client_id"), c.field("client_secret"), "client_secret_post"
	if header, isBasic := cutScheme(c.r.Header.Get("Authorization"), "Basic"); isBasic {
		var good bool
		if id, secret, good = basic(header); !good {
			return nil, unknown
		}
		method = "client_secret_basic"
	}
	at := c.realm.clientIDs[id]
	switch {
	case at == nil, !is(at.doc, "enabled"), is(at.doc, "bearerOnly"):
		return nil, unknown
	case is(at.doc, "publicClient"):
		return at, noContent()
	case str(at.doc, "clientAuthenticatorType") != authSecret, secret == "", !c.accepts(at, secret):
		return nil, wrong
	case c.options.Version == V267 && !slices.Contains([]string{"", method}, str(at.attributes, "client.secret.authentication.allowed.method")):
		return nil, wrong
	}
	return at, noContent()
}

// basic decodes a header whose parts are encoded as in a form (RFC 6749, 2.3.1).
func basic(header string) (id, secret string, good bool) {
	raw, err := base64.StdEncoding.DecodeString(header)
	if err != nil {
		return "", "", false
	}
	id, secret, good = strings.Cut(string(raw), ":")
	id, err1 := url.QueryUnescape(id)
	secret, err2 := url.QueryUnescape(secret)
	return id, secret, good && err1 == nil && err2 == nil
}

// assertion is what a client says about itself by private_key_jwt (RFC 7523).
type assertion struct {
	Issuer   string `json:"iss"`
	Subject  string `json:"sub"`
	Audience any    `json:"aud"`
	ID       string `json:"jti"`
	Expires  int64  `json:"exp"`
}

// signedClient checks an assertion with the keys at the address that the client gives.
func (c *call) signedClient(text string) (*client, answer) {
	refused := func(why string) (*client, answer) {
		return nil, refuseWhy(http.StatusBadRequest, "invalid_client", why)
	}
	at := c.realm.clientIDs[unverified(text)]
	switch {
	case at == nil, !is(at.doc, "enabled"), str(at.doc, "clientAuthenticatorType") != authJWT:
		return nil, refuseWhy(http.StatusUnauthorized, "invalid_client", "Invalid client or Invalid client credentials")
	case c.keys.err != nil, len(c.keys.set.Keys) == 0:
		return refused("Unable to load public key")
	}
	payload, verified := c.verify(text, str(at.attributes, "token.endpoint.auth.signing.alg"))
	var said assertion
	if !verified || json.Unmarshal(payload, &said) != nil {
		return refused("Client authentication with signed JWT failed: Signature on JWT token failed validation")
	}
	audiences := audience(said.Audience)
	switch {
	case said.Issuer != said.Subject:
		return nil, refuseWhy(http.StatusUnauthorized, "invalid_client", "Invalid client or Invalid client credentials")
	case len(audiences) > 1 && c.options.Version == V267:
		return refused("Multiple audiences not allowed in the JWT token for client authentication")
	case !slices.ContainsFunc(audiences, func(a string) bool { return a == c.issuer() || a == c.issuer()+"/protocol/openid-connect/token" }):
		return refused("Invalid token audience")
	case said.Expires == 0 && c.options.Version == V267:
		return refused("Token exp claim is required")
	case said.Expires != 0 && said.Expires <= c.now().Unix():
		return refused("Token is not active")
	case said.ID == "":
		return refused("Missing ID on the token")
	case c.realm.used[said.ID]:
		return refused("Token reuse detected")
	}
	c.realm.used[said.ID] = true
	return at, noContent()
}

func audience(value any) []string {
	if one, isText := value.(string); isText {
		return []string{one}
	}
	return strs(value)
}

// verify checks a signature. A key is found by its id, or is the only one.
func (c *call) verify(text, algorithm string) ([]byte, bool) {
	algorithms := signatures()
	if algorithm != "" {
		algorithms = []jose.SignatureAlgorithm{jose.SignatureAlgorithm(algorithm)}
	}
	signed, err := jose.ParseSignedCompact(text, algorithms)
	if err != nil || len(signed.Signatures) != 1 {
		return nil, false
	}
	keys := c.keys.set.Keys
	if id := signed.Signatures[0].Header.KeyID; id != "" {
		keys = c.keys.set.Key(id)
	}
	for _, key := range keys {
		if payload, err := signed.Verify(key); err == nil {
			return payload, true
		}
	}
	return nil, false
}
