package routes_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/synapse/routes"
)

// asIngressNGINX writes the Ingress objects down as ingress-nginx does: two locations for each
// path of the type Prefix, chosen by the decoded and cleaned path, and the original is passed on.
func asIngressNGINX(t *testing.T) func(routes.Options) ([]byte, maskit.Problems) {
	return func(o routes.Options) ([]byte, maskit.Problems) {
		rules := ingressRules(t, routes.IngressOptions{Options: o, Cluster: namedCluster()})
		var b strings.Builder
		for _, host := range []string{"matrix.localhost", "account.localhost"} {
			fmt.Fprintf(&b, "server {\n  listen %s;\n  server_name %s;\n", o.Listener.Address, host)
			for _, rule := range rules {
				if rule.host != host {
					continue
				}
				to := map[routes.Backend]string{routes.MAS: o.Site.MASURL, routes.Synapse: o.Site.SynapseURL}[rule.to]
				pass := "{ proxy_pass " + strings.TrimSuffix(to, "/") + "; proxy_set_header X-Forwarded-For $remote_addr; }\n"
				fmt.Fprintf(&b, "  location %s/ %s", strings.TrimSuffix(rule.prefix, "/"), pass)
				if rule.prefix != "/" {
					fmt.Fprintf(&b, "  location = %s %s", rule.prefix, pass)
				}
			}
			b.WriteString("}\n")
		}
		return []byte(b.String()), nil
	}
}

// TestIngressInNGINX lists what such a controller does other than Route says. No
// request for what is denied gets an answer from it: the backends read the
// original, see TestRealServersBelowAPath.
func TestIngressInNGINX(t *testing.T) {
	t.Parallel()
	edge := renderer{"ingress-nginx", live.NGINX, asIngressNGINX(t)}.start(t, nil)
	table := table(t, edge.options)
	different := map[string]string{}
	for _, c := range append(usualCases(), oddCases()...) {
		got := edge.ask(t, head("GET", "matrix.localhost", c.Target))
		if got.By != "denied" {
			require.Equal(t, c.Target, got.Saw.Target, "passed on as it was sent")
		}
		if got.By != table.Route("GET", c.Target).String() {
			different[c.Name] = got.By
		}
		t.Logf("ingress-nginx: %.80q -> %s", c.Target, got.By)
	}
	require.Equal(t, map[string]string{
		// Below the twelve paths: MAS answers 404.
		"/_matrix/client/v3/login/cas/ticket":       "MAS",
		"/_matrix/client/v3/login/sso":              "MAS",
		"/_matrix/client/v3/login/sso/redirect/a/b": "MAS",
		"/_matrix/client/v3/logout/allx":            "MAS",
		"/_matrix/client/v3/refresh/x":              "MAS",
		// Decoded, merged or resolved for the choice only: MAS sees no login and answers 404.
		"encoded _matrix":                        "MAS",
		"encoded letter":                         "MAS",
		"encoded version":                        "MAS",
		"encoded slash before login":             "MAS",
		"encoded slash after login":              "MAS",
		"doubled slash in front":                 "MAS",
		"doubled slash inside":                   "MAS",
		"doubled slash after _matrix":            "MAS",
		"doubled slash at the end":               "MAS",
		"doubled slash before an empty provider": "MAS",
		"dots up to login":                       "MAS",
		"one dot":                                "MAS",
		"one dot at the end":                     "MAS",
		"fragment":                               "MAS",
		// The same: Synapse resolves no dots and answers 404.
		"dots up from mas":            "Synapse",
		"dots after an encoded slash": "Synapse",
		"two dots at the end":         "Synapse",
		"fragment before dots":        "Synapse",
		// No valid requests, or longer than the buffers.
		"broken escape":     "denied",
		"cut escape":        "denied",
		"control character": "denied",
		"encoded zero":      "denied",
		"very long path":    "denied",
		"very long query":   "denied",
	}, different)
}
