package discord_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/claims"
	"github.com/maskit-dev/maskit/upstream/discord"
	"github.com/maskit-dev/maskit/upstream/internal/vendortest"
	"github.com/maskit-dev/maskit/upstream/upstreamtest"
)

func minimal() discord.Config { return discord.Config{Client: vendortest.Client()} }

func full() discord.Config {
	return discord.Config{
		Client: vendortest.FullClient("openid", "identify", "email", "guilds"),
		Claims: claims.Rules{
			Localpart: claims.Localpart{Prefix: "discord-"},
			Email:     claims.Email{Action: mas.ImportSuggest},
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
	entry := vendortest.Entry(t, minimal())
	require.Equal(t, "https://discord.com", entry.Issuer)
	require.Equal(t, mas.DiscoveryOIDC, entry.DiscoveryMode)
	require.Equal(t, mas.PKCEAlways, entry.PKCEMethod)
	require.True(t, entry.FetchUserinfo)
	require.False(t, upstream.LogsOut(entry))
}

func TestProblems(t *testing.T) {
	t.Parallel()
	type config = discord.Config
	when := vendortest.When[config]
	vendortest.Problems(t, minimal, map[string]vendortest.Case[config]{
		"nothing set": when(func(c *config) { *c = config{} }, "error client_id required", "error client_secret required"),
		"no openid":   when(func(c *config) { c.Client.Scopes = []string{"identify"} }, "error scopes scope-no-openid"),
		"no identify": when(func(c *config) { c.Client.Scopes = []string{"openid", "email"} }, "error scopes scope-no-identify"),
		"roles":       when(func(c *config) { c.Claims.Require.Roles = []string{"a"} }, "error claims.require.roles gate-unavailable"),
		"name identifies": when(func(c *config) { c.Claims.Subject = "username" },
			"error claims.subject subject-mutable"),
		"linking by name": when(func(c *config) {
			c.Claims.Localpart = claims.Localpart{Action: mas.ImportForce, OnConflict: mas.ConflictReplace, Policy: claims.LocalpartStrict}
		}, "error claims.localpart.on_conflict account-takeover"),
	})
}

func TestSetupSteps(t *testing.T) {
	t.Parallel()
	env := upstreamtest.Env()
	steps := full().SetupSteps(env)
	require.Equal(t, []string{env.CallbackURL()}, vendortest.Values(steps, "OAuth2, Redirects"))
	require.Equal(t, []string{"openid identify email guilds"}, vendortest.Values(steps, "Scopes"))
}
