package routes

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/maskit-dev/maskit"
)

// TestRoutersAreTheTable reads the routers as Traefik does (the first by priority
// whose host and paths match, and which excludes none of them), and expects the
// decisions of the table, for all options and paths.
func TestRoutersAreTheTable(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		options := Options{
			Site: maskit.Site{
				AccountURL:   rapid.SampledFrom([]string{"https://account.example.com/", "https://account.example.com/auth/", "https://matrix.example.com/auth/", "https://matrix.example.com/"}).Draw(t, "account"),
				ClientAPIURL: "https://matrix.example.com/", SynapseURL: "http://synapse:8008/",
			},
			SynapsePaths:     rapid.SliceOfN(rapid.SampledFrom([]string{"/_synapse/jitsi", "/x/y", "/health"}), 0, 2).Draw(t, "paths"),
			SynapseWellKnown: rapid.Bool().Draw(t, "well-known"), PublicSynapseMAS: rapid.Bool().Draw(t, "mas"),
			PublicSynapseAdmin: rapid.Bool().Draw(t, "admin"), PublicMASAdmin: rapid.Bool().Draw(t, "api"),
		}
		options.Site.MASURL = "http://mas:8080" + options.Site.Prefix() + "/"
		table, problems := options.Table()
		require.NoError(t, problems.Err())
		path := rapid.StringMatching(`(/(_matrix|client|v3|api/v1|login|sso|redirect|logout|all|refresh|_synapse|mas|admin|jitsi|auth|health|api|metrics|x|y|\.well-known|matrix|\.\.|%2e|%2F|))+`).Draw(t, "path")
		host := rapid.SampledFrom([]Host{ClientAPI, Account}).Draw(t, "host")
		want := table.Decide(host, "GET", path)
		require.Equal(t, want.To, routed(table.traefikRouters(), table.hostName(host), path), path)
	})
}

func routed(routers []traefikRouter, host, path string) Backend {
	best, to := 0, Denied
	for _, r := range routers {
		if r.host == host && r.priority > best && anyMatches(r.rows, path) && !anyMatches(r.denied, path) {
			best, to = r.priority, r.to
		}
	}
	return to
}

func anyMatches(rows []Row, path string) bool {
	for _, row := range rows {
		if row.Pattern.Match(path) {
			return true
		}
	}
	return false
}
