package upstreamtest

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/gate"
	"github.com/maskit-dev/maskit/internal/jinja"
	"github.com/maskit-dev/maskit/upstream"
)

// absent stands for a claim that is not there.
type absent struct{}

// nastyValues are what providers have sent in a claim that should be a text.
func nastyValues() map[string]any {
	return map[string]any{
		"absent": absent{}, "null": nil, "empty": "", "blank": " \t", "digits": "4711", "underscore": "_alice", "capitals": "ALICE", "padded": " alice ",
		"an address": "Alice.Liddell@Example.COM", "two ats": "a@b@c", "Unicode": "jürgen 名前 👩‍🚀", "a dotless i": "ıI", "a zero byte": "a\x00b", "lines": "a\nb",
		"markup": `<b>"it's"</b>`, "a template": "{{ user.sub }}{% raw %}", "the text none": "none", "300 characters": strings.Repeat("a", 300), "a colon": "@alice:example.com",
		"true": true, "false": false, "zero": 0, "a number": 4711, "a fraction": 1.5, "a large number": json.Number("123456789012345678901234567890"),
		"an empty list": []any{}, "a list": []any{"alice", nil, 1}, "a list of lists": []any{[]any{"alice"}}, "an empty object": map[string]any{},
		"an object": map[string]any{"roles": nil, "alice": map[string]any{"x": "y"}},
	}
}

// testClaims renders the templates with what providers have sent.
func (c Config) testClaims(t *testing.T) {
	entry := c.entry(t)
	names := claimsOf(t, entry)
	if t.Failed() {
		return
	}
	for _, verified := range []any{true, "true", false, absent{}} {
		calm := calmClaims(names)
		calm["email_verified"] = verified
		for _, name := range names {
			for what, value := range nastyValues() {
				sample := maps.Clone(calm)
				sample[name] = value
				for _, wrong := range judgeClaims(entry, sample) {
					t.Errorf("the claim %s is %s: %s", name, what, wrong)
				}
			}
		}
		for what, value := range nastyValues() {
			sample := map[string]any{}
			for _, name := range names {
				sample[name] = value
			}
			for _, wrong := range judgeClaims(entry, sample) {
				t.Errorf("all claims are %s: %s", what, wrong)
			}
		}
	}
}

// calmClaims are claims of a person without a surprise.
func calmClaims(names []string) map[string]any {
	claims := map[string]any{"sub": "3f1c", "name": "Alice", "email": "alice@example.com", "preferred_username": "alice"}
	for _, name := range names {
		if _, ok := claims[name]; !ok {
			claims[name] = "calm"
		}
	}
	return claims
}

// claimsOf are the claims that the templates read.
func claimsOf(t *testing.T, entry upstream.Entry) []string {
	t.Helper()
	names := []string{"sub"}
	for slot, text := range templates(entry) {
		if strings.HasPrefix(slot, parameterSlot) || text == "" {
			continue
		}
		compiled, err := jinja.Compile(text)
		if err != nil {
			t.Errorf("the template %s cannot be rendered here, and MAS reads it when somebody logs in first: %v", slot, err)
			continue
		}
		names = append(names, compiled.Claims()...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// judgeClaims says what is wrong with what MAS makes of the claims.
func judgeClaims(entry upstream.Entry, claims map[string]any) []string {
	explained, problems := upstream.Explain(entry, sent(entry, claims))
	var wrong []string
	for _, p := range problems {
		if p.Severity == maskit.SeverityError || p.Code == "null-imported" {
			wrong = append(wrong, p.String())
		}
	}
	if !regexp.MustCompile(`^[a-z0-9.=_/+-]*$`).MatchString(explained.Localpart.Value) {
		wrong = append(wrong, "the user name is "+explained.Localpart.Value)
	}
	return wrong
}

// sent is how the provider sends claims, as far as the entry tells.
func sent(entry upstream.Entry, claims map[string]any) upstream.Claims {
	present := maps.Clone(claims)
	maps.DeleteFunc(present, func(_ string, value any) bool { _, is := value.(absent); return is })
	var out upstream.Claims
	if slices.Contains(strings.Fields(entry.Scope), "openid") {
		present["sub"] = "3f1c" // MAS refuses an ID token whose sub is no text
		out.IDToken = present
	}
	if entry.FetchUserinfo {
		out.Userinfo = present
	}
	return out
}

// mutableClaims can change, or pass to another person.
func mutableClaims() []string {
	return []string{
		"email", "preferred_username", "username", "nickname", "login", "upn", "unique_name", "name", "given_name", "family_name", "global_name",
		"cognito:username", "phone_number",
	}
}

// testSubject changes each claim that can change, or pass to another person.
func (c Config) testSubject(t *testing.T) {
	entry, problems := c.New().Entry(c.Env)
	if problems.Err() != nil || slices.ContainsFunc(problems, func(p maskit.Problem) bool { return p.Code == "subject-mutable" }) {
		return // acknowledged, or reported by another subtest
	}
	if g, ok := gate.Parse(entry.ClaimsImports.Subject.Template); ok {
		g.Conditions = nil // who may log in may depend on them
		entry.ClaimsImports.Subject.Template = g.Template()
	}
	calm := calmClaims(append(claimsOf(t, entry), mutableClaims()...))
	before, _ := upstream.Explain(entry, sent(entry, calm))
	if before.Subject.Value == "" {
		t.Errorf("the subject is empty for a person with every claim: %s", before.Reason)
	}
	for _, name := range mutableClaims() {
		changed := maps.Clone(calm)
		changed[name] = "changed"
		if after, _ := upstream.Explain(entry, sent(entry, changed)); after.Subject.Value != before.Subject.Value {
			t.Errorf("the subject depends on the claim %s, which can change or pass to another person, and nobody has acknowledged subject-mutable", name)
		}
	}
}
