package authelia_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/authelia"
	"github.com/maskit-dev/maskit/upstream/claims"
	"github.com/maskit-dev/maskit/upstream/internal/vendortest"
	"github.com/maskit-dev/maskit/upstream/upstreamtest"
)

func minimal() authelia.Config {
	return authelia.Config{URL: "https://auth.example.com", Client: vendortest.Client()}
}

func full() authelia.Config {
	return authelia.Config{
		URL:        "https://example.com/auth/",
		Client:     vendortest.FullClient("openid", "profile", "email"),
		AuthMethod: mas.AuthClientSecretJWT,
		Claims: claims.Rules{
			Require:   claims.Require{Groups: []string{"matrix"}, Domains: []string{"example.com"}},
			Localpart: claims.Localpart{Action: mas.ImportSuggest},
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

func TestTheIssuerHasNoFinalSlash(t *testing.T) {
	t.Parallel()
	require.Equal(t, "https://auth.example.com", vendortest.Entry(t, minimal()).Issuer)
	require.Equal(t, "https://example.com/auth", vendortest.Entry(t, full()).Issuer)
}

func TestRequiredGroupsAreAskedFor(t *testing.T) {
	t.Parallel()
	require.Equal(t, "openid profile email groups", vendortest.Entry(t, full()).Scope, "a gate on groups needs the scope")
}

func TestProblems(t *testing.T) {
	t.Parallel()
	type config = authelia.Config
	when := vendortest.When[config]
	vendortest.Problems(t, minimal, map[string]vendortest.Case[config]{
		"nothing set": when(func(c *config) { *c = config{} }, "error url required", "error client_id required", "error client_secret required"),
		"plain http":  when(func(c *config) { c.URL = "http://auth.example.com" }, "error url url-not-https"),
		"no openid":   when(func(c *config) { c.Client.Scopes = []string{"groups"} }, "error scopes scope-no-openid"),
		"public client": when(func(c *config) { c.AuthMethod, c.Client.Secret = mas.AuthNone, mas.SecretValue{} },
			"error token_endpoint_auth_method unknown-value"),
		"keys of MAS": when(func(c *config) { c.AuthMethod, c.Client.Secret = mas.AuthPrivateKeyJWT, mas.SecretValue{} }),
		"acr":         when(func(c *config) { c.Claims.Require.ACR = []string{"2fa"} }, "error claims.require.acr gate-unavailable"),
	})
}

func TestSetupSteps(t *testing.T) {
	t.Parallel()
	env := upstreamtest.Env()
	require.Equal(t, []string{"['" + env.CallbackURL() + "']"}, vendortest.Values(minimal().SetupSteps(env), "redirect_uris"))
	keyless := minimal()
	keyless.AuthMethod = mas.AuthPrivateKeyJWT
	require.Equal(t, []string{env.JWKSURL()}, vendortest.Values(keyless.SetupSteps(env), "jwks_uri"))
	require.Equal(t, []string{"HS256"}, vendortest.Values(full().SetupSteps(env), "token_endpoint_auth_signing_alg"))
}
