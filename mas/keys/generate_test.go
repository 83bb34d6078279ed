package keys_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/cryptotest"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas/keys"
)

func TestGenerateMakesKeysOfTheKind(t *testing.T) {
	t.Parallel()
	for kind, bits := range map[keys.Kind]int{keys.RSA: 2048, keys.P256: 256, keys.P384: 384, keys.Secp256k1: 256} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			key := mustGenerate(t, kind)
			require.Equal(t, kind, key.Kind())
			require.Equal(t, bits, key.Bits())
			require.False(t, key.Equal(mustGenerate(t, kind)))
		})
	}
}

func TestGenerateRefusesOtherKinds(t *testing.T) {
	t.Parallel()
	_, err := keys.Generate("Ed25519")
	require.EqualError(t, err, `keys: generate key: unknown kind "Ed25519": unsupported`)
	require.ErrorIs(t, err, maskit.ErrUnsupported)
}

// Not parallel: the source of randomness is that of the process.
func TestGenerateIsDeterministicWhereTheProcessIs(t *testing.T) {
	for _, kind := range []keys.Kind{keys.RSA, keys.P256, keys.P384} {
		t.Run(string(kind), func(t *testing.T) {
			cryptotest.SetGlobalRandom(t, 1)
			first := mustGenerate(t, kind)
			cryptotest.SetGlobalRandom(t, 1)
			require.Equal(t, first.Kid(), mustGenerate(t, kind).Kid())
			require.NotEqual(t, first.Kid(), mustGenerate(t, kind).Kid())
		})
	}
}

func TestNewEncryptionKeyIs64HexDigitsOfTheSource(t *testing.T) {
	t.Parallel()
	key, err := keys.NewEncryptionKey(bytes.NewReader(bytes.Repeat([]byte{0xab}, 32)))
	require.NoError(t, err)
	require.Equal(t, strings.Repeat("ab", 32), key.Reveal())
	require.NoError(t, keys.CheckEncryptionKey(key))
}

func TestNewSharedSecretHas256BitsAndIsSafeAnywhere(t *testing.T) {
	t.Parallel()
	secret, err := keys.NewSharedSecret(rand.Reader)
	require.NoError(t, err)
	require.Regexp(t, "^[0-9a-f]{64}$", secret.Reveal())
	other, err := keys.NewSharedSecret(rand.Reader)
	require.NoError(t, err)
	require.False(t, secret.Equal(other))
}

func TestNewSecretsFailWithTheirSource(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	_, err := keys.NewEncryptionKey(iotest.ErrReader(broken))
	require.EqualError(t, err, "keys: draw encryption key: broken")
	require.ErrorIs(t, err, broken)
	_, err = keys.NewSharedSecret(strings.NewReader("short"))
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
}
