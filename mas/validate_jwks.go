package mas

import (
	"encoding/json"

	"github.com/go-jose/go-jose/v4"
)

// jwks checks the public keys of a client: a JWK Set as in RFC 7517.
func (c *checker) jwks(at place, set map[string]any) {
	list, ok := set["keys"].([]any)
	if !ok || len(list) == 0 {
		c.fail(at, "jwks-invalid", "is not a JWK Set with at least one key", `write {keys: [...]}`)
		return
	}
	for i, key := range list {
		c.jwk(at.key("keys").at(i), key)
	}
}

// jwk checks one key. One key that MAS does not read makes it refuse the set.
func (c *checker) jwk(at place, key any) {
	members, ok := key.(map[string]any)
	if !ok {
		c.fail(at, "jwks-invalid", "is not a JWK", "write the key as a map with kty")
		return
	}
	if members["kty"] == "oct" || members["d"] != nil || members["p"] != nil || members["k"] != nil {
		c.fail(at, "jwks-private-key", "holds a private or symmetric key", "give the public key alone, and replace the private one: it has been disclosed to MAS")
		return
	}
	if members["kty"] == "EC" && members["crv"] == "secp256k1" {
		return // RFC 8812; MAS knows it, go-jose does not
	}
	data, err := json.Marshal(members)
	if err != nil {
		c.fail(at, "jwks-invalid", "is not a JWK", "write the key as a map with kty")
		return
	}
	var parsed jose.JSONWebKey
	if err := parsed.UnmarshalJSON(data); err != nil || !parsed.Valid() {
		c.fail(at, "jwks-invalid", "is not a public key that MAS can read", "use RSA, EC (P-256, P-384, secp256k1) or OKP, with all members of RFC 7518")
	}
}
