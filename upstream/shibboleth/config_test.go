package shibboleth_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/claims"
	"github.com/maskit-dev/maskit/upstream/internal/vendortest"
	"github.com/maskit-dev/maskit/upstream/shibboleth"
	"github.com/maskit-dev/maskit/upstream/upstreamtest"
)

func minimal() shibboleth.Config {
	return shibboleth.Config{Issuer: "https://idp.example.edu", Client: vendortest.Client()}
}

func full() shibboleth.Config {
	return shibboleth.Config{
		Issuer:            "https://idp.example.edu/idp/",
		Discovery:         mas.DiscoveryInsecure,
		Client:            vendortest.FullClient("openid", "profile", "email"),
		AuthMethod:        mas.AuthClientSecretJWT,
		GroupsClaim:       "eduperson_entitlement",
		BackchannelLogout: mas.LogoutBrowserOnly,
		Claims:            claims.Rules{Require: claims.Require{Groups: []string{"urn:mace:dir:entitlement:common-lib-terms"}}},
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
	require.Equal(t, "https://idp.example.edu/idp/", entry.Issuer, "byte for byte")
	require.Equal(t, mas.DiscoveryInsecure, entry.DiscoveryMode)
	require.True(t, entry.FetchUserinfo)
}

func TestProblems(t *testing.T) {
	t.Parallel()
	type config = shibboleth.Config
	when := vendortest.When[config]
	vendortest.Problems(t, minimal, map[string]vendortest.Case[config]{
		"nothing set": when(func(c *config) { *c = config{} },
			"error client_id required", "error issuer required", "error client_secret required"),
		"no discovery": when(func(c *config) { c.Discovery = "none" }, "error discovery_mode unknown-value"),
		"plain http":   when(func(c *config) { c.Issuer = "http://idp.example.edu" }, "error issuer url-not-https"),
		"no groups":    when(func(c *config) { c.Claims.Require.Groups = []string{"a"} }, "error claims.require.groups gate-unavailable"),
	})
}

func TestSetupSteps(t *testing.T) {
	t.Parallel()
	env := upstreamtest.Env()
	steps := full().SetupSteps(env)
	require.Equal(t, []string{env.CallbackURL()}, vendortest.Values(steps, "redirect_uris"))
	require.Equal(t, []string{env.BackchannelLogoutURL()}, vendortest.Values(steps, "backchannel_logout_uri"))
	require.Contains(t, steps[1].Detail, "https://idp.example.edu/idp/.well-known/openid-configuration")
}
