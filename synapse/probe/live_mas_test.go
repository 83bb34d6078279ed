package probe_test

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"

	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/synapse/probe"
)

// TestLiveRealMAS signs a user in and out by password through an nginx with the
// rendered rules, in front of a real Synapse and a real MAS. The probe finds nothing.
func TestLiveRealMAS(t *testing.T) {
	t.Parallel()
	s := startReal(t, live.MASCLI(t))
	requireGood(t, s.deployment, s.client, live.SynapseCurrent)

	s.register(t, "alice", "a password of alice")
	login := s.call(t, http.MethodPost, "login", "", map[string]any{
		"type": "m.login.password", "password": "a password of alice", "refresh_token": true,
		"identifier": map[string]string{"type": "m.id.user", "user": "alice"},
	})
	require.Equal(t, http.StatusOK, login.status, login.text)
	require.Equal(t, "@alice:example.com", login.UserID)
	whoami := s.call(t, http.MethodGet, "account/whoami", login.AccessToken, nil)
	require.Equal(t, http.StatusOK, whoami.status, whoami.text)
	require.Equal(t, login.UserID, whoami.UserID)
	require.Equal(t, login.DeviceID, whoami.DeviceID)

	refreshed := s.call(t, http.MethodPost, "refresh", "", map[string]any{"refresh_token": login.RefreshToken})
	require.Equal(t, http.StatusOK, refreshed.status, refreshed.text)
	require.NotEqual(t, login.AccessToken, refreshed.AccessToken)
	whoami = s.call(t, http.MethodGet, "account/whoami", refreshed.AccessToken, nil)
	require.Equal(t, login.UserID, whoami.UserID, whoami.text)

	logout := s.call(t, http.MethodPost, "logout", refreshed.AccessToken, map[string]any{})
	require.Equal(t, http.StatusOK, logout.status, logout.text)
	require.Eventually(t, func() bool {
		return s.call(t, http.MethodGet, "account/whoami", refreshed.AccessToken, nil).status == http.StatusUnauthorized
	}, 20*time.Second, 100*time.Millisecond, "the device goes with the session")

	require.Empty(t, run(t, probe.Config{Site: s.site(), Secret: secret(), HTTPClient: s.client}).Problems)

	s.server.Stop()
	require.Equal(t, []string{"mas-down at MAS"}, findings(run(t, probe.Config{Site: s.site(), Secret: secret(), HTTPClient: s.client})))
	require.Equal(t, []string{"mas-down at MAS"}, findings(run(t, probe.Config{Site: outside(s.site()), HTTPClient: s.client})))
}

// real is a deployment with a real MAS.
type real struct {
	deployment
	cli    *live.MAS
	server *live.Server
	config string
	client *http.Client
}

func startReal(t *testing.T, cli *live.MAS) real {
	t.Helper()
	port := live.FreePort(t)
	s := real{cli: cli}
	s.mas = fmt.Sprintf("127.0.0.1:%d", port)
	s.certificate = newCertificate(t)
	s.synapse = strings.TrimPrefix(startSynapse(t, live.SynapseCurrent, "http://"+s.mas+"/").URL, "http://")
	health := live.FreePort(t)
	s.config = s.writeConfig(t, port, health)
	s.server = cli.StartServer(t, "http://"+s.mas, fmt.Sprintf("http://127.0.0.1:%d/health", health), s.config)

	s.client = s.rendered(t)
	return s
}

func (s real) writeConfig(t *testing.T, port, health int) string {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	listener := func(port int, resources ...string) map[string]any {
		var named []map[string]string
		for _, r := range resources {
			named = append(named, map[string]string{"name": r})
		}
		return map[string]any{"resources": named, "binds": []map[string]string{{"address": fmt.Sprintf("127.0.0.1:%d", port)}}}
	}
	data, err := yaml.Marshal(map[string]any{
		"http": map[string]any{
			"public_base": issuer,
			"listeners":   []any{listener(port, "discovery", "human", "oauth", "compat"), listener(health, "health")},
		},
		"database":  map[string]any{"uri": live.Postgres(t).URI()},
		"matrix":    map[string]any{"homeserver": "example.com", "secret": secret().Reveal(), "endpoint": s.site().SynapseURL},
		"passwords": map[string]any{"enabled": true},
		"secrets": map[string]any{
			"encryption": strings.Repeat("0a", 32),
			"keys": []map[string]string{{"key": string(pem.EncodeToMemory(&pem.Block{
				Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key),
			}))}},
		},
	})
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "mas.yaml")
	require.NoError(t, os.WriteFile(path, data, 0o600))
	return path
}

// register makes a user, and waits until MAS has told Synapse.
func (s real) register(t *testing.T, name, password string) {
	t.Helper()
	result := s.cli.Run(t, "manage", "register-user", "--config", s.config, "--yes", "--ignore-password-complexity", "--password", password, name)
	require.Zero(t, result.Code, result.Stderr)
	require.Eventually(t, func() bool {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.site().SynapseURL+"_synapse/mas/query_user?localpart="+name, nil)
		require.NoError(t, err)
		r.Header.Set("Authorization", "Bearer "+secret().Reveal())
		answer, err := s.client.Do(r)
		require.NoError(t, err)
		return answer.Body.Close() == nil && answer.StatusCode == http.StatusOK
	}, 20*time.Second, 100*time.Millisecond, "Synapse never learnt of the user")
}

// told is what the client API says of a session.
type told struct {
	UserID       string `json:"user_id"`
	DeviceID     string `json:"device_id"`
	AccessToken  string `json:"access_token"`
	RefreshToken string `json:"refresh_token"`
	status       int
	text         string
}

// call calls the client API as clients do: through nginx, by the public name.
func (s real) call(t *testing.T, method, path, token string, body any) told {
	t.Helper()
	data, err := json.Marshal(body)
	require.NoError(t, err)
	r, err := http.NewRequestWithContext(t.Context(), method, s.site().ClientAPIURL+"_matrix/client/v3/"+path, bytes.NewReader(data))
	require.NoError(t, err)
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	answer, err := s.client.Do(r)
	require.NoError(t, err)
	defer func() { require.NoError(t, answer.Body.Close()) }()
	var text bytes.Buffer
	_, err = text.ReadFrom(answer.Body)
	require.NoError(t, err)
	got := told{status: answer.StatusCode, text: text.String()}
	require.NoError(t, json.Unmarshal(text.Bytes(), &got), got.text)
	return got
}
