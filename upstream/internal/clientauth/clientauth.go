// Package clientauth authenticates at a token endpoint as MAS 1.22 does.
package clientauth

import (
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
)

// ErrNoKey means that the method needs a key of MAS, and none was given.
var ErrNoKey = errors.New("the signing key of MAS was not given")

// Client is who authenticates.
type Client struct {
	ID     string
	Method mas.AuthMethod
	// Alg signs the assertion of client_secret_jwt and private_key_jwt.
	Alg mas.SigningAlg
	// Secret is that of the client_secret_* methods.
	Secret maskit.Secret
	// Key is that of private_key_jwt, or Apple's; PKCS#8 in PEM.
	Key maskit.Secret
	// KeyID names Key.
	KeyID string
	// TeamID is that of Apple.
	TeamID string
}

// Proof is what goes into a request: parameters of the form, and what belongs into
// the header "Authorization: Basic".
type Proof struct {
	Form  url.Values
	Basic maskit.Secret
}

// Prove makes the proof for the token endpoint. The assertion of a JWT is for this
// audience, wherever it is sent.
func (c Client) Prove(tokenEndpoint string, now time.Time) (Proof, error) {
	switch c.Method {
	case mas.AuthNone:
		return Proof{Form: url.Values{"client_id": {c.ID}}}, nil
	case mas.AuthClientSecretBasic:
		basic := formEscape(c.ID) + ":" + formEscape(c.Secret.Reveal())
		return Proof{Form: url.Values{}, Basic: maskit.NewSecret(basic)}, nil
	case mas.AuthClientSecretPost:
		return c.post(c.Secret.Reveal()), nil
	case mas.AuthClientSecretJWT:
		return c.assertion(signer{alg: jose.SignatureAlgorithm(c.Alg), key: []byte(c.Secret.Reveal())}, tokenEndpoint, now)
	case mas.AuthPrivateKeyJWT:
		key, err := c.key()
		if err != nil {
			return Proof{}, err
		}
		return c.assertion(signer{alg: jose.SignatureAlgorithm(c.Alg), key: key, kid: c.KeyID}, tokenEndpoint, now)
	case mas.AuthSignInWithApple:
		return c.apple(now)
	}
	return Proof{}, fmt.Errorf("the method %q is not known", c.Method)
}

// formEscape encodes by RFC 6749, section 2.3.1, and leaves alone what browsers do
// (URL Standard, application/x-www-form-urlencoded): not "~", but "*".
func formEscape(text string) string {
	return strings.NewReplacer("~", "%7E", "%2A", "*").Replace(url.QueryEscape(text))
}

func (c Client) post(secret string) Proof {
	return Proof{Form: url.Values{"client_id": {c.ID}, "client_secret": {secret}}}
}

// assertion is the proof of RFC 7523, section 2.2, valid for five minutes.
func (c Client) assertion(s signer, audience string, now time.Time) (Proof, error) {
	jwt, err := s.sign(map[string]any{
		"iss": c.ID, "sub": c.ID, "aud": audience, "iat": now.Unix(), "exp": now.Add(5 * time.Minute).Unix(), "jti": rand.Text(),
	})
	return Proof{Form: url.Values{
		"client_assertion":      {jwt},
		"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
	}}, err
}

// apple is a client secret that lives for a minute (Apple, "Creating a client secret").
func (c Client) apple(now time.Time) (Proof, error) {
	key, err := c.key()
	if err != nil {
		return Proof{}, err
	}
	if _, ok := key.(*ecdsa.PrivateKey); !ok {
		return Proof{}, errors.New("the key of Apple is not one of the curve P-256")
	}
	jwt, err := signer{alg: jose.ES256, key: key, kid: c.KeyID}.sign(map[string]any{
		"iss": c.TeamID, "sub": c.ID, "aud": "https://appleid.apple.com", "iat": now.Unix(), "exp": now.Add(time.Minute).Unix(),
	})
	return c.post(jwt), err
}

// key reads the key. No error quotes it.
func (c Client) key() (any, error) {
	if c.Key.IsZero() {
		return nil, ErrNoKey
	}
	block, _ := pem.Decode([]byte(c.Key.Reveal()))
	if block == nil {
		return nil, errors.New("the key is not PEM")
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, errors.New("the key is not PKCS#8 of a kind that this check can use")
	}
	return key, nil
}

type signer struct {
	alg jose.SignatureAlgorithm
	key any
	kid string
}

func (s signer) sign(claims map[string]any) (string, error) {
	options := &jose.SignerOptions{}
	options.WithType("JWT")
	if s.kid != "" {
		options.WithHeader("kid", s.kid)
	}
	made, err := jose.NewSigner(jose.SigningKey{Algorithm: s.alg, Key: s.key}, options)
	if err != nil {
		return "", fmt.Errorf("the key does not sign by %s", s.alg)
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", err
	}
	signed, err := made.Sign(payload)
	if err != nil {
		return "", fmt.Errorf("the key does not sign by %s", s.alg) // HMAC keys may be too short
	}
	return signed.CompactSerialize()
}
