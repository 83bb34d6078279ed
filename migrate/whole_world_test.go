package migrate_test

import (
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/mas/mascli"
	"github.com/maskit-dev/maskit/migrate"
	"github.com/maskit-dev/maskit/migrate/native"
	"github.com/maskit-dev/maskit/synapse"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/upstreamtest"
)

// world is a whole homeserver: Synapse, MAS, an identity provider and nginx, all of them
// real but the provider, and people whom that Synapse has made through its API.
type world struct {
	people           live.People
	synapseDB, masDB live.DB
	site             maskit.Site
	idp              *upstreamtest.IDP
	provider         maskit.ULID

	legacy   []synapse.File // homeserver.yaml from before MAS
	delegate synapse.Delegate
	config   *mas.Config
	store    migrate.FileStore

	synapse *synapseServer
	mas     *masServer
	files   *homeserverFile
	edge    *nginxRoutes

	refreshed map[string]string // Bob's newest access tokens, by device
}

func newWorld(t *testing.T, version live.SynapseVersion) *world {
	t.Helper()
	cli, install, nginx := live.MASCLI(t), live.Synapse(t, version), live.NGINX(t)
	w := &world{idp: upstreamtest.NewIDP(t), masDB: live.MASDatabase(t), refreshed: map[string]string{}, store: migrate.FileStore{Path: filepath.Join(t.TempDir(), "state.json")}}
	w.synapseDB, w.people = live.SynapseWithPeople(t, version)
	edge, port, health, synapsePort := live.FreePort(t), live.FreePort(t), live.FreePort(t), live.FreePort(t)
	w.site = maskit.Site{
		ServerName: w.people.ServerName, ClientAPIURL: fmt.Sprintf("http://localhost:%d/", edge), AccountURL: fmt.Sprintf("http://127.0.0.1:%d/", edge),
		SynapseURL: fmt.Sprintf("http://127.0.0.1:%d/", synapsePort), MASURL: fmt.Sprintf("http://127.0.0.1:%d/", port),
	}
	homeserver := w.writeHomeserver(t, install)
	identity, err := mas.NewIdentity(rand.Reader)
	require.NoError(t, err)
	secret := filepath.Join(filepath.Dir(homeserver), "mas-secret")
	require.NoError(t, os.WriteFile(secret, []byte(identity.SharedSecret.Reveal()), 0o600))
	w.delegate = synapse.Delegate{Site: w.site, SecretPath: secret}

	w.configureMAS(t, identity, port, health)
	authorities := filepath.Join(t.TempDir(), "authorities.pem")
	require.NoError(t, os.WriteFile(authorities, w.idp.CertificatePEM(), 0o600))
	cli.Env = []string{"SSL_CERT_FILE=" + authorities}
	_, err = w.cli(cli).ConfigSync(t.Context(), mascli.SyncOptions{})
	require.NoError(t, err)

	w.files = &homeserverFile{path: homeserver, undo: filepath.Join(t.TempDir(), "undo"), world: w}
	w.synapse = &synapseServer{process: process{t: t}, install: install, db: w.synapseDB, port: synapsePort, homeserver: homeserver}
	w.mas = &masServer{process: process{t: t}, cli: cli, config: w.writeMAS(t), url: w.site.MASURL, health: fmt.Sprintf("http://127.0.0.1:%d/health", health)}
	w.edge = &nginxRoutes{t: t, nginx: nginx, address: fmt.Sprintf("127.0.0.1:%d", edge), world: w}
	return w
}

// writeHomeserver adds an identity provider to the configuration with which people were made.
func (w *world) writeHomeserver(t *testing.T, install *live.SynapseInstall) string {
	t.Helper()
	path := install.PeopleConfig(t).Path
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	generated := regexp.MustCompile(`(?m)^database:\n(?: .*\n)+`)
	require.Regexp(t, generated, string(data))
	data = generated.ReplaceAll(data, fmt.Appendf(nil, "database: {name: psycopg2, args: {host: %s, user: %s, dbname: %s}}\n", w.synapseDB.SocketDir, w.synapseDB.User, w.synapseDB.Name))
	data = fmt.Appendf(data, `
public_baseurl: %s
oidc_providers:
  - idp_id: keycloak
    idp_name: Staff
    issuer: %[2]s
    client_id: staff
    client_secret: secret of the staff
    client_auth_method: client_secret_basic
    discover: false
    authorization_endpoint: %[2]s/authorize
    token_endpoint: %[2]s/token
    userinfo_endpoint: %[2]s/userinfo
    jwks_uri: %[2]s/jwks
    user_profile_method: userinfo_endpoint
    user_mapping_provider:
      config:
        localpart_template: "{{ user.preferred_username }}"
`, w.site.ClientAPIURL, w.idp.Issuer)
	require.NoError(t, os.WriteFile(path, data, 0o600))
	w.legacy = []synapse.File{{Name: "homeserver.yaml", Data: data}}
	return path
}

// configureMAS makes MAS's configuration with the provider that Synapse had.
func (w *world) configureMAS(t *testing.T, identity mas.Identity, port, health int) {
	t.Helper()
	legacy, problems := synapse.PreMigration(w.legacy)
	require.NoError(t, problems.Err())
	entries, problems := migrate.ConvertProviders(legacy.OIDC, migrate.ProviderOptions{Rand: rand.Reader})
	require.NoError(t, problems.Err())
	require.Len(t, entries, 1)
	w.provider = entries[0].ID
	w.idp.PutClient(upstreamtest.ClientFor(entries[0], upstream.Env{Site: w.site, ID: w.provider}))
	w.idp.PutUser(upstreamtest.User{Name: "alice", Claims: map[string]any{"sub": w.people.ExternalID(), "preferred_username": "somebody-else"}})

	plenty := mas.RateLimit{Burst: 10_000, PerSecond: 1000}
	w.config, problems = mas.NewBuilder(w.site, identity).
		Database(mas.Database{Socket: w.masDB.SocketDir, Username: w.masDB.User, Name: w.masDB.Name}).
		Passwords(mas.Passwords{Schemes: []mas.PasswordScheme{{
			Version: 1, Algorithm: mas.Bcrypt, UnicodeNormalization: true, Secret: mas.SecretValue{Inline: maskit.NewSecret(w.people.Pepper())},
		}}}).
		RateLimits(mas.RateLimiting{Login: &mas.LoginLimits{PerIP: &plenty, PerAccount: &plenty}}).
		Listeners(
			listener("public", port, mas.ResourceDiscovery, mas.ResourceHuman, mas.ResourceOAuth, mas.ResourceCompat, mas.ResourceGraphQL, mas.ResourceAssets),
			listener("internal", health, mas.ResourceHealth),
		).
		Upstream(entries...).Build()
	require.NoError(t, problems.Err())
}

func listener(name string, port int, resources ...mas.ResourceName) mas.Listener {
	l := mas.Listener{Name: name, Binds: []mas.Bind{{Host: "127.0.0.1", Port: uint16(port)}}}
	for _, r := range resources {
		l.Resources = append(l.Resources, mas.Resource{Name: r})
	}
	return l
}

func (w *world) writeMAS(t *testing.T) string {
	t.Helper()
	rendered, problems := mas.Render(w.config, mas.RenderOptions{Layout: mas.LayoutSingle})
	require.NoError(t, problems.Err())
	path := filepath.Join(t.TempDir(), "mas.yaml")
	require.NoError(t, os.WriteFile(path, rendered.Files[0].Data(), 0o600))
	return path
}

func (w *world) cli(installed *live.MAS) mascli.CLI {
	return mascli.CLI{Runner: mascli.Local{Binary: installed.Binary, Share: installed.Share, Env: installed.Env}, Config: w.config}
}

// cutover is a fresh value, as in a new process.
func (w *world) cutover() migrate.Cutover {
	return migrate.Cutover{
		Migration: w.migration(), Synapse: w.synapse, MAS: w.mas, Config: w.files, Routes: w.edge, Rehearse: true, Prove: w.prove,
	}
}

func (w *world) migration() *migrate.Syn2MAS {
	return &migrate.Syn2MAS{
		Source: migrate.Source{Files: w.legacy, Delegate: w.delegate},
		Target: migrate.Target{Config: w.config}, Engine: native.Engine{}, Store: w.store,
	}
}
