package pingfederate_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/claims"
	"github.com/maskit-dev/maskit/upstream/internal/vendortest"
	"github.com/maskit-dev/maskit/upstream/pingfederate"
	"github.com/maskit-dev/maskit/upstream/upstreamtest"
)

func minimal() pingfederate.Config {
	return pingfederate.Config{URL: "https://sso.example.com:9031", Client: vendortest.Client()}
}

func full() pingfederate.Config {
	return pingfederate.Config{
		URL:               "https://sso.example.com/",
		Client:            vendortest.FullClient("openid", "profile", "email"),
		AuthMethod:        mas.AuthClientSecretPost,
		FetchUserinfo:     true,
		GroupsClaim:       "memberOf",
		BackchannelLogout: mas.LogoutBrowserOnly,
		Claims:            claims.Rules{Require: claims.Require{Groups: []string{"cn=matrix"}}},
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
	require.Equal(t, "https://sso.example.com:9031", vendortest.Entry(t, minimal()).Issuer)
	require.Equal(t, "https://sso.example.com", vendortest.Entry(t, full()).Issuer)
}

func TestProblems(t *testing.T) {
	t.Parallel()
	type config = pingfederate.Config
	when := vendortest.When[config]
	vendortest.Problems(t, minimal, map[string]vendortest.Case[config]{
		"nothing set": when(func(c *config) { *c = config{} },
			"error url required", "error client_id required", "error client_secret required"),
		"plain http": when(func(c *config) { c.URL = "http://sso.example.com:9031" }, "error url url-not-https"),
		"no groups":  when(func(c *config) { c.Claims.Require.Groups = []string{"a"} }, "error claims.require.groups gate-unavailable"),
		"public client": when(func(c *config) { c.AuthMethod, c.Client.Secret = mas.AuthNone, mas.SecretValue{} },
			"error token_endpoint_auth_method unknown-value"),
	})
}

func TestSetupSteps(t *testing.T) {
	t.Parallel()
	env := upstreamtest.Env()
	steps := full().SetupSteps(env)
	require.Equal(t, []string{env.CallbackURL()}, vendortest.Values(steps, "Redirection URIs"))
	require.Equal(t, []string{env.BackchannelLogoutURL()}, vendortest.Values(steps, "Back-Channel Logout URI"))
	require.Equal(t, []string{"Client Secret"}, vendortest.Values(steps, "Client Authentication"))
	keyless := minimal()
	keyless.AuthMethod = mas.AuthPrivateKeyJWT
	require.Equal(t, []string{env.JWKSURL()}, vendortest.Values(keyless.SetupSteps(env), "JWKS URL"))
}
