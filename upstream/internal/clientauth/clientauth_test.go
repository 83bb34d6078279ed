package clientauth

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
)

func TestProve(t *testing.T) {
	t.Parallel()
	client := Client{ID: "mat rix", Method: mas.AuthClientSecretBasic, Secret: maskit.NewSecret("a~b+c/d=e:f*g h-._")}
	proof, err := client.Prove("https://a/t", time.Now())
	require.NoError(t, err)
	require.Empty(t, proof.Form)
	require.Equal(t, "mat+rix:a%7Eb%2Bc%2Fd%3De%3Af*g+h-._", proof.Basic.Reveal())

	client.Method = mas.AuthClientSecretPost
	proof, err = client.Prove("https://a/t", time.Now())
	require.NoError(t, err)
	require.True(t, proof.Basic.IsZero())
	require.Equal(t, "client_id=mat+rix&client_secret=a~b%2Bc%2Fd%3De%3Af%2Ag+h-._", proof.Form.Encode())

	client.Method = mas.AuthNone
	proof, err = client.Prove("https://a/t", time.Now())
	require.NoError(t, err)
	require.Equal(t, "client_id=mat+rix", proof.Form.Encode())
}

func encode(t *testing.T, key any) maskit.Secret {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	return maskit.NewSecret(string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})))
}

func TestProveFails(t *testing.T) {
	t.Parallel()
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	for name, test := range map[string]struct {
		client Client
		want   string
	}{
		"no key":              {Client{Method: mas.AuthPrivateKeyJWT, Alg: mas.AlgRS256}, "the signing key of MAS was not given"},
		"not PEM":             {Client{Method: mas.AuthPrivateKeyJWT, Alg: mas.AlgRS256, Key: maskit.NewSecret("hunter2")}, "the key is not PEM"},
		"not PKCS#8":          {Client{Method: mas.AuthPrivateKeyJWT, Alg: mas.AlgRS256, Key: maskit.NewSecret("-----BEGIN X-----\nAAAA\n-----END X-----")}, "the key is not PKCS#8 of a kind that this check can use"},
		"another kind of key": {Client{Method: mas.AuthPrivateKeyJWT, Alg: mas.AlgRS256, Key: encode(t, ec)}, "the key does not sign by RS256"},
		"Apple with RSA":      {Client{Method: mas.AuthSignInWithApple, Key: encode(t, rsaKey)}, "the key of Apple is not one of the curve P-256"},
		"unknown method":      {Client{Method: "basic"}, `the method "basic" is not known`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := test.client.Prove("https://a/t", time.Now())
			require.EqualError(t, err, test.want)
		})
	}
}
