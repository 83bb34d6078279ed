package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/synapse"
	"github.com/maskit-dev/maskit/synapse/routes"
	"github.com/maskit-dev/maskit/synapse/routes/wellknown"
)

// TestLive runs the program on what the SDK makes: a real Synapse and a real MAS behind
// a real nginx. Nothing is wrong, until MAS is stopped.
func TestLive(t *testing.T) {
	t.Parallel()
	cli, install, nginx := live.MASCLI(t), live.Synapse(t, live.SynapseCurrent), live.NGINX(t)
	edge, port, health := live.FreePort(t), live.FreePort(t), live.FreePort(t)
	site := maskit.Site{
		ServerName: "localhost", ClientAPIURL: fmt.Sprintf("https://localhost:%d/", edge),
		AccountURL: fmt.Sprintf("https://127.0.0.1:%d/", edge), MASURL: fmt.Sprintf("http://127.0.0.1:%d/", port),
	}
	identity, err := mas.NewIdentity(rand.Reader)
	require.NoError(t, err)
	secretFile := filepath.Join(t.TempDir(), "shared-secret")
	require.NoError(t, os.WriteFile(secretFile, []byte(identity.SharedSecret.Reveal()), 0o600))

	site.SynapseURL = startSynapse(t, install, site, secretFile)
	server := cli.StartServer(t, site.MASURL, fmt.Sprintf("http://127.0.0.1:%d/health", health), masConfig(t, site, identity, port, health))
	address := fmt.Sprintf("127.0.0.1:%d", edge)
	certificate, client := loopbackTLS(t, address)
	config, problems := routes.NGINX(routes.Options{Site: site, Listener: routes.Listener{Address: address, Certificate: certificate}})
	require.NoError(t, problems.Err())
	nginx.Start(t, strings.Replace(string(config), "    location / {", wellKnown(t, site)+"    location / {", 1), address)

	args := []string{"-server-name", site.ServerName, "-client-api", site.ClientAPIURL, "-mas", site.AccountURL}
	inside := append([]string{"-synapse", site.SynapseURL, "-mas-internal", site.MASURL, "-secret-file", secretFile}, args...)
	good := execute(t, client, inside...)
	require.Zero(t, good.code, good.stdout+good.stderr)
	require.Contains(t, good.stdout, "Synapse "+string(live.SynapseCurrent)+", issuer "+site.AccountURL)
	require.NotContains(t, good.stdout, identity.SharedSecret.Reveal())
	require.Zero(t, execute(t, client, args...).code)

	server.Stop()
	for _, view := range [][]string{args, inside} {
		down := execute(t, client, view...)
		require.Equal(t, 1, down.code, down.stdout)
		require.Contains(t, down.stdout, "[mas-down]")
	}
}

// startSynapse patches what Synapse generates, and returns its address.
func startSynapse(t *testing.T, install *live.SynapseInstall, site maskit.Site, secretFile string) string {
	t.Helper()
	generated := install.GenerateConfig(t, site.ServerName)
	data, err := os.ReadFile(generated.Path)
	require.NoError(t, err)
	patched, problems := synapse.Delegate{Site: site, SecretPath: secretFile}.Patch([]synapse.File{{Name: "homeserver.yaml", Data: data}})
	require.NoError(t, problems.Err())
	require.NoError(t, os.WriteFile(generated.Path, patched.Files[0].Data, 0o600))
	return install.Start(t, live.Postgres(t), generated.Path).URL + "/"
}

// masConfig writes the configuration of MAS.
func masConfig(t *testing.T, site maskit.Site, identity mas.Identity, port, health int) string {
	t.Helper()
	db := live.Postgres(t)
	config, problems := mas.NewBuilder(site, identity).
		Database(mas.Database{Socket: db.SocketDir, Username: db.User, Name: db.Name}).
		Passwords(mas.Passwords{Enabled: mas.Set(true)}).
		Listeners(listener("public", port, mas.ResourceDiscovery, mas.ResourceHuman, mas.ResourceOAuth, mas.ResourceCompat, mas.ResourceGraphQL, mas.ResourceAssets), listener("internal", health, mas.ResourceHealth)).
		Build()
	require.NoError(t, problems.Err())
	rendered, problems := mas.Render(config, mas.RenderOptions{Layout: mas.LayoutSingle})
	require.NoError(t, problems.Err())
	path := filepath.Join(t.TempDir(), "mas.yaml")
	require.NoError(t, os.WriteFile(path, rendered.Files[0].Data(), 0o600))
	return path
}

// wellKnown serves the documents of the site.
func wellKnown(t *testing.T, site maskit.Site) string {
	t.Helper()
	client, problems := wellknown.Client(site, wellknown.ClientOptions{})
	require.NoError(t, problems.Err())
	server, problems := wellknown.Server(site, wellknown.ServerOptions{})
	require.NoError(t, problems.Err())
	var b strings.Builder
	for path, document := range map[string][]byte{wellknown.ClientPath: client, wellknown.ServerPath: server} {
		text, err := json.Marshal(json.RawMessage(document))
		require.NoError(t, err)
		fmt.Fprintf(&b, "    location = %s { default_type application/json; add_header Access-Control-Allow-Origin *; return 200 '%s'; }\n", path, text)
	}
	return b.String()
}

func listener(name string, port int, resources ...mas.ResourceName) mas.Listener {
	l := mas.Listener{Name: name, Binds: []mas.Bind{{Host: "127.0.0.1", Port: uint16(port)}}}
	for _, r := range resources {
		l.Resources = append(l.Resources, mas.Resource{Name: r})
	}
	return l
}

// loopbackTLS is a certificate for this machine, and a client that trusts it, which finds
// the edge at the usual port, too.
func loopbackTLS(t *testing.T, edge string) (routes.Certificate, *http.Client) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	private, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	dir, pool := t.TempDir(), x509.NewCertPool()
	files := routes.Certificate{File: filepath.Join(dir, "tls.crt"), KeyFile: filepath.Join(dir, "tls.key")}
	public := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	require.True(t, pool.AppendCertsFromPEM(public))
	require.NoError(t, os.WriteFile(files.File, public, 0o600))
	require.NoError(t, os.WriteFile(files.KeyFile, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}), 0o600))
	return files, &http.Client{Transport: &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: pool},
		DialContext: func(ctx context.Context, network, to string) (net.Conn, error) {
			if to == "localhost:443" {
				to = edge
			}
			return (&net.Dialer{}).DialContext(ctx, network, to)
		},
	}}
}
