package upstream_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
)

func hang(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

func cut(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Length", "1000")
	_, _ = w.Write([]byte(`{"issuer":`))
	_ = http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}

func huge(w http.ResponseWriter, _ *http.Request) {
	for range 64 {
		if _, err := w.Write(bytes.Repeat([]byte("x"), 64<<10)); err != nil {
			return
		}
	}
}

// quick makes what hangs fail soon.
func quick(path string, handle http.HandlerFunc) func(*idp, *upstream.Entry, *upstream.CheckConfig) {
	return func(i *idp, e *upstream.Entry, c *upstream.CheckConfig) {
		i.pushes()
		e.FetchUserinfo = true
		i.handle[path] = handle
		c.RequestTimeout = time.Second
	}
}

// Whatever one endpoint does, the check ends, and says so once.
func TestCheckOfFaults(t *testing.T) {
	t.Parallel()
	gone := func(code string) []string {
		return []string{"error " + code, "skip not-checked", "skip not-checked", "skip not-checked"}
	}
	cases := map[string]checkCase{}
	for path, later := range map[string]int{discoveryPath: 4, "/keys": 0, "/userinfo": 0, "/par": 0, "/token": 0} {
		for name, handle := range map[string]http.HandlerFunc{"hangs": hang, "is cut": cut} {
			code := map[string]string{"hangs": "net-timeout", "is cut": "net-no-answer"}[name]
			want := []string{"error " + code}
			for range later {
				want = append(want, "skip not-checked")
			}
			change := quick(path, handle)
			if path == "/token" {
				change = func(i *idp, e *upstream.Entry, c *upstream.CheckConfig) {
					quick(path, handle)(i, e, c)
					delete(i.metadata, "pushed_authorization_request_endpoint")
				}
			}
			cases[path+" "+name] = checkCase{change, want, ""}
		}
	}
	cases["/authorize hangs"] = checkCase{func(i *idp, _ *upstream.Entry, c *upstream.CheckConfig) {
		i.handle["/authorize"], c.RequestTimeout = hang, time.Second
	}, []string{"error net-timeout"}, "does not answer in time"}
	cases["metadata without end"] = checkCase{quick(discoveryPath, huge), []string{"error disc-http", "skip not-checked", "skip not-checked", "skip not-checked", "skip not-checked"}, "more than 1 MiB"}
	cases["keys without end"] = checkCase{quick("/keys", huge), []string{"error jwks-fetch"}, ""}
	cases["token answer without end"] = checkCase{func(i *idp, _ *upstream.Entry, _ *upstream.CheckConfig) { i.handle["/token"] = huge }, []string{"info probe-inconclusive"}, ""}
	cases["page without end"] = checkCase{func(i *idp, _ *upstream.Entry, _ *upstream.CheckConfig) { i.handle["/authorize"] = huge }, []string{"info probe-inconclusive"}, ""}
	cases["a loop"] = checkCase{func(i *idp, _ *upstream.Entry, _ *upstream.CheckConfig) {
		i.handle[discoveryPath] = http.RedirectHandler(discoveryPath, http.StatusFound).ServeHTTP
	}, []string{"error redirect-loop", "skip not-checked", "skip not-checked", "skip not-checked"}, "gives up after ten"}
	cases["moved"] = checkCase{func(i *idp, _ *upstream.Entry, _ *upstream.CheckConfig) {
		i.handle[discoveryPath] = http.RedirectHandler("/moved", http.StatusMovedPermanently).ServeHTTP
		i.handle["/moved"] = func(w http.ResponseWriter, _ *http.Request) { reply(w, 200, i.metadata) }
	}, []string{"warning redirect"}, "/moved, which MAS follows"}
	cases["keys moved"] = checkCase{func(i *idp, _ *upstream.Entry, _ *upstream.CheckConfig) {
		i.handle["/keys"] = http.RedirectHandler("/moved", http.StatusSeeOther).ServeHTTP
		i.handle["/moved"] = func(w http.ResponseWriter, _ *http.Request) { reply(w, 200, map[string]any{"keys": i.keys}) }
	}, []string{"warning redirect"}, ""}
	cases["clock"] = checkCase{func(i *idp, _ *upstream.Entry, _ *upstream.CheckConfig) {
		i.handle[discoveryPath] = func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Date", time.Now().Add(-10*time.Minute).UTC().Format(http.TimeFormat))
			reply(w, 200, i.metadata)
		}
	}, []string{"warning clock"}, "differ by more than five minutes"}
	cases["clock of a cached answer"] = checkCase{func(i *idp, _ *upstream.Entry, _ *upstream.CheckConfig) {
		i.handle[discoveryPath] = func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Date", time.Now().Add(-10*time.Minute).UTC().Format(http.TimeFormat))
			w.Header().Set("Age", "600")
			reply(w, 200, i.metadata)
		}
	}, []string{}, ""}
	cases["nobody listens"] = checkCase{func(i *idp, _ *upstream.Entry, _ *upstream.CheckConfig) { i.Close() }, gone("net-refused"), "nobody listens"}
	cases["no such name"] = checkCase{func(_ *idp, e *upstream.Entry, c *upstream.CheckConfig) {
		e.Issuer = "https://nowhere.invalid"
		c.HTTPClient = &http.Client{Transport: &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
			return nil, &net.DNSError{Err: "no such host", Name: "nowhere.invalid", IsNotFound: true}
		}}}
	}, gone("net-dns"), "cannot be resolved"}
	cases["unknown authority"] = checkCase{func(_ *idp, _ *upstream.Entry, c *upstream.CheckConfig) { c.HTTPClient = nil }, gone("net-tls"), "trust store of MAS's container"}
	cases["another name"] = checkCase{otherName, gone("net-tls"), "is for another name"}
	cases["plain http"] = checkCase{func(_ *idp, e *upstream.Entry, c *upstream.CheckConfig) {
		plain := httptest.NewServer(http.NotFoundHandler())
		t.Cleanup(plain.Close)
		e.Issuer, c.HTTPClient = strings.Replace(plain.URL, "http:", "https:", 1), nil
	}, gone("net-tls"), "speaks plain http"}
	runCheckCases(t, cases)
}

// A host to which there is no connection is asked once.
func TestCheckAsksADeadHostOnce(t *testing.T) {
	t.Parallel()
	idp, dead := newIDP(t), newIDP(t)
	dead.Close()
	entry := idp.entry()
	entry.JWKSURI, entry.TokenEndpoint, entry.AuthorizationEndpoint = dead.URL+"/keys", dead.URL+"/token", dead.URL+"/authorize"
	report := check(t, entry, idp.config())
	require.Equal(t, []string{"error net-refused", "skip not-checked", "skip not-checked"}, seen(report), "%s", report.Problems)
	require.Equal(t, dead.URL+"/keys", report.Problems.Only(maskit.SeverityError)[0].Path)
	require.Equal(t, []string{idp.Listener.Addr().String(), dead.Listener.Addr().String()}, report.Hosts)
	require.Empty(t, dead.requests)
}

func otherName(i *idp, e *upstream.Entry, c *upstream.CheckConfig) {
	address := i.Listener.Addr().String()
	transport := i.Client().Transport.(*http.Transport).Clone()
	transport.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, address)
	}
	e.Issuer, c.HTTPClient = "https://sso.example.org", &http.Client{Transport: transport}
}

// certificate is a self-signed one that ends after some time.
func certificate(t *testing.T, left time.Duration) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, NotBefore: time.Now().Add(-48 * time.Hour), NotAfter: time.Now().Add(left),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, &template, &template, &key.PublicKey, key)
	require.NoError(t, err)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

func TestCheckOfCertificates(t *testing.T) {
	t.Parallel()
	gone := []string{"error net-tls", "skip not-checked", "skip not-checked", "skip not-checked"}
	for name, test := range map[string]struct {
		left   time.Duration
		change func(server, client *tls.Config)
		want   []string
		says   string
	}{
		"sound":           {left: 90 * 24 * time.Hour, want: []string{}, says: "net-tls-private"},
		"ends soon":       {left: 5 * 24 * time.Hour, want: []string{"warning net-tls-expiry"}, says: "the certificate ends on"},
		"has ended":       {left: -time.Hour, want: gone, says: "has expired"},
		"an old protocol": {left: 90 * 24 * time.Hour, change: func(server, _ *tls.Config) { server.MaxVersion = tls.VersionTLS11 }, want: gone, says: "MAS needs TLS 1.2"},
		"not verified": {
			left: 90 * 24 * time.Hour, change: func(_, client *tls.Config) { client.InsecureSkipVerify = true },
			want: []string{"warning net-tls-unverified", "skip probe-secret-host"}, says: "nobody verifies",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			idp := newIDP(t)
			server := httptest.NewUnstartedServer(idp)
			server.Config.ErrorLog = idp.Config.ErrorLog
			pair := certificate(t, test.left)
			server.TLS = &tls.Config{Certificates: []tls.Certificate{pair}}
			leaf, err := x509.ParseCertificate(pair.Certificate[0])
			require.NoError(t, err)
			client := &tls.Config{RootCAs: x509.NewCertPool()}
			client.RootCAs.AddCert(leaf)
			if test.change != nil {
				test.change(server.TLS, client)
			}
			server.StartTLS()
			t.Cleanup(server.Close)
			for field, value := range idp.metadata {
				if text, ok := value.(string); ok {
					idp.metadata[field] = strings.Replace(text, idp.URL, server.URL, 1)
				}
			}
			entry, cfg := idp.entry(), idp.config()
			entry.Issuer, cfg.HTTPClient = server.URL, &http.Client{Transport: &http.Transport{TLSClientConfig: client}}
			report := check(t, entry, cfg)
			require.Equal(t, test.want, seen(report), "%s", report.Problems)
			require.Contains(t, report.Problems.String(), test.says)
		})
	}
}

func TestCheckEndsWithItsContext(t *testing.T) {
	t.Parallel()
	idp := newIDP(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	idp.handle["/keys"] = func(w http.ResponseWriter, r *http.Request) {
		cancel()
		hang(w, r)
	}
	start := time.Now()
	report, err := upstream.Check(ctx, idp.entry(), idp.config())
	require.ErrorIs(t, err, context.Canceled)
	require.EqualError(t, err, fmt.Sprintf("upstream: check %s: context canceled", idp.entry().ID))
	require.Less(t, time.Since(start), 5*time.Second)
	require.Equal(t, idp.URL, report.Issuer, "what was seen until then")
}

func TestCheckEndsAtItsTimeout(t *testing.T) {
	t.Parallel()
	idp := newIDP(t)
	idp.handle["/keys"] = hang
	cfg := idp.config()
	cfg.Timeout = 100 * time.Millisecond
	start := time.Now()
	report := check(t, idp.entry(), cfg)
	require.Less(t, time.Since(start), 5*time.Second)
	require.Contains(t, seen(report), "error net-timeout")
}

// Nothing is kept from one answer to the next request.
func TestCheckKeepsNoCookies(t *testing.T) {
	t.Parallel()
	idp := newIDP(t)
	var cookies []string
	idp.handle[discoveryPath] = func(w http.ResponseWriter, _ *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "c", Value: "1", Path: "/"})
		reply(w, 200, idp.metadata)
	}
	idp.handle["/authorize"] = func(w http.ResponseWriter, r *http.Request) {
		cookies = append(cookies, r.Header.Get("Cookie"))
		idp.authorize(w, r)
	}
	require.Empty(t, seen(check(t, idp.entry(), idp.config())))
	require.Equal(t, []string{""}, cookies)
}

func TestCheckInsecureHTTP(t *testing.T) {
	t.Parallel()
	idp := newIDP(t)
	server := httptest.NewServer(idp)
	t.Cleanup(server.Close)
	for field, value := range idp.metadata {
		if text, ok := value.(string); ok {
			idp.metadata[field] = strings.Replace(text, idp.URL, server.URL, 1)
		}
	}
	entry := idp.entry()
	entry.Issuer = server.URL
	report := check(t, entry, idp.config())
	require.Contains(t, seen(report), "error url-not-https")
	require.Contains(t, seen(report), "skip probe-secret-host", "a secret does not go by plain http")
	require.NotContains(t, idp.requests, "POST /token")

	entry.DiscoveryMode = mas.DiscoveryInsecure
	report = check(t, entry, idp.config())
	require.NoError(t, report.Problems.Err())
	require.Equal(t, upstream.VerdictAccepted, report.Credentials)
}

type dial = func(ctx context.Context, network, address string) (net.Conn, error)

// loopbackDial reaches every name at 127.0.0.1.
func loopbackDial(next dial) dial {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		_, port, err := net.SplitHostPort(address)
		if err != nil {
			return nil, err
		}
		return next(ctx, network, net.JoinHostPort("127.0.0.1", port))
	}
}
