package probe_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas/mastest"
	"github.com/maskit-dev/maskit/synapse/probe"
)

// world is a whole deployment in one process. Each part can be replaced; a test
// changes one thing.
type world struct {
	site    maskit.Site
	secret  maskit.Secret
	synapse synapseStub
	mas     http.Handler
	// The edge. Nil parts are the good ones.
	matrix, account, name http.Handler
	// inSynapse and inMAS answer under the internal addresses. Nil means Synapse and MAS.
	inSynapse, inMAS http.Handler
	// dial replaces the ways to some hosts of the edge, by host and port.
	dial map[string]dialer
	cfg  func(*probe.Config)
}

func newWorld(t *testing.T) *world {
	t.Helper()
	return &world{
		site:   maskit.Site{ServerName: "example.com", AccountURL: issuer, ClientAPIURL: "https://matrix.example.com/"},
		secret: secret(), synapse: synapseStub{version: "1.163.2", issuer: issuer, whoami: "inactive", secret: secret()},
		mas: newMAS(t), dial: map[string]dialer{},
	}
}

type dialer func(ctx context.Context, network, address string) (net.Conn, error)

// config starts what is needed.
func (w *world) config(t *testing.T) probe.Config {
	t.Helper()
	edge := httptest.NewUnstartedServer(http.HandlerFunc(w.edge))
	edge.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, 0)
	edge.TLS = &tls.Config{Certificates: []tls.Certificate{newCertificate(t).pair(t)}}
	edge.StartTLS()
	t.Cleanup(edge.Close)
	dial := func(ctx context.Context, network, address string) (net.Conn, error) {
		if other := w.dial[address]; other != nil {
			return other(ctx, network, address)
		}
		if strings.HasSuffix(address, ":443") {
			address = edge.Listener.Addr().String()
		}
		return (&net.Dialer{}).DialContext(ctx, network, address)
	}
	pool := x509.NewCertPool()
	leaf, err := x509.ParseCertificate(edge.TLS.Certificates[0].Certificate[0])
	if err != nil {
		t.Fatal(err)
	}
	pool.AddCert(leaf)
	cfg := probe.Config{
		Site: w.site, Secret: w.secret,
		HTTPClient: &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}, DialContext: dial}},
	}
	if w.site.SynapseURL == "" {
		cfg.Site.SynapseURL = start(t, or(w.inSynapse, w.synapse))
	}
	if w.site.MASURL == "" {
		cfg.Site.MASURL = start(t, or(w.inMAS, w.mas))
	}
	if w.cfg != nil {
		w.cfg(&cfg)
	}
	return cfg
}

func start(t *testing.T, h http.Handler) string {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return server.URL + "/"
}

func or(h, other http.Handler) http.Handler {
	if h == nil {
		return other
	}
	return h
}

func (w *world) edge(rw http.ResponseWriter, r *http.Request) {
	switch r.Host {
	case "matrix.example.com":
		or(w.matrix, http.HandlerFunc(w.goodMatrix)).ServeHTTP(rw, r)
	case "account.example.com":
		or(w.account, w.mas).ServeHTTP(rw, r)
	default:
		or(w.name, http.HandlerFunc(goodName)).ServeHTTP(rw, r)
	}
}

func (w *world) goodMatrix(rw http.ResponseWriter, r *http.Request) {
	path := r.URL.EscapedPath()
	switch {
	case isCompat(path):
		w.mas.ServeHTTP(rw, r)
	case strings.HasPrefix(path, "/_matrix/"):
		w.synapse.ServeHTTP(rw, r)
	default:
		http.NotFound(rw, r)
	}
}

func isCompat(path string) bool {
	rest, ok := strings.CutPrefix(path, "/_matrix/client/")
	version, rest, _ := strings.Cut(rest, "/")
	return ok && version != "v1" && (rest == "login" || rest == "logout" || rest == "logout/all" || rest == "refresh" || strings.HasPrefix(rest, "login/sso/redirect"))
}

func goodName(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/.well-known/matrix/client":
		document(`{"m.homeserver":{"base_url":"https://matrix.example.com"}}`)(w, r)
	case "/.well-known/matrix/server":
		document(`{"m.server":"matrix.example.com:443"}`)(w, r)
	default:
		http.NotFound(w, r)
	}
}

// document is a file that everybody may read.
func document(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, body)
	}
}

// status is a proxy's own answer.
func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(code)
		_, _ = io.WriteString(w, "<html><center>nginx</center></html>")
	}
}

// at answers one path in place of another handler.
func at(path string, instead, otherwise http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.EscapedPath() == path {
			instead.ServeHTTP(w, r)
			return
		}
		otherwise.ServeHTTP(w, r)
	})
}

// without removes a request header on the way.
func without(header string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r = r.Clone(r.Context())
		r.Header.Del(header)
		next.ServeHTTP(w, r)
	})
}

// rewritten changes the answers of another handler.
func rewritten(next http.Handler, change func(*httptest.ResponseRecorder, *http.Request)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		recorder := httptest.NewRecorder()
		next.ServeHTTP(recorder, r)
		change(recorder, r)
		for name, values := range recorder.Header() {
			w.Header()[name] = values
		}
		w.Header().Del("Content-Length")
		w.WriteHeader(recorder.Code)
		_, _ = w.Write(recorder.Body.Bytes())
	})
}

// announce gives MAS another issuer, which Synapse relays.
func (w *world) announce(t *testing.T, issuer string) {
	t.Helper()
	w.mas = newMAS(t, func(c *mastest.Config) { c.Issuer = issuer })
	w.synapse.issuer = issuer
}

func compatElse(w *world, otherwise http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if isCompat(r.URL.Path) {
			w.mas.ServeHTTP(rw, r)
			return
		}
		otherwise.ServeHTTP(rw, r)
	})
}

func elseCompat(w *world, compat http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if isCompat(r.URL.Path) {
			compat.ServeHTTP(rw, r)
			return
		}
		w.goodMatrix(rw, r)
	})
}

// prefixes sends some paths to Synapse.
func prefixes(w *world, paths ...string) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		for _, path := range paths {
			if strings.HasPrefix(r.URL.Path, path) {
				w.synapse.ServeHTTP(rw, r)
				return
			}
		}
		w.goodMatrix(rw, r)
	})
}

func header(next http.Handler, name, value string) http.Handler {
	return rewritten(next, func(r *httptest.ResponseRecorder, _ *http.Request) { r.Header().Set(name, value) })
}

func changed(next http.Handler, text, instead string) http.Handler {
	return rewritten(next, func(r *httptest.ResponseRecorder, _ *http.Request) {
		body := strings.ReplaceAll(r.Body.String(), text, instead)
		r.Body.Reset()
		r.Body.WriteString(body)
	})
}

// tlsWanted is what Go's server answers on a TLS port to plain http.
func tlsWanted() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = fmt.Fprintln(w, "Client sent an HTTP request to an HTTPS server.")
	})
}

func unknownToMAS(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(http.StatusNotFound)
	_, _ = w.Write([]byte("<!DOCTYPE html>\n<title>matrix-authentication-service</title>"))
}

// notFound is how a resolver says that a name does not exist.
func notFound(context.Context, string, string) (net.Conn, error) {
	return nil, &net.DNSError{Err: "no such host", Name: "matrix.example.com", IsNotFound: true}
}

// refused leads to a port on which nobody listens.
func refused(ctx context.Context, network, _ string) (net.Conn, error) {
	return (&net.Dialer{}).DialContext(ctx, network, "127.0.0.1:1")
}

// plain leads to a server that speaks no TLS.
func plain(t *testing.T) dialer {
	t.Helper()
	server := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(server.Close)
	return func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, server.Listener.Addr().String())
	}
}

func reset(context.Context, string, string) (net.Conn, error) {
	return nil, errors.New("connection reset by something")
}
