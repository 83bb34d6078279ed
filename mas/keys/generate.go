package keys

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/hex"
	"fmt"
	"io"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"

	"github.com/maskit-dev/maskit"
)

// generatedRSABits is what "mas-cli config generate" uses too (MAS 1.22).
const generatedRSABits = 2048

// Generate makes a new key; an RSA key has 2048 bits.
//
// It takes no source of randomness, because the GenerateKey functions of Go 1.26
// ignore the one that they are given. A test that needs the same key twice calls
// testing/cryptotest.SetGlobalRandom.
func Generate(kind Kind) (SigningKey, error) {
	switch kind {
	case RSA:
		key, err := rsa.GenerateKey(rand.Reader, generatedRSABits)
		if err != nil {
			return SigningKey{}, fmt.Errorf("keys: generate %s key: %w", kind, err)
		}
		return fromRSA(key)
	case P256:
		return generateNIST(elliptic.P256())
	case P384:
		return generateNIST(elliptic.P384())
	case Secp256k1:
		key, err := secp256k1.GeneratePrivateKey()
		if err != nil {
			return SigningKey{}, fmt.Errorf("keys: generate %s key: %w", kind, err)
		}
		return fromSecp256k1(key)
	}
	return SigningKey{}, fmt.Errorf("keys: generate key: unknown kind %q: %w", string(kind), maskit.ErrUnsupported)
}

func generateNIST(curve elliptic.Curve) (SigningKey, error) {
	key, err := ecdsa.GenerateKey(curve, rand.Reader)
	if err != nil {
		return SigningKey{}, fmt.Errorf("keys: generate %s key: %w", curve.Params().Name, err)
	}
	return fromNIST(key)
}

// NewEncryptionKey draws a value for secrets.encryption from random, mostly
// crypto/rand.Reader: 32 bytes as 64 lower-case hex digits.
//
// Draw it once and keep it: see [CheckEncryptionChange].
func NewEncryptionKey(random io.Reader) (maskit.Secret, error) {
	return randomHex(random, "encryption key")
}

// NewSharedSecret draws a value for matrix.secret, which MAS and Synapse share:
// 256 bits as 64 hex digits, safe in a URL, a header and a file, without a newline.
func NewSharedSecret(random io.Reader) (maskit.Secret, error) {
	return randomHex(random, "shared secret")
}

func randomHex(random io.Reader, what string) (maskit.Secret, error) {
	var raw [32]byte
	if _, err := io.ReadFull(random, raw[:]); err != nil {
		return maskit.Secret{}, fmt.Errorf("keys: draw %s: %w", what, err)
	}
	return maskit.NewSecret(hex.EncodeToString(raw[:])), nil
}
