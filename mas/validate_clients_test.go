package mas

import (
	"math"
	"testing"
)

func TestValidateClients(t *testing.T) {
	t.Parallel()
	client := func(change func(*Client)) func(*Config) { return func(c *Config) { change(&c.Clients[0]) } }
	keysOnly := func(jwk map[string]any) func(*Config) {
		return client(func(c *Client) {
			c.ClientAuthMethod, c.ClientSecret = AuthPrivateKeyJWT, SecretValue{}
			c.JWKS = map[string]any{"keys": []any{jwk}}
		})
	}
	const at = "clients[0]."
	runRules(t, []rule{
		{"id missing", client(func(c *Client) { c.ClientID = "" }), append(only(at+"client_id", "required", fails), finding{"policy.data.admin_clients[0]", "admin-client-unknown", notes})},
		{"id twice", func(c *Config) { c.Clients = append(c.Clients, c.Clients[0]) }, only("clients[1].client_id", "duplicate", fails)},
		{"id no ULID", func(c *Config) {
			c.Clients = append(c.Clients, Client{ClientID: "0000000000000000000SYNAPS", ClientAuthMethod: AuthNone})
		}, only("clients[1].client_id", "ulid-invalid", fails)},
		{"method missing", client(func(c *Client) { c.ClientAuthMethod = "" }), only(at+"client_auth_method", "required", fails)},
		{"method unknown", client(func(c *Client) { c.ClientAuthMethod = "basic"; c.ClientSecret = SecretValue{} }), only(at+"client_auth_method", "unknown-value", fails)},
		{"method of Apple", client(func(c *Client) { c.ClientAuthMethod = AuthSignInWithApple }), only(at+"client_auth_method", "unknown-value", fails)},
		{"secret missing", client(func(c *Client) { c.ClientSecret = SecretValue{} }), only(at+"client_secret", "required", fails)},
		{"secret superfluous", func(c *Config) { c.Policy = nil; c.Clients[0].ClientAuthMethod = AuthNone }, only(at+"client_secret", "not-allowed", fails)},
		{"secret with newline", client(func(c *Client) { c.ClientSecret = inline("a\nb") }), only(at+"client_secret", "secret-control-character", fails)},
		{"secret with space", client(func(c *Client) { c.ClientSecret = inline(" ab") }), only(at+"client_secret", "secret-space", warns)},
		{"keys with a secret", client(func(c *Client) { c.JWKS = map[string]any{} }), only(at+"jwks", "not-allowed", fails)},
		{"key address with a secret", client(func(c *Client) { c.JWKSURI = "https://app.example.com/jwks" }), only(at+"jwks_uri", "not-allowed", fails)},
		{"keys missing", client(func(c *Client) { c.ClientAuthMethod, c.ClientSecret = AuthPrivateKeyJWT, SecretValue{} }), only(at+"jwks", "required", fails)},
		{"keys twice", client(func(c *Client) {
			c.ClientAuthMethod, c.ClientSecret = AuthPrivateKeyJWT, SecretValue{}
			c.JWKS, c.JWKSURI = map[string]any{}, "https://app.example.com/jwks"
		}), only(at+"jwks", "both-set", fails)},
		{"key address malformed", client(func(c *Client) {
			c.ClientAuthMethod, c.ClientSecret, c.JWKSURI = AuthPrivateKeyJWT, SecretValue{}, "jwks"
		}), only(at+"jwks_uri", "url-invalid", fails)},
		{"key address http", client(func(c *Client) {
			c.ClientAuthMethod, c.ClientSecret, c.JWKSURI = AuthPrivateKeyJWT, SecretValue{}, "http://app.example.com/jwks"
		}), only(at+"jwks_uri", "url-not-https", warns)},
		{"key set empty", client(func(c *Client) {
			c.ClientAuthMethod, c.ClientSecret, c.JWKS = AuthPrivateKeyJWT, SecretValue{}, map[string]any{}
		}), only(at+"jwks", "jwks-invalid", fails)},
		{"public key", keysOnly(map[string]any{"kty": "EC", "crv": "P-256", "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}), nil},
		{"secp256k1 key", keysOnly(map[string]any{"kty": "EC", "crv": "secp256k1", "x": "x", "y": "y"}), nil},
		{"private key", keysOnly(map[string]any{"kty": "EC", "crv": "P-256", "x": "x", "y": "y", "d": "d"}), only(at+"jwks.keys[0]", "jwks-private-key", fails)},
		{"symmetric key", keysOnly(map[string]any{"kty": "oct", "k": "AAAA"}), only(at+"jwks.keys[0]", "jwks-private-key", fails)},
		{"key of no known type", keysOnly(map[string]any{"kty": "AKP"}), only(at+"jwks.keys[0]", "jwks-invalid", fails)},
		{"key that is no map", client(func(c *Client) {
			c.ClientAuthMethod, c.ClientSecret, c.JWKS = AuthPrivateKeyJWT, SecretValue{}, map[string]any{"keys": []any{1}}
		}), only(at+"jwks.keys[0]", "jwks-invalid", fails)},
		{"key that is no JSON", keysOnly(map[string]any{"kty": "RSA", "n": math.NaN()}), only(at+"jwks.keys[0]", "jwks-invalid", fails)},
		{"point not on the curve", keysOnly(map[string]any{"kty": "EC", "crv": "P-256", "x": "AQ", "y": "AQ"}), only(at+"jwks.keys[0]", "jwks-invalid", fails)},
		{"redirect relative", client(func(c *Client) { c.RedirectURIs = []string{"/callback"} }), only(at+"redirect_uris[0]", "url-invalid", fails)},
		{"redirect without host", client(func(c *Client) { c.RedirectURIs = []string{"https:/callback"} }), only(at+"redirect_uris[0]", "url-invalid", fails)},
		{"redirect with fragment", client(func(c *Client) { c.RedirectURIs = []string{"https://a.example/#x"} }), only(at+"redirect_uris[0]", "url-fragment", fails)},
		{"redirect with wildcard", client(func(c *Client) { c.RedirectURIs = []string{"https://a.example/*"} }), only(at+"redirect_uris[0]", "redirect-wildcard", fails)},
		{"redirect http", client(func(c *Client) { c.RedirectURIs = []string{"http://a.example/cb"} }), only(at+"redirect_uris[0]", "url-not-https", warns)},
		{"redirect on this machine", client(func(c *Client) { c.RedirectURIs = []string{"http://127.0.0.1:1/cb"} }), nil},
		{"client uri malformed", client(func(c *Client) { c.ClientURI = "app" }), only(at+"client_uri", "url-invalid", fails)},
	})
}
