package routes_test

import (
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
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/synapse/routes"
)

// pemPair is a certificate that vouches for itself, and its key.
type pemPair struct{ certificate, key []byte }

func newCertificate(t testing.TB, names ...string) pemPair {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		DNSNames: names, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	private, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	return pemPair{
		pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}),
	}
}

func (p pemPair) write(t testing.TB, name string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, p.certificate, 0o600))
	require.NoError(t, os.WriteFile(path+".key", p.key, 0o600))
	return path
}

func (p pemPair) pool(t testing.TB) *x509.CertPool {
	t.Helper()
	pool := x509.NewCertPool()
	require.True(t, pool.AppendCertsFromPEM(p.certificate))
	return pool
}

// behindTLS lets a stub speak https by the certificate.
func (p pemPair) behindTLS(t testing.TB) func(net.Listener) net.Listener {
	t.Helper()
	pair, err := tls.X509KeyPair(p.certificate, p.key)
	require.NoError(t, err)
	return func(listener net.Listener) net.Listener {
		return tls.NewListener(listener, &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12})
	}
}

// secureEdge speaks TLS to clients and to both backends, who prove their name by the
// certificate.
func (r renderer) secureEdge(t *testing.T, backends, trusted pemPair) edge {
	t.Helper()
	public := newCertificate(t, "matrix.localhost", "account.localhost")
	e := edge{
		address: fmt.Sprintf("127.0.0.1:%d", live.FreePort(t)), roots: public.pool(t),
		mas: serveStub(t, "MAS", backends.behindTLS(t)), synapse: serveStub(t, "Synapse", backends.behindTLS(t)),
	}
	file, ca := public.write(t, "public.pem"), trusted.write(t, "inside.pem")
	_, masPort, err := net.SplitHostPort(e.mas.address)
	require.NoError(t, err)
	_, synapsePort, err := net.SplitHostPort(e.synapse.address)
	require.NoError(t, err)
	e.options = routes.Options{
		Site:     site(),
		MAS:      routes.Upstream{URL: "https://localhost:" + masPort + "/", CAFile: ca},
		Synapse:  routes.Upstream{URL: "https://localhost:" + synapsePort + "/", CAFile: ca},
		Listener: routes.Listener{Address: e.address, Certificate: routes.Certificate{File: file, KeyFile: file + ".key"}},
	}
	e.options.Site.ClientAPIURL, e.options.Site.AccountURL = "https://matrix.localhost/", "https://account.localhost/"
	r.serve(t, e)
	return e
}

func TestProxiesSpeakTLS(t *testing.T) {
	t.Parallel()
	for _, r := range renderers() {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			inside := newCertificate(t, "localhost")
			edge := r.secureEdge(t, inside, inside)
			got := edge.ask(t, head("GET", "matrix.localhost", "/_matrix/client/v3/login?a=%2F"))
			require.Equal(t, "MAS", got.By)
			require.Equal(t, "/_matrix/client/v3/login?a=%2F", got.Saw.Target)
			requireHonest(t, got, "127.0.0.1", "https", "matrix.localhost")
			got = edge.ask(t, head("GET", "matrix.localhost", "/_matrix/client/versions"))
			require.Equal(t, "Synapse", got.By)
			requireHonest(t, got, "127.0.0.1", "https", "matrix.localhost")
			require.Equal(t, "denied", edge.ask(t, head("GET", "matrix.localhost", "/_synapse/mas/query_user")).By)
		})
	}
}

func TestProxiesSpeakHTTP2(t *testing.T) {
	t.Parallel()
	for _, r := range renderers() {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			inside := newCertificate(t, "localhost")
			edge := r.secureEdge(t, inside, inside)
			transport := &http.Transport{
				ForceAttemptHTTP2: true, TLSClientConfig: &tls.Config{RootCAs: edge.roots, MinVersion: tls.VersionTLS12},
				DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
					var dialer net.Dialer
					return dialer.DialContext(ctx, "tcp", edge.address)
				},
			}
			t.Cleanup(transport.CloseIdleConnections)
			for url, want := range map[string]string{
				"https://matrix.localhost/_matrix/client/v3/login":     "MAS",
				"https://matrix.localhost/_matrix/client/v3/%6cogin":   "Synapse",
				"https://matrix.localhost/_synapse/%6das/query_user":   "",
				"https://matrix.localhost/_matrix/%2e%2e/_synapse/mas": "",
				"https://account.localhost/authorize?a=%2F":            "MAS",
				"https://account.localhost/health":                     "",
			} {
				request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
				require.NoError(t, err)
				request.Header.Set("X-Forwarded-For", "6.6.6.6")
				response, err := transport.RoundTrip(request)
				require.NoError(t, err)
				require.NoError(t, response.Body.Close())
				require.Equal(t, 2, response.ProtoMajor)
				require.Equal(t, want, response.Header.Get("X-Answered-By"), url)
			}
			require.Equal(t, []string{"127.0.0.1"}, edge.mas.recall(0).Header["X-Forwarded-For"])
		})
	}
}

// TestFinalDotIsNoPartOfACertificate: the dot spares Kubernetes the search domains.
func TestFinalDotIsNoPartOfACertificate(t *testing.T) {
	t.Parallel()
	for _, r := range renderers() {
		options := routes.Options{Site: site(), MAS: routes.Upstream{URL: "https://mas.auth.svc.:8443/"}}
		options.Listener.Certificate.File = "/matrix.pem"
		config, problems := r.render(options)
		require.NoError(t, problems.Err())
		require.Contains(t, string(config), "mas.auth.svc.:8443", r.name)
		require.Regexp(t, `mas\.auth\.svc[;)\s]`, string(config), r.name)
	}
}

func TestProxiesRefuseOtherBackends(t *testing.T) {
	t.Parallel()
	for _, r := range renderers() {
		for name, backends := range map[string]pemPair{
			"of another authority": newCertificate(t, "localhost"),
			"of another name":      newCertificate(t, "other.localhost"),
		} {
			t.Run(r.name+" "+name, func(t *testing.T) {
				t.Parallel()
				trusted := newCertificate(t, "localhost")
				if name == "of another name" {
					trusted = backends
				}
				edge := r.secureEdge(t, backends, trusted)
				got := edge.ask(t, head("GET", "matrix.localhost", "/_matrix/client/v3/login"))
				require.Equal(t, "denied", got.By)
				require.Contains(t, []int{502, 503}, got.Status)
			})
		}
	}
}
