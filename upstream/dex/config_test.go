package dex_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/claims"
	"github.com/maskit-dev/maskit/upstream/dex"
	"github.com/maskit-dev/maskit/upstream/internal/vendortest"
	"github.com/maskit-dev/maskit/upstream/upstreamtest"
)

func minimal() dex.Config {
	return dex.Config{Issuer: "https://dex.example.com/dex", Client: vendortest.Client()}
}

func full() dex.Config {
	return dex.Config{
		Issuer:            "http://dex.auth.svc.cluster.local:5556/dex",
		InsecureHTTP:      true,
		Client:            vendortest.FullClient("openid", "profile", "email"),
		AuthMethod:        mas.AuthClientSecretPost,
		IDTokenAlg:        mas.AlgES256,
		BackchannelLogout: mas.LogoutBrowserOnly,
		Claims: claims.Rules{
			Require:   claims.Require{Groups: []string{"cn=matrix,ou=groups", "staff"}},
			Localpart: claims.Localpart{Claim: "name"},
			Email:     claims.Email{Trust: claims.TrustNever},
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

func TestIssuerIsTakenAsItIs(t *testing.T) {
	t.Parallel()
	config := minimal()
	config.Issuer = "https://dex.example.com/"
	require.Equal(t, "https://dex.example.com/", vendortest.Entry(t, config).Issuer)
	require.Equal(t, mas.DiscoveryInsecure, vendortest.Entry(t, full()).DiscoveryMode)
}

func TestProblems(t *testing.T) {
	t.Parallel()
	type config = dex.Config
	when := vendortest.When[config]
	vendortest.Problems(t, minimal, map[string]vendortest.Case[config]{
		"nothing set":     when(func(c *config) { *c = config{} }, "error client_id required", "error issuer required", "error client_secret required"),
		"plain http":      when(func(c *config) { c.Issuer = "http://dex.example.com" }, "error issuer url-not-https"),
		"https all right": when(func(c *config) { c.InsecureHTTP = true }),
		"EdDSA":           when(func(c *config) { c.IDTokenAlg = "EdDSA" }, "error id_token_signed_response_alg alg-unverifiable"),
		"roles":           when(func(c *config) { c.Claims.Require.Roles = []string{"a"} }, "error claims.require.roles gate-unavailable"),
	})
}

func TestSetupSteps(t *testing.T) {
	t.Parallel()
	env := upstreamtest.Env()
	steps := minimal().SetupSteps(env)
	require.Equal(t, []string{"['" + env.CallbackURL() + "']"}, vendortest.Values(steps, "redirectURIs"))
	require.Equal(t, []string{env.BackchannelLogoutURL()}, vendortest.Values(steps, "backchannelLogoutURI"))
}
