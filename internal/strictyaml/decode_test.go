package strictyaml_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/strictyaml"
)

type optional[T any] struct {
	V     T
	Valid bool
}

type pair struct {
	Inline maskit.Secret
	File   string
}

type color string

type part struct {
	Name string `yaml:"name"`
	Size uint16 `yaml:"size"`
}

type sample struct {
	Text    string            `yaml:"text"`
	Gone    string            `yaml:"gone" null:"absent"`
	Flag    bool              `yaml:"flag"`
	Count   int8              `yaml:"count"`
	Size    uint64            `yaml:"size"`
	Rate    float64           `yaml:"rate"`
	Maybe   optional[uint32]  `yaml:"maybe"`
	Secret  maskit.Secret     `yaml:"secret"`
	Pair    pair              `yaml:"pair" file:"pair_file"`
	Color   color             `yaml:"color"`
	Colors  []color           `yaml:"colors"`
	Names   []string          `yaml:"names"`
	Parts   []part            `yaml:"parts"`
	Part    *part             `yaml:"part"`
	Plain   part              `yaml:"plain"`
	Labels  map[string]string `yaml:"labels"`
	Free    map[string]any    `yaml:"free"`
	Version maskit.Version    `yaml:"version"`
	Rest    *rest             `yaml:"rest"`
}

type rest struct {
	Known string         `yaml:"known"`
	Other map[string]any `yaml:",inline"`
}

func enums(t reflect.Type) []string {
	if t == reflect.TypeFor[color]() {
		return []string{"red", "green"}
	}
	return nil
}

func decode(t *testing.T, text string) (sample, map[string]maskit.Pos, maskit.Problems) {
	t.Helper()
	n, problems := strictyaml.Load("f", []byte(text))
	require.Empty(t, problems)
	var s sample
	positions, problems := strictyaml.Decode(n, &s, strictyaml.Options{Enum: enums})
	return s, positions, problems
}

const full = `text: "yes"
gone: null
flag: True
count: -0x7f
size: 18446744073709551615
rate: 3
maybe: 0
secret: hunter2
pair_file: /run/pair
color: green
colors: [red]
names: []
parts:
  - name: one
  - {name: two, size: 65535}
part: {}
plain: {size: 1}
labels: {a: "1", true: x}
free: {i: 1, u: 18446744073709551615, f: 1.5, s: yes, b: false, n: ~, l: [1, {x: y}]}
version: "1.22"
rest: {known: k, extra: 1}
`

func TestDecodeEverything(t *testing.T) {
	t.Parallel()
	s, positions, problems := decode(t, full)
	require.Empty(t, problems)
	require.True(t, s.Secret.Equal(maskit.NewSecret("hunter2")))
	s.Secret = maskit.Secret{}
	require.Equal(t, sample{
		Text: "yes", Flag: true, Count: -127, Size: 1<<64 - 1, Rate: 3, Maybe: optional[uint32]{Valid: true},
		Pair: pair{File: "/run/pair"}, Color: "green", Colors: []color{"red"}, Names: []string{},
		Parts: []part{{Name: "one"}, {Name: "two", Size: 65535}}, Part: &part{}, Plain: part{Size: 1},
		Labels: map[string]string{"a": "1", "true": "x"},
		Free: map[string]any{
			"i": int64(1), "u": uint64(1<<64 - 1), "f": 1.5, "s": "yes", "b": false, "n": nil,
			"l": []any{int64(1), map[string]any{"x": "y"}},
		},
		Version: maskit.Version{Major: 1, Minor: 22},
		Rest:    &rest{Known: "k", Other: map[string]any{"extra": int64(1)}},
	}, s)
	require.Equal(t, "f:4:1", positions["count"].String())
	require.Equal(t, "f:9:1", positions["pair_file"].String())
	require.Equal(t, "f:15:5", positions["parts[1]"].String())
	require.Equal(t, "f:15:17", positions["parts[1].size"].String())
}

func TestDecodeProblems(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ text, want string }{
		"unknown key, close":      {"txt: a", `error: f:1:1: txt: is not a known key, and would be ignored in silence [unknown-key] (fix: did you mean "text"?)`},
		"unknown key, far":        {"zzzzzz: a", "error: f:1:1: zzzzzz: is not a known key, and would be ignored in silence [unknown-key] (fix: remove it)"},
		"unknown key of a pair":   {"pair_fil: a", `error: f:1:1: pair_fil: is not a known key, and would be ignored in silence [unknown-key] (fix: did you mean "pair_file"?)`},
		"unknown key below":       {"parts:\n  - nam: a", `error: f:2:5: parts[0].nam: is not a known key, and would be ignored in silence [unknown-key] (fix: did you mean "name"?)`},
		"odd key":                 {`"a b": 1`, `error: f:1:1: "a b": is not a known key, and would be ignored in silence [unknown-key] (fix: remove it)`},
		"number for a string":     {"text: 12", "error: f:1:1: text: must be a string, is an integer [wrong-type] (fix: put it in quotes)"},
		"boolean for a string":    {"text: true", "error: f:1:1: text: must be a string, is a boolean [wrong-type] (fix: put it in quotes)"},
		"digits for a secret":     {"secret: 12345678e1", "error: f:1:1: secret: must be a string, is a number with a fraction [wrong-type] (fix: put it in quotes)"},
		"mapping for a secret":    {"pair: {hunter2: x}", "error: f:1:1: pair: must be a string, is a mapping [wrong-type]"},
		"placeholder as a secret": {"secret: '[redacted]'", `error: f:1:1: secret: maskit: decode secret: the value is the placeholder "[redacted]" [invalid-value]`},
		"yes for a boolean":       {"flag: yes", "error: f:1:1: flag: must be a boolean, is a string [wrong-type] (fix: write true or false, without quotes)"},
		"duration":                {"size: 30s", "error: f:1:1: size: must be an integer, is a string [wrong-type] (fix: write 30: durations are whole numbers of seconds, without a unit)"},
		"duration in hours":       {"size: 1h 30m", "error: f:1:1: size: must be an integer, is a string [wrong-type] (fix: write 5400: durations are whole numbers of seconds, without a unit)"},
		"duration in days":        {"size: 2d", "error: f:1:1: size: must be an integer, is a string [wrong-type] (fix: write 172800: durations are whole numbers of seconds, without a unit)"},
		"duration below a second": {"size: 30ms", "error: f:1:1: size: must be an integer, is a string [wrong-type] (fix: durations are whole numbers of seconds, without a unit)"},
		"quoted number":           {`size: "30"`, "error: f:1:1: size: must be an integer, is a string [wrong-type] (fix: remove the quotes)"},
		"word for a number":       {"size: hunter2", "error: f:1:1: size: must be an integer, is a string [wrong-type]"},
		"fraction":                {"size: 1.5", "error: f:1:1: size: must be an integer, is a number with a fraction [wrong-type]"},
		"negative":                {"size: -1", "error: f:1:1: size: must be between 0 and 18446744073709551615 [out-of-range]"},
		"too large":               {"plain: {size: 65536}", "error: f:1:9: plain.size: must be between 0 and 65535 [out-of-range]"},
		"far too large":           {"size: 18446744073709551616", "error: f:1:1: size: must be between 0 and 18446744073709551615 [out-of-range]"},
		"too negative":            {"count: -129", "error: f:1:1: count: must be an integer of 8 bits [out-of-range]"},
		"infinite":                {"rate: .inf", "error: f:1:1: rate: must be a finite number [out-of-range]"},
		"word for a rate":         {"rate: 3/60", "error: f:1:1: rate: must be a number, is a string [wrong-type]"},
		"unknown value":           {"color: Rad", `error: f:1:1: color: must be one of red, green [unknown-value] (fix: did you mean "red"?)`},
		"unknown value in a list": {"colors: [red, blue]", "error: f:1:15: colors[1]: must be one of red, green [unknown-value]"},
		"scalar for a list":       {"names: a", `error: f:1:1: names: must be a list, is a string [wrong-type] (fix: write it as a list: a line that starts with "- " for each value)`},
		"mapping for a list":      {"parts: {name: a}", `error: f:1:1: parts: must be a list, is a mapping [wrong-type] (fix: start each entry with "- ")`},
		"list for a mapping":      {"part: [a]", "error: f:1:1: part: must be a mapping, is a list [wrong-type]"},
		"null for a scalar":       {"text:", "error: f:1:1: text: has no value [null-value] (fix: remove the key, or give it a value)"},
		"null for an optional":    {"maybe: ~", "error: f:1:1: maybe: has no value [null-value] (fix: remove the key, or give it a value)"},
		"null for a secret":       {"secret:", "error: f:1:1: secret: has no value [null-value] (fix: remove the key, or give it a value)"},
		"null for a section":      {"part:", "error: f:1:1: part: is empty, which is not the same as absent: it cannot be loaded [null-section] (fix: remove the key, or give it something to hold)"},
		"null for a list":         {"parts:", "error: f:1:1: parts: is empty, which is not the same as absent: it cannot be loaded [null-section] (fix: remove the key, or give it something to hold)"},
		"null for a list item":    {"names: [~]", "error: f:1:9: names[0]: has no value [null-value] (fix: remove the key, or give it a value)"},
		"number in a free value":  {"free: {a: {b: .nan}}", "error: f:1:12: free.a.b: must be a finite number [out-of-range]"},
		"number in a string map":  {"labels: {a: 1}", "error: f:1:10: labels.a: must be a string, is an integer [wrong-type] (fix: put it in quotes)"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, _, problems := decode(t, c.text)
			require.Equal(t, c.want, problems.String())
			s.Plain, s.Part, s.Parts, s.Names, s.Colors, s.Labels, s.Free = part{}, nil, nil, nil, nil, nil, nil
			require.Equal(t, sample{}, s, "what could not be read is absent")
		})
	}
}

func TestWhatCannotBeReadStaysAbsent(t *testing.T) {
	t.Parallel()
	s, positions, problems := decode(t, "part: [a]\nmaybe: x\nparts: [{name: 1}, {name: b}]\nlabels: {a: 1, b: c}\ntext: 1\n")
	require.Len(t, problems, 5)
	require.Nil(t, s.Part)
	require.False(t, s.Maybe.Valid)
	require.Equal(t, []part{{}, {Name: "b"}}, s.Parts, "list items keep their places")
	require.Equal(t, map[string]string{"b": "c"}, s.Labels)
	require.Contains(t, positions, "text", "its position is known all the same")
}

func TestProblemsAreCutOff(t *testing.T) {
	t.Parallel()
	_, _, problems := decode(t, "labels: {"+manyKeys(2000)+"}\n")
	require.Len(t, problems, strictyaml.MaxProblems+1)
	require.Equal(t, "too-many-problems", problems[strictyaml.MaxProblems].Code)
}

func manyKeys(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("k" + strings.Repeat("x", i%40) + string(rune('a'+i%26)) + strings.Repeat("y", i/40) + ": 1, ")
	}
	return b.String()
}

// No problem may quote a value, whatever its type: any of them can be a secret.
func TestProblemsQuoteNoValue(t *testing.T) {
	t.Parallel()
	const canary = "canary-7f3a"
	values := []string{
		canary, `"` + canary + `"`, "[" + canary + "]", "[[" + canary + "]]", "{k: " + canary + "}", "{k: [" + canary + "]}", "|\n  " + canary,
		"!" + canary + " x", "*" + canary, "'" + canary, "\"" + canary, "@" + canary, "`" + canary, canary + ": x", "%" + canary, "&" + canary + " &" + canary + " x",
	}
	keys := []string{"text", "flag", "count", "size", "rate", "maybe", "secret", "pair", "pair_file", "color", "colors", "names", "parts", "part", "plain", "labels", "free", "rest", "other"}
	for _, key := range keys {
		for _, value := range values {
			n, problems := strictyaml.Load("f", []byte(key+": "+value+"\n"))
			if n != nil {
				_, more := strictyaml.Decode(n, &sample{}, strictyaml.Options{Enum: enums})
				problems = append(problems, more...)
			}
			require.NotContains(t, problems.String(), canary, "%s: %s", key, value)
		}
	}
}
