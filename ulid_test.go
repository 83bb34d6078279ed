package maskit_test

import (
	"strings"
	"testing"

	"github.com/oklog/ulid/v2"
	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
)

func TestParseULID(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ text, problem string }{
		"valid":              {"01J44RKQYM4G3TNVANTMTDYTX6", ""},
		"smallest":           {strings.Repeat("0", 26), ""},
		"largest":            {"7" + strings.Repeat("Z", 25), ""},
		"empty":              {"", "maskit: parse ULID: has 0 characters, needs 26"},
		"too short":          {"01J44RKQYM4G3TNVANTMTDYTX", "maskit: parse ULID: has 25 characters, needs 26"},
		"too long":           {"01J44RKQYM4G3TNVANTMTDYTX66", "maskit: parse ULID: has 27 characters, needs 26"},
		"lower case":         {"01j44RKQYM4G3TNVANTMTDYTX6", "maskit: parse ULID: lower-case letter at position 3, write it in upper case"},
		"a letter like 1":    {"01J44RKQYM4G3TNVANTMTDYTXI", "maskit: parse ULID: character at position 26 is not one of 0123456789ABCDEFGHJKMNPQRSTVWXYZ"},
		"more than 128 bits": {"81J44RKQYM4G3TNVANTMTDYTX6", "maskit: parse ULID: first character is '8', the largest is '7' (128 bits)"},
		"a letter first":     {"Z1J44RKQYM4G3TNVANTMTDYTX6", "maskit: parse ULID: first character is 'Z', the largest is '7' (128 bits)"},
		"a UUID":             {"0190c98d-bf54-8203-ad6e-b5a6a6df", "maskit: parse ULID: has 32 characters, needs 26"},
		"a newline":          {"01J44RKQYM4G3TNVANTMTDYTX\n", "maskit: parse ULID: character at position 26 is not one of 0123456789ABCDEFGHJKMNPQRSTVWXYZ"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			id, err := maskit.ParseULID(c.text)
			if c.problem == "" {
				require.NoError(t, err)
				require.Equal(t, c.text, id.String())
				require.NoError(t, id.Validate())
				return
			}
			require.EqualError(t, err, c.problem)
			require.Empty(t, id)
			require.EqualError(t, maskit.ULID(c.text).Validate(), c.problem)
		})
	}
}

// FuzzParseULID agrees with the ULID library, but for lower case.
func FuzzParseULID(f *testing.F) {
	for _, seed := range []string{"01J44RKQYM4G3TNVANTMTDYTX6", "81J44RKQYM4G3TNVANTMTDYTX6", "01j44rkqym4g3tnvantmtdytx6", "01J44RKQYM4G3TNVANTMTDYTXI", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		_, theirs := ulid.ParseStrict(text)
		_, ours := maskit.ParseULID(text)
		require.Equal(t, theirs == nil && text == strings.ToUpper(text), ours == nil)
	})
}
