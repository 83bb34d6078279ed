package routes_test

import (
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/synapse/routes"
)

// renderer is a proxy and the function that writes its configuration.
type renderer struct {
	name   string
	proxy  func(testing.TB) *live.Proxy
	render func(routes.Options) ([]byte, maskit.Problems)
}

func renderers() []renderer {
	return []renderer{
		{"nginx", live.NGINX, routes.NGINX},
		{"haproxy", live.HAProxy, routes.HAProxy},
		{"caddy", live.Caddy, routes.Caddy},
	}
}

// edge is a proxy that runs with a rendered configuration before two stubs.
type edge struct {
	address      string
	options      routes.Options
	mas, synapse *stub
	roots        *x509.CertPool // nil without TLS
}

// start serves the options that change made of the usual ones.
func (r renderer) start(t *testing.T, change func(*routes.Options)) edge {
	t.Helper()
	e := edge{
		address: fmt.Sprintf("127.0.0.1:%d", live.FreePort(t)),
		mas:     startStub(t, "MAS"), synapse: startStub(t, "Synapse"),
	}
	e.options = routes.Options{
		Site: maskit.Site{
			AccountURL: "http://account.localhost/", ClientAPIURL: "http://matrix.localhost/",
			SynapseURL: "http://" + e.synapse.address + "/", MASURL: "http://" + e.mas.address + "/",
		},
		Listener: routes.Listener{Address: e.address},
	}
	if change != nil {
		change(&e.options)
	}
	r.serve(t, e)
	return e
}

func (r renderer) serve(t *testing.T, e edge) {
	t.Helper()
	proxy := r.proxy(t)
	config, problems := r.render(e.options)
	require.NoError(t, problems.Err())
	output, err := proxy.Check(t, string(config))
	require.NoError(t, err, "%s\n%s", output, config)
	proxy.Start(t, string(config), e.address)
}

// head is a request with everything that a liar says about where it comes from.
func head(method, host, target string) string {
	return method + " " + target + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\nContent-Length: 0\r\n" +
		"X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-For: 6.6.6.7, 6.6.6.8\r\nForwarded: for=6.6.6.6;host=evil.example\r\nX-Real-IP: 6.6.6.6\r\n" +
		"X-Forwarded-Proto: gopher\r\nX-Forwarded-Host: evil.example\r\nX-Forwarded-Port: 666\r\nOrigin: https://app.example.com\r\n\r\n"
}

// requireHonest checks that the backend learned the truth about where the request came from.
func requireHonest(t *testing.T, got answer, client, scheme, host string) {
	t.Helper()
	require.Equal(t, []string{client}, got.Saw.Header["X-Forwarded-For"])
	require.Equal(t, []string{scheme}, got.Saw.Header["X-Forwarded-Proto"])
	require.Equal(t, []string{host}, got.Saw.Header["Host"])
	require.NotContains(t, fmt.Sprint(got.Saw.Header), "6.6.6.", "a spoofed address")
	require.NotContains(t, fmt.Sprint(got.Saw.Header), "evil.example", "a spoofed host")
	require.NotContains(t, fmt.Sprint(got.Saw.Header), "666", "a spoofed port")
	require.Equal(t, []string{"*"}, got.Header["Access-Control-Allow-Origin"], "CORS headers are the backend's own")
}

func TestProxiesAgreeWithRoute(t *testing.T) {
	t.Parallel()
	for _, r := range renderers() {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			edge := r.start(t, nil)
			table := table(t, edge.options)
			for _, c := range append(usualCases(), oddCases()...) {
				t.Run(c.Name, func(t *testing.T) {
					for _, method := range allMethods() {
						requireAgreement(t, r.name, c, table.Route(method, c.Target), edge.ask(t, head(method, "matrix.localhost", c.Target)))
					}
					t.Logf("%s: %.80q -> %s", r.name, c.Target, c.Want)
				})
			}
		})
	}
}

// requireAgreement compares what a proxy did with what Route says, and both with
// the list of differences.
func requireAgreement(t *testing.T, proxy string, c urlCase, want routes.Backend, got answer) {
	t.Helper()
	different, listed := differences()[proxy+": "+c.Name]
	switch {
	case want == routes.Denied:
		require.Equal(t, "denied", got.By)
		require.NotEqual(t, http.StatusOK, got.Status)
	case !listed:
		require.Equal(t, want.String(), got.By)
		require.Equal(t, c.Target, got.Saw.Target, "passed on as it was sent")
		requireHonest(t, got, "127.0.0.1", "http", "matrix.localhost")
	case different.refused:
		require.Equal(t, "denied", got.By, "listed as a difference, but there is none")
	default:
		require.Equal(t, want.String(), got.By)
		require.Equal(t, different.target, got.Saw.Target, "listed as a difference")
		requireHonest(t, got, "127.0.0.1", "http", "matrix.localhost")
	}
}

// difference is what a proxy does other than Route says, or passes on other than it
// was sent.
type difference struct {
	refused bool   // the proxy answers itself, where Route names a backend
	target  string // what the backend sees
}

// differences are all of them, by proxy and case. They are harmless. What a proxy
// refuses is no valid request (RFC 9112, RFC 3986), or longer than its buffers:
// no client sends that, and nobody answers instead of somebody. What Caddy writes
// anew has the same meaning by RFC 3986, and goes to the same backend.
func differences() map[string]difference {
	refused, rewritten := difference{refused: true}, func(target string) difference { return difference{target: target} }
	return map[string]difference{
		"nginx: encoded zero":         refused,
		"nginx: broken escape":        refused,
		"nginx: cut escape":           refused,
		"nginx: control character":    refused,
		"nginx: very long path":       refused, // large_client_header_buffers: 8k
		"nginx: very long query":      refused,
		"haproxy: fragment":           refused,
		"haproxy: bytes above 127":    refused,
		"haproxy: invalid UTF-8":      refused,
		"haproxy: control character":  refused,
		"haproxy: very long path":     refused, // tune.bufsize: 16k
		"haproxy: very long query":    refused,
		"caddy: broken escape":        refused,
		"caddy: cut escape":           refused,
		"caddy: control character":    refused,
		"caddy: backslash":            rewritten("/_matrix/client/v3%5Clogin"),
		"caddy: backslashes and dots": rewritten("/_matrix/..%5C_synapse%5Cmas"),
		"caddy: fragment":             rewritten("/_matrix/client/v3/login%23a"),
		"caddy: unescaped characters": rewritten("/_matrix/client/v3/rooms/%3C%22%7B%7C%7D%5E%60%3E/join"),
		"caddy: bytes above 127":      rewritten("/_matrix/client/v3/profile/@%C3%A9:hs"),
		"caddy: invalid UTF-8":        rewritten("/_matrix/client/v3/profile/@%FF:hs"),
	}
}

func TestDifferencesNameCases(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, r := range renderers() {
		for _, c := range oddCases() {
			known[r.name+": "+c.Name] = true
		}
	}
	for name := range differences() {
		require.Contains(t, known, name)
	}
}

func TestProxiesServeTheAccountHost(t *testing.T) {
	t.Parallel()
	for _, r := range renderers() {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			edge := r.start(t, nil)
			table := table(t, edge.options)
			for target, want := range accountCases("") {
				require.Equal(t, want, table.Decide(routes.Account, "GET", target).To, target)
				got := edge.ask(t, head("GET", "account.localhost", target))
				require.Equal(t, want.String(), got.By, target)
				if want != routes.Denied {
					require.Equal(t, target, got.Saw.Target)
					requireHonest(t, got, "127.0.0.1", "http", "account.localhost")
				}
				t.Logf("%s: account %s -> %s", r.name, target, want)
			}
			// The one difference: nginx keeps this name for itself. MAS has no such path.
			want := map[bool]string{true: "denied", false: "MAS"}[r.name == "nginx"]
			require.Equal(t, want, edge.ask(t, head("GET", "account.localhost", "/@maskit/mas")).By)
		})
	}
}

// accountCases are paths of MAS below its prefix.
func accountCases(prefix string) map[string]routes.Backend {
	cases := map[string]routes.Backend{}
	for _, path := range []string{
		"/", "/login?kind=x", "/account/", "/authorize?redirect_uri=https%3A%2F%2Fa%2F..%2Fb", "/oauth2/token", "/oauth2/keys.json", "/graphql",
		"/assets/a.js", "/upstream/callback/01J00000000000000000000000", "/.well-known/openid-configuration", "/healthy", "/apis",
		"/complete-compat-sso/x", "/_matrix/client/v3/login", "/%68ealth",
	} {
		cases[prefix+path] = routes.MAS
	}
	for _, path := range []string{
		"/health", "/health/", "/metrics", "/connection-info", "/api", "/api/admin/v1/users", "/x/../health", "/%2e/metrics", "/x/..%2Fapi/admin/v1/users",
	} {
		cases[prefix+path] = routes.Denied
	}
	return cases
}

func TestProxiesRefuseOtherHosts(t *testing.T) {
	t.Parallel()
	for _, r := range renderers() {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			edge := r.start(t, nil)
			for _, host := range []string{"evil.example", "127.0.0.1", "xmatrix.localhost", "matrix.localhost.evil.example", "localhost", "evil.example:80"} {
				require.Equal(t, "denied", edge.ask(t, head("GET", host, "/_matrix/client/v3/login")).By, host)
			}
			for _, host := range []string{"matrix.localhost", "MATRIX.localhost", "matrix.localhost:80", "matrix.localhost:8448"} {
				got := edge.ask(t, head("GET", host, "/_matrix/client/v3/login"))
				require.Equal(t, "MAS", got.By, host)
				requireHonest(t, got, "127.0.0.1", "http", "matrix.localhost")
			}
			// A target in absolute form is judged by its path.
			require.Equal(t, "denied", edge.ask(t, head("GET", "matrix.localhost", "http://matrix.localhost/_synapse/mas/query_user")).By)
			require.Equal(t, "denied", edge.ask(t, head("GET", "matrix.localhost", "http://evil.example/_matrix/client/v3/login")).By)
			require.Equal(t, "denied", edge.ask(t, head("OPTIONS", "matrix.localhost", "*")).By)
		})
	}
}

func TestProxiesServeOneHost(t *testing.T) {
	t.Parallel()
	for _, r := range renderers() {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			edge := r.start(t, func(o *routes.Options) {
				o.Site.AccountURL = "http://matrix.localhost/auth/"
				o.Site.MASURL += "auth/"
				o.SynapsePaths = []string{"/_synapse/jitsi", "/health"}
				o.SynapseWellKnown, o.PublicSynapseAdmin, o.PublicSynapseMAS, o.PublicMASAdmin = true, true, true, true
			})
			table := table(t, edge.options)
			for _, c := range oneHostCases() {
				require.Equal(t, c.Want, table.Route("GET", c.Target), c.Target)
				got := edge.ask(t, head("GET", "matrix.localhost", c.Target))
				require.Equal(t, c.Want.String(), got.By, c.Target)
				require.Equal(t, c.Name, got.Saw.Target)
				if c.Want != routes.Denied {
					requireHonest(t, got, "127.0.0.1", "http", "matrix.localhost")
				}
				t.Logf("%s: %s -> %s as %s", r.name, c.Target, c.Want, c.Name)
			}
		})
	}
}

// oneHostCases name what the backend sees.
func oneHostCases() []urlCase {
	var cases []urlCase
	for _, target := range []string{"/_matrix/client/v3/login", "/_matrix/client/v3/login/sso/redirect/a%2Fb%20c?redirectUrl=https%3A%2F%2Fa%2F%3F", "/_matrix/client/r0/refresh", "/_matrix/client/v3/logout/all?"} {
		cases = append(cases, urlCase{"/auth" + target, target, routes.MAS})
	}
	for _, target := range []string{"/auth", "/auth/", "/auth/oauth2/token", "/auth/api/admin/v1/users", "/auth/a%2Fb?c=%20", "/auth/_matrix/client/v3/login"} {
		cases = append(cases, urlCase{target, target, routes.MAS})
	}
	for _, target := range []string{"/_matrix/client/versions", "/_synapse/client/x", "/_synapse/mas/query_user?a=b", "/_synapse/admin/v1/x", "/_synapse/jitsi/x", "/health", "/.well-known/matrix/server", "/_matrix/client/v3/%6cogin"} {
		cases = append(cases, urlCase{target, target, routes.Synapse})
	}
	for _, target := range []string{"/", "/auth/health", "/auth/metrics", "/auth/connection-info", "/authx", "/_synapse/metrics", "/.well-known/openid-configuration", "/auth/../x", "/_matrix/%2e%2e/auth/health"} {
		cases = append(cases, urlCase{"", target, routes.Denied})
	}
	return cases
}

func TestProxiesBelieveTheLayerInFront(t *testing.T) {
	t.Parallel()
	for _, r := range renderers() {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			edge := r.start(t, func(o *routes.Options) {
				// The layer in front ends the TLS.
				o.Site.AccountURL, o.Site.ClientAPIURL = "https://account.localhost/", "https://matrix.localhost/"
				o.Listener.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("127.0.0.0/8")}
			})
			for forwarded, want := range map[string]string{
				"X-Forwarded-For: 192.0.2.1\r\n":                                       "192.0.2.1",
				"X-Forwarded-For: 6.6.6.6, 192.0.2.1\r\n":                              "192.0.2.1",
				"X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-For: 192.0.2.1\r\n":           "192.0.2.1",
				"X-Forwarded-For: 6.6.6.6,6.6.6.7\r\nX-Forwarded-For: 2001:db8::1\r\n": "2001:db8::1",
				"X-Forwarded-For: junk\r\n":                                            "127.0.0.1",
				"":                                                                     "127.0.0.1",
			} {
				got := edge.ask(t, "GET /_matrix/client/v3/login HTTP/1.1\r\nHost: matrix.localhost\r\nConnection: close\r\n"+forwarded+"X-Forwarded-Proto: http\r\n\r\n")
				require.Equal(t, "MAS", got.By)
				requireHonest(t, got, want, "https", "matrix.localhost")
			}
		})
	}
}

func TestProxiesDistrustEveryoneElse(t *testing.T) {
	t.Parallel()
	for _, r := range renderers() {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			edge := r.start(t, func(o *routes.Options) {
				o.Listener.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
			})
			requireHonest(t, edge.ask(t, head("GET", "matrix.localhost", "/_matrix/client/v3/login")), "127.0.0.1", "http", "matrix.localhost")
		})
	}
}

// TestProxiesOpenNoTunnel: after an answer 101 a proxy would judge nothing any more.
func TestProxiesOpenNoTunnel(t *testing.T) {
	t.Parallel()
	for _, r := range slices.Concat(renderers(), insideRenderers()) {
		edge := r.start(t, nil)
		for _, upgrade := range []string{"h2c", "anything"} {
			got := edge.ask(t, "GET /_matrix/client/v3/login HTTP/1.1\r\nHost: matrix.localhost\r\nUpgrade: "+upgrade+
				"\r\nConnection: Upgrade, HTTP2-Settings, X-Forwarded-For\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\nX-Forwarded-For: 6.6.6.6\r\n\r\n")
			require.Equal(t, "MAS", got.By, r.name)
			require.NotContains(t, got.Saw.Header, "Upgrade", r.name)
			require.Equal(t, []string{"127.0.0.1"}, got.Saw.Header["X-Forwarded-For"], r.name)
		}
	}
}

func TestProxiesLimitBodies(t *testing.T) {
	t.Parallel()
	for _, r := range renderers() {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			edge := r.start(t, func(o *routes.Options) { o.MaxBodyBytes = 1 << 20 })
			post := func(size int) answer {
				return edge.ask(t, fmt.Sprintf("POST /_matrix/media/v3/upload HTTP/1.1\r\nHost: matrix.localhost\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s", size, strings.Repeat("x", size)))
			}
			require.Equal(t, "Synapse", post(1<<20).By)
			require.Equal(t, "denied", post(1<<20+1).By)
		})
	}
}

func TestProxiesListenOnAllAddresses(t *testing.T) {
	t.Parallel()
	for _, r := range renderers() {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			edge := r.start(t, func(o *routes.Options) {
				_, port, err := net.SplitHostPort(o.Listener.Address)
				require.NoError(t, err)
				o.Listener.Address = ""
				o.Site.ClientAPIURL, o.Site.AccountURL = "http://matrix.localhost:"+port+"/", "http://account.localhost:"+port+"/"
			})
			_, port, err := net.SplitHostPort(edge.address)
			require.NoError(t, err)
			for _, client := range []string{"127.0.0.1", "::1"} {
				edge.address = net.JoinHostPort(client, port)
				got := edge.ask(t, head("GET", "matrix.localhost:"+port, "/_matrix/client/v3/login"))
				require.Equal(t, "MAS", got.By)
				requireHonest(t, got, client, "http", "matrix.localhost:"+port)
			}
		})
	}
}
