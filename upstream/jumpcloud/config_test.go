package jumpcloud_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/claims"
	"github.com/maskit-dev/maskit/upstream/internal/vendortest"
	"github.com/maskit-dev/maskit/upstream/jumpcloud"
	"github.com/maskit-dev/maskit/upstream/upstreamtest"
)

func minimal() jumpcloud.Config { return jumpcloud.Config{Client: vendortest.Client()} }

func full() jumpcloud.Config {
	return jumpcloud.Config{
		Issuer:      "https://oauth.id.eu.jumpcloud.com/",
		Client:      vendortest.FullClient("openid", "profile", "email"),
		AuthMethod:  mas.AuthClientSecretPost,
		GroupsClaim: "memberOf",
		Claims:      claims.Rules{Require: claims.Require{Groups: []string{"Matrix"}}},
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
	require.Equal(t, "https://oauth.id.jumpcloud.com/", vendortest.Entry(t, minimal()).Issuer)
	require.Equal(t, "https://oauth.id.eu.jumpcloud.com/", vendortest.Entry(t, full()).Issuer)
}

func TestProblems(t *testing.T) {
	t.Parallel()
	type config = jumpcloud.Config
	when := vendortest.When[config]
	vendortest.Problems(t, minimal, map[string]vendortest.Case[config]{
		"nothing set": when(func(c *config) { *c = config{} }, "error client_id required", "error client_secret required"),
		"plain http":  when(func(c *config) { c.Issuer = "http://oauth.id.jumpcloud.com/" }, "error issuer url-not-https"),
		"no groups":   when(func(c *config) { c.Claims.Require.Groups = []string{"a"} }, "error claims.require.groups gate-unavailable"),
		"no openid":   when(func(c *config) { c.Client.Scopes = []string{"email"} }, "error scopes scope-no-openid"),
	})
}

func TestSetupSteps(t *testing.T) {
	t.Parallel()
	env := upstreamtest.Env()
	require.Equal(t, []string{env.CallbackURL()}, vendortest.Values(full().SetupSteps(env), "Redirect URIs"))
	require.Equal(t, []string{"Client Secret POST"}, vendortest.Values(full().SetupSteps(env), "Client Authentication Type"))
	require.Equal(t, []string{"memberOf"}, vendortest.Values(full().SetupSteps(env), "Include group attribute"))
	require.Equal(t, []string{"Client Secret Basic"}, vendortest.Values(minimal().SetupSteps(env), "Client Authentication Type"))
}
