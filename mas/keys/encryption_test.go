package keys_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas/keys"
)

const encryptionKey = "00000e12222233334444555566667777888899990000aaaabbbbccccddddeeee"

func TestCheckEncryptionKey(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		text    string
		reason  keys.Reason
		message string
	}{
		"lower case":       {encryptionKey, "", ""},
		"upper case":       {strings.ToUpper(encryptionKey), "", ""},
		"missing":          {"", keys.ReasonEncryptionMissing, "is missing"},
		"final newline":    {encryptionKey + "\n", keys.ReasonEncryptionSpace, "ends with a newline"},
		"final CRLF":       {encryptionKey + "\r\n", keys.ReasonEncryptionSpace, "ends with a newline"},
		"inner space":      {encryptionKey[:32] + " " + encryptionKey[32:], keys.ReasonEncryptionSpace, "contains white space"},
		"inner newline":    {encryptionKey[:32] + "\n" + encryptionKey[32:] + "\n", keys.ReasonEncryptionSpace, "contains white space"},
		"too short":        {encryptionKey[:62], keys.ReasonEncryptionLength, "has 62 hex digits"},
		"odd length":       {encryptionKey[:63], keys.ReasonEncryptionLength, "has 63 hex digits"},
		"too long":         {encryptionKey + "00", keys.ReasonEncryptionLength, "has 66 hex digits"},
		"base64":           {"q83vASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNFZ4k=", keys.ReasonEncryptionBase64, "is base64, not hex"},
		"a slip in hex":    {"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdeg", keys.ReasonEncryptionNotHex, "is not made of hex digits"},
		"base64url":        {"_-3vASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNFZ4k", keys.ReasonEncryptionBase64, "is base64, not hex"},
		"a placeholder":    {"LOADED_FROM_SECRET", keys.ReasonEncryptionNotHex, "is not made of hex digits"},
		"a URL":            {"file:///run/secrets/mas-key", keys.ReasonEncryptionNotHex, "is not made of hex digits"},
		"one wrong letter": {"!" + encryptionKey[1:], keys.ReasonEncryptionNotHex, "is not made of hex digits"},
		"0x in front":      {"0x" + encryptionKey + "!", keys.ReasonEncryptionNotHex, "is not made of hex digits"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := keys.CheckEncryptionKey(maskit.NewSecret(c.text))
			if c.reason == "" {
				require.NoError(t, err)
				return
			}
			requireReason(t, c.reason, err)
			var refused *keys.RefusedError
			require.ErrorAs(t, err, &refused)
			require.Equal(t, c.message, refused.Message)
			require.NotEmpty(t, refused.Hint)
			requireNoQuote(t, c.text, err.Error())
		})
	}
}

func TestCheckEncryptionKeyRefusesTheZeroSecret(t *testing.T) {
	t.Parallel()
	requireReason(t, keys.ReasonEncryptionMissing, keys.CheckEncryptionKey(maskit.Secret{}))
}

func TestEncryptionKeyNeverChanges(t *testing.T) {
	t.Parallel()
	inUse, other := maskit.NewSecret(encryptionKey), maskit.NewSecret(strings.Repeat("0", 64))
	require.NoError(t, keys.CheckEncryptionChange(maskit.Secret{}, other), "nothing is in use yet")
	require.NoError(t, keys.CheckEncryptionChange(inUse, inUse))
	require.NoError(t, keys.CheckEncryptionChange(inUse, maskit.NewSecret(strings.ToUpper(encryptionKey))), "the same bytes")
	requireReason(t, keys.ReasonEncryptionChanged, keys.CheckEncryptionChange(inUse, other))
	requireReason(t, keys.ReasonEncryptionMissing, keys.CheckEncryptionChange(inUse, maskit.Secret{}))
	requireReason(t, keys.ReasonEncryptionSpace, keys.CheckEncryptionChange(inUse, maskit.NewSecret(encryptionKey+"\n")))
}
