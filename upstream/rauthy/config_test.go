package rauthy_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/claims"
	"github.com/maskit-dev/maskit/upstream/internal/vendortest"
	"github.com/maskit-dev/maskit/upstream/rauthy"
	"github.com/maskit-dev/maskit/upstream/upstreamtest"
)

func minimal() rauthy.Config {
	return rauthy.Config{URL: "https://sso.example.com", Client: vendortest.Client()}
}

func full() rauthy.Config {
	return rauthy.Config{
		URL: "https://sso.example.com/", Before035: true,
		Client:            vendortest.FullClient("openid", "profile", "email"),
		AuthMethod:        mas.AuthClientSecretPost,
		BackchannelLogout: mas.LogoutBrowserOnly,
		Claims:            claims.Rules{Require: claims.Require{Groups: []string{"matrix"}, Roles: []string{"user"}}},
	}
}

func TestConformance(t *testing.T) {
	t.Parallel()
	vendortest.Conformance(t, map[string]func() upstream.Provider{
		"minimal": func() upstream.Provider { return minimal() },
		"full":    func() upstream.Provider { return full() },
	})
}

func TestTheIssuerHasASlashSince035(t *testing.T) {
	t.Parallel()
	require.Equal(t, "https://sso.example.com/auth/v1/", vendortest.Entry(t, minimal()).Issuer)
	require.Equal(t, "https://sso.example.com/auth/v1", vendortest.Entry(t, full()).Issuer)
}

func TestProblems(t *testing.T) {
	t.Parallel()
	type config = rauthy.Config
	when := vendortest.When[config]
	vendortest.Problems(t, minimal, map[string]vendortest.Case[config]{
		"nothing set":   when(func(c *config) { *c = config{} }, "error url required", "error client_id required", "error client_secret required"),
		"plain http":    when(func(c *config) { c.URL = "http://sso.example.com" }, "error url url-not-https"),
		"the issuer":    when(func(c *config) { c.URL = "https://sso.example.com/auth/v1/" }, "error url url-is-issuer"),
		"unknown AM":    when(func(c *config) { c.AuthMethod = mas.AuthClientSecretJWT }, "error token_endpoint_auth_method unknown-value"),
		"tenants":       when(func(c *config) { c.Claims.Require.Tenants = []string{"a"} }, "error claims.require.tenants gate-unavailable"),
		"shared secret": when(func(c *config) { c.Client.Secret = mas.SecretValue{} }, "error client_secret required"),
	})
}

func TestSetupSteps(t *testing.T) {
	t.Parallel()
	env := upstreamtest.Env()
	steps := full().SetupSteps(env)
	require.Equal(t, []string{env.CallbackURL()}, vendortest.Values(steps, "Redirect URI"))
	require.Equal(t, []string{env.BackchannelLogoutURL()}, vendortest.Values(steps, "Backchannel Logout URI"))
	require.Equal(t, []string{"RS256"}, vendortest.Values(steps, "ID Token Algorithm"))
	require.Equal(t, []string{"openid profile email groups"}, vendortest.Values(steps, "Allowed Scopes"))
}
