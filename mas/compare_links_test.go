package mas_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
)

// compared returns the differences of two configurations of one section each, one per line.
func compared(old, next mas.Config) string { return mas.Compare(&old, &next).String() }

func TestCompareSaysWhatRemovalMeans(t *testing.T) {
	t.Parallel()
	providers := func(p ...mas.UpstreamProvider) mas.Config {
		return mas.Config{UpstreamOAuth2: &mas.UpstreamOAuth2{Providers: p}}
	}
	disabled := mas.UpstreamProvider{ID: "01J0000000000000000000000A", Enabled: mas.Set(false)}
	require.Equal(t, "delete provider 01J0000000000000000000000A [sync] it is disabled already; links and sessions stay, unless it is pruned",
		compared(providers(disabled, mas.UpstreamProvider{ID: "01J0000000000000000000000B"}), providers(mas.UpstreamProvider{ID: "01J0000000000000000000000B"})))

	schemes := func(s ...mas.PasswordScheme) mas.Config {
		return mas.Config{Passwords: &mas.Passwords{Enabled: mas.Set(true), Schemes: s}}
	}
	spelledOut := schemes(mas.PasswordScheme{Version: 1, Algorithm: mas.Argon2id})
	require.Equal(t, "delete password scheme version 1 [restart] MAS's own default is the same", compared(spelledOut, schemes()))
	require.Contains(t, compared(schemes(mas.PasswordScheme{Version: 1, Algorithm: mas.Bcrypt}), schemes()), "logins fail")
}

// Providers that are known by their endpoints, and ids that go to another provider.
func TestCompareRefusesToHandLinksOver(t *testing.T) {
	t.Parallel()
	entry := func(id maskit.ULID, client string) mas.UpstreamProvider {
		return mas.UpstreamProvider{
			ID: id, ClientID: client, Issuer: "https://sso.example.com", DiscoveryMode: mas.DiscoveryDisabled,
			AuthorizationEndpoint: "https://sso.example.com/a", TokenEndpoint: "https://sso.example.com/t", JWKSURI: "https://sso.example.com/k",
		}
	}
	const first, second = maskit.ULID("01J0000000000000000000000A"), maskit.ULID("01J0000000000000000000000B")
	cases := map[string]struct {
		change func(p []mas.UpstreamProvider)
		want   []string
	}{
		"token endpoint": {
			func(p []mas.UpstreamProvider) { p[0].TokenEndpoint = "https://other.example/t" },
			[]string{"upstream_oauth2.providers[0].token_endpoint provider-issuer-changed"},
		},
		"keys": {
			func(p []mas.UpstreamProvider) { p[0].JWKSURI = "https://other.example/k" },
			[]string{"upstream_oauth2.providers[0].jwks_uri provider-issuer-changed"},
		},
		"discovered from now on": {func(p []mas.UpstreamProvider) {
			p[0].DiscoveryMode, p[0].AuthorizationEndpoint, p[0].TokenEndpoint, p[0].JWKSURI = "", "", "", ""
		}, nil},
		"ids swapped": {
			func(p []mas.UpstreamProvider) { p[0].ID, p[1].ID = p[1].ID, p[0].ID },
			[]string{"upstream_oauth2.providers[0].id provider-id-changed", "upstream_oauth2.providers[1].id provider-id-changed"},
		},
		"order": {func(p []mas.UpstreamProvider) { p[0], p[1] = p[1], p[0] }, nil},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			before := []mas.UpstreamProvider{entry(first, "a"), entry(second, "b")}
			after := []mas.UpstreamProvider{entry(first, "a"), entry(second, "b")}
			tc.change(after)
			comparison := mas.Compare(
				&mas.Config{UpstreamOAuth2: &mas.UpstreamOAuth2{Providers: before}},
				&mas.Config{UpstreamOAuth2: &mas.UpstreamOAuth2{Providers: after}})
			require.Equal(t, tc.want, codesOrNil(comparison.Judge().Only(maskit.SeverityError)))
		})
	}
}

func codesOrNil(problems maskit.Problems) []string {
	if len(problems) == 0 {
		return nil
	}
	return codes(problems)
}

// A new id is a new provider, even if the client or the spelling of the issuer changes with it.
func TestCompareReportsProvidersThatAreReplaced(t *testing.T) {
	t.Parallel()
	const first, second = maskit.ULID("01J0000000000000000000000A"), maskit.ULID("01J0000000000000000000000B")
	old := mas.UpstreamProvider{ID: first, ClientID: "matrix", Issuer: "https://sso.example.com"}
	with := func(change func(*mas.UpstreamProvider)) []mas.UpstreamProvider {
		next := old
		change(&next)
		return []mas.UpstreamProvider{next}
	}
	for name, c := range map[string]struct {
		next []mas.UpstreamProvider
		want []string
	}{
		"id and client":        {with(func(p *mas.UpstreamProvider) { p.ID, p.ClientID = second, "other" }), []string{"provider-removed", "provider-replaced"}},
		"id and slash":         {with(func(p *mas.UpstreamProvider) { p.ID, p.Issuer = second, "https://SSO.example.com/" }), []string{"provider-removed", "provider-replaced"}},
		"another server":       {with(func(p *mas.UpstreamProvider) { p.ID, p.Issuer = second, "https://other.example" }), []string{"provider-removed"}},
		"one beside it":        {append(with(func(p *mas.UpstreamProvider) { p.ID, p.ClientID = second, "other" }), old), nil},
		"the id alone":         {with(func(p *mas.UpstreamProvider) { p.ID = second }), []string{"provider-id-changed", "provider-removed"}},
		"the id twice":         {append(with(func(p *mas.UpstreamProvider) { p.ClaimsImports.Subject.Template = "{{ user.oid }}" }), old), []string{"subject-template-changed"}},
		"the id twice, second": {append([]mas.UpstreamProvider{old}, with(func(p *mas.UpstreamProvider) { p.ClaimsImports.Subject.Template = "{{ user.oid }}" })...), []string{"subject-template-changed"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := func(p []mas.UpstreamProvider) *mas.Config {
				return &mas.Config{UpstreamOAuth2: &mas.UpstreamOAuth2{Providers: p}}
			}
			var got []string
			for _, p := range mas.Compare(config([]mas.UpstreamProvider{old}), config(c.next)).Judge() {
				got = append(got, p.Code)
			}
			require.Equal(t, c.want, got)
		})
	}
}
