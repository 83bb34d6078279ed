package gitlab_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/claims"
	"github.com/maskit-dev/maskit/upstream/gitlab"
	"github.com/maskit-dev/maskit/upstream/internal/vendortest"
	"github.com/maskit-dev/maskit/upstream/upstreamtest"
)

func minimal() gitlab.Config { return gitlab.Config{Client: vendortest.Client()} }

func full() gitlab.Config {
	return gitlab.Config{
		Client:     vendortest.FullClient("openid", "profile", "email"),
		URL:        "https://example.com/gitlab/",
		AuthMethod: mas.AuthClientSecretBasic,
		Claims: claims.Rules{
			Require: claims.Require{Groups: []string{"acme/staff"}, Domains: []string{"example.com"}},
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

func TestIssuerHasNoFinalSlash(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"":                             "https://gitlab.com",
		"https://gitlab.com/":          "https://gitlab.com",
		"https://git.example.com:8443": "https://git.example.com:8443",
		"https://example.com/gitlab/":  "https://example.com/gitlab",
	} {
		config := minimal()
		config.URL = given
		entry := vendortest.Entry(t, config)
		require.Equal(t, want, entry.Issuer)
		require.True(t, entry.FetchUserinfo)
		require.False(t, upstream.LogsOut(entry))
	}
}

func TestProblems(t *testing.T) {
	t.Parallel()
	type config = gitlab.Config
	when := vendortest.When[config]
	vendortest.Problems(t, minimal, map[string]vendortest.Case[config]{
		"nothing set": when(func(c *config) { *c = config{} }, "error client_id required", "error client_secret required"),
		"host alone":  when(func(c *config) { c.URL = "git.example.com" }, "error url url-invalid"),
		"plain http":  when(func(c *config) { c.URL = "http://git.example.com" }, "error url url-not-https"),
		"address of metadata": when(func(c *config) { c.URL = "https://git.example.com/.well-known/openid-configuration" },
			"error url issuer-is-metadata"),
		"no openid":      when(func(c *config) { c.Client.Scopes = []string{"email"} }, "error scopes scope-no-openid"),
		"no email scope": when(func(c *config) { c.Client.Scopes = []string{"openid"} }, "warning scopes scope-no-email"),
		"no email at all": when(func(c *config) {
			c.Client.Scopes, c.Claims.Email.Action = []string{"openid"}, mas.ImportIgnore
		}),
		"method":           when(func(c *config) { c.AuthMethod = mas.AuthClientSecretJWT }, "error token_endpoint_auth_method unknown-value"),
		"roles":            when(func(c *config) { c.Claims.Require.Roles = []string{"a"} }, "error claims.require.roles gate-unavailable"),
		"name as identity": when(func(c *config) { c.Claims.Subject = "nickname" }, "error claims.subject subject-mutable"),
		"linking by name": when(func(c *config) {
			c.Claims.Localpart.Action, c.Claims.Localpart.OnConflict = mas.ImportRequire, mas.ConflictAdd
		}, "error claims.localpart.on_conflict account-takeover"),
		"linking by another name": when(func(c *config) {
			c.Claims.Localpart = claims.Localpart{Action: mas.ImportRequire, OnConflict: mas.ConflictAdd, Claim: "preferred_username"}
		}, "error claims.localpart.on_conflict account-takeover"),
	})
}

func TestSetupSteps(t *testing.T) {
	t.Parallel()
	env := upstreamtest.Env()
	require.Contains(t, minimal().SetupSteps(env)[0].Title, "Settings of a group")
	require.Empty(t, vendortest.Values(minimal().SetupSteps(env), "Trusted"))
	steps := full().SetupSteps(env)
	require.Equal(t, []string{env.CallbackURL()}, vendortest.Values(steps, "Redirect URI"))
	require.Equal(t, []string{"openid, profile, email"}, vendortest.Values(steps, "Scopes"))
	require.Len(t, vendortest.Values(steps, "Trusted"), 1)
}
