package keycloaktest

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"

	"github.com/go-jose/go-jose/v4"
)

// signingKey is the key of a realm, made when it is needed first.
func (s *Server) signingKey(r *realm) *rsa.PrivateKey {
	switch {
	case r.key != nil:
	case s.options.SigningKey != nil:
		r.key = s.options.SigningKey
	default:
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			s.broken = err
			return nil
		}
		r.key = key
	}
	return r.key
}

// sign makes a token, as RS256 with the key id that the key set has.
func (s *Server) sign(r *realm, kind string, claims document) string {
	key := s.signingKey(r)
	if key == nil {
		return ""
	}
	options := (&jose.SignerOptions{}).WithType(jose.ContentType(kind)).WithHeader("kid", keyID(key))
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: key}, options)
	if err != nil {
		s.broken = err
		return ""
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		s.broken = err
		return ""
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		s.broken = err
		return ""
	}
	compact, err := signed.CompactSerialize()
	if err != nil {
		s.broken = err
	}
	return compact
}

func keyID(key *rsa.PrivateKey) string {
	thumbprint, err := (&jose.JSONWebKey{Key: key.Public()}).Thumbprint(crypto.SHA256)
	if err != nil {
		return "key"
	}
	return base64.RawURLEncoding.EncodeToString(thumbprint)
}

// keySet has a key that signs, and one that does not: clients must tell them apart.
func keySet(c *call) answer {
	key := c.signingKey(c.realm)
	if key == nil {
		return broke()
	}
	return ok(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{
		{Key: key.Public(), KeyID: keyID(key), Algorithm: "RS256", Use: "sig"},
		{Key: key.Public(), KeyID: keyID(key) + "-enc", Algorithm: "RSA-OAEP", Use: "enc"},
	}})
}

// fetchedKeys are the keys of a client that were fetched for a request.
type fetchedKeys struct {
	set jose.JSONWebKeySet
	err error
}

// maxKeys bounds a key set of a client.
const maxKeys = 1 << 20

// fetchKeys gets the keys of a client that signs its request for a token, without the
// lock: they may be served by whoever waits for it.
func (s *Server) fetchKeys(ctx context.Context, c *call) {
	assertion := c.form.Get("client_assertion")
	if assertion == "" {
		return
	}
	address := s.keysOf(c, assertion)
	if address == "" {
		return
	}
	c.keys.set, c.keys.err = s.fetch(ctx, address)
}

// keysOf is where the keys of the client are that an assertion is from; "" if it has
// no such address.
func (s *Server) keysOf(c *call, assertion string) string {
	subject := unverified(assertion)
	segments := split(c.r.URL.Path)
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(segments) < 2 || s.realms[segments[1]] == nil {
		return ""
	}
	at := s.realms[segments[1]].clientIDs[subject]
	if at == nil || at.attributes["use.jwks.url"] != "true" {
		return ""
	}
	return str(at.attributes, "jwks.url")
}

// unverified is the subject of an assertion that is not checked yet.
func unverified(assertion string) string {
	signed, err := jose.ParseSignedCompact(assertion, signatures())
	if err != nil {
		return ""
	}
	var claims struct {
		Subject string `json:"sub"`
	}
	if json.Unmarshal(signed.UnsafePayloadWithoutVerification(), &claims) != nil {
		return ""
	}
	return claims.Subject
}

func signatures() []jose.SignatureAlgorithm {
	return []jose.SignatureAlgorithm{jose.RS256, jose.RS384, jose.RS512, jose.PS256, jose.PS384, jose.PS512, jose.ES256, jose.ES384, jose.ES512, jose.EdDSA}
}

func (s *Server) fetch(ctx context.Context, address string) (jose.JSONWebKeySet, error) {
	var set jose.JSONWebKeySet
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return set, err
	}
	response, err := s.options.HTTPClient.Do(request)
	if err != nil {
		return set, err
	}
	defer response.Body.Close() //nolint:errcheck // only read
	if response.StatusCode != http.StatusOK {
		return set, errors.New(response.Status)
	}
	return set, json.NewDecoder(io.LimitReader(response.Body, maxKeys)).Decode(&set)
}
