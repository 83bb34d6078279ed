package mas

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// templateCase is a template and why it is refused; empty if it is not.
type templateCase struct {
	name, template, want string
	masOnly              bool // uses what MAS adds to minijinja, or has not
}

func templateCases() []templateCase {
	return []templateCase{
		{"text", "no tag at all { } }} %}", "", false},
		{"strict name", strictName, "", false},
		{"verified address", verifiedEmail, "", false},
		{"raw", "{% raw %}{{ {% endraw %}", "", false},
		{"comment", "{# {{ #}", "", false},
		{"braces in an expression", "{{ {'a': {'b': 1}}['a'] }}", "", false},
		{"braces in a string", "{{ '}}' ~ \"%}\" }}", "", false},
		{"escaped quote", `{{ 'it\'s' }}`, "", false},
		{"white space control", "{{- user.sub -}}{%+ if a +%}{%- endif -%}", "", false},
		{"set block", "{% set a %}x{% endset %}{{ a }}", "", false},
		{"macro", "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(1) }}", "", false},
		{"loop", "{% for g in user.groups or [] if g in ['a'] %}{% if loop.first %}{{ user.sub }}{% else %}{% endif %}{% endfor %}", "", false},
		{"test with argument", "{% if user.email is endingwith('@a') and a is not divisibleby(2) %}{% endif %}", "", false},
		{"methods", "{{ user.a.upper().split('@')[0].lower() }}", "", false},
		{"not a call", "{{ not (a) or (b) }}", "", false},
		{"filter of MAS", "{{ user.a | b64decode | from_json }}", "", true},

		{"open expression", "{{ user.sub", "has a {{ that is never closed", false},
		{"open statement", "{% if a", "has a {% that is never closed", false},
		{"open comment", "{# a", "has a {# that is never closed", false},
		{"open string", "{{ 'a }}", "has a {{ with a string that is never closed", false},
		{"open bracket", "{{ (a }}", "has a {{ with a } that nothing opened", false},
		{"closing bracket", "{{ a) }}", "has a {{ with a ) that nothing opened", false},
		{"empty", "{{ }}", "has an empty {{ }}", false},
		{"open raw", "{% raw %}", "has a {% raw %} without {% endraw %}", false},
		{"open if", "{% if a %}", "has an if without endif", false},
		{"crossed blocks", "{% if a %}{% for b in c %}{% endif %}{% endfor %}", "has an endif that closes nothing", false},
		{"end alone", "{% endif %}", "has an endif that closes nothing", false},
		{"else alone", "{% else %}", "has an else outside of if and for", false},
		{"operand missing", "a\n{{ a or }}", "line 2: syntax error: }} stands where an expression is expected", false},
		{"two operands", "{{ a b }}", "line 1: syntax error: \"b\" stands where }} is expected", false},
		{"unknown test", "{{ a is defind }}", "line 1: unknown name: MAS knows no test \"defind\": did you mean defined?", false},
		{"include", "{% include 'a' %}", "has a statement that MAS does not have in claim templates", true},
		{"regex filter", "{{ a | regex_replace('x') }}", "uses the filter regex_replace, which MAS does not have", false},
		{"Python method", "{{ a.removesuffix('x') }}", "uses the method removesuffix, which MAS does not have", false},
		{"function", "{{ now() }}", "uses the function now, which MAS does not have", false},
	}
}

func TestTemplateSyntax(t *testing.T) {
	t.Parallel()
	for _, tc := range templateCases() {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			ck := &checker{found: newCollector(nil, nil), scanned: map[string]scanned{}}
			require.Equal(t, tc.want == "", ck.template("t", tc.template))
			if tc.want != "" {
				require.Equal(t, tc.want, ck.found.kept[0].Message)
			}
		})
	}
}

// nullCases says of templates whether they print an address that is null.
func nullCases() map[string]bool {
	return map[string]bool{
		"{{ user.email }}":                                           true,
		"{{ user.email | lower }}":                                   true,
		"{{ (user.email) }}":                                         true,
		"{{ user.email | default('') }}":                             true,
		"{{ user.email if user.email_verified }}":                    true,
		"{% if user.email_verified %}{{ user.email }}{% endif %}":    true,
		"{% if user.email %}{% endif %}{{ user.email }}":             true,
		"{{ user.email or '' }}":                                     false,
		"{{ user.email | default('', true) }}":                       false,
		"{{ user.email if user.email else '' }}":                     false,
		"{% if user.email %}{{ user.email }}{% endif %}":             false,
		"{% if user.email and user.ok %}{{ user.email }}{% endif %}": false,
		"{{ user.sub }}":                                             false,
		"{{ l }}":                                                    false,
		"{{ 'user.email' }}":                                         false,
		"user.email":                                                 false,
		verifiedEmail:                                                false,
		strictName:                                                   false,
	}
}

func TestTemplatePrintsNull(t *testing.T) {
	t.Parallel()
	for template, want := range nullCases() {
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
