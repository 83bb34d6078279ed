package mastest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/big"
	"slices"

	"github.com/go-jose/go-jose/v4"
)

// keySet is a JSON Web Key Set (RFC 7517) and what it can sign.
type keySet struct {
	Keys       []jwk `json:"keys"`
	algorithms []string
}

// jwk is a public key, its members in the order in which MAS writes them.
type jwk struct {
	KeyType string `json:"kty"`
	N       string `json:"n,omitempty"`
	E       string `json:"e,omitempty"`
	Curve   string `json:"crv,omitempty"`
	X       string `json:"x,omitempty"`
	Y       string `json:"y,omitempty"`
	Use     string `json:"use"`
	KeyID   string `json:"kid"`
}

// defaultModulus belongs to an RSA key whose private half was never stored.
const defaultModulus = "uEc-iwliJItsTL6LYJL7nwcaRDVz31CyWFEFqEXutMpYpCjp7OyGH_UCN5EuXE7LIELDgTyrTl8u3JqnC499az4juP7CHfnBnzXFlOQConupC8EIbNBHg45-KqZ-KrV7WvPgV7utORYWqwIb534lsk6HUnHfXTzX9uvC0U7QLSqZomn0pyV4vbXKlY_0PFocYDSIclD1AgQxR272q_XgHwhuzfakkWc-3lRX89kPXCZ6TRZ-jiElSYZGfb2FzYAo6KV4KGqoDYfvTZkZt_AHy2xFdSlOy_0kd81tQeLs4DmLSNrjvaRwXi6_ixWGu_2wyiFNPB37ZvvDKkK0sg3RTw"

func newKeySet(keys []crypto.PublicKey) (keySet, error) {
	if len(keys) == 0 {
		n, err := base64.RawURLEncoding.DecodeString(defaultModulus)
		if err != nil {
			return keySet{}, err
		}
		keys = []crypto.PublicKey{&rsa.PublicKey{N: new(big.Int).SetBytes(n), E: 65537}}
	}
	set := keySet{algorithms: []string{}}
	for i, key := range keys {
		k, err := newJWK(key)
		if err != nil {
			return keySet{}, fmt.Errorf("Config.Keys[%d]: %w", i, err)
		}
		set.Keys = append(set.Keys, k)
	}
	for _, a := range signingAlgorithms() {
		if slices.ContainsFunc(set.Keys, a.fits) {
			set.algorithms = append(set.algorithms, a.name)
		}
	}
	return set, nil
}

func newJWK(key crypto.PublicKey) (jwk, error) {
	switch key := key.(type) {
	case *rsa.PublicKey:
	case *ecdsa.PublicKey:
		if name := key.Params().Name; name != "P-256" && name != "P-384" {
			return jwk{}, fmt.Errorf("MAS has no use for the curve %s", name)
		}
	default:
		return jwk{}, fmt.Errorf("%T is not a *rsa.PublicKey or *ecdsa.PublicKey", key)
	}
	public := jose.JSONWebKey{Key: key, Use: "sig"}
	thumbprint, err := public.Thumbprint(crypto.SHA256)
	if err != nil {
		return jwk{}, err
	}
	public.KeyID = base64.RawURLEncoding.EncodeToString(thumbprint)
	data, err := public.MarshalJSON()
	if err != nil {
		return jwk{}, err
	}
	var k jwk // puts the members in MAS's order
	return k, json.Unmarshal(data, &k)
}

type algorithm struct{ name, keyType, curve string }

func (a algorithm) fits(k jwk) bool { return a.keyType == k.KeyType && a.curve == k.Curve }

// signingAlgorithms are in the order of MAS's discovery document.
func signingAlgorithms() []algorithm {
	return []algorithm{
		{name: "RS256", keyType: "RSA"},
		{name: "RS384", keyType: "RSA"},
		{name: "RS512", keyType: "RSA"},
		{name: "ES256", keyType: "EC", curve: "P-256"},
		{name: "ES384", keyType: "EC", curve: "P-384"},
		{name: "PS256", keyType: "RSA"},
		{name: "PS384", keyType: "RSA"},
		{name: "PS512", keyType: "RSA"},
	}
}
