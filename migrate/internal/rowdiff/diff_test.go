package rowdiff

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// token is a row of compat_access_tokens, as its values.
func token(device, text string) string {
	var r row
	r.begin([]byte("alice")).part(accessTokens, nil).bytes([]byte(device)).bytes([]byte(text)).null().null().state(idRight)
	return string(r.values(0))
}

func TestDifferencesAreSmall(t *testing.T) {
	t.Parallel()
	rows := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) string {
		return token(rapid.SampledFrom([]string{"A", "B", "C"}).Draw(t, "device"), rapid.SampledFrom([]string{"1", "2", "3", "4"}).Draw(t, "token"))
	}), 0, 8)
	rapid.Check(t, func(t *rapid.T) {
		want, have := rows.Draw(t, "want"), rows.Draw(t, "have")
		var missing, extra, changed int
		for _, d := range differences(accessTokens, "alice", slices.Clone(want), slices.Clone(have)) {
			switch d.Kind {
			case Missing:
				missing++
			case Extra:
				extra++
			case Changed:
				changed++
				require.NotEmpty(t, d.Fields)
			}
		}
		require.Equal(t, len(want)-len(have), missing-extra)
		slices.Sort(want)
		slices.Sort(have)
		require.Equal(t, slices.Equal(want, have), missing+extra+changed == 0)
	})
}

func TestDifferencesNameTheRightRow(t *testing.T) {
	t.Parallel()
	found := differences(accessTokens, "alice", []string{token("A", "1"), token("A", "2"), token("B", "3")}, []string{token("A", "2"), token("C", "1"), token("B", "4")})
	require.Equal(t, []Difference{
		{Table: "compat_access_tokens", Localpart: "alice", Label: "A", Kind: Changed, Fields: []Field{{Column: "device_id", Synapse: `"A"`, MAS: `"C"`}}},
		{Table: "compat_access_tokens", Localpart: "alice", Label: "B", Kind: Changed, Fields: []Field{{Column: "access_token", Secret: true}}},
	}, found)
}

func TestLabelsAreOneLine(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"DEVICE": "DEVICE", "a b": "a b", "a\nb": `"a\nb"`, "": `""`, `a"b`: `"a\"b"`, "ü": "ü"} {
		require.Equal(t, want, field{"device_id", formText}.label(&text))
	}
	require.Equal(t, "(no device)", field{"device_id", formText}.label(nil))
	require.Equal(t, "[redacted]", field{"access_token", formSecret}.show(new(string)))
}
