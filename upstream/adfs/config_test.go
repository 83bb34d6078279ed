package adfs_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/adfs"
	"github.com/maskit-dev/maskit/upstream/claims"
	"github.com/maskit-dev/maskit/upstream/internal/vendortest"
	"github.com/maskit-dev/maskit/upstream/upstreamtest"
)

func minimal() adfs.Config { return adfs.Config{Client: vendortest.Client(), Host: "sts.example.com"} }

func full() adfs.Config {
	config := adfs.Config{
		Client:     vendortest.FullClient("openid", "allatclaims"),
		Host:       "sts.example.com:8443",
		AuthMethod: mas.AuthPrivateKeyJWT,
		Claims: claims.Rules{
			Require:   claims.Require{Groups: []string{"Matrix Users"}, Roles: []string{"matrix"}, Domains: []string{"example.com"}},
			Localpart: claims.Localpart{Action: mas.ImportRequire, Domains: []string{"example.com"}},
			Email:     claims.Email{Trust: claims.TrustDirectory},
		},
	}
	config.Client.Secret = mas.SecretValue{}
	return config
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
	require.Equal(t, "https://sts.example.com/adfs", entry.Issuer)
	require.Equal(t, mas.ImportIgnore, entry.ClaimsImports.Email.Action, "nobody says whether an address is verified")
	require.False(t, upstream.LogsOut(entry))
}

func TestProblems(t *testing.T) {
	t.Parallel()
	type config = adfs.Config
	when := vendortest.When[config]
	vendortest.Problems(t, minimal, map[string]vendortest.Case[config]{
		"nothing set": when(func(c *config) { *c = config{} },
			"error host required", "error client_id required", "error client_secret required"),
		"host as issuer":   when(func(c *config) { c.Host = "https://sts.example.com/adfs" }, "error host host-invalid"),
		"host in capitals": when(func(c *config) { c.Host = "STS.example.com" }, "error host host-spelling"),
		"thin token":       when(func(c *config) { c.Client.Scopes = []string{"openid", "email"} }, "warning scopes thin-token"),
		"no openid":        when(func(c *config) { c.Client.Scopes = []string{"allatclaims"} }, "error scopes scope-no-openid"),
		"verified address": when(func(c *config) { c.Claims.Email.Trust = claims.TrustVerified }, "warning claims.email.trust email-unverifiable"),
		"public client": when(func(c *config) { c.AuthMethod, c.Client.Secret = mas.AuthNone, mas.SecretValue{} },
			"error token_endpoint_auth_method unknown-value"),
		"domains nobody vouches for": when(func(c *config) { c.Claims.Require.Domains = []string{"example.com"} },
			"error claims.require.domains gate-untrusted"),
		"class of authentication": when(func(c *config) { c.Claims.Require.ACR = []string{"mfa"} }, "error claims.require.acr gate-unavailable"),
		"UPN as identity":         when(func(c *config) { c.Claims.Subject = "upn" }, "error claims.subject subject-mutable"),
		"linking by the part before the @": when(func(c *config) {
			c.Claims.Localpart.Action, c.Claims.Localpart.OnConflict = mas.ImportRequire, mas.ConflictSet
		}, "error claims.localpart.on_conflict account-takeover"),
	})
}

func TestSetupSteps(t *testing.T) {
	t.Parallel()
	env := upstreamtest.Env()
	steps := minimal().SetupSteps(env)
	require.Equal(t, []string{env.CallbackURL()}, vendortest.Values(steps, "Redirect URI"))
	require.Equal(t, []string{"matrix"}, vendortest.Values(steps, "Web API, Identifier"))
	require.Empty(t, vendortest.Values(steps, "Token-Groups - Unqualified Names"))
	steps = full().SetupSteps(env)
	require.Equal(t, []string{env.JWKSURL()}, vendortest.Values(steps, "JWKS URI"))
	require.Equal(t, []string{"groups"}, vendortest.Values(steps, "Token-Groups - Unqualified Names"))
}
