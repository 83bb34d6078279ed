// Package jwks reads the keys of an OpenID provider as MAS 1.22 does: one key that it
// cannot read makes it refuse the whole set, and with it every login.
package jwks

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"net/url"
	"slices"
	"strings"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"

	"github.com/maskit-dev/maskit/upstream/internal/jsonobject"
)

// ErrNotSet means that the data is no JSON object with a list of keys.
var ErrNotSet = errors.New("is not a JWK Set: a JSON object with a list of keys")

// Defect is one reason for which MAS refuses the set.
type Defect struct {
	// Index is the place of the key in the set.
	Index int
	// Message says what is wrong with the key, without quoting it.
	Message string
}

// String is the defect with its place.
func (d Defect) String() string { return fmt.Sprintf("keys[%d] %s", d.Index, d.Message) }

// Key is a key that MAS can read.
type Key struct {
	// Type is RSA, EC or OKP, and Curve that of an EC or OKP key.
	Type, Curve string
	// Use and Alg are those of the JWK; empty if absent.
	Use, Alg string
	// Bits is the size of an RSA key.
	Bits int
	// Broken says why MAS cannot verify with it; empty if it can.
	Broken string
}

// Parse reads a set: the keys, and all reasons for which MAS refuses it. The error is [ErrNotSet].
func Parse(data []byte) ([]Key, []Defect, error) {
	members, _ := jsonobject.Split(data)
	set := slices.DeleteFunc(members, func(m jsonobject.Member) bool { return m.Name != "keys" })
	var list []json.RawMessage
	if len(set) != 1 || json.Unmarshal(set[0].Value, &list) != nil || list == nil {
		return nil, nil, ErrNotSet
	}
	var keys []Key
	var defects []Defect
	for i, raw := range list {
		key, message := parse(raw)
		if message != "" {
			defects = append(defects, Defect{i, message})
			continue
		}
		keys = append(keys, key)
	}
	return keys, defects, nil
}

// Verifies reports whether MAS verifies signatures of the algorithm with the key (RFC 7517,
// section 4; RFC 7518, section 3).
func (k Key) Verifies(alg string) bool {
	if k.Broken != "" || k.Use != "" && k.Use != "sig" || k.Alg != "" && k.Alg != alg {
		return false
	}
	switch alg {
	case "RS256", "RS384", "RS512", "PS256", "PS384", "PS512":
		return k.Type == "RSA"
	case "ES256":
		return k.Type == "EC" && k.Curve == "P-256"
	case "ES384":
		return k.Type == "EC" && k.Curve == "P-384"
	case "ES256K":
		return k.Type == "EC" && k.Curve == "secp256k1"
	}
	return false
}

// Algs are the algorithms that MAS verifies.
func Algs() []string {
	return []string{"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES256K"}
}

// parse reads one key, or says why MAS does not.
func parse(raw json.RawMessage) (Key, string) {
	split, ok := jsonobject.Split(raw)
	if !ok {
		return Key{}, "is not a JSON object"
	}
	members, twice := map[string]any{}, ""
	for _, m := range split {
		if _, seen := members[m.Name]; seen && isRead(m.Name) {
			twice = m.Name
		}
		var v any
		if json.Unmarshal(m.Value, &v) != nil {
			v = 0 // a number out of range
		}
		members[m.Name] = v
	}
	if twice != "" {
		return Key{}, "has " + twice + " twice"
	}
	kty, ok := members["kty"].(string)
	if !ok {
		return Key{}, "has no kty"
	}
	r := reader{members: members}
	key := Key{Type: kty}
	switch kty {
	case "RSA":
		key.rsa(r.number("n"), r.number("e"))
	case "EC":
		key.Curve = r.need("crv")
		key.ec(r.number("x"), r.number("y"))
	case "OKP":
		key.Curve = r.need("crv")
		r.number("x")
	default:
		return Key{}, fmt.Sprintf("has the kty %q, and MAS reads RSA, EC and OKP alone", short(kty))
	}
	key.Use, key.Alg = r.text("use"), r.text("alg")
	r.text("kid")
	r.url("x5u")
	r.texts("key_ops", nil)
	r.texts("x5c", base64.StdEncoding.Strict())
	r.base64("x5t")
	r.base64("x5t#S256")
	return key, r.message
}

// isRead reports whether MAS looks at a member of a key.
func isRead(name string) bool {
	switch name {
	case "kty", "use", "key_ops", "alg", "kid", "x5u", "x5c", "x5t", "x5t#S256", "n", "e", "crv", "x", "y":
		return true
	}
	return false
}

// short keeps what a message quotes small and printable.
func short(text string) string {
	if len(text) > 20 || strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r > '~' }) {
		return "…"
	}
	return text
}

// The sizes that the RSA library of MAS takes (crate rsa 0.9).
const (
	mostBits      = 4096
	mostExponents = 33 // bits of the public exponent
)

func (k *Key) rsa(n, e []byte) {
	modulus, exponent := new(big.Int).SetBytes(n), new(big.Int).SetBytes(e)
	k.Bits = modulus.BitLen()
	switch {
	case k.Bits > mostBits:
		k.Broken = fmt.Sprintf("is an RSA key of %d bits, and MAS takes %d at most", k.Bits, mostBits)
	case exponent.BitLen() < 2 || exponent.BitLen() > mostExponents, exponent.Bit(0) == 0, k.Bits < 512, modulus.Bit(0) == 0:
		k.Broken = "is not a valid RSA key"
	}
}

func (k *Key) ec(x, y []byte) {
	var err error
	switch k.Curve {
	case "P-256":
		err = onCurve(elliptic.P256(), x, y)
	case "P-384":
		err = onCurve(elliptic.P384(), x, y)
	case "secp256k1":
		_, err = secp256k1.ParsePubKey(point(x, y))
	}
	if err != nil {
		k.Broken = "is not a point on its curve"
	}
}

func onCurve(curve elliptic.Curve, x, y []byte) error {
	_, err := ecdsa.ParseUncompressedPublicKey(curve, point(x, y))
	return err
}

// point is the uncompressed form of SEC 1, section 2.3.3.
func point(x, y []byte) []byte { return slices.Concat([]byte{4}, x, y) }

// reader reads members of a key. The first that MAS does not read is remembered.
type reader struct {
	members map[string]any
	message string
}

func (r *reader) fail(message string) {
	if r.message == "" {
		r.message = message
	}
}

// text reads an optional string.
func (r *reader) text(name string) string {
	value, ok := r.members[name].(string)
	if !ok && r.members[name] != nil {
		r.fail("has " + name + " that is no string")
	}
	return value
}

// need reads a string that must be there.
func (r *reader) need(name string) string {
	if r.members[name] == nil {
		r.fail("lacks " + name)
	}
	return r.text(name)
}

// base64 reads an optional string in base64url without padding.
func (r *reader) base64(name string) []byte {
	text := r.text(name)
	data, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || strings.ContainsAny(text, "\r\n") {
		r.fail("has " + name + " that is not base64url without padding")
	}
	return data
}

func (r *reader) number(name string) []byte {
	r.need(name)
	return r.base64(name)
}

func (r *reader) url(name string) {
	if r.members[name] == nil {
		return
	}
	if u, err := url.Parse(r.text(name)); err != nil || u.Scheme == "" {
		r.fail("has " + name + " that is no URL")
	}
}

// texts reads an optional list of strings, in an encoding if there is one.
func (r *reader) texts(name string, encoding *base64.Encoding) {
	if r.members[name] == nil {
		return
	}
	list, ok := r.members[name].([]any)
	if !ok {
		r.fail("has " + name + " that is no list")
	}
	for _, item := range list {
		text, ok := item.(string)
		switch {
		case !ok:
			r.fail("has " + name + " that is no list of strings")
		case encoding == nil:
		case strings.ContainsAny(text, "\r\n") || !decodes(encoding, text):
			r.fail("has " + name + " that is not base64")
		}
	}
}

func decodes(encoding *base64.Encoding, text string) bool {
	_, err := encoding.DecodeString(text)
	return err == nil
}
