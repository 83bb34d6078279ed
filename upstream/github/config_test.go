package github_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/claims"
	"github.com/maskit-dev/maskit/upstream/github"
	"github.com/maskit-dev/maskit/upstream/internal/vendortest"
	"github.com/maskit-dev/maskit/upstream/oidc"
	"github.com/maskit-dev/maskit/upstream/upstreamtest"
)

func minimal() github.Config { return github.Config{Client: vendortest.Client()} }

func full() github.Config {
	return github.Config{
		Client: vendortest.FullClient("read:user", "user:email", "read:org"),
		Host:   "git.example.com",
		Claims: claims.Rules{
			Localpart:   claims.Localpart{Prefix: "gh-", Policy: claims.LocalpartSanitize},
			DisplayName: claims.DisplayName{Claims: []string{"name"}},
			Email:       claims.Email{Trust: claims.TrustDirectory},
		},
	}
}

func TestConformance(t *testing.T) {
	t.Parallel()
	vendortest.Conformance(t, map[string]func() upstream.Provider{
		"minimal": func() upstream.Provider { return minimal() },
		"full":    func() upstream.Provider { return full() },
	})
}

func TestHosts(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		host string
		want oidc.Endpoints
		mail mas.ImportAction
	}{
		"github.com": {"", oidc.Endpoints{
			Authorization: "https://github.com/login/oauth/authorize",
			Token:         "https://github.com/login/oauth/access_token",
			Userinfo:      "https://api.github.com/user",
		}, mas.ImportSuggest},
		"github.com by name": {"github.com", oidc.Endpoints{
			Authorization: "https://github.com/login/oauth/authorize",
			Token:         "https://github.com/login/oauth/access_token",
			Userinfo:      "https://api.github.com/user",
		}, mas.ImportSuggest},
		"data residency": {"acme.ghe.com", oidc.Endpoints{
			Authorization: "https://acme.ghe.com/login/oauth/authorize",
			Token:         "https://acme.ghe.com/login/oauth/access_token",
			Userinfo:      "https://api.acme.ghe.com/user",
		}, mas.ImportSuggest},
		"server": {"git.example.com:8443", oidc.Endpoints{
			Authorization: "https://git.example.com:8443/login/oauth/authorize",
			Token:         "https://git.example.com:8443/login/oauth/access_token",
			Userinfo:      "https://git.example.com:8443/api/v3/user",
		}, mas.ImportIgnore},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := minimal()
			config.Host = c.host
			entry := vendortest.Entry(t, config)
			require.Equal(t, c.want.Authorization, entry.AuthorizationEndpoint)
			require.Equal(t, c.want.Token, entry.TokenEndpoint)
			require.Equal(t, c.want.Userinfo, entry.UserinfoEndpoint)
			require.Equal(t, c.mail, entry.ClaimsImports.Email.Action, "a server may publish addresses that nobody verified")
			require.Empty(t, entry.Issuer)
			require.False(t, upstream.LogsOut(entry), "GitHub tells nobody about logouts")
		})
	}
}

func TestProblems(t *testing.T) {
	t.Parallel()
	type config = github.Config
	when := vendortest.When[config]
	vendortest.Problems(t, minimal, map[string]vendortest.Case[config]{
		"nothing set":       when(func(c *config) { *c = config{} }, "error client_id required", "error client_secret required"),
		"host as URL":       when(func(c *config) { c.Host = "https://git.example.com" }, "error host host-invalid"),
		"host in capitals":  when(func(c *config) { c.Host = "Git.example.com" }, "error host host-spelling"),
		"host of the API":   when(func(c *config) { c.Host = "api.github.com" }, "error host host-not-login"),
		"API of ghe.com":    when(func(c *config) { c.Host = "api.acme.ghe.com" }, "error host host-not-login"),
		"ghe.com itself":    when(func(c *config) { c.Host = "ghe.com" }, "error host host-not-login"),
		"a www":             when(func(c *config) { c.Host = "www.github.com" }, "error host host-not-login"),
		"openid":            when(func(c *config) { c.Client.Scopes = []string{"openid"} }, "error scopes scope-unsupported"),
		"verified e-mail":   when(func(c *config) { c.Claims.Email.Trust = claims.TrustVerified }, "warning claims.email.trust email-unverifiable"),
		"organisations":     when(func(c *config) { c.Claims.Require.Groups = []string{"acme"} }, "error claims.require.groups gate-unavailable"),
		"login as identity": when(func(c *config) { c.Claims.Subject = "login" }, "error claims.subject subject-mutable"),
		"linking by login": when(func(c *config) {
			c.Claims.Localpart.Action, c.Claims.Localpart.OnConflict = mas.ImportRequire, mas.ConflictSet
		}, "error claims.localpart.on_conflict account-takeover"),
		"linking by login, acknowledged": when(func(c *config) {
			c.Claims.Localpart.Action, c.Claims.Localpart.OnConflict = mas.ImportRequire, mas.ConflictSet
			c.Acknowledge = []maskit.Ack{{Code: "account-takeover"}}
		}, "warning claims.localpart.on_conflict account-takeover"),
		"useless acknowledge": when(func(c *config) { c.Acknowledge = []maskit.Ack{{Code: "account-takeover"}} }, "warning  ack-unused"),
	})
}

func TestSetupSteps(t *testing.T) {
	t.Parallel()
	steps := full().SetupSteps(upstreamtest.Env())
	require.Equal(t, "Register an OAuth app at https://git.example.com/settings/developers", steps[0].Title)
	require.Equal(t, []string{upstreamtest.Env().CallbackURL()}, vendortest.Values(steps, "Authorization callback URL"))
	require.Equal(t, []string{"read:user user:email read:org"}, vendortest.Values(steps, "Scopes"))
	for _, step := range steps {
		require.True(t, step.Unverified)
	}
}
