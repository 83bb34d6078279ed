package keys

import (
	"crypto"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"

	jose "github.com/go-jose/go-jose/v4"
)

// publicKey is the public half of a signing key.
type publicKey interface {
	// thumbprint is that of RFC 7638 by SHA-256, in base64url.
	thumbprint() (string, error)
	// jwk is the JSON Web Key of RFC 7517 with "use": "sig" and, as in MAS, no "alg".
	jwk(kid string) ([]byte, error)
}

// josePublic is a public key that go-jose knows.
type josePublic struct{ key jose.JSONWebKey }

func (p josePublic) thumbprint() (string, error) {
	sum, err := p.key.Thumbprint(crypto.SHA256)
	if err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(sum), nil
}

func (p josePublic) jwk(kid string) ([]byte, error) {
	p.key.KeyID, p.key.Use = kid, "sig"
	return p.key.MarshalJSON()
}

// secp256k1Public is the JWK of RFC 8812, section 3.1. The fields without
// omitempty are the required ones, in the order that RFC 7638, section 3.2, hashes.
type secp256k1Public struct {
	Curve string `json:"crv"`
	Type  string `json:"kty"`
	X     string `json:"x"`
	Y     string `json:"y"`
	Kid   string `json:"kid,omitempty"`
	Use   string `json:"use,omitempty"`
}

func newSecp256k1Public(point []byte) secp256k1Public {
	half := len(point) / 2
	return secp256k1Public{
		Curve: "secp256k1",
		Type:  "EC",
		X:     base64.RawURLEncoding.EncodeToString(point[1 : half+1]),
		Y:     base64.RawURLEncoding.EncodeToString(point[half+1:]),
	}
}

func (p secp256k1Public) thumbprint() (string, error) {
	input, err := json.Marshal(p)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(input)
	return base64.RawURLEncoding.EncodeToString(sum[:]), nil
}

func (p secp256k1Public) jwk(kid string) ([]byte, error) {
	p.Kid, p.Use = kid, "sig"
	return json.Marshal(p)
}

// JWKS is the public JSON Web Key Set of entries, which MAS publishes in list
// order at oauth2/keys.json. It holds no private part.
func JWKS(entries ...Entry) ([]byte, error) {
	set := struct {
		Keys []json.RawMessage `json:"keys"`
	}{Keys: []json.RawMessage{}}
	for i, entry := range entries {
		if entry.Key.IsZero() {
			return nil, fmt.Errorf("keys: encode key set: %w", refuseRing(ReasonNoKey, fmt.Sprintf("entry %d holds no key", i), ""))
		}
		jwk, err := entry.Key.p.public.jwk(entry.ID())
		if err != nil {
			return nil, fmt.Errorf("keys: encode key set: entry %d: %w", i, err)
		}
		set.Keys = append(set.Keys, jwk)
	}
	return json.Marshal(set)
}
