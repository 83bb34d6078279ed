package pingone_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/claims"
	"github.com/maskit-dev/maskit/upstream/internal/vendortest"
	"github.com/maskit-dev/maskit/upstream/pingone"
	"github.com/maskit-dev/maskit/upstream/upstreamtest"
)

const environment = "0c9b6d3a-3c0e-4a55-9f5e-5f4e1d0f7a11"

func minimal() pingone.Config {
	return pingone.Config{Environment: environment, Client: vendortest.Client()}
}

func full() pingone.Config {
	return pingone.Config{
		Region:      pingone.Australia,
		Environment: environment,
		Client:      vendortest.FullClient("openid", "profile", "email"),
		AuthMethod:  mas.AuthClientSecretJWT,
		GroupsClaim: "p1groups",
		Claims:      claims.Rules{Require: claims.Require{Groups: []string{"Matrix"}, ACR: []string{"Multi_Factor"}}},
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
	require.Equal(t, "https://auth.pingone.com/"+environment+"/as", vendortest.Entry(t, minimal()).Issuer)
	require.Equal(t, "https://auth.pingone.com.au/"+environment+"/as", vendortest.Entry(t, full()).Issuer)
	own := minimal()
	own.Environment, own.Issuer = "", "https://sso.example.com/as"
	require.Equal(t, "https://sso.example.com/as", vendortest.Entry(t, own).Issuer)
}

func TestProblems(t *testing.T) {
	t.Parallel()
	type config = pingone.Config
	when := vendortest.When[config]
	vendortest.Problems(t, minimal, map[string]vendortest.Case[config]{
		"nothing set": when(func(c *config) { *c = config{} },
			"error environment required", "error client_id required", "error client_secret required"),
		"no such region":       when(func(c *config) { c.Region = "us" }, "error region unknown-value"),
		"name of environment":  when(func(c *config) { c.Environment = "production" }, "error environment uuid-invalid"),
		"both":                 when(func(c *config) { c.Issuer = "https://sso.example.com/as" }, "error issuer both-set"),
		"custom domain, plain": when(func(c *config) { c.Environment, c.Issuer = "", "http://sso.example.com/as" }, "error issuer url-not-https"),
		"no groups":            when(func(c *config) { c.Claims.Require.Groups = []string{"a"} }, "error claims.require.groups gate-unavailable"),
	})
}

func TestSetupSteps(t *testing.T) {
	t.Parallel()
	env := upstreamtest.Env()
	require.Equal(t, []string{env.CallbackURL()}, vendortest.Values(full().SetupSteps(env), "Redirect URIs"))
	require.Equal(t, []string{"client_secret_jwt"}, vendortest.Values(full().SetupSteps(env), "Token Endpoint Authentication Method"))
	keyless := minimal()
	keyless.AuthMethod = mas.AuthPrivateKeyJWT
	require.Equal(t, []string{env.JWKSURL()}, vendortest.Values(keyless.SetupSteps(env), "JWKS URL"))
}
