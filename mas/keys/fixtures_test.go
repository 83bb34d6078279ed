package keys_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas/keys"
)

// rfcRSA is the RSA private key that RFC 7517, appendix A.2, publishes. RFC 7638,
// section 3.1, gives its thumbprint. It protects nothing.
func rfcRSA(t testing.TB) *rsa.PrivateKey {
	t.Helper()
	key := &rsa.PrivateKey{
		PublicKey: rsa.PublicKey{
			N: number(t, "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"),
			E: 65537,
		},
		D: number(t, "X4cTteJY_gn4FYPsXB8rdXix5vwsg1FLN5E3EaG6RJoVH-HLLKD9M7dx5oo7GURknchnrRweUkC7hT5fJLM0WbFAKNLWY2vv7B6NqXSzUvxT0_YSfqijwp3RTzlBaCxWp4doFk5N2o8Gy_nHNKroADIkJ46pRUohsXywbReAdYaMwFs9tv8d_cPVY3i07a3t8MN6TNwm0dSawm9v47UiCl3Sk5ZiG7xojPLu4sbg1U2jx4IBTNBznbJSzFHK66jT8bgkuqsk0GjskDJk19Z4qwjwbsnn4j2WBii3RL-Us2lGVkY8fkFzme1z0HbIkfz0Y6mqnOYtqc0X4jfcKoAC8Q"),
		Primes: []*big.Int{
			number(t, "83i-7IvMGXoMXCskv73TKr8637FiO7Z27zv8oj6pbWUQyLPQBQxtPVnwD20R-60eTDmD2ujnMt5PoqMrm8RfmNhVWDtjjMmCMjOpSXicFHj7XOuVIYQyqVWlWEh6dN36GVZYk93N8Bc9vY41xy8B9RzzOGVQzXvNEvn7O0nVbfs"),
			number(t, "3dfOR9cuYq-0S-mkFLzgItgMEfFzB2q3hWehMuG0oCuqnb3vobLyumqjVZQO1dIrdwgTnCdpYzBcOfW5r370AFXjiWft_NGEiovonizhKpo9VVS78TzFgxkIdrecRezsZ-1kYd_s1qDbxtkDEgfAITAG9LUnADun4vIcb6yelxk"),
		},
	}
	key.Precompute()
	require.NoError(t, key.Validate())
	return key
}

// rfcP256 is the EC private key of the same appendix.
func rfcP256(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), number(t, "870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE").Bytes())
	require.NoError(t, err)
	return key
}

const (
	rfcRSAKid  = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"
	rfcP256Kid = "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s"
)

func number(t testing.TB, base64url string) *big.Int {
	t.Helper()
	raw, err := base64.RawURLEncoding.DecodeString(base64url)
	require.NoError(t, err)
	return new(big.Int).SetBytes(raw)
}

func toPKCS8(t testing.TB, key any) []byte {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	return der
}

func toSEC1(t testing.TB, key *ecdsa.PrivateKey) []byte {
	t.Helper()
	der, err := x509.MarshalECPrivateKey(key)
	require.NoError(t, err)
	return der
}

func toPEM(label string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: label, Bytes: der}))
}

func fromPEM(t testing.TB, text string) []byte {
	t.Helper()
	block, rest := pem.Decode([]byte(text))
	require.NotNil(t, block)
	require.Empty(t, rest)
	return block.Bytes
}

func mustParse(t testing.TB, text string) keys.SigningKey {
	t.Helper()
	key, err := keys.Parse(maskit.NewSecret(text), maskit.Secret{})
	require.NoError(t, err)
	return key
}

func mustGenerate(t testing.TB, kind keys.Kind) keys.SigningKey {
	t.Helper()
	key, err := keys.Generate(kind)
	require.NoError(t, err)
	return key
}

// requireReason asserts that err is a refusal, why, and that it names the fix.
func requireReason(t testing.TB, want keys.Reason, err error) {
	t.Helper()
	var refused *keys.RefusedError
	require.ErrorAs(t, err, &refused)
	require.Equal(t, want, refused.Reason, err.Error())
	require.ErrorIs(t, err, maskit.ErrInvalid)
}
