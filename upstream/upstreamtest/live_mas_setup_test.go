package upstreamtest_test

import (
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/oklog/ulid/v2"
	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/synapse"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/upstreamtest"
)

// deployment is a real MAS in front of a real Synapse, with many providers.
type deployment struct {
	site      maskit.Site
	identity  mas.Identity
	internal  int
	cli       *live.MAS
	config    string // the path of MAS's configuration
	db        live.DB
	synapseDB live.DB
	synapse   *live.Server

	entries      []upstream.Entry
	certificates []byte
}

func newDeployment(t *testing.T) *deployment {
	t.Helper()
	d := &deployment{cli: live.MASCLI(t), internal: live.FreePort(t)}
	install := live.Synapse(t, live.SynapseCurrent)
	at := fmt.Sprintf("http://127.0.0.1:%d/", live.FreePort(t))
	d.site = maskit.Site{ServerName: "example.com", AccountURL: at, MASURL: at, ClientAPIURL: "http://127.0.0.1:1/"}
	var err error
	d.identity, err = mas.NewIdentity(rand.Reader)
	require.NoError(t, err)
	d.startSynapse(t, install)
	return d
}

// env is that of a new provider.
func (d *deployment) env(t *testing.T) upstream.Env {
	t.Helper()
	id, err := ulid.New(ulid.Now(), rand.Reader)
	require.NoError(t, err)
	return upstream.Env{Site: d.site, ID: maskit.ULID(id.String())}
}

// add registers the entry at the provider, and the provider at MAS.
func (d *deployment) add(idp *upstreamtest.IDP, entry upstream.Entry, env upstream.Env) {
	d.entries = append(d.entries, entry)
	idp.PutClient(upstreamtest.ClientFor(entry, env))
}

func (d *deployment) trust(idp *upstreamtest.IDP) {
	d.certificates = append(d.certificates, idp.CertificatePEM()...)
}

func (d *deployment) startSynapse(t *testing.T, install *live.SynapseInstall) {
	t.Helper()
	generated := install.GenerateConfig(t, d.site.ServerName)
	secret := filepath.Join(generated.Dir, "mas-secret")
	require.NoError(t, os.WriteFile(secret, []byte(d.identity.SharedSecret.Reveal()), 0o600))
	files, problems, err := synapse.ReadFiles(os.DirFS(generated.Dir), "homeserver.yaml")
	require.NoError(t, err)
	require.NoError(t, problems.Err())
	patched, problems := synapse.Delegate{Site: d.site, SecretPath: secret}.Patch(files)
	require.NoError(t, problems.Err())
	require.NoError(t, os.WriteFile(generated.Path, patched.Files[0].Data, 0o600))
	d.synapseDB = live.Postgres(t)
	d.synapse = install.Start(t, d.synapseDB, generated.Path)
	d.site.SynapseURL = d.synapse.URL + "/"
}

// startMAS runs MAS with all providers that were added.
func (d *deployment) startMAS(t *testing.T) {
	t.Helper()
	dir := t.TempDir()
	bundle := filepath.Join(dir, "authorities.pem")
	require.NoError(t, os.WriteFile(bundle, d.certificates, 0o600))
	d.cli.Env = []string{"SSL_CERT_FILE=" + bundle}
	d.db = live.Postgres(t)
	plenty := mas.RateLimit{Burst: 10_000, PerSecond: 1000}
	config, problems := mas.NewBuilder(d.site, d.identity).
		Database(mas.Database{Socket: d.db.SocketDir, Username: d.db.User, Name: d.db.Name}).
		Listeners(
			masListener("public", d.site.AccountURL, mas.ResourceDiscovery, mas.ResourceHuman, mas.ResourceOAuth, mas.ResourceCompat, mas.ResourceGraphQL, mas.ResourceAssets),
			masListener("internal", fmt.Sprintf("http://127.0.0.1:%d/", d.internal), mas.ResourceHealth),
		).
		RateLimits(mas.RateLimiting{Registration: &plenty}).
		Upstream(d.entries...).Build()
	require.NoError(t, problems.Err())
	rendered, problems := mas.Render(config, mas.RenderOptions{Layout: mas.LayoutSingle})
	require.NoError(t, problems.Err())
	d.config = filepath.Join(dir, "config.yaml")
	require.NoError(t, os.WriteFile(d.config, rendered.Files[0].Data(), 0o600))
	d.cli.StartServer(t, d.site.AccountURL, fmt.Sprintf("http://127.0.0.1:%d/health", d.internal), d.config)
}

func masListener(name, address string, resources ...mas.ResourceName) mas.Listener {
	var port uint16
	_, _ = fmt.Sscanf(address, "http://127.0.0.1:%d/", &port)
	l := mas.Listener{Name: name, Binds: []mas.Bind{{Host: "127.0.0.1", Port: port}}}
	for _, r := range resources {
		l.Resources = append(l.Resources, mas.Resource{Name: r})
	}
	return l
}

// query reads rows of one database, each as one text.
func query(t *testing.T, db live.DB, sql string, args ...any) []string {
	t.Helper()
	connection, err := pgx.Connect(t.Context(), db.URI())
	require.NoError(t, err)
	defer func() { _ = connection.Close(t.Context()) }()
	rows, err := connection.Query(t.Context(), sql, args...)
	require.NoError(t, err)
	texts, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	return texts
}
