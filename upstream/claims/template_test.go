package claims

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/gate"
	"github.com/maskit-dev/maskit/internal/live"
)

// missing stands for a claim that is not there at all.
type missing struct{}

// user makes the variables of a login from one claim.
func user(name string, value any) map[string]any {
	claims := map[string]any{}
	if _, absent := value.(missing); !absent {
		claims[name] = value
	}
	return map[string]any{"user": claims}
}

// renderClaim renders the template with each value of the claim in turn and expects
// no error.
func renderClaim(t *testing.T, template, name string, values []any) []string {
	t.Helper()
	renderings := make([]live.Rendering, len(values))
	for i, value := range values {
		renderings[i] = live.Rendering{Template: template, Context: user(name, value)}
	}
	texts := make([]string, len(values))
	for i, result := range live.Minijinja(t).Render(t, renderings) {
		require.Empty(t, result.Error, "%s with %s = %#v", template, name, values[i])
		texts[i] = result.Text
	}
	return texts
}

func TestLocalpartTemplates(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("ab", 150)
	cases := []struct {
		value                                            any
		strict, sanitized, strictBefore, sanitizedBefore string
	}{
		{"alice", "alice", "alice", "alice", "alice"},
		{"Alice.Liddell", "alice.liddell", "alice.liddell", "alice.liddell", "alice.liddell"},
		{"alice@example.com", "", "aliceexample.com", "alice", "alice"},
		{"@example.com", "", "example.com", "", ""},
		{"a@b@c", "", "abc", "a", "a"},
		{"anna müller", "", "annamller", "", "annamller"},
		{"жанна", "", "", "", ""},
		{"İpek", "", "pek", "", "pek"},
		{"mi\u212ae", "", "mie", "", "mie"}, // the Kelvin sign, which lowers to k
		{"a b", "", "ab", "", "ab"},
		{"a\nb", "", "ab", "", "ab"},
		{"alice\n", "", "alice", "", "alice"},
		{"a'b\"c\\d", "", "abcd", "", "abcd"},
		{"{{ 7 * 7 }}", "", "u77", "", "u77"},
		{"_alice", "_alice", "alice", "_alice", "alice"},
		{"__1", "__1", "u1", "__1", "u1"},
		{"12345", "12345", "u12345", "12345", "u12345"},
		{"a=b/c+d-e.f", "a=b/c+d-e.f", "a=b/c+d-e.f", "a=b/c+d-e.f", "a=b/c+d-e.f"},
		{long, long, long, long, long},
		{"", "", "", "", ""},
		{missing{}, "", "", "", ""},
		{nil, "", "", "", ""},
		{false, "", "", "", ""},
		{0, "", "", "", ""},
		{42, "42", "u42", "42", "u42"},
		{true, "true", "true", "true", "true"},
		{[]string{}, "", "", "", ""},
		{[]string{"alice"}, "", "alice", "", "alice"},
		{map[string]any{"a": "b"}, "", "ab", "", "ab"},
	}
	values := make([]any, len(cases))
	for i, c := range cases {
		values[i] = c.value
	}
	before := beforeAt(claim("n"))
	gotStrict := renderClaim(t, strict(claim("n"), ""), "n", values)
	gotSanitized := renderClaim(t, sanitized(claim("n"), ""), "n", values)
	gotStrictBefore := renderClaim(t, strict(before, ""), "n", values)
	gotSanitizedBefore := renderClaim(t, sanitized(before, ""), "n", values)
	for i, c := range cases {
		require.Equal(t, c.strict, gotStrict[i], "strict %#v", c.value)
		require.Equal(t, c.sanitized, gotSanitized[i], "sanitized %#v", c.value)
		require.Equal(t, c.strictBefore, gotStrictBefore[i], "strict before @ %#v", c.value)
		require.Equal(t, c.sanitizedBefore, gotSanitizedBefore[i], "sanitized before @ %#v", c.value)
	}
}

func TestVerifiedEmailTemplate(t *testing.T) {
	t.Parallel()
	const address = "alice@example.com"
	var renderings []live.Rendering
	var want []string
	for _, c := range []struct {
		verified, email any
		want            string
	}{
		{true, address, address},
		{"true", address, address},
		{1, address, address}, // minijinja holds that true == 1
		{false, address, ""},
		{"false", address, ""},
		{"yes", address, ""},
		{0, address, ""},
		{nil, address, ""},
		{missing{}, address, ""},
		{[]bool{true}, address, ""},
		{true, nil, ""},
		{true, missing{}, ""},
		{true, "", ""},
		{true, false, ""},
		{true, true, ""},
		{true, "n/a", ""},
		{true, 7, ""},
		{true, []string{address, "b@example.com"}, ""},
		{true, map[string]any{"@": address}, ""},
	} {
		claims := map[string]any{"email_verified": c.verified, "email": c.email}
		for name, value := range claims {
			if _, absent := value.(missing); absent {
				delete(claims, name)
			}
		}
		renderings = append(renderings, live.Rendering{Template: verifiedEmail("email", "email_verified"), Context: map[string]any{"user": claims}})
		want = append(want, c.want)
	}
	for i, result := range live.Minijinja(t).Render(t, renderings) {
		require.Empty(t, result.Error)
		require.Equal(t, want[i], result.Text, "%v", renderings[i].Context)
	}
}

func TestFirstTextTemplate(t *testing.T) {
	t.Parallel()
	template := firstText([]string{"name", "preferred_username"})
	var renderings []live.Rendering
	var want []string
	for _, c := range []struct {
		claims map[string]any
		want   string
	}{
		{map[string]any{"name": "Alice Liddell", "preferred_username": "alice"}, "Alice Liddell"},
		{map[string]any{"name": "  Zoë  ", "preferred_username": "zoe"}, "Zoë"},
		{map[string]any{"name": " ", "preferred_username": "alice"}, "alice"},
		{map[string]any{"name": nil, "preferred_username": "alice"}, "alice"},
		{map[string]any{"preferred_username": "alice"}, "alice"},
		{map[string]any{"name": 7}, "7"},
		{map[string]any{"name": nil, "preferred_username": nil}, ""},
		{map[string]any{}, ""},
	} {
		renderings = append(renderings, live.Rendering{Template: template, Context: map[string]any{"user": c.claims}})
		want = append(want, c.want)
	}
	for i, result := range live.Minijinja(t).Render(t, renderings) {
		require.Empty(t, result.Error)
		require.Equal(t, want[i], result.Text, "%v", renderings[i].Context)
	}
}

func TestSubjectTemplateGivesNobodyTheAccountNone(t *testing.T) {
	t.Parallel()
	require.Equal(t, expr("user.sub"), Rules{Subject: "sub"}.subject(Sources{}))
	template := func(r Rules, s Sources) string { return gate.Gate{Subject: r.subject(s)}.Template() }
	require.Equal(t, []string{"4711", "f-1", "", ""},
		renderClaim(t, template(Rules{Subject: "id"}, Sources{}), "id", []any{4711, "f-1", nil, missing{}}))
	require.Equal(t, []string{"f-1", "", ""},
		renderClaim(t, template(Rules{Subject: "sub"}, Sources{Unsigned: true}), "sub", []any{"f-1", nil, missing{}}))
}
