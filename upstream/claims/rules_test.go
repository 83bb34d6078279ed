package claims_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream/claims"
)

func TestZeroRules(t *testing.T) {
	t.Parallel()
	imports, problems := claims.Rules{}.Imports(claims.StandardSources())
	require.Empty(t, problems)
	require.Equal(t, "{{ user.sub }}", imports.Subject.Template)
	require.Equal(t, mas.ImportSuggest, imports.Localpart.Action)
	require.Empty(t, imports.Localpart.OnConflict, "which is fail")
	require.Equal(t, mas.ImportForce, imports.Email.Action)
	require.Contains(t, imports.Email.Template, "email_verified")
	require.Equal(t, mas.ClaimImport{
		Action:   mas.ImportForce,
		Template: "{{ ((user.name or '') | string | trim) or ((user.preferred_username or '') | string | trim) or '' }}",
	}, imports.Displayname)
	require.Equal(t, "{{ user.preferred_username or '' }}", imports.AccountName.Template)
	require.False(t, imports.SkipConfirmation)
}

func TestIgnoredClaimsHaveNoTemplate(t *testing.T) {
	t.Parallel()
	imports, problems := claims.Rules{
		Localpart:   claims.Localpart{Action: mas.ImportIgnore},
		DisplayName: claims.DisplayName{Action: mas.ImportIgnore},
		Email:       claims.Email{Trust: claims.TrustNever},
	}.Imports(claims.StandardSources())
	require.Empty(t, problems)
	require.Equal(t, mas.LocalpartImport{Action: mas.ImportIgnore}, imports.Localpart)
	require.Equal(t, mas.ClaimImport{Action: mas.ImportIgnore}, imports.Displayname)
	require.Equal(t, mas.ClaimImport{Action: mas.ImportIgnore}, imports.Email)
}

func TestDirectoryTrustsEveryAddress(t *testing.T) {
	t.Parallel()
	imports, problems := claims.Rules{Email: claims.Email{Trust: claims.TrustDirectory, Action: mas.ImportRequire}}.Imports(claims.StandardSources())
	require.Empty(t, problems)
	require.Equal(t, mas.ClaimImport{Action: mas.ImportRequire, Template: "{%- if user.email is string and '@' in user.email -%}{{- user.email -}}{%- endif -%}"}, imports.Email)
}

func TestWithDefaultsKeepsWhatIsSetAndSharesNothing(t *testing.T) {
	t.Parallel()
	defaults := claims.Rules{
		Subject:     "oid",
		Localpart:   claims.Localpart{Action: mas.ImportRequire, Claim: "login", BeforeAt: true},
		DisplayName: claims.DisplayName{Claims: []string{"full_name"}},
		Email:       claims.Email{Trust: claims.TrustDirectory},

		SkipConfirmation: true,
	}
	mine := claims.Rules{
		Localpart: claims.Localpart{Claim: "upn"},
		Email:     claims.Email{Action: mas.ImportSuggest},
	}
	merged := mine.WithDefaults(defaults)
	require.Equal(t, claims.Rules{
		Subject:     "oid",
		Localpart:   claims.Localpart{Action: mas.ImportRequire, Claim: "upn"},
		DisplayName: claims.DisplayName{Claims: []string{"full_name"}},
		Email:       claims.Email{Action: mas.ImportSuggest, Trust: claims.TrustDirectory},
	}, merged)
	require.Equal(t, claims.Localpart{Action: mas.ImportRequire, Claim: "login", BeforeAt: true}, claims.Rules{}.WithDefaults(defaults).Localpart)
	merged.DisplayName.Claims[0] = "changed"
	require.Equal(t, []string{"full_name"}, defaults.DisplayName.Claims)
	require.Empty(t, mine.DisplayName.Claims)
}

func TestProblems(t *testing.T) {
	t.Parallel()
	type finding struct{ path, code string }
	forced := claims.Localpart{Action: mas.ImportRequire}
	with := func(change func(*claims.Localpart)) claims.Rules {
		l := forced
		change(&l)
		return claims.Rules{Localpart: l}
	}
	for name, c := range map[string]struct {
		rules claims.Rules
		want  []finding
	}{
		"conflict with a strict name": {
			with(func(l *claims.Localpart) { l.OnConflict = mas.ConflictAdd }),
			[]finding{{"claims.localpart.on_conflict", "links-by-name"}},
		},
		"conflict with a sanitized name": {
			with(func(l *claims.Localpart) { l.OnConflict, l.Policy = mas.ConflictSet, claims.LocalpartSanitize }),
			[]finding{{"claims.localpart.on_conflict", "account-takeover"}},
		},
		"conflict with a name without its domain": {
			with(func(l *claims.Localpart) { l.OnConflict, l.BeforeAt = mas.ConflictReplace, true }),
			[]finding{{"claims.localpart.on_conflict", "account-takeover"}},
		},
		"conflict with a claim of namesakes": {
			with(func(l *claims.Localpart) { l.OnConflict, l.Claim = mas.ConflictAdd, "given_name" }),
			[]finding{{"claims.localpart.on_conflict", "account-takeover"}},
		},
		"conflict with a claim of everybody": {
			with(func(l *claims.Localpart) { l.OnConflict, l.Claim = mas.ConflictSet, "email_verified" }),
			[]finding{{"claims.localpart.on_conflict", "account-takeover"}},
		},
		"conflict with a name that people edit": {
			claims.Rules{Localpart: claims.Localpart{OnConflict: mas.ConflictAdd}},
			[]finding{{"claims.localpart.on_conflict", "needs-action"}},
		},
		"lossy names without linking": {
			with(func(l *claims.Localpart) { l.OnConflict, l.BeforeAt = mas.ConflictFail, true }), nil,
		},
		"subject that people can edit": {
			claims.Rules{Subject: "email"}, []finding{{"claims.subject", "subject-mutable"}},
		},
		"subject of namesakes": {
			claims.Rules{Subject: "family_name"}, []finding{{"claims.subject", "subject-mutable"}},
		},
		"subject of everybody": {
			claims.Rules{Subject: "tid"}, []finding{{"claims.subject", "subject-shared"}},
		},
		"subject of its own": {claims.Rules{Subject: "urn:id"}, nil},
		"address required but never trusted": {
			claims.Rules{Email: claims.Email{Action: mas.ImportRequire, Trust: claims.TrustNever}},
			[]finding{{"claims.email.action", "email-never-trusted"}},
		},
		"skipping what must be asked": {
			claims.Rules{
				SkipConfirmation: true,
				DisplayName:      claims.DisplayName{Action: mas.ImportSuggest},
				Email:            claims.Email{Action: mas.ImportSuggest},
			},
			[]finding{
				{"claims.localpart.action", "needs-action"},
				{"claims.display_name.action", "needs-action"},
				{"claims.email.action", "needs-action"},
			},
		},
		"skipping with everything known":  {claims.Rules{SkipConfirmation: true, Localpart: forced}, nil},
		"skipping without e-mail address": {claims.Rules{SkipConfirmation: true, Localpart: forced, Email: claims.Email{Trust: claims.TrustNever}}, nil},
		"values that do not exist": {
			claims.Rules{
				Localpart:   claims.Localpart{Action: "never", Policy: "lax", OnConflict: "ask"},
				DisplayName: claims.DisplayName{Action: "maybe"},
				Email:       claims.Email{Action: "yes", Trust: "all"},
			},
			[]finding{
				{"claims.localpart.action", "unknown-value"},
				{"claims.localpart.policy", "unknown-value"},
				{"claims.localpart.on_conflict", "unknown-value"},
				{"claims.display_name.action", "unknown-value"},
				{"claims.email.action", "unknown-value"},
				{"claims.email.trust", "unknown-value"},
			},
		},
		"texts that are none": {
			claims.Rules{
				Subject:     "a\x00b",
				Localpart:   claims.Localpart{Claim: "x\ny"},
				DisplayName: claims.DisplayName{Claims: []string{"name", "", "\xff"}},
				AccountName: " padded",
			},
			[]finding{
				{"claims.subject", "text-invalid"},
				{"claims.localpart.claim", "text-invalid"},
				{"claims.display_name.claims[1]", "required"},
				{"claims.display_name.claims[2]", "text-invalid"},
				{"claims.account_name", "text-invalid"},
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, problems := c.rules.Imports(claims.StandardSources())
			var got []finding
			for _, p := range problems {
				got = append(got, finding{p.Path, p.Code})
				require.Equal(t, maskit.SeverityError, p.Severity)
				require.NotEmpty(t, p.Message)
				require.NotEmpty(t, p.Hint)
			}
			require.Equal(t, c.want, got)
		})
	}
}
