package keys_test

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/pbkdf2"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas/keys"
)

// pkcs8Numbers is PrivateKeyInfo of RFC 5208 without any rule.
type pkcs8Numbers struct {
	Version   int
	Algorithm pkix.AlgorithmIdentifier
	Key       []byte
}

func marshal(t testing.TB, v any) []byte {
	t.Helper()
	der, err := asn1.Marshal(v)
	require.NoError(t, err)
	return der
}

func oid(numbers ...int) asn1.ObjectIdentifier { return numbers }

// brokenKeys have the right structure, and one detail of it is not right.
func brokenKeys(t testing.TB) map[string]unreadable {
	t.Helper()
	rsaKey, p256 := rfcRSA(t), rfcP256(t)
	scalar, err := p256.Bytes()
	require.NoError(t, err)
	point, err := p256.PublicKey.Bytes()
	require.NoError(t, err)
	flipped := append([]byte{2 + (point[64]&1 ^ 1)}, point[1:33]...)
	curveP256, curveK256 := oid(1, 2, 840, 10045, 3, 1, 7), oid(1, 3, 132, 0, 10)
	null := asn1.RawValue{Tag: asn1.TagNull}
	rsaAlgorithm := pkix.AlgorithmIdentifier{Algorithm: oid(1, 2, 840, 113549, 1, 1, 1), Parameters: null}
	order, ok := new(big.Int).SetString("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", 16)
	require.True(t, ok)
	padded := pkcs1Numbers{
		N: rsaKey.N, E: big.NewInt(65537), D: new(big.Int).Lsh(big.NewInt(1), 5<<13), P: rsaKey.Primes[0], Q: rsaKey.Primes[1],
		DP: rsaKey.Precomputed.Dp, DQ: rsaKey.Precomputed.Dq, QI: rsaKey.Precomputed.Qinv,
	}
	pem := strings.Split(toPEM("EC PRIVATE KEY", toSEC1(t, p256)), "\n")

	return map[string]unreadable{
		"RSA algorithm without NULL":  {string(marshal(t, pkcs8Numbers{0, pkix.AlgorithmIdentifier{Algorithm: rsaAlgorithm.Algorithm}, x509.MarshalPKCS1PrivateKey(rsaKey)})), keys.ReasonMalformed, ""},
		"PKCS#8 of version 2":         {string(marshal(t, pkcs8Numbers{2, rsaAlgorithm, x509.MarshalPKCS1PrivateKey(rsaKey)})), keys.ReasonMalformed, ""},
		"RSA with an endless number":  {string(marshal(t, padded)), keys.ReasonMalformed, ""},
		"RSA of nothing":              {string(marshal(t, pkcs1Numbers{N: new(big.Int), E: new(big.Int), D: new(big.Int), P: new(big.Int), Q: new(big.Int), DP: new(big.Int), DQ: new(big.Int), QI: new(big.Int)})), keys.ReasonMalformed, ""},
		"RSA below zero":              {string(marshal(t, pkcs1Numbers{N: big.NewInt(-15), E: big.NewInt(3), D: big.NewInt(3), P: big.NewInt(3), Q: big.NewInt(-5), DP: big.NewInt(1), DQ: big.NewInt(1), QI: big.NewInt(1)})), keys.ReasonMalformed, ""},
		"SEC1 of version 0":           {string(marshal(t, sec1Numbers{Version: 0, PrivateKey: scalar, Curve: curveP256})), keys.ReasonMalformed, ""},
		"wrapped SEC1 of version 0":   {string(wrapEC(t, marshal(t, sec1Numbers{Version: 0, PrivateKey: scalar}))), keys.ReasonMalformed, ""},
		"scalar of 23 bytes":          {string(marshal(t, sec1Numbers{Version: 1, PrivateKey: scalar[:23], Curve: curveP256})), keys.ReasonMalformed, ""},
		"scalar of 33 bytes":          {string(marshal(t, sec1Numbers{Version: 1, PrivateKey: append([]byte{0}, scalar...), Curve: curveP256})), keys.ReasonMalformed, ""},
		"scalar zero":                 {string(marshal(t, sec1Numbers{Version: 1, PrivateKey: make([]byte, 32), Curve: curveP256})), keys.ReasonMalformed, ""},
		"secp256k1 scalar zero":       {string(marshal(t, sec1Numbers{Version: 1, PrivateKey: make([]byte, 32), Curve: curveK256})), keys.ReasonMalformed, ""},
		"secp256k1 scalar is order":   {string(marshal(t, sec1Numbers{Version: 1, PrivateKey: order.Bytes(), Curve: curveK256})), keys.ReasonMalformed, ""},
		"secp256k1 of 23 bytes":       {string(marshal(t, sec1Numbers{Version: 1, PrivateKey: scalar[:23], Curve: curveK256})), keys.ReasonMalformed, ""},
		"secp256k1 of foreign point":  {string(marshal(t, sec1Numbers{Version: 1, PrivateKey: scalar, Curve: curveK256, PublicKey: asn1.BitString{Bytes: point, BitLength: 8 * len(point)}})), keys.ReasonMalformed, ""},
		"compressed point, other one": {string(marshal(t, sec1Numbers{Version: 1, PrivateKey: scalar, Curve: curveP256, PublicKey: asn1.BitString{Bytes: flipped, BitLength: 8 * len(flipped)}})), keys.ReasonMalformed, ""},
		"stray bits in base64":        {strings.Join([]string{pem[0], pem[1], pem[2], strings.TrimRight(pem[3], "=")[:len(strings.TrimRight(pem[3], "="))-1] + "x==", pem[4], ""}, "\n"), keys.ReasonPEM, ""},
		"NUL before the block":        {"\x00\n" + strings.Join(pem, "\n"), keys.ReasonPEM, ""},
		"empty block":                 {"-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n", keys.ReasonPEM, ""},
	}
}

func TestParseRefusesBrokenDetails(t *testing.T) {
	t.Parallel()
	for name, c := range brokenKeys(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := keys.Parse(maskit.NewSecret(c.text), maskit.Secret{})
			requireReason(t, c.reason, err)
		})
	}
}

func TestParsePadsAShortScalar(t *testing.T) {
	t.Parallel()
	der := marshal(t, sec1Numbers{Version: 1, PrivateKey: []byte(strings.Repeat("x", 24)), Curve: oid(1, 2, 840, 10045, 3, 1, 7)})
	require.Equal(t, keys.P256, mustParse(t, string(der)).Kind())
}

// envelope is what TestParseRefusesBrokenEncryption breaks one detail of.
type envelope struct {
	plain     []byte
	keyLength int
	ivSize    int
	cut       int
	pad       byte
	scheme    asn1.ObjectIdentifier
	kdf       asn1.ObjectIdentifier
	rest      []byte
}

// seal encrypts by PBES2 with one round of PBKDF2-HMAC-SHA-256 and AES-128-CBC.
func (e envelope) seal(t testing.TB) string {
	t.Helper()
	key, err := pbkdf2.Key(sha256.New, "x", []byte("salt"), 1, 16)
	require.NoError(t, err)
	block, err := aes.NewCipher(key)
	require.NoError(t, err)
	pad := 16 - len(e.plain)%16
	data := append(append([]byte{}, e.plain...), []byte(strings.Repeat(string([]byte{byte(pad)}), pad))...)
	if e.pad != 0 {
		data[len(data)-1] = e.pad
	}
	cipher.NewCBCEncrypter(block, make([]byte, 16)).CryptBlocks(data, data)
	kdf := marshal(t, struct {
		Salt      []byte
		Rounds    int
		KeyLength int `asn1:"optional"`
		PRF       pkix.AlgorithmIdentifier
	}{[]byte("salt"), 1, e.keyLength, pkix.AlgorithmIdentifier{Algorithm: oid(1, 2, 840, 113549, 2, 9), Parameters: asn1.RawValue{Tag: asn1.TagNull}}})
	params := marshal(t, []pkix.AlgorithmIdentifier{
		{Algorithm: e.kdf, Parameters: asn1.RawValue{FullBytes: kdf}},
		{Algorithm: oid(2, 16, 840, 1, 101, 3, 4, 1, 2), Parameters: asn1.RawValue{FullBytes: marshal(t, make([]byte, e.ivSize))}},
	})
	sealed := marshal(t, struct {
		Algorithm pkix.AlgorithmIdentifier
		Data      []byte
	}{pkix.AlgorithmIdentifier{Algorithm: e.scheme, Parameters: asn1.RawValue{FullBytes: params}}, data[:len(data)-e.cut]})
	return string(append(sealed, e.rest...))
}

func soundEnvelope(t testing.TB) envelope {
	t.Helper()
	return envelope{
		plain: toPKCS8(t, rfcP256(t)), ivSize: 16,
		scheme: oid(1, 2, 840, 113549, 1, 5, 13), kdf: oid(1, 2, 840, 113549, 1, 5, 12),
	}
}

func TestParseRefusesBrokenEncryption(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		damage func(*envelope)
		reason keys.Reason
	}{
		"sound":                     {func(*envelope) {}, ""},
		"sound, with key length":    {func(e *envelope) { e.keyLength = 16 }, ""},
		"sound, SEC1 inside":        {func(e *envelope) { e.plain = toSEC1(t, rfcP256(t)) }, ""},
		"another key length":        {func(e *envelope) { e.keyLength = 32 }, keys.ReasonMalformed},
		"short IV":                  {func(e *envelope) { e.ivSize = 8 }, keys.ReasonMalformed},
		"long IV":                   {func(e *envelope) { e.ivSize = 17 }, keys.ReasonMalformed},
		"half a block":              {func(e *envelope) { e.cut = 8 }, keys.ReasonMalformed},
		"padding of 17":             {func(e *envelope) { e.pad = 17 }, keys.ReasonPasswordWrong},
		"padding of 255":            {func(e *envelope) { e.pad = 255 }, keys.ReasonPasswordWrong},
		"another scheme":            {func(e *envelope) { e.scheme = oid(1, 2, 840, 113549, 1, 5, 3) }, keys.ReasonCipher},
		"another derivation":        {func(e *envelope) { e.kdf = oid(1, 2, 3) }, keys.ReasonCipher},
		"bytes after it":            {func(e *envelope) { e.rest = []byte{0} }, keys.ReasonTrailingData},
		"nothing inside":            {func(e *envelope) { e.plain = nil }, keys.ReasonPasswordWrong},
		"text inside":               {func(e *envelope) { e.plain = []byte("hello") }, keys.ReasonPasswordWrong},
		"bytes after the key in it": {func(e *envelope) { e.plain = append(e.plain, 0) }, keys.ReasonPasswordWrong},
		"encrypted twice":           {func(e *envelope) { e.plain = []byte(soundEnvelope(t).seal(t)) }, keys.ReasonCipher},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sealed := soundEnvelope(t)
			c.damage(&sealed)
			key, err := keys.Parse(maskit.NewSecret(sealed.seal(t)), maskit.NewSecret("x"))
			if c.reason == "" {
				require.NoError(t, err)
				require.Equal(t, rfcP256Kid, key.Kid())
				return
			}
			requireReason(t, c.reason, err)
		})
	}
}
