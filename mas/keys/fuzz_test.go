package keys_test

import (
	"crypto"
	"crypto/x509"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/youmark/pkcs8"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas/keys"
)

// FuzzParse feeds hostile input: no panic, no hang; what is accepted survives a
// round trip; a refusal is typed and does not quote the input.
func FuzzParse(f *testing.F) {
	rsaKey, p256 := rfcRSA(f), rfcP256(f)
	encrypted, err := pkcs8.MarshalPrivateKey(p256, []byte("x"), &pkcs8.Opts{Cipher: pkcs8.AES128CBC, KDFOpts: pkcs8.PBKDF2Opts{SaltSize: 8, IterationCount: 1, HMACHash: crypto.SHA256}})
	require.NoError(f, err)
	scrypted, err := pkcs8.MarshalPrivateKey(p256, []byte("x"), &pkcs8.Opts{Cipher: pkcs8.AES256CBC, KDFOpts: pkcs8.ScryptOpts{SaltSize: 8, CostParameter: 2, BlockSize: 1, ParallelizationParameter: 1}})
	require.NoError(f, err)
	for _, der := range [][]byte{x509.MarshalPKCS1PrivateKey(rsaKey), toPKCS8(f, rsaKey), toSEC1(f, p256), toPKCS8(f, p256), fromPEM(f, generatorKey), encrypted, scrypted} {
		f.Add(string(der), "", false)
		f.Add(string(der), "x", true)
		for _, label := range []string{"PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "PUBLIC KEY"} {
			f.Add(toPEM(label, der), "x", label == "ENCRYPTED PRIVATE KEY")
		}
	}
	f.Add("-----BEGIN ", "", false)
	f.Add(strings.Repeat("-----BEGIN \n-----END \n", 9), "", false)

	f.Fuzz(func(t *testing.T, text, password string, hasPassword bool) {
		secret := maskit.Secret{}
		if hasPassword {
			secret = maskit.NewSecret(password)
		}
		key, err := keys.Parse(maskit.NewSecret(text), secret)
		if err != nil {
			var refused *keys.RefusedError
			require.ErrorAs(t, err, &refused)
			require.True(t, key.IsZero())
			return
		}
		again, err := keys.Parse(key.PEM(), maskit.Secret{})
		require.NoError(t, err)
		require.True(t, again.Equal(key))
		require.NotContains(t, key.String(), "PRIVATE")
	})
}

// FuzzCheckEncryptionKey: accepted if and only if it is 64 hex digits.
func FuzzCheckEncryptionKey(f *testing.F) {
	f.Add(encryptionKey)
	f.Add(strings.ToUpper(encryptionKey))
	f.Add(encryptionKey + "\n")
	f.Fuzz(func(t *testing.T, text string) {
		valid := len(text) == 64 && strings.Trim(strings.ToLower(text), "0123456789abcdef") == ""
		err := keys.CheckEncryptionKey(maskit.NewSecret(text))
		require.Equal(t, valid, err == nil)
	})
}
