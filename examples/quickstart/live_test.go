package main

import (
	"encoding/json"
	"fmt"
	"io"
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

// TestSynapseBootsDelegated goes the whole way of the README with a homeserver.yaml
// that the real Synapse generated: the patched file is accepted, the server boots,
// and both directions of the delegation work with the secret of the bundle.
func TestSynapseBootsDelegated(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		version  live.SynapseVersion
		metadata string // where this version publishes MAS's metadata
	}{
		{live.SynapseCurrent, "/_matrix/client/v1/auth_metadata"},
		{live.SynapseFloor, "/_matrix/client/unstable/org.matrix.msc2965/auth_metadata"},
	} {
		t.Run(string(test.version), func(t *testing.T) {
			t.Parallel()
			install := live.Synapse(t, test.version)
			b := delegated(t, install)

			output, err := install.CheckConfig(t, b.homeserver)
			require.NoError(t, err, output)
			server := install.Start(t, live.Postgres(t), b.homeserver)

			b.requireIssuer(t, server.URL+test.metadata)
			b.requireIntrospection(t, server.URL)
			b.requireHomeserverAPI(t, server.URL)
		})
	}
}

// bundle is what quickstart wrote, and the MAS stub that it points Synapse to.
type bundle struct {
	homeserver string
	issuer     string
	secret     maskit.Secret
	mas        *mastest.Server
}

func delegated(t *testing.T, install *live.SynapseInstall) bundle {
	t.Helper()
	var stub *mastest.Server
	front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { stub.ServeHTTP(w, r) }))
	t.Cleanup(front.Close)

	out := filepath.Join(t.TempDir(), "bundle")
	secretPath := filepath.Join(out, "synapse", sharedSecretName)
	site := strings.Replace(sample(t, "site.yaml"), "http://mas.matrix-auth.svc:8080/", front.URL+"/", 1)
	site += "\nsynapse:\n  secret_path: " + secretPath + "\nversions:\n  synapse: " + string(install.Version) + "\n"
	generated := install.GenerateConfig(t, "example.com")
	got := quickstart(t, "-site", writeFile(t, "site.yaml", site), "-homeserver", generated.Path, "-out", out)
	require.Equal(t, 0, got.code, got.stderr)

	secret, err := maskit.SecretFromFile(secretPath)
	require.NoError(t, err)
	b := bundle{
		homeserver: filepath.Join(out, "synapse", "homeserver.yaml"),
		issuer:     "https://account.example.com/",
		secret:     secret,
	}
	b.mas, err = mastest.New(mastest.Config{Issuer: b.issuer, SharedSecret: secret})
	require.NoError(t, err)
	stub = b.mas
	return b
}

// requireIssuer reads the metadata of MAS through Synapse.
func (b bundle) requireIssuer(t *testing.T, url string) {
	t.Helper()
	status, body := request(t, url, maskit.Secret{})
	require.Equal(t, http.StatusOK, status, body)
	var metadata struct {
		Issuer string `json:"issuer"`
	}
	require.NoError(t, json.Unmarshal([]byte(body), &metadata))
	require.Equal(t, b.issuer, metadata.Issuer)
}

// requireIntrospection sends an unknown token and sees Synapse ask MAS about it,
// with the shared secret.
func (b bundle) requireIntrospection(t *testing.T, url string) {
	t.Helper()
	status, body := request(t, url+"/_matrix/client/v3/account/whoami", maskit.NewSecret("mat_unknown"))
	require.Equal(t, http.StatusUnauthorized, status, body)
	require.Contains(t, body, "Token is not active")
	for _, r := range b.mas.Requests() {
		if r.Path == "/oauth2/introspect" {
			require.True(t, r.BearerToken().Equal(b.secret))
			require.Equal(t, "mat_unknown", r.FormValue("token"))
			return
		}
	}
	t.Fatal("Synapse did not ask MAS about the token")
}

// requireHomeserverAPI calls Synapse as MAS does: the right secret misses only the
// parameter, a wrong one is refused.
func (b bundle) requireHomeserverAPI(t *testing.T, url string) {
	t.Helper()
	url += "/_synapse/mas/is_localpart_available"
	status, body := request(t, url, b.secret)
	require.Equal(t, http.StatusBadRequest, status, body)
	status, body = request(t, url, maskit.NewSecret("wrong"))
	require.Equal(t, http.StatusForbidden, status, body)
}

func request(t *testing.T, url string, bearer maskit.Secret) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	require.NoError(t, err)
	if !bearer.IsZero() {
		r.Header.Set("Authorization", "Bearer "+bearer.Reveal())
	}
	response, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer func() { require.NoError(t, response.Body.Close()) }()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response.StatusCode, string(body)
}

// TestSynapseAndMASWorkTogether boots the real MAS and the real Synapse from one
// bundle: each answers for the other.
func TestSynapseAndMASWorkTogether(t *testing.T) {
	t.Parallel()
	cli, install := live.MASCLI(t), live.Synapse(t, live.SynapseCurrent)
	db := live.Postgres(t)
	port, internal, admin := live.FreePort(t), live.FreePort(t), live.FreePort(t)
	masURL := fmt.Sprintf("http://127.0.0.1:%d/", port)
	out := filepath.Join(t.TempDir(), "bundle")
	secretPath := filepath.Join(out, "synapse", sharedSecretName)
	site := fmt.Sprintf(`site:
  server_name: example.com
  account_url: %[1]s
  client_api_url: http://127.0.0.1/
  synapse_url: http://127.0.0.1/
  mas_url: %[1]s
synapse:
  secret_path: %[2]s
database:
  socket: %[3]s
  username: %[4]s
  database: %[5]s
providers:
  - kind: keycloak
    base_url: https://sso.example.com
    realm: example
    client_id: mas
    client_secret: s
`, masURL, secretPath, db.SocketDir, db.User, db.Name)
	generated := install.GenerateConfig(t, "example.com")
	got := quickstart(t, "-site", writeFile(t, "site.yaml", site), "-homeserver", generated.Path, "-out", out)
	require.Equal(t, 0, got.code, got.stderr)

	config := filepath.Join(out, "mas", "config.yaml")
	rewrite(t, config, strings.NewReplacer(
		mount, filepath.Dir(config),
		"0.0.0.0:8080", fmt.Sprintf("127.0.0.1:%d", port),
		"0.0.0.0:8081", fmt.Sprintf("127.0.0.1:%d", internal),
		"0.0.0.0:8082", fmt.Sprintf("127.0.0.1:%d", admin),
	))
	cli.StartServer(t, masURL, fmt.Sprintf("http://127.0.0.1:%d/health", internal), config)
	server := install.Start(t, live.Postgres(t), filepath.Join(out, "synapse", "homeserver.yaml"))

	secret, err := maskit.SecretFromFile(secretPath)
	require.NoError(t, err)
	b := bundle{issuer: masURL, secret: secret}
	b.requireIssuer(t, server.URL+"/_matrix/client/v1/auth_metadata")
	status, body := request(t, server.URL+"/_matrix/client/v3/account/whoami", maskit.NewSecret("mat_unknown"))
	require.Equal(t, http.StatusUnauthorized, status, body)
	require.Contains(t, body, "Token is not active", "MAS took the shared secret, and did not know the token")
	b.requireHomeserverAPI(t, server.URL)
}

// rewrite replaces texts in a file.
func rewrite(t *testing.T, path string, replacer *strings.Replacer) {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, []byte(replacer.Replace(string(data))), 0o600))
}

// TestMASAcceptsTheSampleBundle has the real mas-cli check what the README's first
// command writes. The files lie below the output directory here, not below /etc/mas.
func TestMASAcceptsTheSampleBundle(t *testing.T) {
	t.Parallel()
	for _, layout := range []string{"split", "single"} {
		t.Run(layout, func(t *testing.T) {
			t.Parallel()
			cli := live.MASCLI(t)
			out := filepath.Join(t.TempDir(), "bundle")
			require.Equal(t, 0, quickstart(t, "-out", out, "-layout", layout).code)
			config := filepath.Join(out, "mas", "config.yaml")
			rewrite(t, config, strings.NewReplacer(mount, filepath.Dir(config)))
			check := cli.Run(t, "config", "check", "--config", config)
			require.Equal(t, 0, check.Code, check.Stderr)
		})
	}
}
