package jinja_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/jinja"
)

// The texts are those that minijinja 2.21 gave, the engine of MAS 1.22. Node, on which
// the oracle runs, cannot hold such numbers.
func TestNumbers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ expression, x, want string }{
		{"x", "9007199254740993", "9007199254740993"},
		{"x", "-9223372036854775808", "-9223372036854775808"},
		{"x", "18446744073709551615", "18446744073709551615"},
		{"x", "18446744073709551616", "18446744073709552000.0"},
		{"x", "1.0", "1.0"},
		{"x", "-0", "-0.0"},
		{"x", "1E2", "100.0"},
		{"x", "1e16", "10000000000000000.0"},
		{"[x]", "1e16", "[1e16]"},
		{"[x]", "1e15", "[1000000000000000.0]"},
		{"[x]", "3.0e-7", "[3e-7]"},
		{"x", "3.0e-7", "0.0000003"},
		{"x + 1", "18446744073709551615", "18446744073709551616"},
		{"x * 3", "18446744073709551615", "55340232221128654845"},
		{"-x", "18446744073709551615", "-18446744073709551615"},
		{"x // 3", "-7", "-3"},
		{"x % 3", "-7", "2"},
		{"x == 1", "1.0", "true"},
		{"x is integer", "1.0", "false"},
		{"x is float", "18446744073709551616", "true"},
		{"x | int", "18446744073709551616", "18446744073709551616"},
		{"x | string | length", "9007199254740993", "16"},
	} {
		template, err := jinja.Compile("{{ " + c.expression + " }}")
		require.NoError(t, err)
		got, err := template.Render(jinja.Vars{"x": json.Number(c.x)})
		require.NoError(t, err, c)
		require.Equal(t, c.want, got.Text, c)
	}
}

// The filters that MAS adds, with values by the definitions of base64 (RFC 4648).
func TestFiltersOfMAS(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ expression, want string }{
		{"'aGVsbG8=' | b64decode", "hello"},
		{"'aGVsbG8' | b64decode", "hello"},
		{"'8J-YgA' | b64decode", "😀"},
		{"'8J-YgA==' | b64decode", "😀"},
		{"{'a': 1} == {'a': 1, 'b': 2}", "false"},
		{"'8J+YgA==' | b64decode ~ '!'", "😀!"},
		{"'hello' | b64encode", "aGVsbG8="},
		{"'aGVsbG8' | b64decode | b64encode", "aGVsbG8="},
		{"('CgNhYmMSAngx' | b64decode | tlvdecode)[10]", "abc"},
		{"('CgNhYmMSAngx' | b64decode | tlvdecode)[18] | string", "x1"},
		{"('CgNhYmMSAngx' | b64decode | tlvdecode)[3] or 'none'", "none"},
		{`('{"a": [1, null]}' | from_json).a | last is none`, "true"},
		{"missing | string", ""},
		{"'a b/ü' | urlencode", "a%20b/%C3%BC"},
		{"missing | urlencode", ""},
	} {
		got, err := renderText("{{ "+c.expression+" }}", nil)
		require.NoError(t, err, c)
		require.Equal(t, c.want, got, c)
	}
	_, err := renderText("{{ 'a' in ('YQ' | b64decode) }}", nil)
	require.ErrorIs(t, err, jinja.ErrUnsupported, "minijinja says true")
	for _, expression := range []string{
		"'a' | b64decode", "'YQ=\n=' | b64decode", "'YR==' | b64decode", "1 | b64decode", "1 | b64encode", "'1e999' | from_json", "'a' | tlvdecode", "'{' | from_json", "'1 2' | from_json", "missing | from_json",
	} {
		_, err := renderText("{{ "+expression+" }}", nil)
		require.ErrorIs(t, err, jinja.ErrEvaluation, expression)
	}
}

func renderText(source string, vars jinja.Vars) (string, error) {
	template, err := jinja.Compile(source)
	if err != nil {
		return "", err
	}
	out, err := template.Render(vars)
	return out.Text, err
}

func TestCompileErrors(t *testing.T) {
	t.Parallel()
	for source, c := range map[string]struct {
		reason  error
		message string
	}{
		"{{ a or }}":                    {jinja.ErrSyntax, `line 1: syntax error: }} stands where an expression is expected`},
		"a\n{{ x":                       {jinja.ErrSyntax, "line 2: syntax error: a tag is not closed by }}"},
		"{% if x %}":                    {jinja.ErrSyntax, "{% endif %}"},
		"{# x":                          {jinja.ErrSyntax, "not closed by #}"},
		"{{ 'x }}":                      {jinja.ErrSyntax, "a string is not closed by '"},
		"{% unless x %}":                {jinja.ErrSyntax, `there is no block "unless"`},
		"{{ x | lowr }}":                {jinja.ErrName, `no filter "lowr": did you mean lower?`},
		"{{ x is defind }}":             {jinja.ErrName, "did you mean defined?"},
		"{{ now() }}":                   {jinja.ErrName, `no function "now"`},
		"{{ x.removeprefix('a') }}":     {jinja.ErrName, `no method "removeprefix"`},
		"{{ x | truncate }}":            {jinja.ErrUnsupported, `the filter "truncate"`},
		"{{ 2 and (0 or -1) }}":         {jinja.ErrUnsupported, `an "and" of two constants`},
		"{{ [] and {'a': not 1} }}":     {jinja.ErrUnsupported, `an "and" of two constants`},
		"{{ 1 < x < 3 }}":               {jinja.ErrUnsupported, "a comparison of three values"},
		"{% macro m() %}{% endmacro %}": {jinja.ErrUnsupported, `the block "macro"`},
		strings.Repeat("{{ ", 1) + strings.Repeat("(", 200) + "x" + strings.Repeat(")", 200) + " }}": {jinja.ErrLimit, "nests more than"},
		strings.Repeat("x", 70_000): {jinja.ErrLimit, "more than"},
	} {
		_, err := jinja.Compile(source)
		require.ErrorIs(t, err, c.reason, source[:min(len(source), 80)])
		require.ErrorContains(t, err, c.message)
	}
}

func TestAbsent(t *testing.T) {
	t.Parallel()
	vars := jinja.Vars{"user": map[string]any{"sub": "a", "name": nil, "address": map[string]any{}}}
	for source, want := range map[string][]jinja.Absent{
		"{{ user.sub }}":                                 nil,
		"{{ user.groups }}":                              {{Path: "user.groups"}},
		"{{ user.name or '' }}":                          {{Path: "user.name", Null: true}},
		"{{ (user.realm_access or {}).roles }}":          {{Path: "user.realm_access"}},
		"{{ user.address.country }}":                     {{Path: "user.address.country"}},
		"{{ user['cognito:username'] ~ user['email'] }}": {{Path: "user.email"}, {Path: "user['cognito:username']"}},
		"{{ user.a.b }}":                                 {{Path: "user.a"}},
	} {
		template, err := jinja.Compile(source)
		require.NoError(t, err)
		got, _ := template.Render(vars)
		require.Equal(t, want, got.Absent, source)
	}
}

// No template takes more than its share.
func TestLimits(t *testing.T) {
	t.Parallel()
	for _, source := range []string{
		"{% for a in range(90000) %}{% for b in range(90000) %}{% endfor %}{% endfor %}",
		"{{ 'abcdefgh' * 1000000000 }}",
		"{% set n = namespace(s='x') %}{% for i in range(90000) %}{% set n.s = n.s ~ n.s %}{% endfor %}",
		"{% set n = namespace(s=[1]) %}{% for i in range(90000) %}{% set n.s = [n.s, n.s] %}{% endfor %}{{ n.s }}",
		"{% set n = namespace(s=[1]) %}{% for i in range(60) %}{% set n.s = [n.s, n.s] %}{% endfor %}{{ n.s == n.s }}",
		"{{ 'xx' | replace('', 'a' * 1000000) | replace('', 'a' * 1000000) }}",
		"{% for a in range(90000) %}{{ range(90000) | list | join(',') }}{% endfor %}",
		"{{ 2 ** 200 ** 200 }}",
		"{% set s = 'ab' * 4000000 %}{% for i in range(90000) %}{% if 'x' in s %}{% endif %}{% endfor %}",
		"{% set s = '1' * 4000000 %}{% for i in range(90000) %}{{ s.isdigit() }}{{ s | length }}{% endfor %}",
	} {
		start := time.Now()
		_, err := renderText(source, nil)
		require.Error(t, err, source)
		require.Less(t, time.Since(start), 5*time.Second, source)
	}
}

func FuzzRender(f *testing.F) {
	for _, e := range expressions() {
		f.Add("{{ " + e + " }}")
	}
	for _, source := range templates() {
		f.Add(source)
	}
	f.Fuzz(func(t *testing.T, source string) {
		start := time.Now()
		vars := jinja.Vars{"x": "alice@example.com", "user": map[string]any{"sub": "a", "list": []any{"a", json.Number("1"), nil}, "m": map[string]any{"k": "v"}}}
		first, errFirst := renderText(source, vars)
		second, errSecond := renderText(source, vars)
		require.Equal(t, first, second)
		require.Equal(t, errFirst, errSecond)
		require.Less(t, time.Since(start), 10*time.Second)
	})
}
