package routes_test

import (
	"fmt"
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
	address string
	options routes.Options
}

// start serves options whose public addresses have the port 0, by the port that is free.
func (r renderer) start(t *testing.T, change func(*routes.Options)) edge {
	t.Helper()
	proxy := r.proxy(t)
	address := fmt.Sprintf("127.0.0.1:%d", live.FreePort(t))
	options := routes.Options{
		Site: maskit.Site{
			AccountURL:   "http://account.localhost/",
			ClientAPIURL: "http://matrix.localhost/",
			SynapseURL:   "http://" + startStub(t, "Synapse").address + "/",
			MASURL:       "http://" + startStub(t, "MAS").address + "/",
		},
		Listener: routes.Listener{Address: address},
	}
	if change != nil {
		change(&options)
	}
	config, problems := r.render(options)
	require.NoError(t, problems.Err())
	output, err := proxy.Check(t, string(config))
	require.NoError(t, err, "%s\n%s", output, config)
	proxy.Start(t, string(config), address)
	return edge{address, options}
}

// head is a request with everything that a liar says about where it comes from.
func head(method, host, target string) string {
	return method + " " + target + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\nContent-Length: 0\r\n" +
		"X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-For: 6.6.6.7, 6.6.6.8\r\nForwarded: for=6.6.6.6;host=evil.example\r\nX-Real-IP: 6.6.6.6\r\n" +
		"X-Forwarded-Proto: gopher\r\nX-Forwarded-Host: evil.example\r\nX-Forwarded-Port: 666\r\nOrigin: https://app.example.com\r\n\r\n"
}

func TestProxiesAgreeWithRoute(t *testing.T) {
	t.Parallel()
	for _, r := range renderers() {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			edge := r.start(t, nil)
			table := table(t, edge.options)
			for _, c := range append(usualCases(), oddCases()...) {
				for _, method := range allMethods() {
					want := table.Route(method, c.Target)
					got := ask(t, edge.address, head(method, "matrix.localhost", c.Target))
					if got.By != want.String() || got.Saw.Target != "" && got.Saw.Target != c.Target {
						t.Logf("%s %.60s: want %s, got %s %d %.60s", method, c.Name, want, got.By, got.Status, got.Saw.Target)
					}
				}
			}
		})
	}
}
