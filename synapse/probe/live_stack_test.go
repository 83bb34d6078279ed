package probe_test

import (
	"cmp"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
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
	"github.com/maskit-dev/maskit/synapse/probe"
	"github.com/maskit-dev/maskit/synapse/routes"
)

// startSynapse boots a homeserver that delegates to the MAS at endpoint.
func startSynapse(t *testing.T, version live.SynapseVersion, endpoint string) *live.Server {
	t.Helper()
	install := live.Synapse(t, version)
	dir := t.TempDir()
	secretPath := filepath.Join(dir, "secret")
	require.NoError(t, os.WriteFile(secretPath, []byte(secret().Reveal()), 0o600))
	delegation := filepath.Join(dir, "mas.yaml")
	require.NoError(t, os.WriteFile(delegation, fmt.Appendf(nil,
		"matrix_authentication_service:\n  enabled: true\n  endpoint: %s\n  secret_path: %s\n", endpoint, secretPath), 0o600))
	return install.Start(t, live.Postgres(t), install.GenerateConfig(t, "example.com").Path, delegation)
}

// deployment is a Synapse and a MAS behind an nginx that answers for
// example.com, matrix.example.com and account.example.com by TLS.
type deployment struct {
	synapse, mas string // host:port behind the edge
	account      string // MAS's public address; issuer if empty
	prefix       string // its path, with slashes
	certificate  certificate
}

// site are the addresses of a deployment as its operator would give them.
func (d deployment) site() maskit.Site {
	return maskit.Site{
		ServerName: "example.com", AccountURL: cmp.Or(d.account, issuer), ClientAPIURL: "https://matrix.example.com/",
		SynapseURL: "http://" + d.synapse + "/", MASURL: "http://" + d.mas + cmp.Or(d.prefix, "/"),
	}
}

// nginx is a good configuration. The pairs are texts of it, and what stands in
// their place.
func (d deployment) nginx(address string, pairs ...string) string {
	return strings.NewReplacer(
		"LISTEN", fmt.Sprintf("listen %s ssl; ssl_certificate %s; ssl_certificate_key %s;", address, d.certificate.file, d.certificate.keyFile),
		"PROXY", "proxy_http_version 1.1; proxy_set_header Host $host; proxy_set_header X-Forwarded-For $remote_addr; proxy_set_header X-Forwarded-Proto $scheme; proxy_redirect off;",
		"JSON", "default_type application/json; add_header Access-Control-Allow-Origin * always;",
		"SYNAPSE", d.synapse, "MAS", d.mas,
	).Replace(strings.NewReplacer(pairs...).Replace(goodSite))
}

const goodSite = `
server {
    server_name matrix.example.com; LISTEN
    location ~ ^/_matrix/client/(api/v1|r0|v3|unstable)/(login(/sso/redirect(/[^/]*)?)?|logout(/all)?|refresh)/?$ {
        proxy_pass http://MAS; PROXY
    }
    location ~ ^/(_matrix|_synapse/client)/ {
        proxy_pass http://SYNAPSE; PROXY
    }
    location / { return 404; }
}
server {
    server_name account.example.com; LISTEN
    location / { proxy_pass http://MAS; PROXY }
}
server {
    server_name example.com; LISTEN
    location = /.well-known/matrix/client { JSON return 200 '{"m.homeserver":{"base_url":"https://matrix.example.com"}}'; }
    location = /.well-known/matrix/server { JSON return 200 '{"m.server":"matrix.example.com:443"}'; }
    location / { return 404; }
}
`

// edge starts nginx with the changes, and returns a client to which all names lead to it.
func (d deployment) edge(t *testing.T, pairs ...string) *http.Client {
	t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		require.Contains(t, goodSite, pairs[i], "a fault that changes nothing")
	}
	address := fmt.Sprintf("127.0.0.1:%d", live.FreePort(t))
	live.NGINX(t).Start(t, d.nginx(address, pairs...), address)
	return d.certificate.client(address)
}

// rendered starts nginx with the rules of package routes, and returns a client
// like that of edge.
func (d deployment) rendered(t *testing.T) *http.Client {
	t.Helper()
	address := fmt.Sprintf("127.0.0.1:%d", live.FreePort(t))
	config, problems := routes.NGINX(routes.Options{Site: d.site(), Listener: routes.Listener{
		Address: address, Certificate: routes.Certificate{File: d.certificate.file, KeyFile: d.certificate.keyFile},
	}})
	require.NoError(t, problems.Err())
	site := d.nginx(address)
	live.NGINX(t).Start(t, string(config)+site[strings.LastIndex(site, "\nserver {"):], address) // the host of the server name
	return d.certificate.client(address)
}

// client trusts the certificate. All names below example.com lead it to the address.
func (c certificate) client(address string) *http.Client {
	return &http.Client{Transport: &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: c.pool},
		DialContext: func(ctx context.Context, network, to string) (net.Conn, error) {
			if strings.HasSuffix(to, "example.com:443") {
				to = address
			}
			return (&net.Dialer{}).DialContext(ctx, network, to)
		},
	}}
}

// run probes the deployment as it is.
func run(t *testing.T, cfg probe.Config) probe.Report {
	t.Helper()
	p, err := probe.New(cfg)
	require.NoError(t, err)
	report, err := p.Run(t.Context())
	require.NoError(t, err)
	for _, c := range report.Checks {
		if c.Status == probe.StatusOK {
			continue
		}
		t.Logf("%-18s %-8s %-24s %s", c.Name, c.Status, c.Hop, c.Detail)
	}
	return report
}

// certificate is a self-signed one for example.com and below.
type certificate struct {
	file, keyFile string
	pool          *x509.CertPool
}

func newCertificate(t *testing.T) certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), DNSNames: []string{"example.com", "*.example.com"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	private, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	parsed, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	dir := t.TempDir()
	c := certificate{file: filepath.Join(dir, "tls.crt"), keyFile: filepath.Join(dir, "tls.key"), pool: x509.NewCertPool()}
	c.pool.AddCert(parsed)
	require.NoError(t, os.WriteFile(c.file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	require.NoError(t, os.WriteFile(c.keyFile, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}), 0o600))
	return c
}

// pair is the certificate for a Go server.
func (c certificate) pair(t *testing.T) tls.Certificate {
	t.Helper()
	pair, err := tls.LoadX509KeyPair(c.file, c.keyFile)
	require.NoError(t, err)
	return pair
}
