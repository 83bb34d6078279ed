package keys

import (
	"encoding/base64"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/maskit-dev/maskit"
)

// maxInput is far above any key that MAS takes: RSA-4096 in PEM has 3.3 KB.
const maxInput = 64 << 10

// Parse reads a private key in the formats that MAS 1.22 reads: PEM or DER;
// PKCS#1, PKCS#8 or SEC1; RSA of up to 4096 bits, P-256, P-384 or secp256k1. An
// encrypted key is PKCS#8 by PBES2 with PBKDF2 (HMAC-SHA-2) or scrypt, and AES-CBC.
//
// The password is the zero Secret where the configuration has none. A password
// for a key that is not encrypted is refused, since MAS then does not start.
//
// PEM is taken as strictly as MAS takes it (RFC 7468, "strict" grammar): one
// block, lines of 64 characters, at most one newline at the end. The bytes of a
// DER file are wrapped as they are, by maskit.NewSecret(string(data)).
//
// The work is bounded for any input: more than 2,000,000 rounds of PBKDF2, or
// scrypt above 128 MiB, are refused though MAS would take them. The error is a [*RefusedError] that never
// quotes the input.
func Parse(key, password maskit.Secret) (SigningKey, error) {
	text := key.Reveal()
	switch {
	case strings.TrimSpace(text) == "":
		return SigningKey{}, refuseKey(ReasonEmpty, "is empty", hintGenerate)
	case len(text) > maxInput:
		return SigningKey{}, refuseKey(ReasonTooLarge, "is longer than 64 KiB, which no key is", hintGenerate)
	}
	found, err := findKey(text)
	if err != nil {
		return SigningKey{}, err
	}
	return found.parse(password)
}

const hintGenerate = "generate a key, such as openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 prints"

// format is one of the four structures that hold a private key.
type format int

const (
	notAKey format = iota
	pkcs1
	pkcs8
	sec1
	encryptedPKCS8
)

// encodedKey is a key of known format whose DER is not decoded yet.
type encodedKey struct {
	format format
	der    []byte
}

func (e encodedKey) parse(password maskit.Secret) (SigningKey, error) {
	if e.format == encryptedPKCS8 {
		return parseEncrypted(e.der, password)
	}
	if !password.IsZero() {
		return SigningKey{}, refuseKey(ReasonPasswordSuperfluous, "is not encrypted, but has a password, which stops MAS at start", "remove password and password_file")
	}
	return e.parsePlain()
}

func (e encodedKey) parsePlain() (SigningKey, error) {
	switch e.format {
	case pkcs1:
		return parsePKCS1(e.der)
	case pkcs8:
		return parsePKCS8(e.der)
	case sec1:
		return parseSEC1(e.der)
	}
	return SigningKey{}, refuseMalformed()
}

func findKey(text string) (encodedKey, error) {
	if strings.Contains(text, pemBegin) {
		return findPEM(text)
	}
	der := []byte(text)
	switch f, rest := detectFormat(der); {
	case f == notAKey:
		return encodedKey{}, refuseOther(text)
	case rest > 0:
		return encodedKey{}, refuseKey(ReasonTrailingData, "has data after the end of the key", "remove it: a DER file holds one key and nothing else")
	default:
		return encodedKey{format: f, der: der}, nil
	}
}

// refuseOther says what text is, which is neither PEM nor a private key in DER.
func refuseOther(text string) error {
	switch {
	case isPublicDER([]byte(text)):
		return refusePublic()
	case strings.HasPrefix(text, "file:"):
		return refuseKey(ReasonNotAKey, "is a URL, which MAS does not follow", "name the path in key_file")
	case isHex(strings.TrimSpace(text)):
		return refuseKey(ReasonNotAKey, "is hex text, not a private key", hintGenerate)
	case isBase64(strings.Join(strings.Fields(text), "")):
		return refuseBase64(strings.Join(strings.Fields(text), ""))
	case utf8.ValidString(text) && !strings.ContainsFunc(text, isBinary):
		return refuseKey(ReasonNotAKey, "is text, but not a PEM block", hintGenerate)
	}
	return refuseKey(ReasonNotAKey, "is binary data, but not a private key in DER", hintGenerate)
}

func isBinary(r rune) bool { return unicode.IsControl(r) && !unicode.IsSpace(r) }

func refuseBase64(text string) error {
	if der, err := base64.StdEncoding.DecodeString(text); err == nil {
		if f, _ := detectFormat(der); f != notAKey {
			return refuseKey(ReasonNotAKey, "is the base64 of a key without its BEGIN and END lines", "write the whole PEM block")
		}
	}
	return refuseKey(ReasonNotAKey, "is base64 text, not a private key", hintGenerate)
}

func refusePublic() error {
	return refuseKey(ReasonPublic, "is a public key or a certificate, but MAS signs with the private key", "use the private key that it belongs to")
}

func refuseMalformed() error {
	return refuseKey(ReasonMalformed, "does not decode as the private key that it claims to be", "check it with openssl pkey -check, or generate a new one")
}
