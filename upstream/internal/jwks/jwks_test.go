package jwks

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The keys of RFC 7517, appendix A.1, and of RFC 8037, appendix A.2.
const (
	ecKey  = `{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM","use":"sig","kid":"1"}`
	rsaKey = `{"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256","kid":"2"}`
	okpKey = `{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}`
	k1Key  = `{"kty":"EC","crv":"secp256k1","x":"eb5mfvncu6xVoGKVzocLBwKb_NstzijZWfKBWxb4F5g","y":"SDradyajxGVdpPv8DhEIqP0XtEimhVQZnEfQj_sQ1Lg"}`
)

func parseOne(t *testing.T, key string) Key {
	t.Helper()
	keys, defects, err := Parse([]byte(`{"keys":[` + key + `]}`))
	require.NoError(t, err)
	require.Empty(t, defects)
	require.Len(t, keys, 1)
	return keys[0]
}

func TestVerifies(t *testing.T) {
	t.Parallel()
	for key, want := range map[string][]string{
		ecKey: {"ES256"}, rsaKey: {"RS256"}, okpKey: nil, k1Key: {"ES256K"},
		strings.Replace(rsaKey, `"alg":"RS256"`, `"use":"sig"`, 1):                   {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"},
		strings.Replace(rsaKey, `"alg":"RS256"`, `"use":"enc"`, 1):                   nil,
		strings.Replace(rsaKey, `"alg":"RS256"`, `"alg":null,"key_ops":null`, 1):     {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"},
		strings.Replace(ecKey, `"x":"MKBC`, `"x":"AKBC`, 1):                          nil,
		strings.Replace(k1Key, `"x":"eb5m`, `"x":"ab5m`, 1):                          nil,
		strings.Replace(rsaKey, `"e":"AQAB"`, `"e":""`, 1):                           nil,
		strings.Replace(rsaKey, `"e":"AQAB"`, `"e":"AQAA"`, 1):                       nil,
		strings.Replace(rsaKey, `"kid":"2"`, `"z":1,"z":2`, 1):                       {"RS256"},
		strings.Replace(ecKey, `"crv":"P-256"`, `"crv":"P-521"`, 1):                  nil,
		strings.Replace(ecKey, `"kid":"1"`, `"x5u":"https://a/c","x5c":["AA=="]`, 1): {"ES256"},
	} {
		parsed := parseOne(t, key)
		for _, alg := range append(Algs(), "ES512", "EdDSA", "HS256", "none", "rs256") {
			require.Equal(t, slices.Contains(want, alg), parsed.Verifies(alg), "%s with %s", alg, key)
		}
	}
	require.Equal(t, 2048, parseOne(t, rsaKey).Bits)
}

func TestDefects(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]string{
		`1`: "is not a JSON object", `null`: "is not a JSON object", `{}`: "has no kty", `{"kty":1}`: "has no kty",
		`{"kty":"oct","k":"AA"}`:    `has the kty "oct", and MAS reads RSA, EC and OKP alone`,
		`{"kty":"AKP"}`:             `has the kty "AKP", and MAS reads RSA, EC and OKP alone`,
		`{"kty":"rsa"}`:             `has the kty "rsa", and MAS reads RSA, EC and OKP alone`,
		`{"kty":"a\u0000b"}`:        `has the kty "…", and MAS reads RSA, EC and OKP alone`,
		`{"kty":"RSA","n":"AQ"}`:    "lacks e",
		`{"kty":"RSA","kty":"RSA"}`: "has kty twice",
		strings.Replace(rsaKey, `"kid":"2"`, `"kid":"2","n":null`, 1): "has n twice",
		`{"kty":"OKP","x":"AQ"}`:                                       "lacks crv",
		strings.Replace(rsaKey, `"kid":"2"`, `"kid":2`, 1):             "has kid that is no string",
		strings.Replace(rsaKey, `"kid":"2"`, `"x5t":"ab+/"`, 1):        "has x5t that is not base64url without padding",
		strings.Replace(rsaKey, `"kid":"2"`, `"x5t#S256":"AA=="`, 1):   "has x5t#S256 that is not base64url without padding",
		strings.Replace(rsaKey, `"kid":"2"`, `"x5t":"AB"`, 1):          "has x5t that is not base64url without padding",
		strings.Replace(rsaKey, `"kid":"2"`, `"x5t":"AA\nAA"`, 1):      "has x5t that is not base64url without padding",
		strings.Replace(rsaKey, `"kid":"2"`, `"x5c":"AA=="`, 1):        "has x5c that is no list",
		strings.Replace(rsaKey, `"kid":"2"`, `"x5c":["AA"]`, 1):        "has x5c that is not base64",
		strings.Replace(rsaKey, `"kid":"2"`, `"x5c":[1]`, 1):           "has x5c that is no list of strings",
		strings.Replace(rsaKey, `"kid":"2"`, `"key_ops":[1]`, 1):       "has key_ops that is no list of strings",
		strings.Replace(rsaKey, `"kid":"2"`, `"x5u":"cert"`, 1):        "has x5u that is no URL",
		strings.Replace(rsaKey, `"alg":"RS256"`, `"alg":["RS256"]`, 1): "has alg that is no string",
	} {
		keys, defects, err := Parse([]byte(`{"keys":[` + okpKey + `,` + key + `]}`))
		require.NoError(t, err)
		require.Len(t, keys, 1, "the other one is read")
		require.Equal(t, []Defect{{1, want}}, defects)
		require.Equal(t, "keys[1] "+want, defects[0].String())
	}
	for _, data := range []string{``, `[]`, `null`, `{}`, `{"keys":null}`, `{"keys":{}}`, `{"KEYS":[]}`, `{"keys":[]}x`, `{"keys":[],"keys":[]}`, "{\"keys\":[],\"a\":\"\xff\"}"} {
		_, _, err := Parse([]byte(data))
		require.ErrorIs(t, err, ErrNotSet, data)
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{ecKey, rsaKey, okpKey, k1Key, `{"kty":"oct"}`, `{"kty":"EC","crv":"P-384","x":"","y":""}`} {
		f.Add([]byte(`{"keys":[` + seed + `]}`))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		keys, defects, err := Parse(data)
		if err != nil {
			require.ErrorIs(t, err, ErrNotSet)
			return
		}
		for _, key := range keys {
			for _, alg := range Algs() {
				require.False(t, key.Verifies(alg) && key.Broken != "")
			}
		}
		for _, d := range defects {
			require.NotEmpty(t, d.Message)
		}
	})
}
