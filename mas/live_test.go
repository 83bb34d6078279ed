package mas_test

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/oklog/ulid/v2"
	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/mas/keys"
	"github.com/maskit-dev/maskit/upstream"
	upkc "github.com/maskit-dev/maskit/upstream/keycloak"
	"github.com/maskit-dev/maskit/upstream/oidc"
)

// TestServesWhatWasBuilt goes the whole way with the real MAS: intents, a
// configuration, files in each layout, "config check", and a server that answers as
// the Config says.
func TestServesWhatWasBuilt(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		layout mas.Layout
		path   string // of the public address
	}{
		{"single", mas.LayoutSingle, ""},
		{"split", mas.LayoutSplit, ""},
		{"below a path", mas.LayoutSplit, "auth/"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			cli := live.MASCLI(t)
			deployment := newDeployment(t, test.path)
			configs := deployment.write(t, test.layout)

			check := cli.Run(t, checkArgs(configs)...)
			require.Equal(t, 0, check.Code, check.Stderr)

			cli.StartServer(t, deployment.site.AccountURL, deployment.health, configs...)
			require.Equal(t, "ok", get(t, deployment.health))
			deployment.requireDiscovery(t)
			deployment.requireKeys(t)
			deployment.requireProviderRow(t)
		})
	}
}

// deployment is a configuration for loopback, and what it must look like from outside.
type deployment struct {
	site     maskit.Site
	identity mas.Identity
	config   *mas.Config
	db       live.DB
	health   string
}

func newDeployment(t *testing.T, path string) deployment {
	t.Helper()
	realm := live.Keycloak(t, live.KeycloakCurrent).Realm(t, nil)
	port, internal := live.FreePort(t), live.FreePort(t)
	d := deployment{
		db:     live.Postgres(t),
		health: fmt.Sprintf("http://127.0.0.1:%d/health", internal),
		site: maskit.Site{
			ServerName:   "example.com",
			AccountURL:   fmt.Sprintf("http://127.0.0.1:%d/%s", port, path),
			ClientAPIURL: "http://127.0.0.1:1/",
			SynapseURL:   "http://127.0.0.1:1/",
			MASURL:       fmt.Sprintf("http://127.0.0.1:%d/%s", port, path),
		},
	}
	identity, err := mas.NewIdentity(rand.Reader)
	require.NoError(t, err)
	d.identity, err = identity.WithProvider("keycloak", rand.Reader)
	require.NoError(t, err)

	entry, problems := upkc.Config{
		Client:  oidc.Client{ID: "mas", Secret: mas.SecretValue{Inline: maskit.NewSecret("client-secret")}},
		BaseURL: realm.Server.URL, Realm: realm.Name, InsecureHTTP: true,
	}.Entry(upstream.Env{Site: d.site, ID: d.identity.Providers["keycloak"]})
	require.NoError(t, problems.Err())

	d.config, problems = mas.NewBuilder(d.site, d.identity).
		Database(mas.Database{Socket: d.db.SocketDir, Username: d.db.User, Name: d.db.Name}).
		Listeners(
			mas.Listener{Name: "public", Prefix: d.site.Prefix(), Binds: loopback(port), Resources: resources(
				mas.ResourceDiscovery, mas.ResourceHuman, mas.ResourceOAuth, mas.ResourceCompat, mas.ResourceGraphQL, mas.ResourceAssets,
			)},
			mas.Listener{Name: "internal", Binds: loopback(internal), Resources: resources(mas.ResourceHealth, mas.ResourcePrometheus)},
		).
		Upstream(entry).
		Build()
	require.NoError(t, problems.Err())
	return d
}

func loopback(port int) []mas.Bind { return []mas.Bind{{Host: "127.0.0.1", Port: uint16(port)}} }

func resources(names ...mas.ResourceName) []mas.Resource {
	var out []mas.Resource
	for _, name := range names {
		out = append(out, mas.Resource{Name: name})
	}
	return out
}

// write renders the configuration to disk, has it checked where it lies, and
// returns the files for -c.
func (d deployment) write(t *testing.T, layout mas.Layout) []string {
	t.Helper()
	mount := t.TempDir()
	rendered, problems := mas.Render(d.config, mas.RenderOptions{Layout: layout, Mount: mount})
	require.NoError(t, problems.Err())
	for _, file := range rendered.Files {
		path := filepath.Join(mount, file.Name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(t, os.WriteFile(path, file.Data(), 0o600))
	}
	root := os.DirFS("/")
	var configs, names []string
	for _, name := range rendered.ConfigFiles {
		path := filepath.Join(mount, name)
		configs, names = append(configs, path), append(names, path[1:])
	}
	parsed, problems, err := mas.Parse(root, names...)
	require.NoError(t, err)
	require.NoError(t, problems.Err())
	require.NoError(t, parsed.Validate(mas.ValidateOptions{FS: root}).Err())
	return configs
}

func (d deployment) requireDiscovery(t *testing.T) {
	t.Helper()
	var document struct {
		Issuer  string `json:"issuer"`
		JWKSURI string `json:"jwks_uri"`
	}
	require.NoError(t, json.Unmarshal([]byte(get(t, d.site.Issuer()+".well-known/openid-configuration")), &document))
	require.Equal(t, d.site.Issuer(), document.Issuer)
	require.Equal(t, d.site.JWKSURL(), document.JWKSURI)
}

func (d deployment) requireKeys(t *testing.T) {
	t.Helper()
	var set struct {
		Keys []struct {
			KID string `json:"kid"`
		} `json:"keys"`
	}
	require.NoError(t, json.Unmarshal([]byte(get(t, d.site.JWKSURL())), &set))
	var served, ours []string
	for _, key := range set.Keys {
		served = append(served, key.KID)
	}
	for _, entry := range d.identity.SigningKeys {
		key, err := keys.Parse(entry.Key.Inline, maskit.Secret{})
		require.NoError(t, err)
		ours = append(ours, key.Kid())
	}
	require.Equal(t, ours, served)
}

func (d deployment) requireProviderRow(t *testing.T) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), d.db.URI())
	require.NoError(t, err)
	defer func() { require.NoError(t, conn.Close(t.Context())) }()
	rows, err := conn.Query(t.Context(), "SELECT upstream_oauth_provider_id, issuer FROM upstream_oauth_providers")
	require.NoError(t, err)
	type row struct {
		ID     [16]byte
		Issuer string
	}
	got, err := pgx.CollectRows(rows, pgx.RowToStructByPos[row])
	require.NoError(t, err)
	id, err := ulid.ParseStrict(string(d.identity.Providers["keycloak"]))
	require.NoError(t, err)
	require.Equal(t, []row{{ID: id, Issuer: d.config.UpstreamOAuth2.Providers[0].Issuer}}, got)
}

func checkArgs(configs []string) []string {
	args := []string{"config", "check"}
	for _, config := range configs {
		args = append(args, "--config", config)
	}
	return args
}

func get(t *testing.T, url string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	require.NoError(t, err)
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer func() { require.NoError(t, response.Body.Close()) }()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, response.StatusCode, string(body))
	return string(body)
}
