package routes_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/golden"
	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/synapse/routes"
)

func ExampleInCluster() {
	options := routes.InClusterOptions{
		Options: routes.Options{Site: maskit.Site{
			AccountURL: "https://account.example.com/", ClientAPIURL: "https://matrix.example.com/",
			SynapseURL: "http://synapse.matrix.svc:8008/", MASURL: "http://mas.matrix-auth.svc:8080/",
		}},
		Proxy: routes.RouterHAProxy,
	}
	config, problems := routes.InCluster(options)
	if err := problems.Err(); err != nil {
		fmt.Println(err)
		return
	}
	for line := range strings.Lines(string(config)) {
		if strings.HasPrefix(line, "    server ") || strings.HasPrefix(line, "    bind ") {
			fmt.Print(line)
		}
	}
	// Output:
	//     bind :8008
	//     bind :::8008 v6only
	//     server mas mas.matrix-auth.svc:8080
	//     server synapse synapse.matrix.svc:8008
}

// insideRenderers are the in-cluster routers; the edge's tests serve them too.
func insideRenderers() []renderer {
	render := func(proxy routes.Router) func(routes.Options) ([]byte, maskit.Problems) {
		return func(o routes.Options) ([]byte, maskit.Problems) {
			return routes.InCluster(routes.InClusterOptions{Options: o, Proxy: proxy})
		}
	}
	return []renderer{
		{"nginx", live.NGINX, render(routes.RouterNGINX)},
		{"haproxy", live.HAProxy, render(routes.RouterHAProxy)},
		{"caddy", live.Caddy, render(routes.RouterCaddy)},
	}
}

// insideDifferences are those that the edge does not have, because it denies the
// request. They are harmless for the same reason.
func insideDifferences() map[string]difference {
	return map[string]difference{
		"nginx: dots above the root":    {refused: true},
		"haproxy: fragment before dots": {refused: true},
		"caddy: fragment before dots":   {target: "/_matrix/client/versions%23/../x"},
	}
}

func TestInClusterAgreesWithRoute(t *testing.T) {
	t.Parallel()
	for _, r := range insideRenderers() {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			edge := r.start(t, nil)
			table, problems := routes.InClusterOptions{Options: edge.options}.Table()
			require.NoError(t, problems.Err())
			known := differences()
			for name, difference := range insideDifferences() {
				known[name] = difference
			}
			for _, c := range append(usualCases(), oddCases()...) {
				t.Run(c.Name, func(t *testing.T) {
					for _, method := range []string{"GET", "POST", "OPTIONS", "TRACE"} {
						want := table.Route(method, c.Target)
						requireInside(t, known[r.name+": "+c.Name], c.Target, want, edge.ask(t, head(method, "matrix.localhost", c.Target)))
						if c.Want == routes.MAS && method != "TRACE" {
							require.Equal(t, routes.MAS, want, "as at the edge")
						}
					}
					t.Logf("in-cluster %s: %.80q -> %s", r.name, c.Target, table.Route("GET", c.Target))
				})
			}
		})
	}
}

func requireInside(t *testing.T, known difference, target string, want routes.Backend, got answer) {
	t.Helper()
	switch {
	case want == routes.Denied || known.refused:
		require.Equal(t, "denied", got.By)
		require.NotEqual(t, http.StatusOK, got.Status)
		return
	case known.target != "":
		target = known.target
	}
	require.Equal(t, want.String(), got.By)
	require.Equal(t, target, got.Saw.Target)
	requireHonest(t, got, "127.0.0.1", "http", "matrix.localhost")
}

// TestInClusterServesEveryHost: callers use whatever name the router's Service has.
func TestInClusterServesEveryHost(t *testing.T) {
	t.Parallel()
	for _, r := range insideRenderers() {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			edge := r.start(t, func(o *routes.Options) {
				o.Site.AccountURL += "auth/"
				o.Site.MASURL += "auth/"
			})
			for _, host := range []string{"synapse", "router.matrix.svc:8008", "127.0.0.1:8008", "[::1]"} {
				got := edge.ask(t, head("POST", host, "/_matrix/client/v3/login?a=%2F"))
				require.Equal(t, "MAS", got.By)
				require.Equal(t, "/auth/_matrix/client/v3/login?a=%2F", got.Saw.Target)
				requireHonest(t, got, "127.0.0.1", "http", host)
				got = edge.ask(t, head("POST", host, "/_synapse/mas/provision_user"))
				require.Equal(t, "Synapse", got.By)
				requireHonest(t, got, "127.0.0.1", "http", host)
			}
		})
	}
}

func TestInClusterGoldens(t *testing.T) {
	t.Parallel()
	open, _ := opened()
	open.Listener, open.MAS.CAFile = routes.Listener{Address: "127.0.0.1:8009"}, "/etc/ssl/inside-ca.pem"
	open.Site.MASURL, open.Site.SynapseURL = "https://mas:8443/", "https://synapse/"
	below := routes.Options{Site: site()}
	below.Site.AccountURL, below.Site.MASURL = below.Site.ClientAPIURL+"auth/", below.Site.MASURL+"auth/"
	for name, options := range map[string]routes.Options{"usual": {Site: site()}, "below-a-path": below, "tls": open} {
		for _, r := range insideRenderers() {
			t.Run(name+" "+r.name, func(t *testing.T) {
				t.Parallel()
				config, problems := r.render(options)
				require.NoError(t, problems.Err())
				golden.Require(t, "testdata/incluster/"+name+"."+r.name, string(config))
				output, err := r.proxy(t).Check(t, onThisMachine(t, string(config)))
				require.NoError(t, err, output)
			})
		}
	}
}

func TestRouterNames(t *testing.T) {
	t.Parallel()
	require.Equal(t, "nginx haproxy caddy", fmt.Sprint(routes.RouterNGINX, " ", routes.RouterHAProxy, " ", routes.RouterCaddy))
}
