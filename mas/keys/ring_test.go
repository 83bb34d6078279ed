package keys_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/mas/keys"
)

func TestRingSignerIsTheLastKeyOfTheAlgorithm(t *testing.T) {
	t.Parallel()
	first, second := keys.Entry{Key: mustGenerate(t, keys.RSA)}, keys.Entry{Key: mustGenerate(t, keys.RSA)}
	ec := keys.Entry{KID: "ec", Key: mustGenerate(t, keys.P256)}
	ring, err := keys.NewRing(first, ec, second)
	require.NoError(t, err)
	for algorithm, want := range map[string]string{"RS256": second.ID(), "PS512": second.ID(), "ES256": "ec"} {
		signer, ok := ring.Signer(algorithm)
		require.True(t, ok)
		require.Equal(t, want, signer.ID(), algorithm)
	}
	for _, algorithm := range []string{"ES384", "ES256K", "EdDSA", "rs256", ""} {
		_, ok := ring.Signer(algorithm)
		require.False(t, ok, algorithm)
	}
	require.Equal(t, []string{first.Key.Kid(), "ec", second.Key.Kid()}, ring.IDs())
}

func TestNewRingRefuses(t *testing.T) {
	t.Parallel()
	rsaKey, ec := mustGenerate(t, keys.RSA), mustGenerate(t, keys.P256)
	other := mustGenerate(t, keys.P384)
	cases := map[string]struct {
		entries []keys.Entry
		message string
	}{
		"nothing":           {nil, "keys: check key ring: has no RSA key, so every login fails at the token endpoint (fix: add an RSA key of 2048 bits)"},
		"EC alone":          {[]keys.Entry{{Key: ec}}, "keys: check key ring: has no RSA key, so every login fails at the token endpoint (fix: add an RSA key of 2048 bits)"},
		"a key twice":       {[]keys.Entry{{Key: rsaKey}, {KID: "x", Key: rsaKey}}, "keys: check key ring: entries 0 and 1 are the same key (fix: remove one of them)"},
		"a kid twice":       {[]keys.Entry{{KID: "x", Key: rsaKey}, {KID: "x", Key: ec}}, "keys: check key ring: entries 0 and 1 have the same kid (fix: remove the kid of one of them)"},
		"another's print":   {[]keys.Entry{{Key: rsaKey}, {KID: rsaKey.Kid(), Key: ec}}, "keys: check key ring: entries 0 and 1 have the same kid (fix: remove the kid of one of them)"},
		"an empty entry":    {[]keys.Entry{{Key: rsaKey}, {KID: "x"}}, "keys: check key ring: entry 1 holds no key"},
		"several at a time": {[]keys.Entry{{}, {KID: "x", Key: ec}, {KID: "x", Key: other}}, "keys: check key ring: entry 0 holds no key\nkeys: check key ring: entries 1 and 2 have the same kid (fix: remove the kid of one of them)\nkeys: check key ring: has no RSA key, so every login fails at the token endpoint (fix: add an RSA key of 2048 bits)"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := keys.NewRing(c.entries...)
			require.EqualError(t, err, c.message)
		})
	}
}

func TestRingIsAValue(t *testing.T) {
	t.Parallel()
	entries := []keys.Entry{{KID: "a", Key: mustGenerate(t, keys.RSA)}, {KID: "b", Key: mustGenerate(t, keys.P256)}}
	ring, err := keys.NewRing(entries...)
	require.NoError(t, err)
	entries[0] = keys.Entry{}
	ring.Entries()[1] = keys.Entry{}
	require.Equal(t, []string{"a", "b"}, ring.IDs())
}
