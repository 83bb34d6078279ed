package yamledit

import (
	"testing"

	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"
)

func TestResolveReadsScalarsByYAML11(t *testing.T) {
	t.Parallel()
	for _, tc := range resolveCases() {
		t.Run(tc.text, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tc.want, Resolve(parseScalar(t, tc.text)))
		})
	}
}

type resolveCase struct {
	text string
	want Scalar
}

func resolveCases() []resolveCase {
	var cases []resolveCase
	add := func(kind Kind, value string, texts ...string) {
		for _, text := range texts {
			cases = append(cases, resolveCase{text, Scalar{kind, value}})
		}
	}
	addSame := func(kind Kind, texts ...string) {
		for _, text := range texts {
			add(kind, text, text)
		}
	}
	add(KindNull, "", "~", "null", "Null", "NULL", "!!null x")
	add(KindBool, "true", "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON", `!!bool "YES"`)
	add(KindBool, "false", "false", "no", "off", "OFF")
	add(KindInt, "0", "0", "00", "-0", "+0", "0x0", "0b0", "0_0")
	add(KindInt, "420", "0644", "0_644")
	add(KindInt, "-8", "-010")
	add(KindInt, "90", "1:30", "+1:30")
	add(KindInt, "-3661", "-1:1:1")
	add(KindInt, "5400000", "1_500:0:0")
	add(KindInt, "5", "0b101", "0b1_01", `!!int "5"`)
	add(KindInt, "255", "0xFF", "0xf_f")
	add(KindInt, "1000000", "1_000_000")
	add(KindInt, "123456789012345678901234567890", "123456789012345678901234567890")
	add(KindFloat, "1.5", "1.5", "+1.5", "1_.5", "1.5_0", "0.15e+1", "15.0E-1")
	add(KindFloat, "0.5", ".5")
	add(KindFloat, "0", "0.", "0.0", "00.0")
	add(KindFloat, "-0", "-0.0")
	add(KindFloat, "90.5", "1:30.5", "1:30.5_0")
	add(KindFloat, "90", "1:30.")
	add(KindFloat, "Inf", ".inf", "+.Inf")
	add(KindFloat, "-Inf", "-.INF")
	add(KindFloat, "NaN", ".nan", ".NaN")
	addSame(KindTimestamp, "2001-12-14", "2001-12-14t21:59:43.10-05:00", "2001-1-1 1:59:43", "2001-12-14 21:59:43.1 Z", "2001-12-14T21:59:43+5", "2000-02-29", "2001-12-14 1:59:43.", "2001-12-14T01:00:00+23:59")
	addSame(KindMerge, "<<")
	addSame(KindString,
		"1e3", "1.5e3", "-.5", "+.5", "08", "0o17", "1:60", ":1", "0:30", "1:30e+1", "1:30.5e+1", "._5", "+", ".", "+.nan",
		"tRUE", "y", "n", "oN", "none", "nUll", "1,000", "2001-1-1", "2001-12-14 21:59", "2001-12-14x21:59:43",
		"0x", "0b", "0b2", "0xg", "1__:a", "text", "é", "1.2.3", "10.0.0.1")
	add(KindString, "yes", `"yes"`, `'yes'`, "!!str yes", "|-\n  yes", ">-\n  yes")
	add(KindString, "", `""`, `''`)
	add(KindInvalid, "x", "!!int x", "!custom x")
	add(KindInvalid, "aGk=", "!!binary aGk=")
	addSame(KindInvalid, "=", "2001-02-29", "0000-01-01", "2001-13-01", "2001-12-14T24:00:00", "2001-12-14 1:60:00", "2001-12-14T01:00:00+24", "2001-12-14T01:00:00 -23:60")
	add(KindInvalid, "", "0b_", "0x__")
	return cases
}

func TestResolveOfWhatIsNoScalarIsNone(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"{a: b}", "[a]"} {
		require.Equal(t, Scalar{}, Resolve(parseScalar(t, text)))
	}
	require.Equal(t, Scalar{}, Resolve(nil))
}

func TestTruthyIsPythons(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"on": true, "1": true, "-1": true, "0.1": true, "only_for_reauth": true, `"false"`: true, "2001-12-14": true, ".nan": true,
		"off": false, "0": false, "0.0": false, "-0.0": false, `""`: false, "~": false, "!!int x": false,
	} {
		require.Equal(t, want, Resolve(parseScalar(t, text)).Truthy(), text)
	}
}

// parseScalar gives the first item of a block sequence that holds text.
func parseScalar(t *testing.T, text string) *yaml.Node {
	t.Helper()
	var doc yaml.Node
	require.NoError(t, yaml.Unmarshal([]byte("- "+text+"\n"), &doc))
	return doc.Content[0].Content[0]
}
