package mapping

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/jinja"
)

func TestTemplatesAreTranslated(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ template, want string }{
		"a claim":                  {"{{ user.sub }}", "user.sub or ''"},
		"a claim without spaces":   {"{{user.sub}}", "user.sub or ''"},
		"a claim by its key":       {"{{ user['https://example.com/id'] }}", "user['https://example.com/id'] or ''"},
		"a nested claim":           {`{{ user.profile["user id"].value }}`, "((user.profile or {})['user id'] or {}).value or ''"},
		"white space around":       {"\n {{ user.sub }} \n", "user.sub or ''"},
		"a filter":                 {"{{ user.email | lower }}", "(user.email or '') | lower"},
		"a method":                 {"{{ user.email.lower() }}", "(user.email or '') | lower"},
		"filters in a row":         {"{{ user.email|trim|upper }}", "((user.email or '') | trim) | upper"},
		"the filter of Synapse":    {"{{ user.email | localpart_from_email }}", "(user.email or '') | split('@') | first"},
		"several claims":           {"{{ user.given_name }} {{ user.family_name }}", "((user.given_name or '') ~ ' ' ~ (user.family_name or '')) | trim"},
		"text around":              {"corp-{{ user.id }}", "('corp-' ~ (user.id or '')) | trim"},
		"text alone, with a quote": {"it's", "('it\\'s') | trim"},
		"a claim named get":        {"{{ user.get }}", "user.get or ''"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			parsed, err := Parse(test.template)
			require.NoError(t, err)
			require.Equal(t, test.want, string(parsed.Expr()))
			_, err = jinja.Compile("{{ " + test.want + " }}")
			require.NoError(t, err, "MAS has to compile it")
		})
	}
}

func TestTemplatesAreRefused(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ template, want string }{
		"a condition":             {"{% if user.a %}{{ user.a }}{% endif %}", "it has a statement or a comment"},
		"a comment":               {"{# x #}{{ user.a }}", "it has a statement or a comment"},
		"white space control":     {"{{- user.a }}", "it controls white space by a sign beside a brace"},
		"an expression":           {"{{ user.a ~ user.b }}", `"~ user.b" is not understood`},
		"another filter":          {"{{ user.a | replace('a', 'b') }}", `"| replace('a', 'b')" is not understood`},
		"a method with arguments": {"{{ user.email.split('@')[0] }}", `".split('@')[0]" is not understood`},
		"get":                     {"{{ user.get('a') }}", `".get('a')" is not understood`},
		"a part after a filter":   {"{{ user.a.lower().b }}", "it takes a part of what a filter gives"},
		"an index":                {"{{ user.a[0] }}", `"[0]" is not understood`},
		"another variable":        {"{{ server_name }}", `"server_name" does not begin with a claim of user`},
		"all claims":              {"{{ user }}", "it prints all claims at once"},
		"username":                {"{{ username }}", `"name" is not understood`},
		"not closed":              {"{{ user.a", "an output is not closed"},
		"an escaped key":          {`{{ user['a\'b'] }}`, `"['a\\'b']" is not understood`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := Parse(test.template)
			require.EqualError(t, err, test.want)
		})
	}
}

func TestOnlyOneClaimAloneIsPlain(t *testing.T) {
	t.Parallel()
	for template, want := range map[string]bool{
		"{{ user.sub }}": true, "{{ user.a.b }}": true, "{{ user.sub | lower }}": false, "{{ user.a }}{{ user.b }}": false, "x": false,
	} {
		parsed, err := Parse(template)
		require.NoError(t, err)
		_, plain := parsed.PlainClaim()
		require.Equal(t, want, plain, template)
	}
}

// FuzzParse: whatever is understood compiles in MAS, and nothing panics.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"{{ user.sub }}", "a{{ user['b'] | lower }}", "{{ user.a.strip() }} {{user[\"x y\"]}}", "{% raw %}", "{{ user.a }}}}", "{{"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, source string) {
		parsed, err := Parse(source)
		if err != nil || len(parsed) == 0 || len(source) > 2000 {
			return
		}
		template := "{{ " + string(parsed.Expr()) + " }}"
		_, err = jinja.Compile(template)
		require.NoError(t, err, template)
		require.NotContains(t, strings.TrimSuffix(strings.TrimPrefix(template, "{{"), "}}"), "}}")
	})
}
