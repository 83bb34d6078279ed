package mastest_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas/mastest"
)

const (
	issuer = "https://account.example.com/"
	secret = "the-shared-secret"
	bearer = "Bearer " + secret
)

func newServer(t *testing.T, change ...func(*mastest.Config)) *mastest.Server {
	t.Helper()
	cfg := mastest.Config{Issuer: issuer, SharedSecret: maskit.NewSecret(secret)}
	for _, f := range change {
		f(&cfg)
	}
	s, err := mastest.New(cfg)
	require.NoError(t, err)
	return s
}

// do sends a request; headers come in pairs.
func do(t *testing.T, s http.Handler, method, path, body string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

// The files in testdata were recorded from a MAS 1.22.0 with an RSA and a P-256
// key, its address replaced.
func recorded(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile("testdata/" + name)
	require.NoError(t, err)
	return string(bytes.TrimSpace(data))
}

func recordedKeys(t *testing.T) []crypto.PublicKey {
	t.Helper()
	var set struct{ Keys []struct{ N, X, Y string } }
	require.NoError(t, json.Unmarshal([]byte(recorded(t, "keys.json")), &set))
	decode := func(s string) []byte {
		raw, err := base64.RawURLEncoding.DecodeString(s)
		require.NoError(t, err)
		return raw
	}
	point := append(append([]byte{4}, decode(set.Keys[1].X)...), decode(set.Keys[1].Y)...)
	ec, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), point)
	require.NoError(t, err)
	return []crypto.PublicKey{&rsa.PublicKey{N: new(big.Int).SetBytes(decode(set.Keys[0].N)), E: 65537}, ec}
}

func TestDocumentsAreByteForByteThoseOfMAS(t *testing.T) {
	t.Parallel()
	s := newServer(t, func(c *mastest.Config) { c.Keys = recordedKeys(t) })
	for path, file := range map[string]string{
		"/.well-known/openid-configuration": "discovery.json",
		"/oauth2/keys.json":                 "keys.json",
	} {
		w := do(t, s, "GET", path, "")
		require.Equal(t, http.StatusOK, w.Code)
		require.Equal(t, recorded(t, file), w.Body.String())
		require.Equal(t, http.Header{
			"Content-Type":                {"application/json"},
			"Access-Control-Allow-Origin": {"*"},
			"Vary":                        {"origin, access-control-request-method, access-control-request-headers"},
		}, w.Header())
	}
}

func TestDiscoveryFollowsTheConfig(t *testing.T) {
	t.Parallel()
	get := func(t *testing.T, s http.Handler) map[string]any {
		t.Helper()
		var doc map[string]any
		require.NoError(t, json.Unmarshal(do(t, s, "GET", "/.well-known/openid-configuration", "").Body.Bytes(), &doc))
		return doc
	}
	t.Run("no device code", func(t *testing.T) {
		t.Parallel()
		doc := get(t, newServer(t, func(c *mastest.Config) { c.NoDeviceCode = true }))
		require.NotContains(t, doc, "device_authorization_endpoint")
		require.Equal(t, []any{"authorization_code", "refresh_token", "client_credentials"}, doc["grant_types_supported"])
	})
	t.Run("password registration", func(t *testing.T) {
		t.Parallel()
		doc := get(t, newServer(t, func(c *mastest.Config) { c.PasswordRegistration = true }))
		require.Equal(t, []any{"login", "create"}, doc["prompt_values_supported"])
	})
	t.Run("default key is RSA only", func(t *testing.T) {
		t.Parallel()
		doc := get(t, newServer(t))
		require.Equal(t, []any{"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"}, doc["id_token_signing_alg_values_supported"])
	})
	t.Run("slash is added, a path is kept", func(t *testing.T) {
		t.Parallel()
		doc := get(t, newServer(t, func(c *mastest.Config) { c.Issuer = "https://example.com/auth" }))
		require.Equal(t, "https://example.com/auth/", doc["issuer"])
		require.Equal(t, "https://example.com/auth/account/", doc["account_management_uri"])
	})
	t.Run("issuer from the request", func(t *testing.T) {
		t.Parallel()
		s := newServer(t, func(c *mastest.Config) { c.Issuer = "" })
		require.Equal(t, "http://example.com/", get(t, s)["issuer"])
		for _, start := range []func(http.Handler) *httptest.Server{httptest.NewServer, httptest.NewTLSServer} {
			server := start(s)
			t.Cleanup(server.Close)
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/.well-known/openid-configuration", http.NoBody)
			require.NoError(t, err)
			res, err := server.Client().Do(r)
			require.NoError(t, err)
			body, err := io.ReadAll(res.Body)
			require.NoError(t, err)
			require.NoError(t, res.Body.Close())
			require.Contains(t, string(body), `{"issuer":"`+server.URL+`/",`)
		}
	})
}

func TestCompatLoginFlows(t *testing.T) {
	t.Parallel()
	const sso = `{"type":"m.login.sso","oauth_aware_preferred":true,"org.matrix.msc3824.delegated_oidc_compatibility":true}`
	s := newServer(t)
	require.Equal(t, `{"flows":[`+sso+`,{"type":"m.login.token"}]}`, do(t, s, "GET", "/_matrix/client/v3/login", "").Body.String())
	s = newServer(t, func(c *mastest.Config) { c.PasswordLogin = true })
	require.Equal(t, `{"flows":[{"type":"m.login.password"},`+sso+`,{"type":"m.login.token"}]}`, do(t, s, "GET", "/_matrix/client/anything/login", "").Body.String())
}

func TestRouting(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		method, path string
		status       int
		allow        string
	}{
		{"GET", "/health", 200, ""},
		{"HEAD", "/health", 200, ""},
		{"POST", "/health", 405, "GET,HEAD"},
		{"HEAD", "/oauth2/keys.json", 200, ""},
		{"POST", "/oauth2/keys.json", 405, "GET,HEAD"},
		{"GET", "/oauth2/introspect", 405, "POST"},
		{"OPTIONS", "/oauth2/introspect", 200, "POST"},
		{"OPTIONS", "/health", 405, "GET,HEAD"},
		{"DELETE", "/_matrix/client/v3/login", 405, "GET,HEAD,POST"},
		{"GET", "/.well-known/openid-configuration/", 404, ""},
		{"GET", "/.well-known/oauth-authorization-server", 404, ""},
		{"GET", "/.well-known/matrix/client", 404, ""},
		{"GET", "/_matrix/client/v1/auth_metadata", 404, ""},
		{"GET", "/_matrix/client/api/v1/login", 404, ""},
		{"GET", "/_matrix/client//login", 200, ""},
		{"GET", "/_matrix/client/versions", 404, ""},
		{"GET", "/nope", 404, ""},
		{"POST", "/_matrix/client/v3/login", 501, ""},
		{"POST", "/_matrix/client/v3/logout/all", 501, ""},
		{"GET", "/_matrix/client/v3/login/sso/redirect", 501, ""},
		{"GET", "/", 501, ""},
		{"GET", "/authorize", 501, ""},
		{"POST", "/oauth2/token", 501, ""},
		{"POST", "/upstream/backchannel-logout/01J00000000000000000000000", 501, ""},
		{"GET", "/api/admin/v1/users", 501, ""},
	} {
		t.Run(row.method+" "+row.path, func(t *testing.T) {
			t.Parallel()
			s := newServer(t)
			w := do(t, s, row.method, row.path, "")
			require.Equal(t, row.status, w.Code)
			require.Equal(t, row.allow, w.Header().Get("Allow"))
			unserved := s.Unserved()
			if row.status == 200 {
				require.Empty(t, unserved)
				return
			}
			require.Len(t, unserved, 1)
			require.Equal(t, row.method+" "+row.path, unserved[0].Method+" "+unserved[0].Path)
			require.Equal(t, row.status, unserved[0].Status)
		})
	}
}

func TestNotFoundIsAnHTMLPage(t *testing.T) {
	t.Parallel()
	w := do(t, newServer(t), "GET", "/<script>", "")
	require.Equal(t, 404, w.Code)
	require.Equal(t, "text/html; charset=utf-8", w.Header().Get("Content-Type"))
	require.Contains(t, w.Body.String(), "GET /&lt;script&gt;")
}

func TestHealth(t *testing.T) {
	t.Parallel()
	w := do(t, newServer(t), "GET", "/health", "")
	require.Equal(t, "ok", w.Body.String())
	require.Equal(t, "text/plain; charset=utf-8", w.Header().Get("Content-Type"))
	require.Empty(t, w.Header().Get("Access-Control-Allow-Origin"))
}

func TestPreflight(t *testing.T) {
	t.Parallel()
	h := do(t, newServer(t), "OPTIONS", "/oauth2/introspect", "", "Origin", "https://app.example.com", "Access-Control-Request-Method", "POST").Header()
	require.Equal(t, "*", h.Get("Access-Control-Allow-Origin"))
	require.Equal(t, "*", h.Get("Access-Control-Allow-Methods"))
	require.Equal(t, "3600", h.Get("Access-Control-Max-Age"))
}

func TestRequestsAreRecordedWithoutShowingSecrets(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	do(t, s, "POST", "/oauth2/introspect?q=1", "token=user-token&token_type_hint=access_token",
		"Authorization", bearer, "Content-Type", "application/x-www-form-urlencoded", "Cookie", "session=cookie-value", "X-Other", "shown")
	do(t, s, "GET", "/health", "")

	requests := s.Requests()
	require.Len(t, requests, 2)
	r := requests[0]
	require.Equal(t, "POST /oauth2/introspect", r.Method+" "+r.Path)
	require.Equal(t, 200, r.Status)
	require.Equal(t, "shown", r.Header.Get("X-Other"))
	require.True(t, r.Authorization().Equal(maskit.NewSecret(bearer)))
	require.True(t, r.BearerToken().Equal(maskit.NewSecret(secret)))
	require.Equal(t, "access_token", r.FormValue("token_type_hint"))
	require.Equal(t, "user-token", r.FormValue("token"))
	require.Empty(t, r.FormValue("missing"))
	require.True(t, requests[1].Authorization().IsZero())
	require.True(t, requests[1].BearerToken().IsZero())

	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		for _, hidden := range []string{secret, "user-token", "cookie-value"} {
			require.NotContains(t, fmt.Sprintf(verb, requests), hidden)
			require.NotContains(t, fmt.Sprintf(verb, &requests[0]), hidden)
		}
	}
}

func TestNewRefusesWhatMASCouldNotServe(t *testing.T) {
	t.Parallel()
	p521, err := ecdsa.GenerateKey(elliptic.P521(), rand.Reader)
	require.NoError(t, err)
	ed, _, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	for name, row := range map[string]struct {
		change func(*mastest.Config)
		text   string
	}{
		"no secret":    {func(c *mastest.Config) { c.SharedSecret = maskit.Secret{} }, "Config.SharedSecret is missing or empty"},
		"empty secret": {func(c *mastest.Config) { c.SharedSecret = maskit.NewSecret("") }, "Config.SharedSecret is missing or empty"},
		"relative":     {func(c *mastest.Config) { c.Issuer = "account.example.com" }, "Config.Issuer: is not an absolute"},
		"scheme":       {func(c *mastest.Config) { c.Issuer = "ftp://example.com/" }, "Config.Issuer: is not an absolute"},
		"query":        {func(c *mastest.Config) { c.Issuer = "https://example.com/?a=b" }, "Config.Issuer: has a user name, query"},
		"curve":        {func(c *mastest.Config) { c.Keys = []crypto.PublicKey{p521.Public()} }, "Config.Keys[0]: MAS has no use for the curve P-521"},
		"key type":     {func(c *mastest.Config) { c.Keys = []crypto.PublicKey{ed} }, "Config.Keys[0]: ed25519.PublicKey is not"},
	} {
		cfg := mastest.Config{SharedSecret: maskit.NewSecret(secret)}
		row.change(&cfg)
		_, err := mastest.New(cfg)
		require.ErrorContains(t, err, "mastest: new server: "+row.text, name)
	}
}

func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			name := fmt.Sprintf("user%d", i)
			if err := s.PutUser(mastest.User{Username: name}); err != nil {
				t.Error(err)
			}
			token, err := s.AddToken(mastest.Token{Username: name, ExpiresAt: time.Now().Add(time.Hour)})
			if err != nil {
				t.Error(err)
			}
			if got := introspect(t, s, token.Reveal())["username"]; got != name {
				t.Errorf("username %v, want %s", got, name)
			}
			if len(s.Requests()) == 0 {
				t.Error("no requests")
			}
		})
	}
	group.Wait()
	require.Len(t, s.Requests(), 8)
}

func TestBodyLimit(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	w := do(t, s, "POST", "/oauth2/introspect", "token="+strings.Repeat("x", 3<<20), "Authorization", bearer, "Content-Type", "application/x-www-form-urlencoded")
	require.Equal(t, http.StatusBadRequest, w.Code)
}
