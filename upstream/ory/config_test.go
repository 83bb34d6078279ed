package ory_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/claims"
	"github.com/maskit-dev/maskit/upstream/internal/vendortest"
	"github.com/maskit-dev/maskit/upstream/ory"
	"github.com/maskit-dev/maskit/upstream/upstreamtest"
)

func minimal() ory.Config {
	return ory.Config{Project: "happy-lamb-1x2y3z", Client: vendortest.Client()}
}

func full() ory.Config {
	return ory.Config{
		Issuer:            "https://hydra.example.com/",
		Client:            vendortest.FullClient("openid", "profile", "email", "groups"),
		AuthMethod:        mas.AuthClientSecretPost,
		GroupsClaim:       "ext.groups",
		BackchannelLogout: mas.LogoutBrowserOnly,
		Claims:            claims.Rules{Require: claims.Require{Groups: []string{"matrix"}, ACR: []string{"aal2"}}},
	}
}

func TestConformance(t *testing.T) {
	t.Parallel()
	vendortest.Conformance(t, map[string]func() upstream.Provider{
		"minimal": func() upstream.Provider { return minimal() },
		"full":    func() upstream.Provider { return full() },
	})
}

func TestIssuer(t *testing.T) {
	t.Parallel()
	require.Equal(t, "https://happy-lamb-1x2y3z.projects.oryapis.com", vendortest.Entry(t, minimal()).Issuer)
	require.Equal(t, "https://hydra.example.com/", vendortest.Entry(t, full()).Issuer, "byte for byte")
}

func TestProblems(t *testing.T) {
	t.Parallel()
	type config = ory.Config
	when := vendortest.When[config]
	vendortest.Problems(t, minimal, map[string]vendortest.Case[config]{
		"nothing set": when(func(c *config) { *c = config{} },
			"error client_id required", "error issuer required", "error client_secret required"),
		"both":              when(func(c *config) { c.Issuer = "https://id.example.com" }, "error issuer both-set"),
		"address as a slug": when(func(c *config) { c.Project = "a.projects.oryapis.com" }, "error project label-invalid"),
		"plain http":        when(func(c *config) { c.Project, c.Issuer = "", "http://hydra.example.com" }, "error issuer url-not-https"),
		"no groups":         when(func(c *config) { c.Claims.Require.Groups = []string{"a"} }, "error claims.require.groups gate-unavailable"),
		"public client": when(func(c *config) { c.AuthMethod, c.Client.Secret = mas.AuthNone, mas.SecretValue{} },
			"error token_endpoint_auth_method unknown-value"),
	})
}

func TestSetupSteps(t *testing.T) {
	t.Parallel()
	env := upstreamtest.Env()
	steps := full().SetupSteps(env)
	require.Equal(t, []string{env.CallbackURL()}, vendortest.Values(steps, "redirect_uris"))
	require.Equal(t, []string{"client_secret_post"}, vendortest.Values(steps, "token_endpoint_auth_method"))
	require.Equal(t, []string{env.BackchannelLogoutURL()}, vendortest.Values(steps, "backchannel_logout_uri"))
	keyless := minimal()
	keyless.AuthMethod = mas.AuthPrivateKeyJWT
	require.Equal(t, []string{env.JWKSURL()}, vendortest.Values(keyless.SetupSteps(env), "jwks_uri"))
}
