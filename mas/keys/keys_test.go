package keys_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas/keys"
)

func TestKidIsTheThumbprintOfRFC7638(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ pem, kid string }{
		"RSA of RFC 7638, section 3.1":       {toPEM("PRIVATE KEY", toPKCS8(t, rfcRSA(t))), rfcRSAKid},
		"P-256 of RFC 7517, appendix A":      {toPEM("PRIVATE KEY", toPKCS8(t, rfcP256(t))), rfcP256Kid},
		"secp256k1 whose point is generator": {generatorKey, generatorKid},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.kid, mustParse(t, c.pem).Kid())
		})
	}
}

// generatorKey has the private number 1, so its public key is the generator of
// SEC 2, section 2.4.1. The kid is the SHA-256 of the JWK of RFC 8812 written out.
const (
	generatorKey = `-----BEGIN EC PRIVATE KEY-----
MC4CAQEEIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABoAcGBSuBBAAK
-----END EC PRIVATE KEY-----
`
	generatorKid = "2JF8vg9etJzjFwZwmkvhBLLZ0bfMVVOPivYR5lFtcec"
	generatorX   = "eb5mfvncu6xVoGKVzocLBwKb_NstzijZWfKBWxb4F5g"
	generatorY   = "SDradyajxGVdpPv8DhEIqP0XtEimhVQZnEfQj_sQ1Lg"
)

func TestAlgorithmsAreThoseOfMAS(t *testing.T) {
	t.Parallel()
	require.Equal(t, []string{"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"}, keys.RSA.Algorithms())
	require.Equal(t, []string{"ES256"}, keys.P256.Algorithms())
	require.Equal(t, []string{"ES384"}, keys.P384.Algorithms())
	require.Equal(t, []string{"ES256K"}, keys.Secp256k1.Algorithms())
	require.Empty(t, keys.Kind("P-521").Algorithms())
}

func TestPEMIsOneBlockThatParsesToTheSameKey(t *testing.T) {
	t.Parallel()
	for _, kind := range []keys.Kind{keys.RSA, keys.P256, keys.P384, keys.Secp256k1} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			key := mustGenerate(t, kind)
			text := key.PEM().Reveal()
			require.True(t, strings.HasPrefix(text, "-----BEGIN PRIVATE KEY-----\n"))
			require.True(t, strings.HasSuffix(text, "\n-----END PRIVATE KEY-----"))
			again, err := keys.Parse(key.PEM(), maskit.Secret{})
			require.NoError(t, err)
			require.True(t, again.Equal(key))
			require.True(t, again.PEM().Equal(key.PEM()))
		})
	}
}

func TestEqualComparesKeysNotEncodings(t *testing.T) {
	t.Parallel()
	sec1 := mustParse(t, toPEM("EC PRIVATE KEY", toSEC1(t, rfcP256(t))))
	pkcs8 := mustParse(t, toPEM("PRIVATE KEY", toPKCS8(t, rfcP256(t))))
	require.True(t, sec1.Equal(pkcs8))
	require.False(t, sec1.Equal(mustGenerate(t, keys.P256)))
	require.False(t, sec1.Equal(keys.SigningKey{}))
	require.True(t, keys.SigningKey{}.Equal(keys.SigningKey{}))
}

func TestZeroSigningKeyIsNoKey(t *testing.T) {
	t.Parallel()
	var none keys.SigningKey
	require.True(t, none.IsZero())
	require.Equal(t, "no key", none.String())
	require.Empty(t, none.Kid())
	require.Empty(t, none.Algorithms())
	require.Zero(t, none.Bits())
	require.True(t, none.PEM().IsZero())
}

func TestSigningKeyShowsNothingPrivate(t *testing.T) {
	t.Parallel()
	key := mustParse(t, toPEM("PRIVATE KEY", toPKCS8(t, rfcRSA(t))))
	shown := "RSA-2048 " + rfcRSAKid

	type nested struct {
		Exported   keys.SigningKey
		unexported keys.SigningKey
		pointer    *keys.SigningKey
		list       []keys.Entry
		ring       keys.Ring
	}
	ring, err := keys.NewRing(keys.Entry{Key: key})
	require.NoError(t, err)
	value := nested{key, key, &key, []keys.Entry{{Key: key}}, ring}

	var all strings.Builder
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T", "%p", "%t", "%o"} {
		fmt.Fprintf(&all, verb+"\n", key)
		fmt.Fprintf(&all, verb+"\n", &key)
		fmt.Fprintf(&all, verb+"\n", value)
		fmt.Fprintf(&all, verb+"\n", &value)
	}
	require.Equal(t, shown, fmt.Sprintf("%#v", key))

	asJSON, err := json.Marshal(map[string]any{"key": key, "value": value, "ring": ring})
	require.NoError(t, err)
	require.Contains(t, string(asJSON), shown)
	asYAML, err := yaml.Marshal(map[string]any{"key": key})
	require.NoError(t, err)
	require.Contains(t, string(asYAML), shown)
	all.Write(asJSON)
	all.Write(asYAML)

	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("key", "key", key, "value", value)
	slog.New(slog.NewJSONHandler(&log, nil)).Info("key", "key", key, "value", value)
	require.Contains(t, log.String(), shown)
	all.Write(log.Bytes())
	all.WriteString(fmt.Errorf("wrap: %w %v", errors.New("x"), key).Error())

	requireNoPrivatePart(t, all.String())
}

// requireNoPrivatePart fails if text shows d, p or q of rfcRSA in decimal, hex,
// base64url, or as it stands in its PEM.
func requireNoPrivatePart(t testing.TB, text string) {
	t.Helper()
	key := rfcRSA(t)
	for _, private := range []fmt.Stringer{key.D, key.Primes[0], key.Primes[1]} {
		require.NotContains(t, text, private.String())
		require.NotContains(t, strings.ToLower(text), fmt.Sprintf("%x", private))
	}
	require.NotContains(t, text, "X4cTteJY")
	for _, line := range strings.Split(toPEM("PRIVATE KEY", toPKCS8(t, key)), "\n")[1:] {
		if !strings.HasPrefix(line, "-----") && line != "" {
			require.NotContains(t, text, line)
		}
	}
}
