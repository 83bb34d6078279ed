package upstreamtest_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/oidc"
	"github.com/maskit-dev/maskit/upstream/upstreamtest"
)

// What Check says of a real Keycloak, and that somebody can then sign in by the same
// entry. Check's findings at a Keycloak that is set up wrongly are tests of upstream.
func TestLiveSignInAtKeycloak(t *testing.T) {
	t.Parallel()
	realm, env := live.Keycloak(t, live.KeycloakCurrent).Realm(t, nil), upstreamtest.Env()
	key, checkKey := newSigningKey(t)
	for id, change := range map[string]map[string]any{
		"secret": {"secret": secret},
		"signed": {"clientAuthenticatorType": "client-jwt", "attributes": map[string]string{"use.jwks.string": "true", "jwks.string": jwksOf(t, key)}},
	} {
		client := map[string]any{
			"clientId": id, "protocol": "openid-connect", "standardFlowEnabled": true, "frontchannelLogout": false, "redirectUris": []string{env.CallbackURL()},
		}
		for name, value := range change {
			client[name] = value
		}
		realm.Admin(t, http.MethodPost, "/clients", client, nil)
	}
	realm.Admin(t, http.MethodPost, "/users", map[string]any{
		"username": "alice", "enabled": true, "firstName": "Alice", "lastName": "Liddell", "email": "alice@example.com", "emailVerified": true,
		"credentials": []any{map[string]any{"type": "password", "value": "wonderland"}},
	}, nil)
	for name, test := range map[string]struct {
		change func(*oidc.Config)
		found  []string
		fails  string
	}{
		"basic": {func(*oidc.Config) {}, []string{}, ""},
		"post":  {func(c *oidc.Config) { c.AuthMethod = mas.AuthClientSecretPost }, []string{}, ""},
		// MAS names the client in the assertion alone, and Keycloak wants client_id beside it.
		"signed": {
			func(c *oidc.Config) { c.AuthMethod, c.Client = mas.AuthPrivateKeyJWT, oidc.Client{ID: "signed"} },
			[]string{"error probe-client"},
			"invalid_client",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := oidc.Config{
				Client: oidc.Client{ID: "secret", Secret: mas.SecretValue{Inline: maskit.NewSecret(secret)}},
				Issuer: realm.Issuer, Discovery: mas.DiscoveryInsecure, AuthMethod: mas.AuthClientSecretBasic,
			}
			test.change(&config)
			entry := mustEntry(t, config, env)
			report, err := upstream.Check(t.Context(), entry, upstream.CheckConfig{
				Env: env, SigningKey: checkKey, Timeout: 2 * time.Minute, RequestTimeout: time.Minute,
			})
			require.NoError(t, err)
			require.Equal(t, append([]string{"warning disc-insecure", "warning disc-https"}, test.found...), seen(report), "%s", report.Problems)
			require.LessOrEqual(t, report.Requests, 6)
			rp := relyingParty{
				entry: entry, env: env, key: checkKey, client: &http.Client{Timeout: time.Minute}, endpoints: report.Endpoints, pkce: true,
				browse: func(address string) url.Values {
					return live.NewKeycloakBrowser(t).Login(address, &live.KeycloakUser{Name: "alice", Password: "wonderland"}).Callback
				},
			}
			claims, err := rp.signIn(t.Context())
			if test.fails != "" {
				require.ErrorContains(t, err, test.fails)
				return
			}
			require.NoError(t, err)
			form := explain(t, entry, claims)
			require.Equal(t, loginResult{Localpart: "prefilled alice", Email: "forced alice@example.com", DisplayName: "forced Alice Liddell"}, form)
		})
	}
}
