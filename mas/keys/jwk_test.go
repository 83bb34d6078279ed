package keys_test

import (
	"encoding/json"
	"testing"

	jose "github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/mas/keys"
)

func TestJWKSIsWhatMASPublishes(t *testing.T) {
	t.Parallel()
	rsaKey := mustParse(t, toPEM("PRIVATE KEY", toPKCS8(t, rfcRSA(t))))
	p256 := mustParse(t, toPEM("PRIVATE KEY", toPKCS8(t, rfcP256(t))))
	koblitz := mustParse(t, generatorKey)
	set, err := keys.JWKS(keys.Entry{Key: koblitz}, keys.Entry{KID: "named", Key: p256}, keys.Entry{Key: rsaKey})
	require.NoError(t, err)

	var got struct{ Keys []map[string]string }
	require.NoError(t, json.Unmarshal(set, &got))
	require.Equal(t, []map[string]string{
		{"kty": "EC", "use": "sig", "kid": generatorKid, "crv": "secp256k1", "x": generatorX, "y": generatorY},
		{"kty": "EC", "use": "sig", "kid": "named", "crv": "P-256", "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"},
		{"kty": "RSA", "use": "sig", "kid": rfcRSAKid, "e": "AQAB", "n": got.Keys[2]["n"]},
	}, got.Keys, "list order, kid, use, no alg, no private part")
	requireNoPrivatePart(t, string(set))
}

func TestJWKSIsReadByGoJose(t *testing.T) {
	t.Parallel()
	rsaKey := mustParse(t, toPEM("PRIVATE KEY", toPKCS8(t, rfcRSA(t))))
	set, err := keys.JWKS(keys.Entry{Key: rsaKey}, keys.Entry{Key: mustGenerate(t, keys.P384)})
	require.NoError(t, err)
	var parsed jose.JSONWebKeySet
	require.NoError(t, json.Unmarshal(set, &parsed))
	require.Len(t, parsed.Key(rfcRSAKid), 1)
	require.Equal(t, &rfcRSA(t).PublicKey, parsed.Key(rfcRSAKid)[0].Key)
}

func TestJWKSOfNothingIsAnEmptyList(t *testing.T) {
	t.Parallel()
	set, err := keys.JWKS()
	require.NoError(t, err)
	require.JSONEq(t, `{"keys":[]}`, string(set))
}

func TestJWKSRefusesAnEntryWithoutKey(t *testing.T) {
	t.Parallel()
	_, err := keys.JWKS(keys.Entry{KID: "x"})
	requireReason(t, keys.ReasonNoKey, err)
}
