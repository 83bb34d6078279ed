package keys_test

import (
	"crypto"
	"crypto/dsa" //nolint:staticcheck // to prove that DSA is refused
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"math/big"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/youmark/pkcs8"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas/keys"
)

// unreadable is a key that MAS refuses at start.
type unreadable struct {
	text    string
	reason  keys.Reason
	message string
}

func unreadableKeys(t testing.TB) map[string]unreadable {
	t.Helper()
	rsaKey, p256 := rfcRSA(t), rfcP256(t)
	rsaDER, rsaPEM := toPKCS8(t, rsaKey), toPEM("PRIVATE KEY", toPKCS8(t, rsaKey))
	lines := strings.Split(rsaPEM, "\n")
	p521, err := ecdsa.GenerateKey(elliptic.P521(), rand.Reader)
	require.NoError(t, err)
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	public, err := x509.MarshalPKIXPublicKey(&rsaKey.PublicKey)
	require.NoError(t, err)
	random := make([]byte, 32)
	_, err = rand.Read(random)
	require.NoError(t, err)

	return map[string]unreadable{
		"nothing":                              {"", keys.ReasonEmpty, "is empty"},
		"white space":                          {" \n\n", keys.ReasonEmpty, "is empty"},
		"random bytes":                         {"\xff" + string(random), keys.ReasonNotAKey, "is binary data, but not a private key in DER"},
		"base64 of random bytes":               {base64.StdEncoding.EncodeToString(random) + "\n", keys.ReasonNotAKey, "is base64 text, not a private key"},
		"base64 of a key":                      {base64.StdEncoding.EncodeToString(rsaDER), keys.ReasonNotAKey, "is the base64 of a key without its BEGIN and END lines"},
		"hex of random bytes":                  {hex.EncodeToString(random) + "\n", keys.ReasonNotAKey, "is hex text, not a private key"},
		"a URL":                                {"file:///run/secrets/key.pem", keys.ReasonNotAKey, "is a URL, which MAS does not follow"},
		"a placeholder":                        {"LOADED_FROM_SECRET", keys.ReasonNotAKey, "is text, but not a PEM block"},
		"P-521 PKCS#8":                         {toPEM("PRIVATE KEY", toPKCS8(t, p521)), keys.ReasonCurve, "is on the curve P-521, which MAS does not support"},
		"P-521 SEC1":                           {toPEM("EC PRIVATE KEY", toSEC1(t, p521)), keys.ReasonCurve, "is on the curve P-521, which MAS does not support"},
		"Ed25519":                              {toPEM("PRIVATE KEY", toPKCS8(t, ed)), keys.ReasonType, "is of type Ed25519, which MAS does not support"},
		"two private keys":                     {rsaPEM + rsaPEM, keys.ReasonSeveralBlocks, "holds more than one PEM block"},
		"key and certificate":                  {rsaPEM + toPEM("CERTIFICATE", []byte("x")), keys.ReasonSeveralBlocks, "holds more than one PEM block"},
		"EC PARAMETERS before the key":         {toPEM("EC PARAMETERS", []byte{6, 1, 1}) + toPEM("EC PRIVATE KEY", toSEC1(t, p256)), keys.ReasonECParameters, "has an EC PARAMETERS block, which MAS does not read"},
		"public key PEM":                       {toPEM("PUBLIC KEY", public), keys.ReasonPublic, "is a public key or a certificate, but MAS signs with the private key"},
		"public key DER":                       {string(public), keys.ReasonPublic, "is a public key or a certificate, but MAS signs with the private key"},
		"PKCS#1 public key DER":                {string(x509.MarshalPKCS1PublicKey(&rsaKey.PublicKey)), keys.ReasonPublic, "is a public key or a certificate, but MAS signs with the private key"},
		"certificate":                          {toPEM("CERTIFICATE", selfSigned(t, rsaKey)), keys.ReasonPublic, "is a public key or a certificate, but MAS signs with the private key"},
		"certificate DER":                      {string(selfSigned(t, rsaKey)), keys.ReasonPublic, "is a public key or a certificate, but MAS signs with the private key"},
		"OpenSSH key":                          {toPEM("OPENSSH PRIVATE KEY", []byte("openssh-key-v1")), keys.ReasonFormat, "is in OpenSSH's own format"},
		"DSA key":                              {toPEM("DSA PRIVATE KEY", dsaKey(t)), keys.ReasonFormat, "is a PEM block of another kind than PRIVATE KEY, RSA PRIVATE KEY, EC PRIVATE KEY and ENCRYPTED PRIVATE KEY"},
		"legacy OpenSSL encryption":            {legacyEncrypted(t, rsaKey), keys.ReasonFormat, "is encrypted in OpenSSL's old format (Proc-Type: 4,ENCRYPTED)"},
		"PEM headers":                          {strings.Replace(rsaPEM, "-----\n", "-----\nComment: x\n\n", 1), keys.ReasonPEM, "has header lines in its PEM block"},
		"text after END":                       {rsaPEM + "trailing\n", keys.ReasonTrailingData, "has text or blank lines after the END line"},
		"blank line after END":                 {rsaPEM + "\n", keys.ReasonTrailingData, "has text or blank lines after the END line"},
		"bytes after DER":                      {string(rsaDER) + "\n", keys.ReasonTrailingData, "has data after the end of the key"},
		"indented PEM":                         {"  " + strings.ReplaceAll(rsaPEM, "\n", "\n  "), keys.ReasonPEM, "does not start its BEGIN line at the left margin"},
		"byte order mark":                      {"\ufeff" + rsaPEM, keys.ReasonPEM, "does not start its BEGIN line at the left margin"},
		"line breaks as \\n":                   {strings.ReplaceAll(rsaPEM, "\n", `\n`), keys.ReasonPEM, "has no END line of its own that matches its BEGIN line"},
		"PEM on one line":                      {strings.ReplaceAll(rsaPEM, "\n", " "), keys.ReasonPEM, "has no END line of its own that matches its BEGIN line"},
		"one long base64 line":                 {lines[0] + "\n" + strings.Join(lines[1:len(lines)-2], "") + "\n" + lines[len(lines)-2] + "\n", keys.ReasonPEM, "has lines of another length than 64 characters in its PEM block"},
		"cut off":                              {rsaPEM[:len(rsaPEM)/2], keys.ReasonPEM, "has no END line of its own that matches its BEGIN line"},
		"another END label":                    {strings.Replace(rsaPEM, "END PRIVATE", "END RSA PRIVATE", 1), keys.ReasonPEM, "has no END line of its own that matches its BEGIN line"},
		"not base64":                           {strings.Replace(rsaPEM, lines[1], strings.Repeat("*", 64), 1), keys.ReasonPEM, "holds something that is not base64 in its PEM block"},
		"Latin-1 before the block":             {"\xe9\n" + rsaPEM, keys.ReasonPEM, "is not UTF-8 text"},
		"PKCS#8 under the RSA label":           {toPEM("RSA PRIVATE KEY", rsaDER), keys.ReasonMalformed, "does not decode as the private key that it claims to be"},
		"SEC1 without its curve":               {toPEM("EC PRIVATE KEY", sec1WithoutCurve(t, p256)), keys.ReasonCurve, "does not name its curve"},
		"RSA-8192":                             {string(hugeRSA(t, 8192)), keys.ReasonTooLarge, "is an RSA key of 8192 bits, MAS takes at most 4096"},
		"RSA with a foreign exponent":          {toPEM("RSA PRIVATE KEY", brokenRSA(t, rsaKey)), keys.ReasonMalformed, "does not decode as the private key that it claims to be"},
		"RSA of three primes":                  {string(threePrimes(t)), keys.ReasonType, "is an RSA key of more than two primes"},
		"EC with a foreign public key":         {toPEM("EC PRIVATE KEY", foreignPoint(t, p256)), keys.ReasonMalformed, "does not decode as the private key that it claims to be"},
		"wrapped EC with a foreign public key": {toPEM("PRIVATE KEY", wrapEC(t, foreignPoint(t, p256))), keys.ReasonMalformed, "does not decode as the private key that it claims to be"},
		"wrapped EC with explicit parameters":  {toPEM("PRIVATE KEY", wrapWith(t, asn1.RawValue{FullBytes: []byte{0x30, 0}}, toSEC1(t, p256))), keys.ReasonCurve, "does not name its curve"},
		"a huge file":                          {strings.Repeat("A", 64<<10+1), keys.ReasonTooLarge, "is longer than 64 KiB, which no key is"},
	}
}

func TestParseRefusesWhatMASRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range unreadableKeys(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			key, err := keys.Parse(maskit.NewSecret(c.text), maskit.Secret{})
			requireReason(t, c.reason, err)
			require.True(t, key.IsZero())
			var refused *keys.RefusedError
			require.ErrorAs(t, err, &refused)
			require.Equal(t, c.message, refused.Message)
			require.NotEmpty(t, refused.Hint)
			requireNoQuote(t, c.text, err.Error())
		})
	}
}

// requireNoQuote fails if message holds any eight bytes of the input in a row that
// its own words do not explain.
func requireNoQuote(t testing.TB, input, message string) {
	t.Helper()
	words := pemWords + " LOADED_FROM_SECRET"
	for i := 0; i+8 <= len(input); i++ {
		if part := input[i : i+8]; strings.Contains(message, part) && !strings.Contains(words, part) {
			t.Fatalf("the error quotes its input: %q", part)
		}
	}
}

const pemWords = " -----BEGIN RSA PRIVATE KEY----- OPENSSH PRIVATE KEY EC PARAMETERS EC PRIVATE KEY DSA PRIVATE KEY Proc-Type: 4,ENCRYPTED ENCRYPTED PRIVATE KEY -----END"

func TestParseRefusesEncryptionThatMASCannotUndo(t *testing.T) {
	t.Parallel()
	password := maskit.NewSecret("correct horse")
	sha256 := pkcs8.PBKDF2Opts{SaltSize: 8, IterationCount: 10, HMACHash: crypto.SHA256}
	cases := map[string]struct {
		opts   *pkcs8.Opts
		reason keys.Reason
	}{
		"3DES":               {&pkcs8.Opts{Cipher: pkcs8.TripleDESCBC, KDFOpts: sha256}, keys.ReasonCipher},
		"AES-GCM":            {&pkcs8.Opts{Cipher: pkcs8.AES256GCM, KDFOpts: sha256}, keys.ReasonCipher},
		"PBKDF2 with SHA-1":  {&pkcs8.Opts{Cipher: pkcs8.AES256CBC, KDFOpts: pkcs8.PBKDF2Opts{SaltSize: 8, IterationCount: 10, HMACHash: crypto.SHA1}}, keys.ReasonCipher},
		"2,000,001 rounds":   {&pkcs8.Opts{Cipher: pkcs8.AES256CBC, KDFOpts: costly{rounds: 2_000_001}}, keys.ReasonTooCostly},
		"scrypt of 1 GiB":    {&pkcs8.Opts{Cipher: pkcs8.AES256CBC, KDFOpts: costly{n: 1 << 20, r: 8, p: 1}}, keys.ReasonTooCostly},
		"scrypt overflowing": {&pkcs8.Opts{Cipher: pkcs8.AES256CBC, KDFOpts: costly{n: 1 << 62, r: 1 << 62, p: 1 << 62}}, keys.ReasonTooCostly},
		"no rounds":          {&pkcs8.Opts{Cipher: pkcs8.AES256CBC, KDFOpts: costly{rounds: -1}}, keys.ReasonMalformed},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			der, err := pkcs8.MarshalPrivateKey(rfcP256(t), []byte(password.Reveal()), c.opts)
			require.NoError(t, err)
			_, err = keys.Parse(maskit.NewSecret(string(der)), password)
			requireReason(t, c.reason, err)
		})
	}
}

// costly claims parameters without spending the work.
type costly struct{ rounds, n, r, p int }

func (c costly) DeriveKey(_, salt []byte, size int) ([]byte, pkcs8.KDFParameters, error) {
	if c.rounds != 0 {
		return make([]byte, size), pbkdf2Claim{Salt: salt, Rounds: c.rounds, PRF: algorithm{asn1.ObjectIdentifier{1, 2, 840, 113549, 2, 9}}}, nil
	}
	return make([]byte, size), scryptClaim{Salt: salt, N: c.n, R: c.r, P: c.p}, nil
}

func (c costly) GetSaltSize() int { return 8 }

func (c costly) OID() asn1.ObjectIdentifier {
	if c.rounds != 0 {
		return asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 12}
	}
	return asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 11591, 4, 11}
}

type pbkdf2Claim struct {
	Salt   []byte
	Rounds int
	PRF    algorithm
}

type algorithm struct{ Algorithm asn1.ObjectIdentifier }

func (pbkdf2Claim) DeriveKey([]byte, int) ([]byte, error) { return nil, nil }

type scryptClaim struct {
	Salt    []byte
	N, R, P int
}

func (scryptClaim) DeriveKey([]byte, int) ([]byte, error) { return nil, nil }

func TestParseRefusesAPasswordForAPlainKey(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"PEM": toPEM("PRIVATE KEY", toPKCS8(t, rfcRSA(t))),
		"DER": string(toPKCS8(t, rfcRSA(t))),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, password := range []string{"correct horse", ""} {
				_, err := keys.Parse(maskit.NewSecret(text), maskit.NewSecret(password))
				requireReason(t, keys.ReasonPasswordSuperfluous, err)
			}
		})
	}
}

func TestRefusedErrorIsAProblem(t *testing.T) {
	t.Parallel()
	_, err := keys.Parse(maskit.NewSecret("file:///key.pem"), maskit.Secret{})
	var refused *keys.RefusedError
	require.ErrorAs(t, err, &refused)
	require.Equal(t, maskit.Problem{
		Path:    "secrets.keys[0].key",
		Code:    "key-not-a-key",
		Message: "is a URL, which MAS does not follow",
		Hint:    "name the path in key_file",
	}, refused.Problem("secrets.keys[0].key"))
	require.EqualError(t, err, "keys: check signing key: is a URL, which MAS does not follow (fix: name the path in key_file)")
}

func selfSigned(t testing.TB, key *rsa.PrivateKey) []byte {
	t.Helper()
	template := &x509.Certificate{SerialNumber: big.NewInt(1)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	return der
}

func dsaKey(t testing.TB) []byte {
	t.Helper()
	der, err := asn1.Marshal(struct {
		Version int
		Key     dsa.PrivateKey
	}{Key: dsa.PrivateKey{PublicKey: dsa.PublicKey{Parameters: dsa.Parameters{P: big.NewInt(23), Q: big.NewInt(11), G: big.NewInt(4)}, Y: big.NewInt(2)}, X: big.NewInt(3)}})
	require.NoError(t, err)
	return der
}

func legacyEncrypted(t testing.TB, key *rsa.PrivateKey) string {
	t.Helper()
	block, err := x509.EncryptPEMBlock(rand.Reader, "RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key), []byte("x"), x509.PEMCipherAES256) //nolint:staticcheck // to prove that it is refused
	require.NoError(t, err)
	return string(pem.EncodeToMemory(block))
}

// pkcs1Numbers is RSAPrivateKey of RFC 8017 without the rules of crypto/rsa.
type pkcs1Numbers struct {
	Version                   int
	N, E, D, P, Q, DP, DQ, QI *big.Int
}

func marshalNumbers(t testing.TB, numbers pkcs1Numbers) []byte {
	t.Helper()
	der, err := asn1.Marshal(numbers)
	require.NoError(t, err)
	return der
}

func hugeRSA(t testing.TB, bits int) []byte {
	t.Helper()
	n, one := new(big.Int).Lsh(big.NewInt(1), uint(bits)-1), big.NewInt(1)
	return marshalNumbers(t, pkcs1Numbers{N: n, E: one, D: one, P: one, Q: one, DP: one, DQ: one, QI: one})
}

func brokenRSA(t testing.TB, key *rsa.PrivateKey) []byte {
	t.Helper()
	return marshalNumbers(t, pkcs1Numbers{
		N: key.N, E: big.NewInt(3), D: key.D, P: key.Primes[0], Q: key.Primes[1],
		DP: key.Precomputed.Dp, DQ: key.Precomputed.Dq, QI: key.Precomputed.Qinv,
	})
}

func threePrimes(t testing.TB) []byte {
	t.Helper()
	n := big.NewInt(105)
	return marshalNumbers(t, pkcs1Numbers{Version: 1, N: n, E: n, D: n, P: n, Q: n, DP: n, DQ: n, QI: n})
}

type sec1Numbers struct {
	Version    int
	PrivateKey []byte
	Curve      asn1.ObjectIdentifier `asn1:"optional,explicit,tag:0"`
	PublicKey  asn1.BitString        `asn1:"optional,explicit,tag:1"`
}

func sec1WithoutCurve(t testing.TB, key *ecdsa.PrivateKey) []byte {
	t.Helper()
	raw, err := key.Bytes()
	require.NoError(t, err)
	der, err := asn1.Marshal(sec1Numbers{Version: 1, PrivateKey: raw})
	require.NoError(t, err)
	return der
}

func foreignPoint(t testing.TB, key *ecdsa.PrivateKey) []byte {
	t.Helper()
	raw, err := key.Bytes()
	require.NoError(t, err)
	other, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	point, err := other.PublicKey.Bytes()
	require.NoError(t, err)
	der, err := asn1.Marshal(sec1Numbers{Version: 1, PrivateKey: raw, Curve: asn1.ObjectIdentifier{1, 2, 840, 10045, 3, 1, 7}, PublicKey: asn1.BitString{Bytes: point, BitLength: 8 * len(point)}})
	require.NoError(t, err)
	return der
}

func wrapEC(t testing.TB, sec1 []byte) []byte {
	t.Helper()
	curve, err := asn1.Marshal(asn1.ObjectIdentifier{1, 2, 840, 10045, 3, 1, 7})
	require.NoError(t, err)
	return wrapWith(t, asn1.RawValue{FullBytes: curve}, sec1)
}

func wrapWith(t testing.TB, params asn1.RawValue, sec1 []byte) []byte {
	t.Helper()
	der, err := asn1.Marshal(struct {
		Version   int
		Algorithm pkix.AlgorithmIdentifier
		Key       []byte
	}{Algorithm: pkix.AlgorithmIdentifier{Algorithm: asn1.ObjectIdentifier{1, 2, 840, 10045, 2, 1}, Parameters: params}, Key: sec1})
	require.NoError(t, err)
	return der
}
