package masclient_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/keycloak"
	"github.com/maskit-dev/maskit/keycloak/masclient"
	"github.com/maskit-dev/maskit/mas"
	upkc "github.com/maskit-dev/maskit/upstream/keycloak"
	"github.com/maskit-dev/maskit/upstream/oidc"
	"github.com/maskit-dev/maskit/upstream/upstreamtest"
)

func TestSpec(t *testing.T) {
	t.Parallel()
	env := upstreamtest.Env()
	least := func() keycloak.Client { return keycloak.Client{ID: "matrix", Site: env.Site, Provider: env.ID} }
	for _, test := range []struct {
		name   string
		change func(*upkc.Config)
		want   func(*keycloak.Client)
	}{
		{"least", func(*upkc.Config) {}, func(*keycloak.Client) {}},
		{"post", func(c *upkc.Config) { c.AuthMethod = mas.AuthClientSecretPost }, func(*keycloak.Client) {}},
		{"keyless", func(c *upkc.Config) { c.AuthMethod, c.Client.Secret = mas.AuthPrivateKeyJWT, mas.SecretValue{} }, func(c *keycloak.Client) { c.Auth = keycloak.ClientJWTAuth }},
		{"no logout", func(c *upkc.Config) { c.BackchannelLogout = mas.LogoutDoNothing }, func(c *keycloak.Client) { c.BackchannelLogoutURL = keycloak.Set("") }},
		{"algorithm", func(c *upkc.Config) { c.IDTokenAlg = mas.AlgES256 }, func(c *keycloak.Client) { c.Attributes = map[string]string{"id.token.signed.response.alg": "ES256"} }},
		{"scopes", func(c *upkc.Config) { c.Client.Scopes = []string{"openid", "profile", "email", "phone"} }, func(c *keycloak.Client) { c.OptionalScopes = []string{"phone"} }},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			config, want := provider(), least()
			test.change(&config)
			test.want(&want)
			spec, problems := masclient.Spec(env, config)
			require.NoError(t, problems.Err())
			require.NoError(t, spec.Validate().Err())
			require.Equal(t, keycloak.Spec{Realm: keycloak.Realm{Name: "staff"}, Client: want}, spec)
		})
	}
}

func provider() upkc.Config {
	return upkc.Config{Client: oidc.Client{ID: "matrix", Secret: mas.SecretValue{File: "/etc/mas/client-secret"}}, BaseURL: "https://sso.example.com", Realm: "staff"}
}

func TestSpecCarriesTheSecret(t *testing.T) {
	t.Parallel()
	config, secret := provider(), maskit.NewSecret("kv8Jm1Zt0xq4W7uYc2Lh9sRb5nDf3Pea")
	config.Client.Secret = mas.SecretValue{Inline: secret}
	spec, problems := masclient.Spec(upstreamtest.Env(), config)
	require.NoError(t, problems.Err())
	require.True(t, spec.Client.Secret.Equal(secret))
}

func TestProblems(t *testing.T) {
	t.Parallel()
	config := provider()
	config.AuthMethod, config.Realm = mas.AuthClientSecretJWT, "master"
	_, problems := masclient.Spec(upstreamtest.Env(), config)
	var codes []string
	for _, p := range problems {
		codes = append(codes, p.Path+" "+p.Code)
	}
	require.Contains(t, codes, "token_endpoint_auth_method auth-method-not-provisioned")
	require.Error(t, problems.Err())
}
