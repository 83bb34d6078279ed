package mas

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTemplateSyntax(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, template, want string }{
		{"text", "no tag at all { } }} %}", ""},
		{"strict name", strictName, ""},
		{"verified address", verifiedEmail, ""},
		{"raw", "{% raw %}{{ {% endraw %}", ""},
		{"comment", "{# {{ #}", ""},
		{"braces in an expression", "{{ {'a': {'b': 1}}['a'] }}", ""},
		{"braces in a string", "{{ '}}' ~ \"%}\" }}", ""},
		{"escaped quote", `{{ 'it\'s' }}`, ""},
		{"white space control", "{{- user.sub -}}{%+ if a +%}{%- endif -%}", ""},
		{"set block", "{% set a %}x{% endset %}{{ a }}", ""},
		{"macro", "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(1) }}", ""},
		{"loop", "{% for g in user.groups or [] if g in ['a'] %}{% if loop.first %}{{ user.sub }}{% else %}{% endif %}{% endfor %}", ""},
		{"test with argument", "{% if user.email is endingwith('@a') and a is not divisibleby(2) %}{% endif %}", ""},
		{"methods", "{{ user.a.split('@').lower() }}", ""},
		{"not a call", "{{ not (a) or (b) }}", ""},
		{"filter of MAS", "{{ user.a | b64decode | from_json }}", ""},

		{"open expression", "{{ user.sub", "has a {{ that is never closed"},
		{"open statement", "{% if a", "has a {% that is never closed"},
		{"open comment", "{# a", "has a {# that is never closed"},
		{"open string", "{{ 'a }}", "has a {{ with a string that is never closed"},
		{"open bracket", "{{ (a }}", "has a {{ with a } that nothing opened"},
		{"closing bracket", "{{ a) }}", "has a {{ with a ) that nothing opened"},
		{"empty", "{{ }}", "has an empty {{ }}"},
		{"open raw", "{% raw %}", "has a {% raw %} without {% endraw %}"},
		{"open if", "{% if a %}", "has an if without endif"},
		{"crossed blocks", "{% if a %}{% for b in c %}{% endif %}{% endfor %}", "has an endif that closes nothing"},
		{"end alone", "{% endif %}", "has an endif that closes nothing"},
		{"else alone", "{% else %}", "has an else outside of if and for"},
		{"include", "{% include 'a' %}", "has a statement that MAS does not have in claim templates"},
		{"regex filter", "{{ a | regex_replace('x') }}", "uses the filter regex_replace, which MAS does not have"},
		{"Python method", "{{ a.removesuffix('x') }}", "uses the method removesuffix, which MAS does not have"},
		{"function", "{{ now() }}", "uses the function now, which MAS does not have"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			ck := &checker{}
			require.Equal(t, tc.want == "", ck.template("t", tc.template))
			if tc.want != "" {
				require.Equal(t, tc.want, ck.found[0].Message)
			}
		})
	}
}

func TestTemplatePrintsNull(t *testing.T) {
	t.Parallel()
	for template, want := range map[string]bool{
		"{{ user.email }}":                                           true,
		"{{ user.email | lower }}":                                   true,
		"{{ (user.email) }}":                                         true,
		"{{ user.email | default('') }}":                             true,
		"{{ user.email if user.email_verified }}":                    true,
		"{% if user.email_verified %}{{ user.email }}{% endif %}":    true,
		"{% if user.email %}{% endif %}{{ user.email }}":             true,
		"{{ user.email or '' }}":                                     false,
		"{{ user.email | default('', true) }}":                       false,
		"{{ user.email | default('', boolean=true) }}":               false,
		"{{ user.email if user.email else '' }}":                     false,
		"{% if user.email %}{{ user.email }}{% endif %}":             false,
		"{% if user.email and user.ok %}{{ user.email }}{% endif %}": false,
		"{{ user.sub }}":                                             false,
		"{{ l }}":                                                    false,
		"{{ 'user.email' }}":                                         false,
		"user.email":                                                 false,
		verifiedEmail:                                                false,
		strictName:                                                   false,
	} {
		t.Run(template, func(t *testing.T) {
			t.Parallel()
			scanned, err := scanTemplate(template)
			require.NoError(t, err)
			require.Equal(t, want, scanned.printsNull())
		})
	}
}

func TestTemplateLossy(t *testing.T) {
	t.Parallel()
	for template, want := range map[string]bool{
		"{{ user.preferred_username }}":         false,
		"{{ user.preferred_username | lower }}": false,
		strictName:                              false,
		"{{ {'a': 1}['a'] }}":                   false,
		"{{ user.split }}":                      true, // a claim of that name: better one warning too many
		"{{ user.email | split('@') | first }}": true,
		"{{ user.email.split('@')[0] }}":        true,
		"{{ user.name | replace(' ', '') }}":    true,
		"{{ user.name | truncate(3) }}":         true,
		"{{ user.name[:8] }}":                   true,
		"{{ user['name'][2:] }}":                true,
		"{{ user.name.lstrip('_') }}":           true,
	} {
		t.Run(template, func(t *testing.T) {
			t.Parallel()
			scanned, err := scanTemplate(template)
			require.NoError(t, err)
			require.Equal(t, want, scanned.lossy())
		})
	}
}

func FuzzTemplate(f *testing.F) {
	for _, seed := range []string{strictName, verifiedEmail, "{{ {'a':[1]} }}", "{% raw %}{% endraw", "{{ user.a[1:2] | d('', true)", "{#", "{"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, source string) {
		scanned, err := scanTemplate(source)
		if err != nil {
			return
		}
		_, _ = scanned.checkBlocks(), scanned.checkNames()
		scanned.lossy()
		scanned.printsNull()
		for _, tag := range scanned.tags {
			require.NotEmpty(t, tag.tokens)
		}
	})
}
