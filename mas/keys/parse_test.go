package keys_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/youmark/pkcs8"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas/keys"
)

// readable is a key that MAS reads.
type readable struct {
	text string
	kind keys.Kind
	kid  string
}

func readableKeys(t testing.TB) map[string]readable {
	t.Helper()
	rsaKey, p256 := rfcRSA(t), rfcP256(t)
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	require.NoError(t, err)
	p384Kid := mustParse(t, toPEM("PRIVATE KEY", toPKCS8(t, p384))).Kid()
	koblitz := mustGenerate(t, keys.Secp256k1)
	rsaPEM := toPEM("PRIVATE KEY", toPKCS8(t, rsaKey))
	return map[string]readable{
		"RSA PKCS#1 PEM":                  {toPEM("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(rsaKey)), keys.RSA, rfcRSAKid},
		"RSA PKCS#1 DER":                  {string(x509.MarshalPKCS1PrivateKey(rsaKey)), keys.RSA, rfcRSAKid},
		"RSA PKCS#8 PEM":                  {rsaPEM, keys.RSA, rfcRSAKid},
		"RSA PKCS#8 DER":                  {string(toPKCS8(t, rsaKey)), keys.RSA, rfcRSAKid},
		"P-256 SEC1 PEM":                  {toPEM("EC PRIVATE KEY", toSEC1(t, p256)), keys.P256, rfcP256Kid},
		"P-256 SEC1 DER":                  {string(toSEC1(t, p256)), keys.P256, rfcP256Kid},
		"P-256 PKCS#8 PEM":                {toPEM("PRIVATE KEY", toPKCS8(t, p256)), keys.P256, rfcP256Kid},
		"P-256 PKCS#8 DER":                {string(toPKCS8(t, p256)), keys.P256, rfcP256Kid},
		"P-384 SEC1 PEM":                  {toPEM("EC PRIVATE KEY", toSEC1(t, p384)), keys.P384, p384Kid},
		"P-384 PKCS#8 DER":                {string(toPKCS8(t, p384)), keys.P384, p384Kid},
		"secp256k1 PKCS#8 PEM":            {koblitz.PEM().Reveal(), keys.Secp256k1, koblitz.Kid()},
		"secp256k1 PKCS#8 DER":            {string(fromPEM(t, koblitz.PEM().Reveal())), keys.Secp256k1, koblitz.Kid()},
		"PEM without final newline":       {strings.TrimSuffix(rsaPEM, "\n"), keys.RSA, rfcRSAKid},
		"PEM with CRLF":                   {strings.ReplaceAll(rsaPEM, "\n", "\r\n"), keys.RSA, rfcRSAKid},
		"PEM with CR":                     {strings.ReplaceAll(rsaPEM, "\n", "\r"), keys.RSA, rfcRSAKid},
		"PEM after text on its own lines": {"Bag Attributes: none\n\n" + rsaPEM, keys.RSA, rfcRSAKid},
	}
}

func TestParseReadsEveryFormatThatMASReads(t *testing.T) {
	t.Parallel()
	for name, c := range readableKeys(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			key, err := keys.Parse(maskit.NewSecret(c.text), maskit.Secret{})
			require.NoError(t, err)
			require.Equal(t, c.kind, key.Kind())
			require.Equal(t, c.kid, key.Kid())
		})
	}
}

func TestParseDecrypts(t *testing.T) {
	t.Parallel()
	password := "correct horse"
	cases := map[string]*pkcs8.Opts{
		"PBKDF2 SHA-256, AES-128": {Cipher: pkcs8.AES128CBC, KDFOpts: pkcs8.PBKDF2Opts{SaltSize: 16, IterationCount: 10, HMACHash: crypto.SHA256}},
		"PBKDF2 SHA-256, AES-192": {Cipher: pkcs8.AES192CBC, KDFOpts: pkcs8.PBKDF2Opts{SaltSize: 16, IterationCount: 10, HMACHash: crypto.SHA256}},
		"PBKDF2 SHA-256, AES-256": {Cipher: pkcs8.AES256CBC, KDFOpts: pkcs8.PBKDF2Opts{SaltSize: 16, IterationCount: 10, HMACHash: crypto.SHA256}},
		"scrypt, AES-256":         {Cipher: pkcs8.AES256CBC, KDFOpts: pkcs8.ScryptOpts{SaltSize: 16, CostParameter: 1 << 14, BlockSize: 8, ParallelizationParameter: 1}},
	}
	for name, opts := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			der, err := pkcs8.MarshalPrivateKey(rfcRSA(t), []byte(password), opts)
			require.NoError(t, err)
			for _, text := range []string{string(der), toPEM("ENCRYPTED PRIVATE KEY", der)} {
				key, err := keys.Parse(maskit.NewSecret(text), maskit.NewSecret(password))
				require.NoError(t, err)
				require.Equal(t, rfcRSAKid, key.Kid())

				_, err = keys.Parse(maskit.NewSecret(text), maskit.Secret{})
				requireReason(t, keys.ReasonPasswordMissing, err)

				_, err = keys.Parse(maskit.NewSecret(text), maskit.NewSecret(password+"\n"))
				requireReason(t, keys.ReasonPasswordWrong, err)

				_, err = keys.Parse(maskit.NewSecret(text), maskit.NewSecret(""))
				requireReason(t, keys.ReasonPasswordWrong, err)
			}
		})
	}
}

// With one wrong password in 256 the padding looks right: the content must tell.
func TestParseKnowsAWrongPasswordWhateverThePadding(t *testing.T) {
	t.Parallel()
	opts := &pkcs8.Opts{Cipher: pkcs8.AES128CBC, KDFOpts: pkcs8.PBKDF2Opts{SaltSize: 8, IterationCount: 1, HMACHash: crypto.SHA256}}
	der, err := pkcs8.MarshalPrivateKey(rfcP256(t), []byte("right"), opts)
	require.NoError(t, err)
	for i := range 2000 {
		_, err := keys.Parse(maskit.NewSecret(string(der)), maskit.NewSecret(strings.Repeat("x", i+1)))
		requireReason(t, keys.ReasonPasswordWrong, err)
	}
}

func TestParseKeepsTheSizeOfRSAKeys(t *testing.T) {
	t.Parallel()
	require.Equal(t, 2048, mustParse(t, toPEM("PRIVATE KEY", toPKCS8(t, rfcRSA(t)))).Bits())
}
