package claimexpr_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/maskit-dev/maskit/internal/claimexpr"
	"github.com/maskit-dev/maskit/internal/jinja"
)

func TestLiteral(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]claimexpr.Expr{
		"":          `''`,
		"staff":     `'staff'`,
		`say "hi"`:  `'say "hi"'`,
		"it's":      `'it\'s'`,
		`a\`:        `'a\\'`,
		"{{ x }}":   `'\u007b\u007b x \u007d\u007d'`,
		"{% %}":     `'\u007b\u0025 \u0025\u007d'`,
		"{# #}":     `'\u007b\u0023 \u0023\u007d'`,
		"a\n\x00\t": `'a\u000a\u0000\u0009'`,
		"\x7f":      `'\u007f'`,
		"ünï 𝛂":     `'ünï 𝛂'`,
	} {
		require.Equal(t, want, claimexpr.Literal(text), "%q", text)
	}
}

func TestList(t *testing.T) {
	t.Parallel()
	require.Equal(t, claimexpr.Expr(`[]`), claimexpr.List())
	require.Equal(t, claimexpr.Expr(`['a', 'it\'s']`), claimexpr.List("a", "it's"))
}

func TestClaim(t *testing.T) {
	t.Parallel()
	for want, path := range map[claimexpr.Expr][]string{
		"user.sub":                                {"sub"},
		"user['cognito:username']":                {"cognito:username"},
		"user['9x']":                              {"9x"},
		"user['ünï']":                             {"ünï"},
		"(user.realm_access or {}).roles":         {"realm_access", "roles"},
		"((user.a or {})['b c'] or {})['it\\'s']": {"a", "b c", "it's"},
	} {
		require.Equal(t, want, claimexpr.Claim(path...))
	}
}

// A value goes through a template, whatever it holds, and a claim is found by any name.
func TestWhatIsWrittenRendersToItself(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		path := rapid.SliceOfN(rapid.String(), 1, 4).Draw(t, "path")
		var user any = text
		for i := len(path) - 1; i >= 0; i-- {
			user = map[string]any{path[i]: user}
		}
		for _, e := range []claimexpr.Expr{claimexpr.Literal(text), claimexpr.Claim(path...)} {
			template, err := jinja.Compile("{{ " + string(e) + " }}")
			require.NoError(t, err)
			got, err := template.Render(jinja.Vars{"user": user})
			require.NoError(t, err)
			require.Equal(t, text, got.Text)
		}
	})
}

func TestWhatIsWrittenIsReadBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.SliceOfN(rapid.String(), 1, 5).Draw(t, "texts")
		rest := rapid.SampledFrom([]string{"", " in x", ".y", "'"}).Draw(t, "rest")
		value, after, ok := claimexpr.CutLiteral(string(claimexpr.Literal(texts[0])) + rest)
		require.True(t, ok)
		require.Equal(t, []string{texts[0], rest}, []string{value, after})
		values, after, ok := claimexpr.CutList(string(claimexpr.List(texts...)) + rest)
		require.True(t, ok)
		require.Equal(t, append(texts, rest), append(values, after))
		path, after, ok := claimexpr.CutClaim(string(claimexpr.Claim(texts...)) + " in x")
		require.True(t, ok)
		require.Equal(t, append(texts, " in x"), append(path, after))
	})
}

func TestWhatIsNotWrittenHereIsNotRead(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "'", "'a", `'a\'`, `"a"`, "a'", `'\x41'`, `'\n'`, `'\u00'`, `'\u00zz'`, `'\ud800'`, `'\u+041'`} {
		_, _, ok := claimexpr.CutLiteral(s)
		require.False(t, ok, "%q", s)
	}
	for _, s := range []string{"", "[", "[]", "['a'", "['a',", "['a','b']", "['a', ]", "('a')"} {
		_, _, ok := claimexpr.CutList(s)
		require.False(t, ok, "%q", s)
	}
	for _, s := range []string{
		"", "user", "user.", "user.9", "user[sub]", "user['sub'", "users.sub", "(user.a).b", "(user.a or {})", "(user.a or []).b",
		strings.Repeat("(", 17) + "user.a" + strings.Repeat(" or {}).a", 17), strings.Repeat("(", 1<<20),
	} {
		_, _, ok := claimexpr.CutClaim(s)
		require.False(t, ok, "%.40q", s)
	}
}

func TestIsTrue(t *testing.T) {
	t.Parallel()
	template, err := jinja.Compile("{{ 'yes' if user.v" + string(claimexpr.IsTrue) + " else '' }}")
	require.NoError(t, err)
	for _, value := range []any{true, "true", "1", json.Number("1")} {
		got, err := template.Render(jinja.Vars{"user": map[string]any{"v": value}})
		require.NoError(t, err)
		require.Equal(t, "yes", got.Text, "%v", value)
	}
	for _, value := range []any{false, "false", "True", "yes", "", nil, json.Number("0"), json.Number("2"), "0", []any{true}, map[string]any{"true": true}} {
		got, err := template.Render(jinja.Vars{"user": map[string]any{"v": value}})
		require.NoError(t, err)
		require.Empty(t, got.Text, "%v", value)
	}
}
