package auth0_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/auth0"
	"github.com/maskit-dev/maskit/upstream/claims"
	"github.com/maskit-dev/maskit/upstream/internal/vendortest"
	"github.com/maskit-dev/maskit/upstream/upstreamtest"
)

func minimal() auth0.Config {
	return auth0.Config{Client: vendortest.Client(), Domain: "example.eu.auth0.com"}
}

func full() auth0.Config {
	return auth0.Config{
		Client:            vendortest.FullClient("openid", "profile", "email"),
		Domain:            "login.example.com",
		ClaimNamespace:    "https://example.com/",
		AuthMethod:        mas.AuthClientSecretBasic,
		BackchannelLogout: mas.LogoutAll,
		Claims: claims.Rules{
			Require:   claims.Require{Groups: []string{"it's"}, Roles: []string{"matrix"}},
			Localpart: claims.Localpart{FromEmail: true, Policy: claims.LocalpartStrict},
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

func TestIssuerEndsInASlash(t *testing.T) {
	t.Parallel()
	require.Equal(t, "https://example.eu.auth0.com/", vendortest.Entry(t, minimal()).Issuer)
	require.Equal(t, "https://login.example.com/", vendortest.Entry(t, full()).Issuer)
}

func TestProblems(t *testing.T) {
	t.Parallel()
	type config = auth0.Config
	when := vendortest.When[config]
	vendortest.Problems(t, minimal, map[string]vendortest.Case[config]{
		"nothing set": when(func(c *config) { *c = config{} },
			"error domain required", "error client_id required", "error client_secret required"),
		"domain as issuer":    when(func(c *config) { c.Domain = "https://example.eu.auth0.com/" }, "error domain host-invalid"),
		"domain with a slash": when(func(c *config) { c.Domain = "example.eu.auth0.com/" }, "error domain host-invalid"),
		"dashboard":           when(func(c *config) { c.Domain = "manage.auth0.com" }, "error domain host-not-login"),
		"namespace without slash": when(func(c *config) { c.ClaimNamespace = "https://example.com" },
			"error claim_namespace namespace-invalid"),
		"namespace as word":    when(func(c *config) { c.ClaimNamespace = "example" }, "error claim_namespace url-invalid"),
		"groups, no namespace": when(func(c *config) { c.Claims.Require.Groups = []string{"a"} }, "error claims.require.groups gate-unavailable"),
		"shared secret signed": when(func(c *config) { c.AuthMethod = mas.AuthClientSecretJWT }, "error token_endpoint_auth_method unknown-value"),
		"no openid":            when(func(c *config) { c.Client.Scopes = []string{"profile"} }, "error scopes scope-no-openid"),
		"nickname as identity": when(func(c *config) { c.Claims.Subject = "nickname" }, "error claims.subject subject-mutable"),
		"everything at once":   when(func(c *config) { c.Domain, c.Client.ID, c.Claims.Subject = "", "", "email" }, "error domain required", "error claims.subject subject-mutable", "error client_id required"),
		"linking by nickname": when(func(c *config) {
			c.Claims.Localpart.Action, c.Claims.Localpart.OnConflict = mas.ImportRequire, mas.ConflictSet
		}, "error claims.localpart.on_conflict account-takeover"),
	})
}

func TestSetupSteps(t *testing.T) {
	t.Parallel()
	env := upstreamtest.Env()
	require.Len(t, minimal().SetupSteps(env), 2)
	steps := full().SetupSteps(env)
	require.Equal(t, []string{env.CallbackURL()}, vendortest.Values(steps, "Allowed Callback URLs"))
	require.Equal(t, []string{"https://example.com/groups, https://example.com/roles"}, vendortest.Values(steps, "api.idToken.setCustomClaim"))
	require.Equal(t, []string{env.BackchannelLogoutURL()},
		vendortest.Values(steps, "Back-Channel Logout URI (oidc_logout.backchannel_logout_urls)"))
	require.Equal(t, []string{"Client Secret (Basic)"}, vendortest.Values(steps, "Authentication Method"))

	signed := minimal()
	signed.AuthMethod, signed.Client.Secret = mas.AuthPrivateKeyJWT, mas.SecretValue{}
	require.Contains(t, signed.SetupSteps(env)[1].Detail, env.JWKSURL())
}
