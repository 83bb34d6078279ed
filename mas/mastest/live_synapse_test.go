package mastest_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/mas/mastest"
)

// A real Synapse takes the server for its MAS: it relays the metadata, asks
// about tokens with the shared secret, and lets their users in.
func TestLiveSynapseTakesItForMAS(t *testing.T) {
	t.Parallel()
	for version, metadata := range map[live.SynapseVersion]string{
		live.SynapseCurrent: "/_matrix/client/v1/auth_metadata",
		live.SynapseFloor:   "/_matrix/client/unstable/org.matrix.msc2965/auth_metadata",
	} {
		t.Run(string(version), func(t *testing.T) {
			t.Parallel()
			synapse := live.Synapse(t, version)
			s := newServer(t)
			server := httptest.NewServer(s)
			t.Cleanup(server.Close)
			homeserver := startDelegated(t, synapse, server.URL)

			var doc map[string]any
			require.Equal(t, http.StatusOK, call(t, &doc, "GET", homeserver+metadata, "", ""))
			require.Equal(t, issuer, doc["issuer"])
			require.Equal(t, issuer+"account/", doc["account_management_uri"])

			var refusal map[string]any
			require.Equal(t, http.StatusUnauthorized, call(t, &refusal, "GET", homeserver+"/_matrix/client/v3/account/whoami", "unknown-token", ""))
			require.Equal(t, "Token is not active", refusal["error"])
			asked := lastIntrospection(t, s)
			require.True(t, asked.BearerToken().Equal(maskit.NewSecret(secret)))
			require.Equal(t, "unknown-token", asked.FormValue("token"))
			require.Equal(t, "access_token", asked.FormValue("token_type_hint"))

			// What MAS does after a login.
			require.Equal(t, http.StatusCreated, call(t, nil, "POST", homeserver+"/_synapse/mas/provision_user", secret, `{"localpart":"alice"}`))
			require.Equal(t, http.StatusCreated, call(t, nil, "POST", homeserver+"/_synapse/mas/upsert_device", secret, `{"localpart":"alice","device_id":"PHONE"}`))
			require.NoError(t, s.PutUser(mastest.User{Username: "alice"}))
			for _, kind := range []mastest.TokenKind{mastest.OAuthToken, mastest.CompatToken, mastest.PersonalToken} {
				token, err := s.AddToken(mastest.Token{Kind: kind, Username: "alice", DeviceID: "PHONE"})
				require.NoError(t, err)
				var who map[string]any
				require.Equal(t, http.StatusOK, call(t, &who, "GET", homeserver+"/_matrix/client/v3/account/whoami", token.Reveal(), ""))
				require.Equal(t, "@alice:example.com", who["user_id"])
				require.Equal(t, "PHONE", who["device_id"])
			}
			require.Empty(t, s.Unserved(), "Synapse asks for nothing that is missing here")
		})
	}
}

func startDelegated(t *testing.T, synapse *live.SynapseInstall, mas string) string {
	t.Helper()
	config := synapse.GenerateConfig(t, "example.com")
	delegation := filepath.Join(config.Dir, "delegation.yaml")
	require.NoError(t, os.WriteFile(delegation, []byte("matrix_authentication_service:\n  enabled: true\n  endpoint: "+mas+"\n  secret: "+secret+"\n"), 0o600))
	return synapse.Start(t, live.Postgres(t), config.Path, delegation).URL
}

func lastIntrospection(t *testing.T, s *mastest.Server) mastest.Request {
	t.Helper()
	requests := s.Requests()
	for i := len(requests) - 1; i >= 0; i-- {
		if requests[i].Path == "/oauth2/introspect" {
			return requests[i]
		}
	}
	require.Fail(t, "no introspection")
	return mastest.Request{}
}

// call sends a request with a Bearer token and decodes the JSON answer.
func call(t *testing.T, out any, method, url, token, body string) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	require.NoError(t, err)
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := (&http.Client{}).Do(r)
	require.NoError(t, err)
	defer func() { require.NoError(t, res.Body.Close()) }()
	if out != nil {
		require.NoError(t, json.NewDecoder(res.Body).Decode(out))
	}
	return res.StatusCode
}
