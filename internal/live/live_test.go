package live_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"

	"github.com/maskit-dev/maskit/internal/live"
)

func TestPostgres(t *testing.T) {
	t.Parallel()
	first, second := live.Postgres(t), live.Postgres(t)
	require.NotEqual(t, first.Name, second.Name)
	require.Equal(t, first.SocketDir, second.SocketDir, "both databases share one cluster")

	conn, err := pgx.Connect(t.Context(), first.URI())
	require.NoError(t, err)
	defer func() { require.NoError(t, conn.Close(t.Context())) }()
	var name, encoding, collate string
	require.NoError(t, conn.QueryRow(t.Context(),
		"SELECT datname, pg_encoding_to_char(encoding), datcollate FROM pg_database WHERE datname = current_database()").
		Scan(&name, &encoding, &collate))
	require.Equal(t, []string{first.Name, "UTF8", "C"}, []string{name, encoding, collate})
}

func TestSynapse(t *testing.T) {
	t.Parallel()
	for _, version := range []live.SynapseVersion{live.SynapseCurrent, live.SynapseFloor} {
		t.Run(string(version), func(t *testing.T) {
			t.Parallel()
			synapse, db := live.Synapse(t, version), live.Postgres(t)
			config := synapse.GenerateConfig(t, "example.com")
			output, err := synapse.CheckConfig(t, config.Path)
			require.NoError(t, err, output)

			server := synapse.Start(t, db, config.Path)
			require.Equal(t, http.StatusOK, status(t, server.URL+"/_matrix/client/versions"))
			require.Contains(t, server.Log(), "Synapse now listening on TCP port")
			server.Stop()
			require.False(t, answers(t, server.URL))
		})
	}
}

func TestSynapseRefusesConfig(t *testing.T) {
	t.Parallel()
	synapse := live.Synapse(t, live.SynapseCurrent)
	broken := filepath.Join(t.TempDir(), "homeserver.yaml")
	require.NoError(t, os.WriteFile(broken, []byte("server_name: \"not a server name\"\n"), 0o600))
	output, err := synapse.CheckConfig(t, broken)
	require.Error(t, err)
	require.NotEmpty(t, output)
}

func TestKeycloak(t *testing.T) {
	t.Parallel()
	for _, version := range []live.KeycloakVersion{live.KeycloakCurrent, live.KeycloakFloor, live.KeycloakOld} {
		t.Run(string(version), func(t *testing.T) {
			t.Parallel()
			realm := live.Keycloak(t, version).Realm(t, map[string]any{"displayName": "Test"})
			require.Equal(t, http.StatusOK, status(t, realm.Issuer+"/.well-known/openid-configuration"))
			var got struct {
				Realm       string `json:"realm"`
				DisplayName string `json:"displayName"`
			}
			realm.Admin(t, http.MethodGet, "", nil, &got)
			require.Equal(t, realm.Name, got.Realm)
			require.Equal(t, "Test", got.DisplayName)
		})
	}
}

func TestMASCLI(t *testing.T) {
	t.Parallel()
	mas := live.MASCLI(t)
	result := mas.Run(t, "--version")
	require.Zero(t, result.Code, result.Stderr)
	require.Contains(t, result.Stdout, "mas-cli")
	require.Equal(t, 2, mas.Run(t, "no-such-command").Code)
}

func TestMASServer(t *testing.T) {
	t.Parallel()
	mas, db := live.MASCLI(t), live.Postgres(t)
	url := fmt.Sprintf("http://127.0.0.1:%d", live.FreePort(t))
	server := mas.StartServer(t, url, url+"/health", masConfig(t, mas, db, url))
	require.Equal(t, http.StatusOK, status(t, server.URL+"/.well-known/openid-configuration"))
	server.Stop()
	require.False(t, answers(t, server.URL))
}

// masConfig lets MAS generate a configuration and points it at the database and
// the address of the test.
func masConfig(t *testing.T, mas *live.MAS, db live.DB, base string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.yaml")
	result := mas.Run(t, "config", "generate", "--output", path)
	require.Zero(t, result.Code, result.Stderr)
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	config := map[string]any{}
	require.NoError(t, yaml.Unmarshal(data, &config))
	config["database"] = map[string]any{"uri": db.URI()}
	config["http"] = map[string]any{"public_base": base + "/", "listeners": []any{map[string]any{
		"resources": []any{map[string]any{"name": "discovery"}, map[string]any{"name": "health"}},
		"binds":     []any{map[string]any{"address": strings.TrimPrefix(base, "http://")}},
	}}}
	data, err = yaml.Marshal(config)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, data, 0o600))
	return path
}

func TestFreePort(t *testing.T) {
	t.Parallel()
	require.NotEqual(t, live.FreePort(t), live.FreePort(t))
}

func status(t *testing.T, url string) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	require.NoError(t, err)
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	return response.StatusCode
}

func answers(t *testing.T, url string) bool {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	require.NoError(t, err)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	require.NoError(t, response.Body.Close())
	return true
}
