package mas_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
)

const (
	staff       = "{%- if (user.groups is sequence and ('staff' in user.groups)) -%}{{- user.sub -}}{%- endif -%}"
	staffAdmins = "{%- if (user.groups is sequence and ('admins' in user.groups or 'staff' in user.groups)) -%}{{- user.sub -}}{%- endif -%}"
	staffByOID  = "{%- if (user.groups is sequence and ('staff' in user.groups)) -%}{{- user.oid -}}{%- endif -%}"
	loop        = "{%- for g in user.groups or [] if g in ['staff'] -%}{{- user.sub -}}{%- endfor -%}"
)

func compareProvider(old, next func(*mas.UpstreamProvider)) mas.Comparison {
	config := func(change func(*mas.UpstreamProvider)) *mas.Config {
		p := mas.UpstreamProvider{ID: "01J0000000000000000000000A", ClientID: "matrix", Issuer: "https://sso.example.com"}
		if change != nil {
			change(&p)
		}
		return &mas.Config{UpstreamOAuth2: &mas.UpstreamOAuth2{Providers: []mas.UpstreamProvider{p}}}
	}
	return mas.Compare(config(old), config(next))
}

// Links go by the subject: a gate before it may change, it may not.
func TestCompareTellsGatesFromSubjects(t *testing.T) {
	t.Parallel()
	subject := func(template string) func(*mas.UpstreamProvider) {
		return func(p *mas.UpstreamProvider) { p.ClaimsImports.Subject.Template = template }
	}
	for name, c := range map[string]struct {
		old, next string
		impact    mas.Impact
		message   string // of the info; empty: the change is refused
	}{
		"gate added":        {"", staff, mas.ImpactLogins, `newly turned away: those without "staff" in groups`},
		"gate removed":      {staff, "{{ user.sub }}", mas.ImpactNone, `newly let in: those without "staff" in groups`},
		"gate widened":      {staff, staffAdmins, mas.ImpactNone, `newly let in: those with "admins" in groups`},
		"gate narrowed":     {staffAdmins, staff, mas.ImpactLogins, `newly turned away: those with only "admins" in groups`},
		"other subject":     {"", "{{ user.oid }}", mas.ImpactLinks, ""},
		"behind same gate":  {staff, staffByOID, mas.ImpactLinks, ""},
		"hand-written gate": {"", loop, mas.ImpactLinks, ""},
		"gate of an old":    {loop, staff, mas.ImpactLinks, ""},
		"text around it":    {"", "x{{ user.sub }}", mas.ImpactLinks, ""},
		"space around it":   {"", " {{ user.sub }}", mas.ImpactLinks, ""},
		"nulls are people":  {"{{ user.oid or '' }}", "{{ user.oid }}", mas.ImpactLinks, ""},
		"nulls are nobody":  {"{{ user.oid }}", "{{ user.oid or '' }}", mas.ImpactLogins, "newly turned away: those for whom the claim is missing or null"},
		"by hand, gated":    {"{{user['sub']}}\n", staff, mas.ImpactLogins, `newly turned away: those without "staff" in groups`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			comparison := compareProvider(subject(c.old), subject(c.next))
			require.Len(t, comparison.Differences, 1)
			require.Equal(t, c.impact, comparison.Differences[0].Impact)
			require.Len(t, comparison.Problems, 1)
			p := comparison.Problems[0]
			require.Equal(t, "upstream_oauth2.providers[0].claims_imports.subject.template", p.Path)
			if c.message == "" {
				require.Equal(t, "subject-template-changed", p.Code)
				require.Error(t, comparison.Judge().Err())
				return
			}
			code, severity := "gate-changed", maskit.SeverityInfo
			if name == "gate removed" {
				code, severity = "gate-removed", maskit.SeverityWarning
			}
			require.Equal(t, code, p.Code)
			require.Equal(t, severity, p.Severity)
			require.Contains(t, p.Message, c.message)
			require.Contains(t, comparison.String(), c.message)
			require.NoError(t, comparison.Judge().Err())
		})
	}
}

// One claim, written by hand, is the same however it is spelled.
func TestCompareReadsSubjectsWrittenByHand(t *testing.T) {
	t.Parallel()
	for _, template := range []string{"{{user.sub}}", "{{- user.sub -}}", "{{\tuser['sub'] }}\n", "{{ user.sub }}\r\n", ""} {
		comparison := compareProvider(
			func(p *mas.UpstreamProvider) { p.ClaimsImports.Subject.Template = template },
			func(p *mas.UpstreamProvider) { p.ClaimsImports.Subject.Template = "{{ user.sub }}" })
		require.Empty(t, comparison.Judge(), "%q", template)
		require.Len(t, comparison.Differences, 1)
		require.Equal(t, mas.ImpactNone, comparison.Differences[0].Impact, "%q", template)
	}
	for _, template := range []string{"{{user.sub}} ", "{{ user.sub }}\n\n", "{{ user.sub | lower }}", "{{ id_token_claims.sub }}", "{{ user.sub }}{{ user.x }}", "{{ user. sub }}", "{{ --user.sub }}"} {
		comparison := compareProvider(nil, func(p *mas.UpstreamProvider) { p.ClaimsImports.Subject.Template = template })
		require.Error(t, comparison.Judge().Err(), "%q", template)
	}
}

// A deployment that left out what MAS takes for granted is the same as one that says it.
func TestCompareKnowsWhatAbsentKeysOfAProviderMean(t *testing.T) {
	t.Parallel()
	spelledOut := func(p *mas.UpstreamProvider) {
		p.Enabled, p.IDTokenSignedResponseAlg, p.Scope = mas.Set(true), mas.AlgRS256, "openid"
		p.DiscoveryMode, p.PKCEMethod, p.OnBackchannelLogout = mas.DiscoveryOIDC, mas.PKCEAuto, mas.LogoutDoNothing
		p.ClaimsImports = mas.ClaimsImports{
			Subject:     mas.SubjectImport{Template: "{{ user.sub }}"},
			Localpart:   mas.LocalpartImport{Action: mas.ImportIgnore, Template: "{{ user.preferred_username }}", OnConflict: mas.ConflictFail},
			Displayname: mas.ClaimImport{Action: mas.ImportIgnore, Template: "{{ user.name }}"},
			Email:       mas.ClaimImport{Action: mas.ImportIgnore, Template: "{{ user.email }}"},
		}
	}
	for _, comparison := range []mas.Comparison{compareProvider(nil, spelledOut), compareProvider(spelledOut, nil)} {
		require.Empty(t, comparison.Judge())
		require.Len(t, comparison.Differences, 1, "%s", comparison)
		require.Len(t, comparison.Differences[0].Change.Fields, 14)
		require.Equal(t, "it says the same in another way", comparison.Differences[0].Text)
	}
	off := compareProvider(nil, func(p *mas.UpstreamProvider) { p.Enabled = mas.Set(false) })
	require.Contains(t, off.String(), "nobody can log in")
	alg := compareProvider(nil, func(p *mas.UpstreamProvider) { p.IDTokenSignedResponseAlg = mas.AlgES256 })
	require.Contains(t, alg.String(), "unless the provider signs with it")
}

func TestCompareKnowsPairwiseSubjects(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		set  func(*mas.UpstreamProvider)
		want maskit.Severity
	}{
		"any provider":   {func(*mas.UpstreamProvider) {}, maskit.SeverityWarning},
		"Entra":          {func(p *mas.UpstreamProvider) { p.Issuer = "https://login.microsoftonline.com/t/v2.0" }, maskit.SeverityError},
		"Entra External": {func(p *mas.UpstreamProvider) { p.Issuer = "https://t.ciamlogin.com/t/v2.0" }, maskit.SeverityError},
		"Entra by its oid": {func(p *mas.UpstreamProvider) {
			p.Issuer, p.ClaimsImports.Subject.Template = "https://login.microsoftonline.com/t/v2.0", "{{ user.oid or '' }}"
		}, maskit.SeverityWarning},
		"Facebook": {func(p *mas.UpstreamProvider) {
			p.Issuer, p.AuthorizationEndpoint, p.DiscoveryMode = "", "https://www.facebook.com/dialog/oauth", mas.DiscoveryDisabled
		}, maskit.SeverityError},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			comparison := compareProvider(c.set, func(p *mas.UpstreamProvider) { c.set(p); p.ClientID = "other" })
			require.Len(t, comparison.Problems, 1)
			require.Equal(t, "provider-client-changed", comparison.Problems[0].Code)
			require.Equal(t, c.want, comparison.Problems[0].Severity)
		})
	}
}

func TestCompareWarnsOfWeakerLogins(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		old, next func(*mas.UpstreamProvider)
		want      string
	}{
		"no PKCE": {nil, func(p *mas.UpstreamProvider) { p.PKCEMethod = mas.PKCENever }, "pkce_method pkce-weaker"},
		"PKCE":    {func(p *mas.UpstreamProvider) { p.PKCEMethod = mas.PKCENever }, func(p *mas.UpstreamProvider) { p.PKCEMethod = mas.PKCEAlways }, ""},
		"insecure discovery": {
			nil, func(p *mas.UpstreamProvider) { p.DiscoveryMode = mas.DiscoveryInsecure }, "discovery_mode discovery-weaker",
		},
		"no ID token": {nil, func(p *mas.UpstreamProvider) { p.Scope = "profile" }, "scope id-token-gone"},
		"more scopes": {nil, func(p *mas.UpstreamProvider) { p.Scope = "openid groups" }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, p := range compareProvider(c.old, c.next).Problems {
				require.Equal(t, maskit.SeverityWarning, p.Severity)
				got = append(got, strings.TrimPrefix(p.Path, "upstream_oauth2.providers[0].")+" "+p.Code)
			}
			require.Equal(t, c.want, strings.Join(got, ","))
		})
	}
}
