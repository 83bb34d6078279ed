package zitadel_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/claims"
	"github.com/maskit-dev/maskit/upstream/internal/vendortest"
	"github.com/maskit-dev/maskit/upstream/upstreamtest"
	"github.com/maskit-dev/maskit/upstream/zitadel"
)

func minimal() zitadel.Config {
	return zitadel.Config{URL: "https://acme-a1b2c3.zitadel.cloud", Client: vendortest.Client()}
}

func full() zitadel.Config {
	return zitadel.Config{
		URL:               "https://id.example.com/",
		Client:            vendortest.FullClient("openid", "profile", "email"),
		AuthMethod:        mas.AuthClientSecretPost,
		BackchannelLogout: mas.LogoutBrowserOnly,
		Claims: claims.Rules{
			Require:   claims.Require{Roles: []string{"matrix:user", "it's"}, Domains: []string{"example.com"}},
			Localpart: claims.Localpart{Claim: "preferred_username", Domains: []string{"acme.id.example.com"}},
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

func TestEntry(t *testing.T) {
	t.Parallel()
	entry := vendortest.Entry(t, full())
	require.Equal(t, "https://id.example.com", entry.Issuer)
	require.True(t, entry.FetchUserinfo, "ID tokens hold no claims of the profile")
	keyless := minimal()
	keyless.AuthMethod, keyless.Client.Secret = mas.AuthPrivateKeyJWT, mas.SecretValue{}
	require.Equal(t, mas.AlgRS256, vendortest.Entry(t, keyless).TokenEndpointAuthSigningAlg)
}

func TestProblems(t *testing.T) {
	t.Parallel()
	type config = zitadel.Config
	when := vendortest.When[config]
	vendortest.Problems(t, minimal, map[string]vendortest.Case[config]{
		"nothing set": when(func(c *config) { *c = config{} }, "error url required", "error client_id required", "error client_secret required"),
		"plain http":  when(func(c *config) { c.URL = "http://id.example.com" }, "error url url-not-https"),
		"a path":      when(func(c *config) { c.URL += "/ui/console" }, "error url url-not-origin"),
		"groups":      when(func(c *config) { c.Claims.Require.Groups = []string{"a"} }, "error claims.require.groups gate-unavailable"),
		"public client": when(func(c *config) { c.AuthMethod, c.Client.Secret = mas.AuthNone, mas.SecretValue{} },
			"error token_endpoint_auth_method unknown-value"),
		"linking by name": when(func(c *config) {
			c.Claims.Localpart.Action, c.Claims.Localpart.OnConflict = mas.ImportRequire, mas.ConflictAdd
		}, "error claims.localpart.on_conflict account-takeover"),
	})
}

func TestSetupSteps(t *testing.T) {
	t.Parallel()
	env := upstreamtest.Env()
	steps := full().SetupSteps(env)
	require.Equal(t, []string{env.CallbackURL()}, vendortest.Values(steps, "Redirect URIs"))
	require.Equal(t, []string{"POST"}, vendortest.Values(steps, "Authentication Method"))
	require.Equal(t, []string{"On"}, vendortest.Values(steps, "Assert Roles on Authentication"))
	require.Equal(t, []string{env.BackchannelLogoutURL()}, vendortest.Values(steps, "backchannel_logout_uri"))
	require.Empty(t, vendortest.Values(minimal().SetupSteps(env), "Assert Roles on Authentication"))
}
