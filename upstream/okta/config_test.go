package okta_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/claims"
	"github.com/maskit-dev/maskit/upstream/internal/vendortest"
	"github.com/maskit-dev/maskit/upstream/okta"
	"github.com/maskit-dev/maskit/upstream/upstreamtest"
)

func minimal() okta.Config {
	return okta.Config{Client: vendortest.Client(), Domain: "example.okta.com"}
}

func full() okta.Config {
	return okta.Config{
		Client:              vendortest.FullClient("openid", "profile", "email"),
		Domain:              "login.example.com",
		AuthorizationServer: "aus1a2b3c4",
		GroupsScope:         "mas_groups",
		AuthMethod:          mas.AuthClientSecretJWT,
		AuthSigningAlg:      mas.AlgHS512,
		Claims: claims.Rules{
			Require:   claims.Require{Groups: []string{"matrix", "staff"}, Domains: []string{"example.com"}},
			Localpart: claims.Localpart{Claim: "preferred_username", Domains: []string{"example.com"}},
		},
	}
}

// signed authenticates by the keys of MAS.
func signed() okta.Config {
	c := minimal()
	c.AuthMethod, c.Client.Secret = mas.AuthPrivateKeyJWT, mas.SecretValue{}
	return c
}

func TestConformance(t *testing.T) {
	t.Parallel()
	vendortest.Conformance(t, map[string]func() upstream.Provider{
		"minimal": func() upstream.Provider { return minimal() },
		"full":    func() upstream.Provider { return full() },
		"signed":  func() upstream.Provider { return signed() },
	})
}

func TestIssuer(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ domain, server, want string }{
		"organisation":       {"example.okta.com", "", "https://example.okta.com"},
		"default server":     {"example.okta.com", "default", "https://example.okta.com/oauth2/default"},
		"custom server":      {"example.okta-emea.com", "aus1a2b3c4", "https://example.okta-emea.com/oauth2/aus1a2b3c4"},
		"custom domain":      {"login.example.com", "", "https://login.example.com"},
		"preview":            {"example.oktapreview.com", "", "https://example.oktapreview.com"},
		"organisation admin": {"admin.okta.com", "", "https://admin.okta.com"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := minimal()
			config.Domain, config.AuthorizationServer = c.domain, c.server
			entry := vendortest.Entry(t, config)
			require.Equal(t, c.want, entry.Issuer)
			require.True(t, entry.FetchUserinfo)
			require.False(t, upstream.LogsOut(entry))
		})
	}
}

func TestGroupsAreAskedForWhereTheyNeedAScope(t *testing.T) {
	t.Parallel()
	config := minimal()
	config.Claims.Require.Groups = []string{"matrix"}
	require.Equal(t, "openid profile email", vendortest.Entry(t, config).Scope, "the app filters groups")
	config.AuthorizationServer = "default"
	require.Equal(t, "openid profile email groups", vendortest.Entry(t, config).Scope)
	config.GroupsScope = "mas_groups"
	require.Equal(t, "openid profile email mas_groups", vendortest.Entry(t, config).Scope)
}

func TestProblems(t *testing.T) {
	t.Parallel()
	type config = okta.Config
	when := vendortest.When[config]
	vendortest.Problems(t, minimal, map[string]vendortest.Case[config]{
		"nothing set": when(func(c *config) { *c = config{} },
			"error domain required", "error client_id required", "error client_secret required"),
		"domain as URL":         when(func(c *config) { c.Domain = "https://example.okta.com" }, "error domain host-invalid"),
		"domain with a server":  when(func(c *config) { c.Domain = "example.okta.com/oauth2/default" }, "error domain host-invalid"),
		"domain of the console": when(func(c *config) { c.Domain = "example-admin.okta.com" }, "error domain host-not-login"),
		"domain in capitals":    when(func(c *config) { c.Domain = "Example.okta.com" }, "error domain host-spelling"),
		"server as URL":         when(func(c *config) { c.AuthorizationServer = "https://example.okta.com/oauth2/default" }, "error authorization_server server-invalid"),
		"groups scope of the organisation": when(func(c *config) { c.GroupsScope = "groups" },
			"error groups_scope scope-unsupported"),
		"two groups scopes": when(func(c *config) { c.AuthorizationServer, c.GroupsScope = "default", "a b" }, "error groups_scope scope-invalid"),
		"public client":     when(func(c *config) { c.AuthMethod = mas.AuthNone }, "error token_endpoint_auth_method unknown-value", "error client_secret not-allowed"),
		"key and secret":    when(func(c *config) { c.AuthMethod = mas.AuthPrivateKeyJWT }, "error client_secret not-allowed"),
		"no openid":         when(func(c *config) { c.Client.Scopes = []string{"profile"} }, "error scopes scope-no-openid"),
		"roles":             when(func(c *config) { c.Claims.Require.Roles = []string{"a"} }, "error claims.require.roles gate-unavailable"),
		"lossy names": when(func(c *config) {
			c.Claims.Localpart.Action, c.Claims.Localpart.OnConflict = mas.ImportRequire, mas.ConflictSet
		}, "error claims.localpart.on_conflict account-takeover"),
	})
}

func TestSetupSteps(t *testing.T) {
	t.Parallel()
	env := upstreamtest.Env()
	require.Len(t, minimal().SetupSteps(env), 3)
	steps := full().SetupSteps(env)
	require.Equal(t, []string{env.CallbackURL()}, vendortest.Values(steps, "Sign-in redirect URIs"))
	require.Equal(t, []string{"openid, profile, email, mas_groups"}, vendortest.Values(steps, "Rule, scopes"))
	require.Equal(t, []string{"a regex that matches all of: matrix, staff"}, vendortest.Values(steps, "Claims, filter"))
	require.Equal(t, []string{env.JWKSURL()}, vendortest.Values(signed().SetupSteps(env), "Use a URL to fetch keys dynamically"))
}
