package keys

// Kind is a type of signing key that MAS supports.
type Kind string

// The kinds. There is no P-521 and no Ed25519: MAS 1.22 refuses both at start.
const (
	// RSA signs RS256, RS384, RS512, PS256, PS384 and PS512. MAS needs at least
	// one: the default algorithm of ID tokens is RS256.
	RSA Kind = "RSA"
	// P256 signs ES256.
	P256 Kind = "P-256"
	// P384 signs ES384.
	P384 Kind = "P-384"
	// Secp256k1 signs ES256K.
	Secp256k1 Kind = "secp256k1"
)

// Algorithms lists the JWS algorithms of the kind, as MAS offers them. No two
// kinds share one. An unknown kind has none.
func (k Kind) Algorithms() []string {
	switch k {
	case RSA:
		return []string{"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"}
	case P256:
		return []string{"ES256"}
	case P384:
		return []string{"ES384"}
	case Secp256k1:
		return []string{"ES256K"}
	}
	return nil
}
