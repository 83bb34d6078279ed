package upstreamtest

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"

	"github.com/go-jose/go-jose/v4"
)

// signingKeys sign tokens. Without a private key, the secret of the client does.
type signingKeys struct {
	algorithm string
	private   crypto.Signer
	public    jose.JSONWebKey
}

func newSigningKeys(p *IDP) (signingKeys, error) {
	switch {
	case p.has(HS256):
		return signingKeys{algorithm: string(jose.HS256)}, nil
	case p.has(EdDSAOnly):
		_, key, err := ed25519.GenerateKey(rand.Reader)
		return publish(string(jose.EdDSA), key), err
	}
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return signingKeys{}, err
	}
	return publish(string(jose.RS256), key), nil
}

func publish(algorithm string, key crypto.Signer) signingKeys {
	return signingKeys{
		algorithm: algorithm, private: key,
		public: jose.JSONWebKey{Key: key.Public(), KeyID: "upstreamtest", Algorithm: algorithm, Use: "sig"},
	}
}

// sign makes a JWT for the client.
func (k signingKeys) sign(kind string, claims map[string]any, to Client) (string, error) {
	signing := jose.SigningKey{Algorithm: jose.SignatureAlgorithm(k.algorithm), Key: k.private}
	options := (&jose.SignerOptions{}).WithType(jose.ContentType(kind))
	if k.private == nil {
		signing.Key = hmacKey(to.Secret.Reveal())
	} else {
		options = options.WithHeader("kid", k.public.KeyID)
	}
	signer, err := jose.NewSigner(signing, options)
	if err != nil {
		return "", err
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", err
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		return "", err
	}
	return signed.CompactSerialize()
}

// hmacKey is the secret as a key. Those that are too short for the hash are padded by
// zeros, which HMAC does anyway: go-jose refuses them.
func hmacKey(secret string) []byte {
	key := []byte(secret)
	if len(key) < sha256.Size {
		key = append(key, make([]byte, sha256.Size-len(key))...)
	}
	return key
}

// halfHash is at_hash (OpenID Connect Core 1.0, 3.1.3.6).
func (k signingKeys) halfHash(token string) string {
	if k.algorithm == string(jose.EdDSA) {
		sum := sha512.Sum512([]byte(token))
		return base64.RawURLEncoding.EncodeToString(sum[:sha512.Size/2])
	}
	sum := sha256.Sum256([]byte(token))
	return base64.RawURLEncoding.EncodeToString(sum[:sha256.Size/2])
}
