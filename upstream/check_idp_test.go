package upstream_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"log/slog"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/upstreamtest"
)

const idpSecret = "s3cr~t/of+the=client:hush"

// idp is a fake provider that is healthy until a test changes it.
type idp struct {
	*httptest.Server
	metadata map[string]any
	keys     []any
	// handle answers a path in place of the healthy answer.
	handle map[string]http.HandlerFunc
	secret string // what the provider knows

	mu       sync.Mutex
	requests []string
	forms    []url.Values
}

func newIDP(t *testing.T) *idp {
	t.Helper()
	i := &idp{handle: map[string]http.HandlerFunc{}, secret: idpSecret}
	i.Server = httptest.NewUnstartedServer(i)
	i.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, 0)
	i.StartTLS()
	t.Cleanup(i.Close)
	i.metadata = map[string]any{
		"issuer": i.URL, "authorization_endpoint": i.URL + "/authorize", "token_endpoint": i.URL + "/token",
		"userinfo_endpoint": i.URL + "/userinfo", "jwks_uri": i.URL + "/keys",
		"response_types_supported": []any{"code"}, "subject_types_supported": []any{"public"},
		"id_token_signing_alg_values_supported": []any{"RS256"}, "scopes_supported": []any{"openid", "profile", "email"},
		"token_endpoint_auth_methods_supported": []any{"client_secret_basic", "client_secret_post"},
		"code_challenge_methods_supported":      []any{"S256"}, "response_modes_supported": []any{"query", "form_post"},
		"backchannel_logout_supported": true, "backchannel_logout_session_supported": true,
		"ui_locales_supported": []any{"en-GB", "de"}, "claims_parameter_supported": true, "x_of_the_vendor": 1,
	}
	i.keys = []any{rsaJWK(2048)}
	return i
}

// pushes makes the provider take pushed authorization requests.
func (i *idp) pushes() { i.metadata["pushed_authorization_request_endpoint"] = i.URL + "/par" }

func (i *idp) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	i.mu.Lock()
	i.requests = append(i.requests, r.Method+" "+r.URL.Path)
	i.forms = append(i.forms, r.Form)
	handle := i.handle[r.URL.Path]
	i.mu.Unlock()
	if handle != nil {
		handle(w, r)
		return
	}
	switch r.URL.Path {
	case "/.well-known/openid-configuration":
		reply(w, 200, i.metadata)
	case "/keys":
		reply(w, 200, map[string]any{"keys": i.keys})
	case "/userinfo":
		reply(w, 401, map[string]any{"error": "invalid_token"})
	case "/par":
		i.par(w, r)
	case "/token":
		i.token(w, r)
	case "/authorize":
		i.authorize(w, r)
	default:
		http.NotFound(w, r)
	}
}

// knows reports whether a request has the right credentials.
func (i *idp) knows(r *http.Request) bool {
	id, secret, ok := r.BasicAuth()
	if ok {
		id, _ = url.QueryUnescape(id)
		secret, _ = url.QueryUnescape(secret)
	} else {
		id, secret = r.PostForm.Get("client_id"), r.PostForm.Get("client_secret")
	}
	return id == "matrix" && secret == i.secret
}

func (i *idp) par(w http.ResponseWriter, r *http.Request) {
	if !i.knows(r) {
		reply(w, 401, map[string]any{"error": "invalid_client"})
		return
	}
	reply(w, 201, map[string]any{"request_uri": "urn:x", "expires_in": 60})
}

func (i *idp) token(w http.ResponseWriter, r *http.Request) {
	if !i.knows(r) {
		reply(w, 401, map[string]any{"error": "invalid_client"})
		return
	}
	reply(w, 400, map[string]any{"error": "invalid_grant"})
}

func (i *idp) authorize(w http.ResponseWriter, r *http.Request) {
	if r.Form.Get("redirect_uri") != upstreamtest.Env().CallbackURL() || r.Form.Get("client_id") != "matrix" {
		reply(w, 400, "no such client")
		return
	}
	returnTo(w, r, "login_required", "")
}

// returnTo answers to the redirect URI.
func returnTo(w http.ResponseWriter, r *http.Request, code, description string) {
	query := url.Values{"error": {code}, "state": {r.Form.Get("state")}}
	if description != "" {
		query.Set("error_description", description)
	}
	w.Header().Set("Location", r.Form.Get("redirect_uri")+"?"+query.Encode())
	w.WriteHeader(http.StatusFound)
}

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

// answers makes a handler that always answers the same.
func answers(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

func base64url(data []byte) string { return base64.RawURLEncoding.EncodeToString(data) }

func rsaJWK(bits int) map[string]any {
	n := new(big.Int).Lsh(big.NewInt(1), uint(bits-1))
	n.Add(n, big.NewInt(1))
	return map[string]any{"kty": "RSA", "use": "sig", "alg": "RS256", "kid": "r", "n": base64url(n.Bytes()), "e": "AQAB"}
}

func ecJWK(t *testing.T, curve elliptic.Curve) map[string]any {
	t.Helper()
	key, err := ecdsa.GenerateKey(curve, rand.Reader)
	require.NoError(t, err)
	point, err := key.PublicKey.Bytes()
	require.NoError(t, err)
	half := (len(point) - 1) / 2
	return map[string]any{"kty": "EC", "crv": curve.Params().Name, "x": base64url(point[1 : 1+half]), "y": base64url(point[1+half:])}
}

func rsaKey(t *testing.T) *rsa.PrivateKey {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	return key
}

// entry is one that fits the healthy provider.
func (i *idp) entry() upstream.Entry {
	return upstream.Entry{
		ID: upstreamtest.Env().ID, Issuer: i.URL, ClientID: "matrix",
		ClientSecret:            mas.SecretValue{Inline: maskit.NewSecret(idpSecret)},
		TokenEndpointAuthMethod: mas.AuthClientSecretBasic, Scope: "openid profile email",
		OnBackchannelLogout: mas.LogoutAll,
	}
}

func (i *idp) config() upstream.CheckConfig {
	return upstream.CheckConfig{Env: upstreamtest.Env(), HTTPClient: i.Client()}
}

// check runs a check that ends by itself.
func check(t *testing.T, entry upstream.Entry, cfg upstream.CheckConfig) upstream.CheckReport {
	t.Helper()
	report, err := upstream.Check(t.Context(), entry, cfg)
	require.NoError(t, err)
	for _, p := range report.Problems {
		require.NotEmpty(t, p.Path, "%s", p)
		require.Regexp(t, `^[a-z]+(-[a-z]+)*$`, p.Code)
		require.False(t, strings.HasSuffix(p.Message, "."), "%s", p)
		if p.Severity != maskit.SeveritySkip {
			require.NotEmpty(t, p.Hint, "%s", p)
		}
	}
	return report
}

// seen are the findings as "severity code", without that of the test's own authority.
func seen(report upstream.CheckReport) []string {
	found := []string{}
	for _, p := range report.Problems {
		if p.Code != "net-tls-private" {
			found = append(found, p.Severity.String()+" "+p.Code)
		}
	}
	return found
}

func p256() elliptic.Curve { return elliptic.P256() }
