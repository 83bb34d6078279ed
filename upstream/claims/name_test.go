package claims

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/live"
)

// rendered renders a template for the claims of each person.
func rendered(t *testing.T, template string, contexts []map[string]any) []string {
	t.Helper()
	renderings := make([]live.Rendering, len(contexts))
	for i, context := range contexts {
		renderings[i] = live.Rendering{Template: template, Context: context}
	}
	texts := make([]string, len(contexts))
	for i, result := range live.Minijinja(t).Render(t, renderings) {
		require.Empty(t, result.Error, "%s with %v", template, contexts[i])
		texts[i] = result.Text
	}
	return texts
}

func TestWhereNamesComeFrom(t *testing.T) {
	t.Parallel()
	members := Sources{Member: Member{Claim: "acct", Values: []string{"0"}}}
	const address = "Alice@Example.com"
	for name, c := range map[string]struct {
		rules   Rules
		sources Sources
		people  []map[string]any
		want    []string
	}{
		"verified address": {
			Rules{Localpart: Localpart{FromEmail: true}},
			Sources{},
			[]map[string]any{{"email": address, "email_verified": true}, {"email": address}, {"email": address, "email_verified": "false"}, {"email": nil, "email_verified": true}, {}},
			[]string{"alice", "", "", "", ""},
		},
		"address of a directory": {
			Rules{Localpart: Localpart{FromEmail: true}, Email: Email{Trust: TrustDirectory, Claim: "mail"}},
			Sources{},
			[]map[string]any{{"mail": address}, {"mail": nil}, {"email": address}},
			[]string{"alice", "", ""},
		},
		"one domain": {
			Rules{Localpart: Localpart{Claim: "upn", Domains: []string{"example.com"}}},
			Sources{},
			[]map[string]any{
				{"upn": address},
				{"upn": "alice@example.org"},
				{"upn": "alice"},
				{"upn": "a@b@example.com"},
				{"upn": "@example.com"},
				{"upn": "alice@evilexample.com"},
				{"upn": nil},
				{"upn": 7},
				{"upn": []any{address}},
				{},
			},
			[]string{"alice", "", "", "", "", "", "", "", "", ""},
		},
		"domain of a verified address": {
			Rules{Localpart: Localpart{FromEmail: true, Domains: []string{"example.com", "example.org"}}},
			Sources{},
			[]map[string]any{{"email": address, "email_verified": true}, {"email": "bob@example.org", "email_verified": "1"}, {"email": address}, {"email": "x@y.example", "email_verified": true}},
			[]string{"alice", "bob", "", ""},
		},
		"members": {
			Rules{Localpart: Localpart{Claim: "upn", BeforeAt: true, MembersOnly: true}},
			members,
			[]map[string]any{
				{"upn": address, "acct": 0}, {"upn": address, "acct": "0"}, {"upn": address, "acct": 1}, {"upn": address, "acct": nil}, {"upn": address, "acct": false}, {"upn": address},
			},
			[]string{"alice", "alice", "", "", "", ""},
		},
		"prefix": {
			Rules{Localpart: Localpart{Prefix: "ext-"}},
			Sources{},
			[]map[string]any{{"preferred_username": "Alice"}, {"preferred_username": "a b"}, {"preferred_username": ""}, {"preferred_username": nil}, {}},
			[]string{"ext-alice", "", "", "", ""},
		},
		"prefix of a sanitized name": {
			Rules{Localpart: Localpart{Prefix: "ext-", Policy: LocalpartSanitize}},
			Sources{},
			[]map[string]any{{"preferred_username": "A b"}, {"preferred_username": "7"}, {"preferred_username": "ß"}, {}},
			[]string{"ext-ab", "ext-u7", "", ""},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			imports, problems := c.rules.Imports(c.sources)
			require.Empty(t, problems)
			contexts := make([]map[string]any, len(c.people))
			for i, claims := range c.people {
				contexts[i] = map[string]any{"user": claims}
			}
			require.Equal(t, c.want, rendered(t, imports.Localpart.Template, contexts))
		})
	}
}

// Apple sends the name once, as JSON in a parameter that nobody signed.
func TestNameFromCallback(t *testing.T) {
	t.Parallel()
	imports, problems := Rules{}.Imports(Sources{NameFromCallback: "user"})
	require.Empty(t, problems)
	contexts := []map[string]any{}
	for _, parameter := range []any{
		`{"name":{"firstName":"Zoë","lastName":"O'Hara"},"email":"z@example.com"}`, `{"name":{"firstName":"Zoë"}}`, `{"name":{"firstName":null,"lastName":" Li "}}`,
		`{"name":null}`, `{"name":"Zoë"}`, `{}`, `[]`, `"x"`, `null`, "", nil,
		missing{},
	} {
		callback := map[string]any{"user": parameter}
		if _, absent := parameter.(missing); absent {
			callback = map[string]any{}
		}
		contexts = append(contexts, map[string]any{"user": map[string]any{"name": "from the token"}, "extra_callback_parameters": callback})
	}
	const token = "from the token"
	require.Equal(t, []string{"Zoë O'Hara", "Zoë", "Li", token, token, token, token, token, token, token, token, token},
		rendered(t, imports.Displayname.Template, contexts))
	require.Equal(t, []string{""}, rendered(t, imports.Displayname.Template, []map[string]any{
		{"user": map[string]any{"name": nil}, "extra_callback_parameters": map[string]any{}},
	}), "a later login")
}

func TestVerifiedByAnotherClaim(t *testing.T) {
	t.Parallel()
	imports, problems := Rules{Email: Email{Claim: "mail", VerifiedClaim: "xms_edov"}}.Imports(Sources{})
	require.Empty(t, problems)
	contexts := []map[string]any{}
	for _, verified := range []any{true, "true", 1, "1", false, "false", 0, "0", nil} {
		contexts = append(contexts, map[string]any{"user": map[string]any{"mail": "a@example.com", "xms_edov": verified, "email": "b@example.com", "email_verified": true}})
	}
	const mail = "a@example.com"
	require.Equal(t, []string{mail, mail, mail, mail, "", "", "", "", ""}, rendered(t, imports.Email.Template, contexts))
}
