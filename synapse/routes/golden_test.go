package routes_test

import (
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/golden"
	"github.com/maskit-dev/maskit/synapse/routes"
)

// edges are the deployments whose configurations lie in testdata.
func edges() map[string]routes.Options {
	split := routes.Options{
		Site:     site(),
		Listener: routes.Listener{Certificate: routes.Certificate{File: "/etc/ssl/matrix.pem"}},
	}

	below := routes.Options{
		Site:             site(),
		SynapsePaths:     []string{"/_synapse/jitsi"},
		SynapseWellKnown: true,
		Name:             "home",
		Listener: routes.Listener{TrustedProxies: []netip.Prefix{
			netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::1/128"),
		}},
	}
	below.Site.AccountURL, below.Site.MASURL = "https://matrix.example.com/auth/", "http://mas:8080/auth/"

	secure := routes.Options{
		Site:    site(),
		MAS:     routes.Upstream{URL: "https://mas:8443/", CAFile: "/etc/ssl/inside-ca.pem"},
		Synapse: routes.Upstream{URL: "https://synapse/"},
		Listener: routes.Listener{
			Address:            "127.0.0.1:8443",
			Certificate:        routes.Certificate{File: "/etc/ssl/matrix.pem", KeyFile: "/etc/ssl/matrix.pem.key"},
			AccountCertificate: routes.Certificate{File: "/etc/ssl/account.pem", KeyFile: "/etc/ssl/account.pem.key"},
		},
		MaxBodyBytes:     100 << 20,
		PublicSynapseMAS: true, PublicSynapseAdmin: true, PublicMASAdmin: true,
	}

	plain := routes.Options{Site: site()}
	plain.Site.ClientAPIURL, plain.Site.AccountURL = "http://localhost:8008/", "http://[::1]:8009/"
	return map[string]routes.Options{"split-hosts": split, "below-a-path": below, "tls-everywhere-all-public": secure, "plain": plain}
}

func TestRenderedFiles(t *testing.T) {
	t.Parallel()
	for name, options := range edges() {
		golden.Require(t, filepath.Join("testdata", name+".table"), table(t, options).String())
		for _, r := range renderers() {
			t.Run(r.name+" "+name, func(t *testing.T) {
				t.Parallel()
				config, problems := r.render(options)
				require.NoError(t, problems.Err())
				golden.Require(t, filepath.Join("testdata", name+"."+r.name), string(config))
				again, _ := r.render(options)
				require.Equal(t, string(config), string(again))
				require.NotRegexp(t, "(?i)access-control", string(config), "CORS headers are the backends' own")

				output, err := r.proxy(t).Check(t, onThisMachine(t, string(config)))
				require.NoError(t, err, output)
			})
		}
	}
}

// onThisMachine puts files and addresses that exist here in the place of those in a
// rendered file, so that a proxy can judge it.
func onThisMachine(t *testing.T, config string) string {
	t.Helper()
	dir := t.TempDir()
	pair := newCertificate(t, "matrix.example.com", "account.example.com")
	both := filepath.Join(dir, "both.pem")
	require.NoError(t, os.WriteFile(both, append(pair.certificate, pair.key...), 0o600))
	config = strings.NewReplacer(
		"/etc/ssl/matrix.pem.key", both, "/etc/ssl/account.pem.key", both,
		"/etc/ssl/matrix.pem", both, "/etc/ssl/account.pem", both, "/etc/ssl/inside-ca.pem", both,
	).Replace(config)
	return strings.NewReplacer(
		"server synapse:", "server 127.0.0.1:", "server mas:", "server 127.0.0.1:",
		"server synapse synapse:", "server synapse 127.0.0.1:", "server mas mas:", "server mas 127.0.0.1:",
	).Replace(config)
}
