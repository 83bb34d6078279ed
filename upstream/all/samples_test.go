package all_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas/keys"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/all"
	"github.com/maskit-dev/maskit/upstream/apple"
)

// needs are what each kind needs to have the addresses of its document.
func needs() map[string]string {
	return map[string]string{
		"adfs":         "host: sts.example.com",
		"apple":        "team_id: ABCDE12345\nkey_id: FGHIJ67890",
		"auth0":        "domain: example.eu.auth0.com",
		"authelia":     "url: https://auth.example.com",
		"authentik":    "url: https://sso.example.com\napplication: matrix",
		"cognito":      "user_pool: eu-central-1_AbCdEf123",
		"dex":          "issuer: https://dex.example.com/dex",
		"discord":      "",
		"entra":        "tenant: 5f2a1c0e-8d4b-4c55-9e51-7f6f0a3b9d10",
		"facebook":     "graph_version: v24.0",
		"github":       "",
		"gitlab":       "",
		"google":       "",
		"jumpcloud":    "",
		"kanidm":       "url: https://idm.example.com",
		"keycloak":     "base_url: https://kc.example.com\nrealm: staff",
		"oidc":         "issuer: https://op.example.com\ntoken_endpoint_auth_method: client_secret_basic",
		"okta":         "domain: example.okta.com",
		"onelogin":     "subdomain: example",
		"ory":          "issuer: https://example.projects.oryapis.com",
		"pingfederate": "url: https://ping.example.com:9031",
		"pingone":      "environment: 5f2a1c0e-8d4b-4c55-9e51-7f6f0a3b9d10",
		"rauthy":       "url: https://rauthy.example.com",
		"shibboleth":   "issuer: https://idp.example.com",
		"zitadel":      "url: https://example-a1b2c3.zitadel.cloud",
	}
}

// sample is the provider of a kind, with nothing but what it needs.
func sample(t *testing.T, kind string) upstream.Provider {
	t.Helper()
	text := "kind: " + kind + "\nclient_id: matrix\n" + needs()[kind] + "\n"
	if kind != "apple" {
		text += "client_secret: a-secret-of-the-client-0123456789\n"
	}
	file, problems := all.Registry().Decode(kind+".yaml", []byte(text))
	require.NoError(t, problems.Err())
	if config, ok := file.Provider.(apple.Config); ok {
		config.PrivateKey.Inline = appleKey(t)
		return config
	}
	if config, ok := file.Provider.(*apple.Config); ok {
		config.PrivateKey.Inline = appleKey(t)
	}
	return file.Provider
}

func appleKey(t *testing.T) maskit.Secret {
	t.Helper()
	key, err := keys.Generate(keys.P256)
	require.NoError(t, err)
	return key.PEM()
}
