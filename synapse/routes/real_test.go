package routes_test

import (
	"bufio"
	"crypto/rand"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/synapse/routes"
)

// TestMASReadsTheTargetAsItWasSent proves what the package builds on: the real MAS merges no
// slashes and resolves no dots, and an encoded login is none.
func TestMASReadsTheTargetAsItWasSent(t *testing.T) {
	t.Parallel()
	site := realSite(t, "")
	startRealMAS(t, site)
	for target, want := range map[string]int{
		"/_matrix/client/v3/login": 200, "/_matrix/client/v3/login?x": 200, "/_matrix/client/v3/%6cogin": 404, "/_matrix/client/v3//login": 404,
		"/_matrix/client/v3/x/../login": 404, "/_matrix/client/v3/login;x": 404, "/_matrix/client/v3/LOGIN": 404, "/_matrix/client/v3/login/": 404,
		"/_matrix/client/v3/login%2Fsso%2Fredirect": 404, "//_matrix/client/v3/login": 404,
	} {
		require.Equal(t, want, status(t, site.MASURL, target), target)
	}
}

// TestRealServersBelowAPath: MAS mounts the Matrix paths below its prefix, clients
// ask for them at the root.
func TestRealServersBelowAPath(t *testing.T) {
	t.Parallel()
	site := realSite(t, "auth/")
	startRealMAS(t, site)
	startRealSynapse(t, &site)
	t.Run("Synapse reads the target as it was sent", func(t *testing.T) {
		requireSynapseReadsAsSent(t, site)
	})
	for _, r := range renderers() {
		t.Run(r.name, func(t *testing.T) {
			r.requireRealServers(t, site)
		})
	}
}

// requireSynapseReadsAsSent: only /_synapse/mas can be spelled with escapes, which is why
// the table allows and does not forbid.
func requireSynapseReadsAsSent(t *testing.T, site maskit.Site) {
	t.Helper()
	for target, want := range map[string]int{
		"/_matrix/client/versions": 200, "/_matrix/client/%76ersions": 404, "/_matrix//client/versions": 404, "/_matrix/x/../client/versions": 404,
		"/_synapse/mas/query_user": 401, "/_synapse/%6das/query_user": 401, "/_synapse//mas/query_user": 404,
		"/_synapse/client/../mas/query_user": 404, "/_matrix/../_synapse/mas/query_user": 404, "/_matrix/..%2f_synapse/mas/query_user": 404,
		"/_synapse/mas/query_user/../../../_matrix/client/versions": 404, "/_synapse%2Fmas/query_user": 404,
		"/_synapse/admin/v1/server_version": 200, "/_synapse/%61dmin/v1/server_version": 404,
	} {
		require.Equal(t, want, status(t, site.SynapseURL, target), target)
	}
}

// requireRealServers starts the proxy before the real servers and asks it for both.
func (r renderer) requireRealServers(t *testing.T, site maskit.Site) {
	t.Helper()
	edge := fmt.Sprintf("127.0.0.1:%d", live.FreePort(t))
	options := routes.Options{Site: site, Listener: routes.Listener{Address: edge}}
	config, problems := r.render(options)
	require.NoError(t, problems.Err())
	r.proxy(t).Start(t, string(config), edge)

	code, body := fetch(t, edge, "/_matrix/client/v3/login")
	require.Equal(t, http.StatusOK, code)
	require.Contains(t, body, `"oauth_aware_preferred":true`)
	code, body = fetch(t, edge, "/auth/.well-known/openid-configuration")
	require.Equal(t, http.StatusOK, code)
	require.Contains(t, body, site.Issuer())
	for target, want := range map[string]int{
		"/_matrix/client/v3/login/sso/redirect?redirectUrl=https%3A%2F%2Fapp.example.com": 303,
		"/_matrix/client/versions": 200, "/auth/login": 200, "/auth/health": 404, "/health": 404, "/login": 404,
		"/_synapse/mas/query_user": 404, "/_synapse/%6das/query_user": 404, "/_synapse/admin/v1/server_version": 404,
	} {
		require.Equal(t, want, status(t, "http://"+edge+"/", target), target)
	}
}

func realSite(t testing.TB, path string) maskit.Site {
	t.Helper()
	return maskit.Site{
		ServerName: "example.com", ClientAPIURL: "http://127.0.0.1/", AccountURL: "http://127.0.0.1/" + path,
		SynapseURL: "http://127.0.0.1:1/", MASURL: fmt.Sprintf("http://127.0.0.1:%d/%s", live.FreePort(t), path),
	}
}

func startRealMAS(t testing.TB, site maskit.Site) {
	t.Helper()
	cli := live.MASCLI(t)
	db, inside := live.Postgres(t), fmt.Sprintf("127.0.0.1:%d", live.FreePort(t))
	identity, err := mas.NewIdentity(rand.Reader)
	require.NoError(t, err)
	config, problems := mas.NewBuilder(site, identity).
		Database(mas.Database{Socket: db.SocketDir, Username: db.User, Name: db.Name}).
		Passwords(mas.Passwords{Schemes: []mas.PasswordScheme{{Version: 1, Algorithm: mas.Argon2id}}}).
		Listeners(mas.Listener{
			Name: "public", Prefix: site.Prefix(), Binds: []mas.Bind{{Address: strings.Split(site.MASURL, "/")[2]}},
			Resources: []mas.Resource{
				{Name: mas.ResourceDiscovery},
				{Name: mas.ResourceHuman},
				{Name: mas.ResourceOAuth},
				{Name: mas.ResourceCompat},
				{Name: mas.ResourceGraphQL},
				{Name: mas.ResourceAssets},
			},
		}, mas.Listener{Name: "internal", Binds: []mas.Bind{{Address: inside}}, Resources: []mas.Resource{{Name: mas.ResourceHealth}}}).
		Build()
	require.NoError(t, problems.Err())
	rendered, problems := mas.Render(config, mas.RenderOptions{Layout: mas.LayoutSingle})
	require.NoError(t, problems.Err())
	path := filepath.Join(t.TempDir(), "config.yaml")
	require.NoError(t, os.WriteFile(path, rendered.Files[0].Data(), 0o600))
	cli.StartServer(t, site.MASURL, "http://"+inside+"/health", path)
}

// startRealSynapse starts one that delegates to the site's MAS, and fills in its address.
func startRealSynapse(t testing.TB, site *maskit.Site) {
	t.Helper()
	install := live.Synapse(t, live.SynapseCurrent)
	config := install.GenerateConfig(t, site.ServerName)
	dir := t.TempDir()
	secret, delegated := filepath.Join(dir, "secret"), filepath.Join(dir, "delegated.yaml")
	require.NoError(t, os.WriteFile(secret, []byte("shared-secret"), 0o600))
	require.NoError(t, os.WriteFile(delegated, []byte("matrix_authentication_service: {enabled: true, endpoint: \""+
		site.MASURL+"\", secret_path: \""+secret+"\"}\n"), 0o600))
	site.SynapseURL = install.Start(t, live.Postgres(t), config.Path, delegated).URL + "/"
}

func status(t testing.TB, base, target string) int {
	t.Helper()
	code, _ := fetch(t, strings.Split(base, "/")[2], target)
	return code
}

func fetch(t testing.TB, address, target string) (code int, body string) {
	t.Helper()
	var dialer net.Dialer
	conn, err := dialer.DialContext(t.Context(), "tcp", address)
	require.NoError(t, err)
	defer func() { _ = conn.Close() }()
	_, err = io.WriteString(conn, "GET "+target+" HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
	require.NoError(t, err)
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	require.NoError(t, err)
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response.StatusCode, string(text)
}
