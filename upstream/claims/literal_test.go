package claims

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/claimexpr"
	"github.com/maskit-dev/maskit/internal/live"
)

// hostile are strings that would change a template if they reached it unescaped.
func hostile() []string {
	return []string{
		"", " ", "a", "cognito:groups", "it's", `say "hi"`, `back\slash`, `\`, `\'`, `'`, `''`, `"`, "}}", "{{", "%}", "{%", "#}", "{#",
		"'] }}{{ user['sub'", "' ~ user.sub ~ '", "{{ user.sub }}", "{% if true %}x{% endif %}", "{# gone #}",
		"x\ny", "x\r\ny", "line\n", "\n", "\t", "\x00", "\x01\x1f\x7f", "ünï", "𝛂", "\u2028", `\u0041`, `\n`, "-%}", "{%- raw -%}", "{{-", "$x", "0", "none",
	}
}

func TestLiteralAndTextRenderToThemselves(t *testing.T) {
	t.Parallel()
	var renderings []live.Rendering
	var want []string
	for _, s := range hostile() {
		renderings = append(renderings,
			live.Rendering{Template: "{{ " + string(claimexpr.Literal(s)) + " }}"},
			live.Rendering{Template: Text(s)},
			live.Rendering{Template: "{{ " + string(claim(s)) + " }}", Context: user(s, "hit")},
			live.Rendering{Template: strict(claim(s), ""), Context: user(s, "hit")},
			live.Rendering{Template: sanitized(beforeAt(claim(s)), ""), Context: user(s, "hit")},
			live.Rendering{Template: firstText([]string{"absent", s}), Context: user(s, "hit")},
		)
		want = append(want, s, s, "hit", "hit", "hit", "hit")
	}
	for i, result := range live.Minijinja(t).Render(t, renderings) {
		require.Empty(t, result.Error, renderings[i].Template)
		require.Equal(t, want[i], result.Text, renderings[i].Template)
	}
}

func TestClaimWritesPlainNamesPlainly(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]expr{
		"sub":              "user.sub",
		"_x9":              "user._x9",
		"9x":               "user['9x']",
		"":                 "user['']",
		"cognito:username": "user['cognito:username']",
		"https://x/roles":  "user['https://x/roles']",
		"it's":             `user['it\'s']`,
		"a}}":              `user['a\u007d\u007d']`,
		"a\n":              `user['a\u000a']`,
	} {
		require.Equal(t, want, claim(name), "%q", name)
	}
}

// unescape reads a literal back, as the grammar of minijinja has it.
func unescape(t *testing.T, s string) string {
	t.Helper()
	require.True(t, len(s) >= 2 && s[0] == '\'' && s[len(s)-1] == '\'')
	var b strings.Builder
	for rest := s[1 : len(s)-1]; rest != ""; {
		r, size := utf8.DecodeRuneInString(rest)
		require.NotEqual(t, '\'', r, "a quote ends the literal early: %s", s)
		if r != '\\' {
			require.NotContains(t, "{}%#\n", string(r))
			b.WriteRune(r)
			rest = rest[size:]
			continue
		}
		if rest[1] == 'u' {
			var code rune
			for _, digit := range rest[2:6] {
				code = code*16 + rune(strings.IndexRune("0123456789abcdef", digit))
			}
			b.WriteRune(code)
			rest = rest[6:]
			continue
		}
		require.Contains(t, `'\`, string(rest[1]))
		b.WriteByte(rest[1])
		rest = rest[2:]
	}
	return b.String()
}

func FuzzLiteral(f *testing.F) {
	for _, s := range hostile() {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			t.Skip("the rules refuse it before it gets here")
		}
		require.Equal(t, s, unescape(t, string(claimexpr.Literal(s))))
		if text := Text(s); text != s {
			require.Equal(t, s, unescape(t, strings.TrimSuffix(strings.TrimPrefix(text, "{{ "), " }}")))
		} else {
			require.NotContains(t, s, "{{")
			require.NotContains(t, s, "{%")
			require.NotContains(t, s, "{#")
		}
	})
}
