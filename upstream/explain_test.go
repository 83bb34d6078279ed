package upstream_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/claims"
)

// entryByRules is an entry with the imports that the rules compile to.
func entryByRules(t testing.TB, rules claims.Rules) upstream.Entry {
	t.Helper()
	imports, problems := rules.Imports(claims.StandardSources())
	require.NoError(t, problems.Err())
	return upstream.Entry{ClaimsImports: imports}
}

func tokenOf(pairs ...any) upstream.Claims {
	token := map[string]any{"sub": "f-1"}
	for i := 0; i < len(pairs); i += 2 {
		token[pairs[i].(string)] = pairs[i+1]
	}
	return upstream.Claims{IDToken: token}
}

func imports(localpart, displayname, email mas.ImportAction) upstream.Entry {
	return upstream.Entry{ClaimsImports: mas.ClaimsImports{
		Localpart:   mas.LocalpartImport{Action: localpart},
		Displayname: mas.ClaimImport{Action: displayname},
		Email:       mas.ClaimImport{Action: email},
	}}
}

func onConflict(rule mas.OnConflict) upstream.Entry {
	entry := imports(mas.ImportRequire, mas.ImportForce, mas.ImportForce)
	entry.ClaimsImports.Localpart.OnConflict = rule
	return entry
}

func TestExplainOutcomes(t *testing.T) {
	t.Parallel()
	const (
		ignore  = mas.ImportIgnore
		suggest = mas.ImportSuggest
		force   = mas.ImportForce
		require = mas.ImportRequire
	)
	alice := tokenOf("preferred_username", "alice", "name", "Alice", "email", "alice@example.com")
	linked := upstream.Account{Localpart: "Alice", Subjects: []string{"f-0"}}
	for name, c := range map[string]struct {
		entry    upstream.Entry
		claims   upstream.Claims
		accounts []upstream.Account
		outcome  upstream.Outcome
		status   int
		reason   string // a part of it
		user     string
	}{
		"new user":                        {imports(require, force, force), alice, nil, upstream.OutcomeRegistered, 0, "new account", "alice"},
		"name suggested":                  {imports(suggest, force, force), alice, nil, upstream.OutcomeRegistered, 0, "new account", ""},
		"name ignored":                    {imports(ignore, ignore, ignore), alice, nil, upstream.OutcomeRegistered, 0, "new account", ""},
		"no action":                       {upstream.Entry{}, alice, nil, upstream.OutcomeRegistered, 0, "new account", ""},
		"name missing, required":          {imports(require, force, force), tokenOf(), nil, upstream.OutcomeClaimRequired, 500, "user.preferred_username is not in the ID token", ""},
		"name empty, required":            {imports(require, force, force), tokenOf("preferred_username", ""), nil, upstream.OutcomeClaimRequired, 500, "is empty", ""},
		"name missing, forced":            {imports(force, force, force), tokenOf(), nil, upstream.OutcomeRegistered, 0, "new account", ""},
		"name missing, suggested":         {imports(suggest, force, force), tokenOf(), nil, upstream.OutcomeRegistered, 0, "new account", ""},
		"display name required":           {imports(require, require, force), tokenOf("preferred_username", "alice"), nil, upstream.OutcomeClaimRequired, 500, "user.name is not in the ID token", ""},
		"e-mail required":                 {imports(require, force, require), tokenOf("preferred_username", "alice"), nil, upstream.OutcomeClaimRequired, 500, "user.email is not in the ID token", ""},
		"subject missing":                 {imports(require, force, force), upstream.Claims{IDToken: map[string]any{}}, nil, upstream.OutcomeDenied, 400, "user.sub is not in the ID token", ""},
		"subject fails":                   {subjectOf("{{ user.a.b }}"), alice, nil, upstream.OutcomeSubjectFailed, 400, "user.a.b is read", ""},
		"subject with a wrong template":   {subjectOf("{{ user.sub | loud }}"), alice, nil, upstream.OutcomeSubjectFailed, 400, `no filter "loud"`, ""},
		"subject of the userinfo claims":  {subjectOf("{{ userinfo_claims.sub }}"), alice, nil, upstream.OutcomeSubjectFailed, 400, "userinfo_claims.sub is read", ""},
		"no claims at all":                {imports(require, force, force), upstream.Claims{}, nil, upstream.OutcomeSubjectFailed, 400, "user.sub is read", ""},
		"a long s is not an s":            {imports(require, force, force), tokenOf("preferred_username", "\u017fue"), []upstream.Account{{Localpart: "sue"}}, upstream.OutcomeNameRefused, 200, "a-z", ""},
		"the name of a label fails":       {labelOf("{{ user.a.b }}"), alice, nil, upstream.OutcomeRegistered, 0, "", "alice"},
		"capital letters":                 {imports(require, force, force), tokenOf("preferred_username", "Bob"), nil, upstream.OutcomeNameRefused, 200, "a-z", ""},
		"white space":                     {imports(force, force, force), tokenOf("preferred_username", "b b"), nil, upstream.OutcomeNameRefused, 200, "a-z", ""},
		"digits only":                     {imports(require, force, force), tokenOf("preferred_username", "4711"), nil, upstream.OutcomeNameRefused, 200, "digits", ""},
		"too long":                        {imports(require, force, force), tokenOf("preferred_username", strings.Repeat("a", 244)), nil, upstream.OutcomeNameRefused, 200, "too long", ""},
		"just short enough":               {imports(require, force, force), tokenOf("preferred_username", strings.Repeat("a", 242)), nil, upstream.OutcomeRegistered, 0, "", strings.Repeat("a", 242)},
		"underscore":                      {imports(require, force, force), tokenOf("preferred_username", "_a"), nil, upstream.OutcomeNameUnavailable, 200, "underscore", ""},
		"in Synapse only":                 {imports(require, force, force), alice, []upstream.Account{{Localpart: "alice", OnlySynapse: true}}, upstream.OutcomeNameUnavailable, 200, "migrate", ""},
		"name taken, default":             {imports(require, force, force), alice, []upstream.Account{linked}, upstream.OutcomeUserExists, 200, "Alice has that name", ""},
		"name taken, fail":                {onConflict(mas.ConflictFail), alice, []upstream.Account{linked}, upstream.OutcomeUserExists, 200, "Alice has that name", ""},
		"name taken, add":                 {onConflict(mas.ConflictAdd), alice, []upstream.Account{linked}, upstream.OutcomeLinked, 0, "on_conflict: add", "Alice"},
		"name taken, set, linked":         {onConflict(mas.ConflictSet), alice, []upstream.Account{linked}, upstream.OutcomeUserExists, 200, "another subject", ""},
		"name taken, set, not linked":     {onConflict(mas.ConflictSet), alice, []upstream.Account{{Localpart: "alice"}}, upstream.OutcomeLinked, 0, "on_conflict: set", "alice"},
		"name taken, replace":             {onConflict(mas.ConflictReplace), alice, []upstream.Account{linked}, upstream.OutcomeLinked, 0, "f-0 is deleted", "Alice"},
		"name taken, add, locked":         {onConflict(mas.ConflictAdd), alice, []upstream.Account{{Localpart: "alice", Inactive: true}}, upstream.OutcomeAccountInactive, 200, "locked", ""},
		"name taken, suggested":           {imports(suggest, force, force), alice, []upstream.Account{linked}, upstream.OutcomeRegistered, 0, "", ""},
		"linked":                          {imports(require, require, require), tokenOf(), []upstream.Account{{Localpart: "al", Subjects: []string{"f-1"}}}, upstream.OutcomeLoggedIn, 0, "linked to al", "al"},
		"linked, deactivated":             {imports(require, require, require), tokenOf(), []upstream.Account{{Localpart: "al", Subjects: []string{"f-1"}, Inactive: true}}, upstream.OutcomeAccountInactive, 200, "al", ""},
		"e-mail in use":                   {imports(require, force, force), alice, []upstream.Account{{Localpart: "bob", Emails: []string{"ALICE@example.com"}}}, upstream.OutcomeEmailInUse, 200, "bob", ""},
		"e-mail in use, suggested":        {imports(require, force, suggest), alice, []upstream.Account{{Localpart: "bob", Emails: []string{"alice@example.com"}}}, upstream.OutcomeRegistered, 0, "", "alice"},
		"null name becomes the name none": {imports(require, force, force), tokenOf("preferred_username", nil), nil, upstream.OutcomeRegistered, 0, "", "none"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := upstream.Explainer{ServerName: "example.com", Accounts: c.accounts}
			got, problems := e.Explain(c.entry, c.claims)
			requireThat(t, problems.Err() == nil, problems.String())
			requireThat(t, got.Outcome == c.outcome && got.Status == c.status && got.User == c.user, got.String())
			requireThat(t, strings.Contains(got.Reason, c.reason), got.Reason)
		})
	}
}

func requireThat(t *testing.T, holds bool, shown string) {
	t.Helper()
	require.True(t, holds, shown)
}

func subjectOf(template string) upstream.Entry {
	return upstream.Entry{ClaimsImports: mas.ClaimsImports{Subject: mas.SubjectImport{Template: template}}}
}

func labelOf(template string) upstream.Entry {
	entry := imports(mas.ImportRequire, mas.ImportForce, mas.ImportForce)
	entry.ClaimsImports.AccountName.Template = template
	return entry
}

func TestExplainNamesTheListOfTheGate(t *testing.T) {
	t.Parallel()
	entry := entryByRules(t, claims.Rules{Require: claims.Require{Groups: []string{"staff", "guests"}, ACR: []string{"mfa"}}})

	got, problems := upstream.Explain(entry, tokenOf("groups", []any{"others"}, "acr", "mfa"))
	require.Empty(t, problems)
	require.Equal(t, upstream.OutcomeDenied, got.Outcome)
	require.Equal(t, []upstream.Requirement{{Claim: []string{"groups"}, Names: []string{"guests", "staff"}}}, got.DeniedBy)
	require.Equal(t, "the subject is empty: the gate refuses, because user.groups has none of guests, staff", got.Reason)

	got, _ = upstream.Explain(entry, tokenOf("acr", "mfa"))
	require.Contains(t, got.Reason, "user.groups is not in the ID token")

	got, _ = upstream.Explain(entry, tokenOf("groups", []any{"staff"}, "acr", "mfa", "preferred_username", "al"))
	require.Equal(t, upstream.OutcomeRegistered, got.Outcome)
}

func TestExplainSteps(t *testing.T) {
	t.Parallel()
	silent := imports(mas.ImportRequire, mas.ImportForce, mas.ImportForce)
	silent.ClaimsImports.SkipConfirmation = true
	silent.RegistrationTokenRequired = true

	got, _ := upstream.Explain(silent, tokenOf("preferred_username", "al", "name", "Al", "email", "al@example.com"))
	require.Equal(t, [3]bool{false, false, true}, [3]bool{got.Form, got.DisplayNameStep, got.RegistrationToken})
	require.Equal(t, [3]upstream.Use{upstream.UseForced, upstream.UseForced, upstream.UseForced},
		[3]upstream.Use{got.Localpart.Use, got.DisplayName.Use, got.Email.Use})

	got, _ = upstream.Explain(silent, tokenOf("preferred_username", "al"))
	require.True(t, got.DisplayNameStep)
	require.Equal(t, upstream.UseAsked, got.DisplayName.Use)
	require.Equal(t, []upstream.AbsentClaim{{Path: "user.email"}}, got.Email.Absent)

	got, _ = upstream.Explainer{Accounts: []upstream.Account{{Localpart: "bob", Emails: []string{"al@example.com"}}}}.
		Explain(silent, tokenOf("preferred_username", "al", "email", "al@example.com"))
	require.Equal(t, upstream.OutcomeEmailInUse, got.Outcome)
	require.False(t, got.DisplayNameStep, "which comes after the address")
	require.Equal(t, upstream.UseNone, got.DisplayName.Use)

	got, _ = upstream.Explain(imports(mas.ImportSuggest, mas.ImportSuggest, mas.ImportSuggest),
		tokenOf("preferred_username", "al", "name", "Al", "email", "al@example.com"))
	require.True(t, got.Form)
	require.Equal(t, [3]upstream.Use{upstream.UsePrefilled, upstream.UsePrefilled, upstream.UsePrefilled},
		[3]upstream.Use{got.Localpart.Use, got.DisplayName.Use, got.Email.Use})
}

func TestExplainMergesAsMAS(t *testing.T) {
	t.Parallel()
	entry := subjectOf("{{ user.sub }}/{{ user.x }}/{{ user.y }}/{{ id_token_claims is defined }}/{{ userinfo_claims is defined }}/{{ user.nonce }}")
	entry.FetchUserinfo = true
	got, problems := upstream.Explain(entry, upstream.Claims{
		IDToken:  map[string]any{"sub": "a", "x": 1, "nonce": "n"},
		Userinfo: map[string]any{"sub": "b", "x": 2, "y": 3},
	})
	require.Empty(t, problems)
	require.Equal(t, "a/1/3/true/true/", got.Subject.Value)

	got, problems = upstream.Explain(entry, upstream.Claims{Userinfo: map[string]any{"sub": "b", "y": nil}})
	require.Len(t, problems, 1)
	require.Equal(t, "null-imported", problems[0].Code)
	require.Equal(t, "b//none/false/true/", got.Subject.Value)

	entry.FetchUserinfo = false
	got, problems = upstream.Explain(entry, upstream.Claims{IDToken: map[string]any{"sub": "a"}, Userinfo: map[string]any{"y": 3}})
	require.Equal(t, "userinfo-not-fetched", problems[0].Code)
	require.Equal(t, "a///true/false/", got.Subject.Value)
}

// The callback has taken the nonce and the hashes out of the claims; the page after it
// reads the ID token anew.
func TestExplainDropsWhatMASHasChecked(t *testing.T) {
	t.Parallel()
	const all = "{{ user.sub }}/{{ user.nonce }}/{{ user.at_hash }}/{{ id_token_claims.c_hash }}"
	entry := imports(mas.ImportIgnore, mas.ImportForce, mas.ImportIgnore)
	entry.ClaimsImports.Subject.Template, entry.ClaimsImports.AccountName.Template, entry.ClaimsImports.Displayname.Template = all, all, all
	claims := tokenOf("nonce", "n", "at_hash", "a", "c_hash", "c")

	got, problems := upstream.Explain(entry, claims)
	require.Empty(t, problems)
	require.Equal(t, [3]string{"f-1///", "f-1///", "f-1/n/a/c"}, [3]string{got.Subject.Value, got.AccountName.Value, got.DisplayName.Value})

	entry.Scope = "profile"
	got, _ = upstream.Explain(entry, claims)
	require.Equal(t, "f-1/n//", got.Subject.Value, "MAS sends a nonce with the scope openid alone")
}

func TestExplainProblems(t *testing.T) {
	t.Parallel()
	email := imports(mas.ImportRequire, mas.ImportForce, mas.ImportForce)
	unfaithful := imports(mas.ImportRequire, mas.ImportForce, mas.ImportForce)
	unfaithful.ClaimsImports.Displayname.Template = "{% macro m() %}{% endmacro %}"
	endless := imports(mas.ImportRequire, mas.ImportForce, mas.ImportForce)
	endless.ClaimsImports.Email.Template = "{% for a in range(90000) %}{% for b in range(90000) %}{% endfor %}{% endfor %}"
	for name, c := range map[string]struct {
		entry      upstream.Entry
		claims     upstream.Claims
		path, code string
		outcome    upstream.Outcome
	}{
		"null e-mail":        {email, tokenOf("preferred_username", "al", "email", nil), "claims_imports.email.template", "null-imported", upstream.OutcomeRegistered},
		"no address":         {email, tokenOf("preferred_username", "al", "email", "al"), "claims_imports.email.template", "email-invalid", upstream.OutcomeRegistered},
		"macro":              {unfaithful, tokenOf("preferred_username", "al"), "claims_imports.displayname.template", "template-unfaithful", upstream.OutcomeUnknown},
		"endless":            {endless, tokenOf("preferred_username", "al"), "claims_imports.email.template", "template-unfaithful", upstream.OutcomeUnknown},
		"no sub":             {subjectOf("{{ user.oid }}"), upstream.Claims{IDToken: map[string]any{"oid": "o"}}, "claims.id_token", "sub-missing", upstream.OutcomeRegistered},
		"a number as sub":    {email, upstream.Claims{IDToken: map[string]any{"sub": 1, "preferred_username": "al"}}, "claims.id_token", "sub-missing", upstream.OutcomeRegistered},
		"macro as label":     {labelOf("{% macro m() %}{% endmacro %}"), tokenOf("preferred_username", "al"), "claims_imports.account_name.template", "template-unfaithful", upstream.OutcomeRegistered},
		"a channel as claim": {email, tokenOf("x", make(chan int)), "claims.id_token", "claims-invalid", upstream.OutcomeUnknown},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, problems := upstream.Explain(c.entry, c.claims)
			require.NotEmpty(t, problems)
			require.Equal(t, [2]string{c.path, c.code}, [2]string{problems[0].Path, problems[0].Code})
			require.Equal(t, c.outcome, got.Outcome)
		})
	}
}
