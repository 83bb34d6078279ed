package authentik_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/authentik"
	"github.com/maskit-dev/maskit/upstream/claims"
	"github.com/maskit-dev/maskit/upstream/internal/vendortest"
	"github.com/maskit-dev/maskit/upstream/upstreamtest"
)

func minimal() authentik.Config {
	return authentik.Config{URL: "https://sso.example.com", Application: "matrix", Client: vendortest.Client()}
}

func full() authentik.Config {
	return authentik.Config{
		URL: "https://sso.example.com/auth/", Application: "matrix-chat",
		Client:            vendortest.FullClient("openid", "profile", "email"),
		AuthMethod:        mas.AuthClientSecretPost,
		BackchannelLogout: mas.LogoutBrowserOnly,
		Claims: claims.Rules{
			Require: claims.Require{Groups: []string{"matrix users", "staff"}},
			Email:   claims.Email{Trust: claims.TrustDirectory},
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

func TestIssuer(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		url    string
		global bool
		want   string
	}{
		"of the application": {"https://sso.example.com", false, "https://sso.example.com/application/o/matrix/"},
		"with a path":        {"https://sso.example.com/auth/", false, "https://sso.example.com/auth/application/o/matrix/"},
		"global":             {"https://sso.example.com", true, "https://sso.example.com/"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := minimal()
			config.URL, config.GlobalIssuer = c.url, c.global
			require.Equal(t, c.want, vendortest.Entry(t, config).Issuer)
		})
	}
}

func TestProblems(t *testing.T) {
	t.Parallel()
	type config = authentik.Config
	when := vendortest.When[config]
	vendortest.Problems(t, minimal, map[string]vendortest.Case[config]{
		"nothing set": when(func(c *config) { *c = config{} },
			"error url required", "error application required", "error client_id required", "error client_secret required"),
		"plain http":       when(func(c *config) { c.URL = "http://sso.example.com" }, "error url url-not-https"),
		"metadata":         when(func(c *config) { c.URL += "/.well-known/openid-configuration" }, "error url issuer-is-metadata"),
		"slug with slash":  when(func(c *config) { c.Application = "a/b" }, "error application slug-invalid"),
		"global, no slug":  when(func(c *config) { c.Application, c.GlobalIssuer = "", true }),
		"private_key_jwt":  when(func(c *config) { c.AuthMethod = mas.AuthPrivateKeyJWT; c.Client.Secret = mas.SecretValue{} }, "error token_endpoint_auth_method unknown-value"),
		"roles":            when(func(c *config) { c.Claims.Require.Roles = []string{"a"} }, "error claims.require.roles gate-unavailable"),
		"linking by name":  when(func(c *config) { c.Claims.Localpart.OnConflict = mas.ConflictSet }, "error claims.localpart.on_conflict links-by-name"),
		"subject by email": when(func(c *config) { c.Claims.Subject = "email" }, "error claims.subject subject-mutable"),
	})
}

func TestSetupSteps(t *testing.T) {
	t.Parallel()
	env := upstreamtest.Env()
	steps := minimal().SetupSteps(env)
	require.Equal(t, []string{"Strict: " + env.CallbackURL()}, vendortest.Values(steps, "Redirect URIs"))
	require.Equal(t, []string{env.BackchannelLogoutURL()}, vendortest.Values(steps, "Logout URI"))
	quiet := minimal()
	quiet.BackchannelLogout = mas.LogoutDoNothing
	require.Empty(t, vendortest.Values(quiet.SetupSteps(env), "Logout URI"))
}
