package mastest_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"

	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/mas/mastest"
)

// reply is what a client sees of an answer.
type reply struct {
	status int
	header map[string]string
	body   string
}

// The server answers every request exactly as a real MAS with the same keys.
// Pages for people are compared by their type only.
func TestLiveAnswersAsMASDoes(t *testing.T) {
	t.Parallel()
	cli := live.MASCLI(t)
	keys := newKeys(t)
	public, internal := startMAS(t, cli, keys)
	s := newServer(t, func(c *mastest.Config) {
		c.Issuer, c.PasswordLogin = public+"/", true
		c.Keys = []crypto.PublicKey{keys[0].Public(), keys[1].Public()}
	})

	for _, row := range [][2]string{
		{"GET", "/.well-known/openid-configuration"},
		{"HEAD", "/.well-known/openid-configuration"},
		{"POST", "/.well-known/openid-configuration"},
		{"GET", "/.well-known/openid-configuration/"},
		{"GET", "/.well-known/oauth-authorization-server"},
		{"GET", "/oauth2/keys.json"},
		{"POST", "/oauth2/keys.json"},
		{"OPTIONS", "/oauth2/keys.json"},
		{"GET", "/oauth2/introspect"},
		{"PUT", "/oauth2/introspect"},
		{"OPTIONS", "/oauth2/introspect"},
		{"GET", "/_matrix/client/v3/login"},
		{"GET", "/_matrix/client/v1/login"},
		{"DELETE", "/_matrix/client/v3/login"},
		{"OPTIONS", "/_matrix/client/v3/login"},
		{"GET", "/_matrix/client/api/v1/login"},
		{"GET", "/_matrix/client//login"},
		{"GET", "/_matrix/client/v1/auth_metadata"},
		{"GET", "/.well-known/matrix/client"},
		{"GET", "/no/such/path"},
	} {
		require.Equal(t, ask(t, public, row[0], row[1], ""), answered(t, s, row[0], row[1], ""), "%s %s", row[0], row[1])
	}
	for _, method := range []string{"GET", "HEAD", "POST", "OPTIONS"} {
		require.Equal(t, ask(t, internal, method, "/health", ""), answered(t, s, method, "/health", ""), "%s /health", method)
	}
	for name, row := range callers() {
		want := ask(t, public, "POST", "/oauth2/introspect", row.body, row.headers()...)
		require.Equal(t, want, answered(t, s, "POST", "/oauth2/introspect", row.body, row.headers()...), name)
	}
}

func ask(t *testing.T, base, method, path, body string, headers ...string) reply {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, base+path, strings.NewReader(body))
	require.NoError(t, err)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	res, err := (&http.Client{}).Do(r)
	require.NoError(t, err)
	return readReply(t, res)
}

// answered sends the request over the network too: what net/http does to an
// answer belongs to the comparison.
func answered(t *testing.T, s http.Handler, method, path, body string, headers ...string) reply {
	t.Helper()
	server := httptest.NewServer(s)
	defer server.Close()
	return ask(t, server.URL, method, path, body, headers...)
}

func readReply(t *testing.T, res *http.Response) reply {
	t.Helper()
	body, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	r := reply{status: res.StatusCode, header: map[string]string{}, body: string(body)}
	for name := range res.Header {
		if name != "Date" && name != "Content-Length" {
			r.header[name] = res.Header.Get(name)
		}
	}
	if strings.HasPrefix(r.header["Content-Type"], "text/html") {
		r.body = "(a page)"
	}
	return r
}

func newKeys(t *testing.T) [2]crypto.Signer {
	t.Helper()
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	ecKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	return [2]crypto.Signer{rsaKey, ecKey}
}

// startMAS returns the addresses of the public and the internal listener.
func startMAS(t *testing.T, cli *live.MAS, keys [2]crypto.Signer) (public, internal string) {
	t.Helper()
	var pems []map[string]string
	for _, key := range keys {
		der, err := x509.MarshalPKCS8PrivateKey(key)
		require.NoError(t, err)
		pems = append(pems, map[string]string{"key": string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))})
	}
	public = fmt.Sprintf("http://127.0.0.1:%d", live.FreePort(t))
	internal = fmt.Sprintf("http://127.0.0.1:%d", live.FreePort(t))
	data, err := yaml.Marshal(map[string]any{
		"http": map[string]any{
			"public_base": public + "/",
			"listeners": []any{
				listener("web", public, "discovery", "human", "oauth", "compat"),
				listener("internal", internal, "health"),
			},
		},
		"database": map[string]any{"uri": live.Postgres(t).URI()},
		"matrix":   map[string]any{"homeserver": "example.com", "secret": secret, "endpoint": "http://127.0.0.1:9/"},
		"secrets":  map[string]any{"encryption": strings.Repeat("0a", 32), "keys": pems},
	})
	require.NoError(t, err)
	config := filepath.Join(t.TempDir(), "mas.yaml")
	require.NoError(t, os.WriteFile(config, data, 0o600))
	cli.StartServer(t, public, internal+"/health", config)
	return public, internal
}

func listener(name, address string, resources ...string) map[string]any {
	var named []map[string]string
	for _, r := range resources {
		named = append(named, map[string]string{"name": r})
	}
	return map[string]any{
		"name": name, "resources": named,
		"binds": []map[string]string{{"address": strings.TrimPrefix(address, "http://")}},
	}
}
