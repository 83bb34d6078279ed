package upstreamtest

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/maskit-dev/maskit/mas"
)

// assertion is what a client says about itself by a JWT (RFC 7523).
type assertion struct {
	Issuer   string   `json:"iss"`
	Subject  string   `json:"sub"`
	Audience audience `json:"aud"`
	Expires  float64  `json:"exp"`
}

// audience is one text or a list of them.
type audience []string

// UnmarshalJSON implements [json.Unmarshaler].
func (a *audience) UnmarshalJSON(data []byte) error {
	var one string
	if json.Unmarshal(data, &one) == nil {
		*a = audience{one}
		return nil
	}
	return json.Unmarshal(data, (*[]string)(a))
}

func assertionAlgorithms() []jose.SignatureAlgorithm {
	return []jose.SignatureAlgorithm{
		jose.HS256, jose.HS384, jose.HS512, jose.RS256, jose.RS384, jose.RS512, jose.PS256, jose.PS384, jose.PS512, jose.ES256, jose.ES384,
	}
}

// unverified is what an assertion says before its signature is checked.
func unverified(token string) assertion {
	signed, err := jose.ParseSignedCompact(token, assertionAlgorithms())
	if err != nil {
		return assertion{}
	}
	var claims assertion
	if json.Unmarshal(signed.UnsafePayloadWithoutVerification(), &claims) != nil {
		return assertion{}
	}
	return claims
}

// proves reports whether the credentials are the client's.
func (p *IDP) proves(ctx context.Context, client Client, given credentials) bool {
	switch given.method {
	case mas.AuthNone:
		return true
	case mas.AuthClientSecretBasic, mas.AuthClientSecretPost:
		return sameSecret(client.Secret.Reveal(), given.secret)
	}
	claims := unverified(given.assertion)
	ours := slices.ContainsFunc(claims.Audience, func(to string) bool {
		return slices.Contains([]string{p.Issuer, p.origin + pathToken, p.origin + pathPAR}, to)
	})
	if claims.Issuer != client.ID || !ours || claims.Expires < float64(time.Now().Unix()) {
		return false
	}
	signed, err := jose.ParseSignedCompact(given.assertion, assertionAlgorithms())
	if err != nil {
		return false
	}
	return slices.ContainsFunc(p.keysOf(ctx, client), func(key any) bool {
		_, err := signed.Verify(key)
		return err == nil
	})
}

// keysOf are the keys that may sign assertions of the client.
func (p *IDP) keysOf(ctx context.Context, client Client) []any {
	if client.AuthMethod == mas.AuthClientSecretJWT {
		return []any{hmacKey(client.Secret.Reveal())}
	}
	var keys []any
	for _, key := range client.PublicKeys {
		keys = append(keys, key)
	}
	if len(keys) > 0 || client.JWKSURI == "" {
		return keys
	}
	for _, key := range p.fetchKeys(ctx, client.JWKSURI) {
		keys = append(keys, key.Key)
	}
	return keys
}

// fetchKeys returns the keys at the address; none if they cannot be read.
func (p *IDP) fetchKeys(ctx context.Context, address string) []jose.JSONWebKey {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return nil
	}
	response, err := p.client.Do(request)
	if err != nil {
		return nil
	}
	defer func() { _ = response.Body.Close() }()
	var set jose.JSONWebKeySet
	if json.NewDecoder(io.LimitReader(response.Body, maxForm)).Decode(&set) != nil {
		return nil
	}
	return set.Keys
}
