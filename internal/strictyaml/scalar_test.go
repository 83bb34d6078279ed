package strictyaml_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/strictyaml"
)

// What each scalar is was seen with serde_yaml 0.9.34 behind figment 0.10.19, the
// pair by which MAS 1.22 reads its files.
func TestScalarsResolveAsInMAS(t *testing.T) {
	t.Parallel()
	cases := map[strictyaml.Kind][]string{
		strictyaml.Null: {"", "~", "null", "Null", "NULL", `!!null ~`},
		strictyaml.Bool: {"true", "True", "TRUE", "false", "False", "FALSE"},
		strictyaml.Int: {
			"0", "-0", "+1", "42", "0o17", "0x1F", "-0x1F", "+0x1f", "0b101", "-0b1",
			"18446744073709551615", "18446744073709551616", "-9223372036854775809", `!!int "3"`,
		},
		strictyaml.Float: {
			"1e3", "1E3", "1.", ".5", "+.5", "-.5", "1e+3", "1e-3", "0.", "-0.0", "0e0", "01.5",
			".inf", "-.inf", "+.INF", ".nan", ".NaN", "00000e12", "12e34", "!!float 3",
		},
		strictyaml.String: {
			"yes", "on", "off", "y", "n", "No", "tRUE", "nULL", "0123", "-0123", "+0123", "0b2", "0o8", "0xg", "0x", "0b",
			"1_000", ".", "+", "1.5e400", "-1e999", "inf", "nan", "Infinity", "1:30", "2024-01-01", "0x_1", "--1", "+-1",
			"1e", "e1", "01", "08", "00", "1.2.3", `"3"`, `'true'`, "!!str 12", `"null"`, `""`, "|\n  12", ">\n  true",
		},
	}
	for kind, texts := range cases {
		for _, text := range texts {
			t.Run(kind.String()+" "+text, func(t *testing.T) {
				t.Parallel()
				n, problems := strictyaml.Load("f", []byte("k: "+text+"\n"))
				require.Empty(t, problems)
				require.Equal(t, kind, n.Get("k").Kind)
			})
		}
	}
}

func TestTagsThatDoNotFitAreProblems(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"!!bool yes", `!!null ""x`, "!!null x", "!!int x", "!secret x", "!!binary aGk=", "!!set {a: }", "!!seq {a: 1}", "!!map [a]"} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			_, problems := strictyaml.Load("f", []byte("k: "+text+"\n"))
			require.Len(t, problems, 1)
			require.Contains(t, []string{"yaml-tag", "yaml-syntax"}, problems[0].Code)
		})
	}
}
