package cognito_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/claims"
	"github.com/maskit-dev/maskit/upstream/cognito"
	"github.com/maskit-dev/maskit/upstream/internal/vendortest"
	"github.com/maskit-dev/maskit/upstream/upstreamtest"
)

func minimal() cognito.Config {
	return cognito.Config{Client: vendortest.Client(), UserPool: "eu-central-1_AbCdEf123"}
}

func full() cognito.Config {
	config := cognito.Config{
		Client:     vendortest.FullClient("openid", "email", "profile"),
		UserPool:   "us-gov-west-1_Xy9",
		AuthMethod: mas.AuthNone,
		Claims: claims.Rules{
			Require:   claims.Require{Groups: []string{"matrix"}, Domains: []string{"example.com"}},
			Localpart: claims.Localpart{FromEmail: true, Domains: []string{"example.com"}, Policy: claims.LocalpartStrict},
		},
		Acknowledge: []maskit.Ack{{Code: "client-public"}},
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

func TestIssuer(t *testing.T) {
	t.Parallel()
	for pool, want := range map[string]string{
		"eu-central-1_AbCdEf123": "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_AbCdEf123",
		"us-gov-west-1_Xy9":      "https://cognito-idp.us-gov-west-1.amazonaws.com/us-gov-west-1_Xy9",
		"cn-north-1_Ab":          "https://cognito-idp.cn-north-1.amazonaws.com.cn/cn-north-1_Ab",
	} {
		config := minimal()
		config.UserPool = pool
		entry := vendortest.Entry(t, config)
		require.Equal(t, want, entry.Issuer)
		require.Equal(t, mas.PKCEAlways, entry.PKCEMethod)
		require.False(t, upstream.LogsOut(entry))
	}
}

func TestProblems(t *testing.T) {
	t.Parallel()
	type config = cognito.Config
	when := vendortest.When[config]
	vendortest.Problems(t, minimal, map[string]vendortest.Case[config]{
		"nothing set": when(func(c *config) { *c = config{} },
			"error user_pool required", "error client_id required", "error client_secret required"),
		"pool without region": when(func(c *config) { c.UserPool = "AbCdEf123" }, "error user_pool pool-invalid"),
		"pool as issuer": when(func(c *config) { c.UserPool = "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_AbCdEf123" },
			"error user_pool pool-invalid"),
		"pool as name":  when(func(c *config) { c.UserPool = "my pool" }, "error user_pool pool-invalid"),
		"public client": when(func(c *config) { c.AuthMethod, c.Client.Secret = mas.AuthNone, mas.SecretValue{} }, "error token_endpoint_auth_method client-public"),
		"signed method": when(func(c *config) { c.AuthMethod = mas.AuthClientSecretJWT }, "error token_endpoint_auth_method unknown-value"),
		"no openid":     when(func(c *config) { c.Client.Scopes = []string{"email"} }, "error scopes scope-no-openid"),
		"roles":         when(func(c *config) { c.Claims.Require.Roles = []string{"a"} }, "error claims.require.roles gate-unavailable"),
		"by address":    when(func(c *config) { c.Claims.Subject = "email" }, "error claims.subject subject-mutable"),
		"linking, lossy": when(func(c *config) {
			c.Claims.Localpart.Action, c.Claims.Localpart.OnConflict = mas.ImportRequire, mas.ConflictSet
		}, "error claims.localpart.on_conflict account-takeover"),
	})
}

func TestSetupSteps(t *testing.T) {
	t.Parallel()
	env := upstreamtest.Env()
	steps := minimal().SetupSteps(env)
	require.Equal(t, []string{env.CallbackURL()}, vendortest.Values(steps, "Allowed callback URLs"))
	require.Equal(t, []string{"Yes"}, vendortest.Values(steps, "Generate a client secret"))
	require.Equal(t, []string{"No"}, vendortest.Values(full().SetupSteps(env), "Generate a client secret"))
}
