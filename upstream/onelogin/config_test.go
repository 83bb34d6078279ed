package onelogin_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/claims"
	"github.com/maskit-dev/maskit/upstream/internal/vendortest"
	"github.com/maskit-dev/maskit/upstream/onelogin"
	"github.com/maskit-dev/maskit/upstream/upstreamtest"
)

func minimal() onelogin.Config {
	return onelogin.Config{Subdomain: "acme", Client: vendortest.Client()}
}

func full() onelogin.Config {
	return onelogin.Config{
		Subdomain:       "acme-dev",
		Client:          vendortest.FullClient("openid", "profile", "email"),
		AuthMethod:      mas.AuthClientSecretPost,
		GroupsSeparator: ";",
		Claims: claims.Rules{
			Require:   claims.Require{Groups: []string{"Matrix Users"}},
			Localpart: claims.Localpart{FromEmail: true, Domains: []string{"example.com"}},
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
	require.Equal(t, "https://acme-dev.onelogin.com/oidc/2", entry.Issuer)
	require.Equal(t, "openid profile email groups", entry.Scope, "required groups are asked for")
	require.Contains(t, entry.ClaimsImports.Subject.Template, "split(';')", "groups in one text are taken apart, not searched")
	require.False(t, upstream.LogsOut(entry))
}

func TestProblems(t *testing.T) {
	t.Parallel()
	type config = onelogin.Config
	when := vendortest.When[config]
	vendortest.Problems(t, minimal, map[string]vendortest.Case[config]{
		"nothing set": when(func(c *config) { *c = config{} },
			"error subdomain required", "error client_id required", "error client_secret required"),
		"address as subdomain": when(func(c *config) { c.Subdomain = "acme.onelogin.com" }, "error subdomain label-invalid"),
		"separator a newline":  when(func(c *config) { c.GroupsSeparator = "\n" }, "error groups_separator text-invalid"),
		"separator a blank":    when(func(c *config) { c.GroupsSeparator = " " }),
		"roles":                when(func(c *config) { c.Claims.Require.Roles = []string{"a"} }, "error claims.require.roles gate-unavailable"),
		"public app": when(func(c *config) { c.AuthMethod, c.Client.Secret = mas.AuthNone, mas.SecretValue{} },
			"error token_endpoint_auth_method unknown-value"),
	})
}

func TestSetupSteps(t *testing.T) {
	t.Parallel()
	env := upstreamtest.Env()
	steps := full().SetupSteps(env)
	require.Equal(t, []string{env.CallbackURL()}, vendortest.Values(steps, "Redirect URI's"))
	require.Equal(t, []string{"POST"}, vendortest.Values(steps, "Token Endpoint, Authentication Method"))
	require.Equal(t, []string{"User Roles"}, vendortest.Values(steps, "Groups"))
	require.Equal(t, []string{"Basic"}, vendortest.Values(minimal().SetupSteps(env), "Token Endpoint, Authentication Method"))
}
