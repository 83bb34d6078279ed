package masclient_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	upkc "github.com/maskit-dev/maskit/upstream/keycloak"
	"github.com/maskit-dev/maskit/upstream/upstreamtest"
)

// A realm that was made for a provider is one in which Check finds nothing wrong, but that
// the test's Keycloak speaks http.
func TestLiveCheckFindsNothing(t *testing.T) {
	t.Parallel()
	key, env := masOnLoopback(t)
	for name, change := range map[string]func(*upkc.Config){
		"basic":   func(*upkc.Config) {},
		"post":    func(c *upkc.Config) { c.AuthMethod = mas.AuthClientSecretPost },
		"keyless": keyless,
		"all": func(c *upkc.Config) {
			requires(upkc.GateBoth, "/matrix")(c)
			c.Claims.Require.Roles, c.Claims.Require.ACR = []string{"staff"}, []string{"mfa"}
			c.Client.Scopes = []string{"openid", "phone", "offline_access"}
			c.IDPHint, c.Claims.Localpart.Claim = "partner", "matrix_name"
		},
		"ES256": func(c *upkc.Config) { c.IDTokenAlg = mas.AlgES256 },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := deploy(t, live.Keycloak(t, live.KeycloakCurrent).Realm(t, nil), env, change)
			if d.entry.IDTokenSignedResponseAlg != "" { // Keycloak makes such a key when it first signs with one
				_, explanation := d.logIn(t, d.person(t, "alice", nil))
				require.Equal(t, upstream.OutcomeRegistered, explanation.Outcome)
			}
			report, err := upstream.Check(t.Context(), d.entry, upstream.CheckConfig{
				Env: env, SigningKey: key, ControlProbe: true, Timeout: 2 * time.Minute, RequestTimeout: time.Minute,
			})
			require.NoError(t, err)
			var found []string
			for _, p := range report.Problems {
				found = append(found, p.Severity.String()+" "+p.Code)
			}
			require.Equal(t, []string{"warning disc-insecure", "warning disc-https"}, found, "%s", report.Problems)
			require.Equal(t, upstream.VerdictAccepted, report.Credentials)
		})
	}
}

// masOnLoopback publishes a key as MAS does, at an address that the test's Keycloak reaches.
func masOnLoopback(t *testing.T) (upstream.CheckKey, upstream.Env) {
	t.Helper()
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	der, err := x509.MarshalPKCS8PrivateKey(private)
	require.NoError(t, err)
	keys, err := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: &private.PublicKey, KeyID: "one", Algorithm: "RS256", Use: "sig"}}})
	require.NoError(t, err)
	env := upstreamtest.Env()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if "http://"+r.Host+r.URL.Path != env.JWKSURL() {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(keys)
	}))
	t.Cleanup(server.Close)
	env.Site.AccountURL = server.URL + "/"
	return upstream.CheckKey{ID: "one", PEM: maskit.NewSecret(string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})))}, env
}
