package strictyaml_test

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"
	"pgregory.net/rapid"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/strictyaml"
)

func TestEncodeEverything(t *testing.T) {
	t.Parallel()
	s, _, problems := decode(t, full)
	require.Empty(t, problems)
	data, err := strictyaml.Encode(s)
	require.NoError(t, err)
	require.Equal(t, `text: "yes"
flag: true
count: -127
size: 18446744073709551615
rate: 3.0
maybe: 0
secret: hunter2
pair_file: /run/pair
color: green
colors:
  - red
names: []
parts:
  - name: one
  - name: two
    size: 65535
part: {}
plain:
  size: 1
labels:
  a: "1"
  "true": x
free:
  b: false
  f: 1.5
  i: 1
  l:
    - 1
    - x: "y"
  "n": null
  s: "yes"
  u: 18446744073709551615
version: "1.22.0"
rest:
  known: k
  extra: 1
`, string(data))
}

func TestStringsAreQuotedWhenAnyReaderCouldMistakeThem(t *testing.T) {
	t.Parallel()
	quoted := []string{
		"", " ", "yes", "No", "ON", "off", "y", "N", "true", "null", "~", "0123", "0x1F", "0o7", "1e3", "00000e12", "1:30", "12", "-1", "+1", ".5", ".inf", ".nan",
		"2024-01-01", "1_000", "01HZXYABCDEFGHJKMNPQRSTVWX", "deadbeef", "DEADBEEFCAFE", "a: b", "a:", ":a", "a #b", "#a", "- a", "-", "? a", "[a]", "{a}", "a, b",
		"*a", "&a", "!a", "|", ">", "%a", "@a", "`a", "'a'", `"a"`, `a\b`, "a\tb", " a", "a ", "a  b", "{{ user.sub }}", "<<", "=", "é", "日本", "a\x00", "a\u2028b", "\ufeffa",
		"a\r\nb", "a \nb", "\na", " a\nb", "a\n\n", "\n",
	}
	for _, s := range quoted {
		require.Regexp(t, `^text: ".*"\n$`, encodeText(t, s), "%q", s)
	}
	for _, s := range []string{"hello", "Element One", "/etc/mas/x.pem", "https://a.example/b", "openid email", "client_secret_basic", "user@example.com", "a.b-c_d+e"} {
		require.Equal(t, "text: "+s+"\n", encodeText(t, s))
	}
	require.Equal(t, "text: |\n  a: b\n    - c\n\n  d\n", encodeText(t, "a: b\n  - c\n\nd\n"))
	require.Equal(t, "text: |-\n  a\n  b\n", encodeText(t, "a\nb"))
}

func encodeText(t *testing.T, s string) string {
	t.Helper()
	data, err := strictyaml.Encode(part{Name: s})
	if s == "" {
		data, err = strictyaml.Encode(struct {
			Text []string `yaml:"text"`
		}{[]string{""}})
		require.NoError(t, err)
		return strings.Replace(string(data), "text:\n  - ", "text: ", 1)
	}
	require.NoError(t, err)
	return strings.Replace(string(data), "name: ", "text: ", 1)
}

func TestEncodeRefusesWhatYAMLCannotHold(t *testing.T) {
	t.Parallel()
	for name, v := range map[string]any{
		"text":                            part{Name: "hunter2\xff"},
		"secret":                          sample{Secret: maskit.NewSecret("hunter2\xff")},
		"key":                             sample{Labels: map[string]string{"hunter2\xff": ""}},
		"number":                          sample{Rate: math.Inf(1)},
		"free":                            sample{Free: map[string]any{"a": math.NaN()}},
		"type":                            sample{Free: map[string]any{"a": complex(1, 1)}},
		"secret that nothing keeps apart": sample{Free: map[string]any{"a": []any{maskit.NewSecret("hunter2")}}},
		"map of such secrets":             sample{Free: map[string]any{"a": map[string]maskit.Secret{"b": maskit.NewSecret("hunter2")}}},
		"struct that says no keys":        sample{Free: map[string]any{"a": struct{ A string }{"hunter2"}}},
		"keys that are no texts":          sample{Free: map[string]any{"a": map[int]string{1: "hunter2"}}},
		"key of a field":                  sample{Rest: &rest{Other: map[string]any{"known": "hunter2"}}},
	} {
		_, err := strictyaml.Encode(v)
		require.Error(t, err, name)
		require.NotContains(t, err.Error(), "hunter2")
	}
}

func TestBuildSaysWhere(t *testing.T) {
	t.Parallel()
	const bad = "\xff"
	for want, v := range map[string]any{
		"":                      bad,
		"name":                  part{Name: bad},
		"part.name":             sample{Part: &part{Name: bad}},
		"names[1]":              sample{Names: []string{"a", bad}},
		`labels."a b"`:          sample{Labels: map[string]string{"a b": bad}},
		"labels":                sample{Labels: map[string]string{bad: ""}},
		"rest.other[0][1].deep": sample{Rest: &rest{Other: map[string]any{"other": []any{[]any{"a", map[string]any{"deep": bad}}}}}},
		"rest":                  sample{Rest: &rest{Other: map[string]any{bad: ""}}},
		"rest.known":            sample{Rest: &rest{Other: map[string]any{"known": ""}}},
		"client_secret":         module{Client: clientKeys{Secret: secretPair{Inline: maskit.NewSecret(bad)}}},
		"client_secret_file":    module{Client: clientKeys{Secret: secretPair{File: bad}}},
	} {
		_, err := strictyaml.Build(v)
		failed := (*strictyaml.BuildError)(nil)
		require.ErrorAs(t, err, &failed, want)
		require.Equal(t, want, failed.Path)
	}
}

func TestHeader(t *testing.T) {
	t.Parallel()
	n, err := strictyaml.Build(part{Name: "a"})
	require.NoError(t, err)
	data, err := strictyaml.Write(n, "Generated.\nTwice.")
	require.NoError(t, err)
	require.Equal(t, "# Generated.\n# Twice.\n\nname: a\n", string(data))
}

// hostile draws strings that YAML readers like to misread.
func hostile() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.String(),
		rapid.StringMatching(`[-+]?[0-9.][0-9._:eExob-]{0,8}`),
		rapid.StringMatching(`[ \t\n]{0,2}[a-c#:*&!|>%@'"{}\[\],?-]{1,6}[ \t\n]{0,2}[a-c: #\n]{0,6}`),
		rapid.SampledFrom([]string{"yes", "off", "null", "~", "true", "0123", "1e3", "<<", "---", "...", "a: b", "- a", "\ufeff", "\u0085", "\u2028", "\x00", "\r", "\t", "\x7f", "'", "\\"}),
	)
}

func TestStringsSurvive(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := sample{
			Text: hostile().Draw(t, "text"), Names: rapid.SliceOfN(hostile(), 1, 4).Draw(t, "names"),
			Labels: rapid.MapOfN(hostile(), hostile(), 1, 4).Draw(t, "labels"), Part: &part{Name: hostile().Draw(t, "name")},
		}
		want.Free = map[string]any{hostile().Draw(t, "key"): []any{hostile().Draw(t, "free")}}
		data, err := strictyaml.Encode(want)
		if err != nil {
			t.Fatal(err)
		}
		n, problems := strictyaml.Load("f", data)
		if len(problems) > 0 {
			t.Fatalf("%s\n%s", problems, data)
		}
		var got sample
		_, problems = strictyaml.Decode(n, &got, strictyaml.Options{})
		require.Empty(t, problems)
		require.Equal(t, want, got)
		var other map[string]any // the resolution of yaml.v3, which knows more of YAML 1.1
		require.NoError(t, yaml.Unmarshal(data, &other))
		if want.Text != "" {
			require.Equal(t, want.Text, other["text"])
		}
	})
}

func TestNumbersSurvive(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		f := rapid.Float64().Filter(func(f float64) bool { return !math.IsInf(f, 0) && !math.IsNaN(f) }).Draw(t, "f")
		want := sample{Rate: f, Count: rapid.Int8().Draw(t, "i"), Size: rapid.Uint64().Draw(t, "u")}
		want.Free = map[string]any{"f": f, "i": rapid.Int64().Draw(t, "i64")}
		data, err := strictyaml.Encode(want)
		require.NoError(t, err)
		n, problems := strictyaml.Load("f", data)
		require.Empty(t, problems)
		var got sample
		_, problems = strictyaml.Decode(n, &got, strictyaml.Options{})
		require.Empty(t, problems)
		require.Equal(t, want, got)
	})
}
