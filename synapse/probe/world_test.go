package probe_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/maskit-dev/maskit"
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

// synapseStub answers as Synapse does that delegates to MAS.
type synapseStub struct {
	version string
	issuer  string // what it relays; empty: it never reached MAS
	whoami  string // inactive, unable or own: how it fares with tokens
	secret  maskit.Secret
	legacy  bool // it does not delegate
}

func (s synapseStub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Server", "Synapse/"+s.version)
	w.Header().Set("Access-Control-Allow-Origin", "*")
	w.Header().Set("Access-Control-Expose-Headers", "Synapse-Trace-Id, Server")
	w.Header().Set("Content-Type", "application/json")
	code, body := s.answer(r)
	w.WriteHeader(code)
	_, _ = io.WriteString(w, body)
}

func (s synapseStub) answer(r *http.Request) (int, string) {
	const unrecognized = `{"errcode":"M_UNRECOGNIZED","error":"Unrecognized request"}`
	switch path := r.URL.Path; {
	case path == "/_matrix/client/versions":
		return 200, `{"versions":["v1.15"]}`
	case path == "/_matrix/federation/v1/version":
		return 200, `{"server":{"name":"Synapse","version":"` + s.version + `"}}`
	case path == "/_synapse/admin/v1/server_version":
		return 200, `{"server_version":"` + s.version + `"}`
	case strings.HasSuffix(path, "/auth_metadata") && !s.legacy:
		if s.issuer == "" {
			return 500, `{"errcode":"M_UNKNOWN","error":"Internal server error"}`
		}
		body, err := json.Marshal(map[string]string{"issuer": s.issuer, "org.matrix.matrix-authentication-service.graphql_endpoint": s.issuer + "graphql"})
		if err != nil {
			return 500, err.Error()
		}
		return 200, string(body)
	case path == "/_matrix/client/v3/account/whoami":
		return s.token(r)
	case strings.HasPrefix(path, "/_synapse/mas/") && !s.legacy:
		return s.masAPI(r)
	case strings.Contains(path, "/account_data/"), strings.Contains(path, "/state/"):
		return 401, `{"errcode":"M_MISSING_TOKEN","error":"Missing access token"}`
	case s.legacy && strings.HasSuffix(path, "/login"):
		return 200, `{"flows":[{"type":"m.login.password"}]}`
	case s.legacy && isCompat(path):
		return 401, `{"errcode":"M_UNKNOWN_TOKEN","error":"Invalid access token passed.","soft_logout":false}`
	}
	return 404, unrecognized
}

func (s synapseStub) token(r *http.Request) (int, string) {
	switch {
	case r.Header.Get("Authorization") == "":
		return 401, `{"errcode":"M_MISSING_TOKEN","error":"Missing access token"}`
	case s.legacy:
		return 401, `{"errcode":"M_UNKNOWN_TOKEN","error":"Invalid access token passed.","soft_logout":false}`
	case s.whoami == "unable":
		return 503, `{"errcode":"M_UNKNOWN","error":"Unable to introspect the access token"}`
	}
	return 401, `{"errcode":"M_UNKNOWN_TOKEN","error":"Token is not active","soft_logout":false}`
}

func (s synapseStub) masAPI(r *http.Request) (int, string) {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	switch {
	case !ok:
		return 401, `{"errcode":"M_MISSING_TOKEN","error":"Missing access token"}`
	case strings.Contains(token, " "):
		return 401, `{"errcode":"M_MISSING_TOKEN","error":"Invalid Authorization header."}`
	case token != s.secret.Reveal():
		return 403, `{"errcode":"M_UNKNOWN","error":"This endpoint must only be called by MAS"}`
	}
	return 400, `{"errcode":"M_UNKNOWN","error":"Missing localpart"}`
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
