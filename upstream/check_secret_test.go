package upstream_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
)

// A thief is who must not get the secret, under another name than the provider.
func thief(t *testing.T) (address string, got func() string) {
	t.Helper()
	var mu sync.Mutex
	var all strings.Builder
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		body, _ := io.ReadAll(r.Body)
		fmt.Fprintf(&all, "%s %s %v %s\n", r.Method, r.URL, r.Header, body)
		reply(w, 400, map[string]any{"error": "invalid_grant"})
	}))
	t.Cleanup(server.Close)
	return strings.Replace(server.URL, "127.0.0.1", "example.com", 1), func() string {
		mu.Lock()
		defer mu.Unlock()
		return all.String()
	}
}

// The metadata names another host for the credentials: they are not sent there unless
// the caller says so.
func TestCheckKeepsTheSecretFromOtherHosts(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		field string
		allow bool
		own   bool
		want  []string
		sent  bool
	}{
		"token endpoint":         {field: "token_endpoint", want: []string{"skip probe-secret-host"}},
		"pushed":                 {field: "pushed_authorization_request_endpoint", want: []string{"skip probe-secret-host"}},
		"allowed":                {field: "token_endpoint", allow: true, want: []string{}, sent: true},
		"written into the entry": {field: "token_endpoint", own: true, want: []string{}, sent: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			idp := newIDP(t)
			address, got := thief(t)
			entry, cfg := idp.entry(), idp.config()
			cfg.HTTPClient = &http.Client{Transport: toLoopback(idp)}
			if test.own {
				entry.TokenEndpoint = address + "/token"
			} else {
				idp.metadata[test.field] = address + "/token"
			}
			if test.allow {
				cfg.SecretHosts = []string{"EXAMPLE.com"}
			}
			report := check(t, entry, cfg)
			require.Equal(t, test.want, seen(report), "%s", report.Problems)
			require.Equal(t, test.sent, strings.Contains(got(), "POST /token"), got())
			if !test.sent {
				require.Empty(t, got())
				require.Contains(t, report.Problems.String(), "example.com")
			}
		})
	}
}

// toLoopback reaches every name here.
func toLoopback(i *idp) http.RoundTripper {
	transport := i.Client().Transport.(*http.Transport).Clone()
	transport.DialContext = loopbackDial((&net.Dialer{}).DialContext)
	return transport
}

// A redirect of the token endpoint is not followed, though MAS does.
func TestCheckKeepsTheSecretFromRedirects(t *testing.T) {
	t.Parallel()
	idp := newIDP(t)
	address, got := thief(t)
	cfg := idp.config()
	cfg.HTTPClient = &http.Client{Transport: toLoopback(idp)}
	idp.handle["/token"] = http.RedirectHandler(address+"/"+idpSecret+"?"+idpSecret+"#"+idpSecret, http.StatusTemporaryRedirect).ServeHTTP
	report := check(t, idp.entry(), cfg)
	require.Equal(t, []string{"warning probe-redirected"}, seen(report))
	require.NotContains(t, report.Problems.String(), "s3cr")
	require.Contains(t, report.Problems.String(), "example.com:")
	require.Empty(t, got())
}

// A document that was moved to another organisation's host is not the issuer's.
func TestCheckKeepsTheSecretFromMovedMetadata(t *testing.T) {
	t.Parallel()
	idp := newIDP(t)
	other := strings.Replace(idp.URL, "127.0.0.1", "example.com", 1)
	cfg := idp.config()
	cfg.HTTPClient = &http.Client{Transport: toLoopback(idp)}
	idp.handle[discoveryPath] = http.RedirectHandler(other+"/moved", http.StatusFound).ServeHTTP
	idp.handle["/moved"] = func(w http.ResponseWriter, _ *http.Request) { reply(w, 200, idp.metadata) }
	report := check(t, idp.entry(), cfg)
	require.Equal(t, []string{"warning redirect", "skip probe-secret-host"}, seen(report))
	require.NotContains(t, idp.requests, "POST /token")
}

// Providers that repeat all they get leave no trace of a secret in report, log and error.
func TestCheckShowsNoSecret(t *testing.T) {
	t.Parallel()
	for _, method := range []mas.AuthMethod{mas.AuthClientSecretBasic, mas.AuthClientSecretPost, mas.AuthClientSecretJWT} {
		for _, path := range []string{"/par", "/token", "/authorize"} {
			t.Run(string(method)+path, func(t *testing.T) {
				t.Parallel()
				idp := newIDP(t)
				entry, cfg := idp.entry(), idp.config()
				entry.ClientSecret.Inline = maskit.NewSecret(idpSecret + "0123456789abcdef")
				entry.TokenEndpointAuthMethod = method
				if method == mas.AuthClientSecretJWT {
					entry.TokenEndpointAuthSigningAlg = mas.AlgHS256
				}
				if path == "/par" {
					idp.pushes()
				}
				var assertion string
				idp.handle[path] = func(w http.ResponseWriter, r *http.Request) {
					assertion = r.Form.Get("client_assertion")
					user, password, _ := r.BasicAuth()
					plain, _ := url.QueryUnescape(password)
					reply(w, 401, map[string]any{
						"error":             "echo",
						"error_description": fmt.Sprint(r.Header.Get("Authorization"), user, password, plain, r.Form),
					})
				}
				log := &bytes.Buffer{}
				cfg.Logger = slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
				cfg.ControlProbe = true
				report := check(t, entry, cfg)
				require.NotEmpty(t, seen(report))
				shown, err := json.Marshal(report)
				require.NoError(t, err)
				for _, text := range []string{string(shown), log.String(), fmt.Sprintf("%+v", report)} {
					for _, secret := range []string{idpSecret, url.QueryEscape(idpSecret), "s3cr%7E", "Basic ", assertion} {
						if secret != "" {
							require.NotContains(t, text, secret)
						}
					}
				}
			})
		}
	}
}

// A secret is not shown in part either, nor in another form.
func TestCheckShowsNoPartOfASecret(t *testing.T) {
	t.Parallel()
	const secret = `Aa"1+Bb/2~Cc 3=Dd4Ee5\`
	for name, echo := range map[string]string{
		"escaped":    strconv.Quote(secret),
		"lower case": strings.ToLower(secret),
		"cut off":    secret[:12] + "…",
		"the end":    "…" + secret[9:],
		"spaced":     strings.Join(strings.Split(secret, ""), " "),
		"in lines":   secret[:9] + "\n" + secret[9:],
		"hex escape": strings.ToLower(url.QueryEscape(secret)),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			idp := newIDP(t)
			entry := idp.entry()
			entry.ClientSecret.Inline = maskit.NewSecret(secret)
			idp.handle["/token"] = func(w http.ResponseWriter, _ *http.Request) {
				reply(w, 400, map[string]any{"error": "invalid_client", "error_description": "wrong: " + echo})
			}
			report := check(t, entry, idp.config())
			require.Equal(t, []string{"error probe-client"}, seen(report))
			require.NotContains(t, report.Problems.String(), "wrong:")
			require.Contains(t, report.Problems.String(), "repeats what must stay secret")
		})
	}
}

// A password in an address is not reported, nor used.
func TestCheckDropsUsersOfAddresses(t *testing.T) {
	t.Parallel()
	idp := newIDP(t)
	entry := idp.entry()
	with := func(path string) string { return strings.Replace(idp.URL, "://", "://user:hunter2@", 1) + path }
	entry.AuthorizationEndpoint, entry.TokenEndpoint, entry.UserinfoEndpoint, entry.JWKSURI = with("/authorize?a=b"), with("/token"), with("/userinfo"), with("/keys")
	entry.FetchUserinfo = true
	idp.metadata["pushed_authorization_request_endpoint"] = with("/par")
	log := &bytes.Buffer{}
	cfg := idp.config()
	cfg.Logger = slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	report := check(t, entry, cfg)
	shown, err := json.Marshal(report)
	require.NoError(t, err)
	require.NotContains(t, string(shown)+log.String(), "hunter2")
	require.Equal(t, idp.URL+"/authorize?a=b", report.Endpoints.Authorization)

	entry = idp.entry()
	entry.Issuer = with("")
	report = check(t, entry, cfg)
	require.NotContains(t, fmt.Sprintf("%+v", report)+log.String(), "hunter2")
}

func pkcs8(t *testing.T, key any) maskit.Secret {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	return maskit.NewSecret(string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})))
}

// The other ways to authenticate, as MAS does them.
func TestCheckSignsAssertions(t *testing.T) {
	t.Parallel()
	signing := rsaKey(t)
	apple, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	long := strings.Repeat("k", 32)
	for name, test := range map[string]struct {
		change func(*upstream.Entry, *upstream.CheckConfig)
		field  string
		key    any
		alg    jose.SignatureAlgorithm
		kid    string
		life   time.Duration
		claims func(i *idp) map[string]any
	}{
		"client_secret_jwt": {
			change: func(e *upstream.Entry, _ *upstream.CheckConfig) {
				e.TokenEndpointAuthMethod, e.TokenEndpointAuthSigningAlg = mas.AuthClientSecretJWT, mas.AlgHS256
				e.ClientSecret.Inline = maskit.NewSecret(long)
			},
			field: "client_assertion", key: []byte(long), alg: jose.HS256, life: 5 * time.Minute,
			claims: func(i *idp) map[string]any {
				return map[string]any{"iss": "matrix", "sub": "matrix", "aud": i.URL + "/token"}
			},
		},
		"private_key_jwt": {
			change: func(e *upstream.Entry, c *upstream.CheckConfig) {
				e.TokenEndpointAuthMethod, e.TokenEndpointAuthSigningAlg, e.ClientSecret = mas.AuthPrivateKeyJWT, mas.AlgRS256, mas.SecretValue{}
				c.SigningKey = upstream.CheckKey{ID: "mas-1", PEM: pkcs8(t, signing)}
			},
			field: "client_assertion", key: &signing.PublicKey, alg: jose.RS256, kid: "mas-1", life: 5 * time.Minute,
			claims: func(i *idp) map[string]any {
				return map[string]any{"iss": "matrix", "sub": "matrix", "aud": i.URL + "/token"}
			},
		},
		"sign_in_with_apple": {
			change: func(e *upstream.Entry, _ *upstream.CheckConfig) {
				e.TokenEndpointAuthMethod, e.ClientSecret = mas.AuthSignInWithApple, mas.SecretValue{}
				e.SignInWithApple = &mas.SignInWithApple{PrivateKey: mas.SecretValue{Inline: pkcs8(t, apple)}, TeamID: "TEAM", KeyID: "KEY"}
			},
			field: "client_secret", key: &apple.PublicKey, alg: jose.ES256, kid: "KEY", life: time.Minute,
			claims: func(*idp) map[string]any {
				return map[string]any{"iss": "TEAM", "sub": "matrix", "aud": "https://appleid.apple.com"}
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			idp := newIDP(t)
			idp.metadata["token_endpoint_auth_methods_supported"] = []any{"client_secret_jwt", "private_key_jwt", "client_secret_post"}
			var form url.Values
			idp.handle["/token"] = func(w http.ResponseWriter, r *http.Request) {
				form = r.PostForm
				reply(w, 400, map[string]any{"error": "invalid_grant"})
			}
			entry, cfg := idp.entry(), idp.config()
			test.change(&entry, &cfg)
			report := check(t, entry, cfg)
			require.Empty(t, seen(report), "%s", report.Problems)
			signed, err := jose.ParseSignedCompact(form.Get(test.field), []jose.SignatureAlgorithm{test.alg})
			require.NoError(t, err)
			require.Equal(t, test.kid, signed.Signatures[0].Header.KeyID)
			payload, err := signed.Verify(test.key)
			require.NoError(t, err)
			var claims map[string]any
			require.NoError(t, json.Unmarshal(payload, &claims))
			require.InDelta(t, test.life.Seconds(), claims["exp"].(float64)-claims["iat"].(float64), 0)
			for claim, want := range test.claims(idp) {
				require.Equal(t, want, claims[claim], claim)
			}
			require.Equal(t, test.field == "client_secret", form.Has("client_id"))
		})
	}
}

// Secrets that cannot be had are skipped, and everything else is looked at.
func TestCheckFindsSecrets(t *testing.T) {
	t.Parallel()
	file := func(e *upstream.Entry) { e.ClientSecret = mas.SecretValue{File: "/run/secrets/idp"} }
	for name, test := range map[string]struct {
		change  func(*upstream.Entry, *upstream.CheckConfig)
		want    []string
		verdict upstream.Verdict
	}{
		"in a file": {func(e *upstream.Entry, c *upstream.CheckConfig) {
			file(e)
			c.FS = fstest.MapFS{"run/secrets/idp": {Data: []byte(" " + idpSecret + "\n")}}
		}, []string{}, upstream.VerdictAccepted},
		"in a file that is not there": {func(e *upstream.Entry, c *upstream.CheckConfig) {
			file(e)
			c.FS = fstest.MapFS{}
		}, []string{"error file-missing"}, ""},
		"in an empty file": {func(e *upstream.Entry, c *upstream.CheckConfig) {
			file(e)
			c.FS = fstest.MapFS{"run/secrets/idp": {Data: []byte("\n")}}
		}, []string{"error empty"}, ""},
		"in a file of two lines": {func(e *upstream.Entry, c *upstream.CheckConfig) {
			file(e)
			c.FS = fstest.MapFS{"run/secrets/idp": {Data: []byte(idpSecret + "\nhunter2\n")}}
		}, []string{"error secret-control-character"}, ""},
		"in a file without file system": {func(e *upstream.Entry, _ *upstream.CheckConfig) { file(e) }, []string{"skip not-checked"}, ""},
		"not given":                     {func(e *upstream.Entry, _ *upstream.CheckConfig) { e.ClientSecret = mas.SecretValue{} }, []string{"error required", "skip not-checked"}, ""},
		"a key that was not given": {func(e *upstream.Entry, _ *upstream.CheckConfig) {
			e.TokenEndpointAuthMethod, e.TokenEndpointAuthSigningAlg, e.ClientSecret = mas.AuthPrivateKeyJWT, mas.AlgRS256, mas.SecretValue{}
		}, []string{"skip not-checked"}, ""},
		"a key that is none": {func(e *upstream.Entry, c *upstream.CheckConfig) {
			e.TokenEndpointAuthMethod, e.TokenEndpointAuthSigningAlg, e.ClientSecret = mas.AuthPrivateKeyJWT, mas.AlgRS256, mas.SecretValue{}
			c.SigningKey = upstream.CheckKey{PEM: maskit.NewSecret("hunter2")}
		}, []string{"skip not-checked"}, ""},
		"none": {func(e *upstream.Entry, _ *upstream.CheckConfig) {
			e.TokenEndpointAuthMethod, e.ClientSecret = mas.AuthNone, mas.SecretValue{}
		}, []string{"error probe-client"}, upstream.VerdictClientRefused},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			idp := newIDP(t)
			idp.metadata["token_endpoint_auth_methods_supported"] = []any{"client_secret_basic", "private_key_jwt", "none"}
			entry, cfg := idp.entry(), idp.config()
			test.change(&entry, &cfg)
			report := check(t, entry, cfg)
			require.Equal(t, test.want, seen(report), "%s", report.Problems)
			require.Equal(t, test.verdict, report.Credentials)
			require.Equal(t, upstream.VerdictAccepted, report.Redirect)
			require.NotContains(t, report.Problems.String(), "hunter2")
		})
	}
}
