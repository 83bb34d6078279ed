// Package keys makes, reads and rotates the keys in the secrets section of a MAS
// configuration: signing keys, the encryption key and shared secrets.
//
// Shortest use:
//
//	key, err := keys.Parse(maskit.NewSecret(pemText), maskit.Secret{})
//	if err != nil {
//		return err // says what is wrong with the key and how to mend it
//	}
//	ring, err := keys.NewRing(keys.Entry{Key: key})
//	signer, ok := ring.Signer("RS256")
//
// [Parse] accepts what MAS 1.22 accepts, so a key that it takes cannot stop MAS at
// start, and nothing else. [Generate] makes new keys, [NewEncryptionKey] and
// [NewSharedSecret] the other two secrets. [Ring] is the ordered list
// secrets.keys, and [Rotation] replaces one of its keys in three steps.
//
// # Errors
//
// A key, a value or a list that MAS would refuse or misuse gives a
// [*RefusedError]: a stable [Reason], a message, and the fix. It matches
// [maskit.ErrInvalid]. A rotation step at the wrong moment gives an
// [*OrderError] that names the step that is due. No error holds key material.
//
// # What it does not do
//
// It opens no file, signs nothing, stores nothing and never waits: what to wait
// for between two steps of a rotation is a value, see [Pace].
package keys

import (
	"fmt"
	"log/slog"

	"github.com/maskit-dev/maskit"
)

// SigningKey is a private key that MAS can sign with. Make one with [Parse] or
// [Generate]; the zero value is no key.
//
// It prints as its kind and thumbprint through fmt, JSON, YAML and log/slog. The
// private part leaves it by [SigningKey.PEM] alone, as a [maskit.Secret].
type SigningKey struct {
	// A pointer, so that fmt shows an address where it cannot call methods.
	p *material
}

type material struct {
	kind   Kind
	bits   int
	pem    maskit.Secret
	public publicKey
	kid    string
}

// newSigningKey completes m with what is derived from its other fields.
func newSigningKey(m material) (SigningKey, error) {
	kid, err := m.public.thumbprint()
	if err != nil {
		return SigningKey{}, fmt.Errorf("keys: compute thumbprint: %w", err)
	}
	m.kid = kid
	return SigningKey{p: &m}, nil
}

// IsZero reports whether there is no key.
func (k SigningKey) IsZero() bool { return k.p == nil }

// Kind is the type of the key, and "" for the zero value.
func (k SigningKey) Kind() Kind {
	if k.p == nil {
		return ""
	}
	return k.p.kind
}

// Bits is the length of the RSA modulus, or the size of the curve. MAS takes RSA
// keys of up to 4096 bits and has no lower limit; fewer than 2048 are unsafe.
func (k SigningKey) Bits() int {
	if k.p == nil {
		return 0
	}
	return k.p.bits
}

// Algorithms lists the JWS algorithms that MAS signs with this key.
func (k SigningKey) Algorithms() []string { return k.Kind().Algorithms() }

// Kid is the SHA-256 thumbprint of RFC 7638 in base64url, which MAS uses as key
// id where the configuration names none.
func (k SigningKey) Kid() string {
	if k.p == nil {
		return ""
	}
	return k.p.kid
}

// PEM is the private key as one unencrypted PKCS#8 PEM block, without a final
// newline.
func (k SigningKey) PEM() maskit.Secret {
	if k.p == nil {
		return maskit.Secret{}
	}
	return k.p.pem
}

// Equal reports whether both are the same key, or both are none. Two encodings
// of one key are equal.
func (k SigningKey) Equal(other SigningKey) bool { return k.Kid() == other.Kid() }

// String returns the kind and the thumbprint, such as "RSA-2048 NzbLsXh8uDCc…",
// and "no key" for the zero value. It holds nothing secret.
func (k SigningKey) String() string {
	switch k.Kind() {
	case "":
		return "no key"
	case RSA:
		return fmt.Sprintf("RSA-%d %s", k.Bits(), k.Kid())
	default:
		return fmt.Sprintf("%s %s", k.Kind(), k.Kid())
	}
}

// Format implements [fmt.Formatter]: every verb prints what String returns.
func (k SigningKey) Format(f fmt.State, _ rune) {
	_, _ = f.Write([]byte(k.String())) // a failed write to a fmt.State has no one to tell
}

// LogValue implements [slog.LogValuer].
func (k SigningKey) LogValue() slog.Value { return slog.StringValue(k.String()) }

// MarshalText implements [encoding.TextMarshaler] with the text of String. There
// is no way back: store [SigningKey.PEM].
func (k SigningKey) MarshalText() ([]byte, error) { return []byte(k.String()), nil }
