package routes_test

import (
	"strings"

	"pgregory.net/rapid"

	"github.com/maskit-dev/maskit/synapse/routes"
)

// drawOptions draws an edge: two hosts, one, or one with a path for MAS, and any
// of the switches.
func drawOptions(t *rapid.T) routes.Options {
	site := clusterSite()
	switch rapid.SampledFrom([]string{"two hosts", "one host", "prefix", "two hosts, prefix"}).Draw(t, "hosts") {
	case "one host":
		site.AccountURL = site.ClientAPIURL
	case "prefix":
		site.AccountURL, site.MASURL = site.ClientAPIURL+"auth/", site.MASURL+"auth/"
	case "two hosts, prefix":
		site.AccountURL, site.MASURL = site.AccountURL+"auth/", site.MASURL+"auth/"
	}
	return routes.Options{
		Site:               site,
		SynapsePaths:       rapid.SliceOfN(rapid.SampledFrom([]string{"/_synapse/jitsi", "/extra", "/_synapse/client/x", "/deep/er"}), 0, 3).Draw(t, "paths"),
		SynapseWellKnown:   rapid.Bool().Draw(t, "well-known"),
		PublicSynapseMAS:   rapid.Bool().Draw(t, "mas"),
		PublicSynapseAdmin: rapid.Bool().Draw(t, "admin"),
		PublicMASAdmin:     rapid.Bool().Draw(t, "api"),
	}
}

// drawPath draws a path of words that mean something, and of some that do not.
func drawPath(t *rapid.T) string {
	word := rapid.SampledFrom([]string{
		"_matrix", "client", "api/v1", "r0", "v1", "v3", "unstable", "login", "sso", "redirect", "logout", "all", "refresh", "_synapse", "mas", "admin",
		"jitsi", "auth", "health", "metrics", "connection-info", "api", ".well-known", "matrix", "extra", "deep", "er", "x", "%2F", "loginx", "",
	})
	begin := rapid.SampledFrom([]string{"", "/_matrix/client", "/_matrix/client/v3", "/_synapse", "/auth"}).Draw(t, "begin")
	return begin + "/" + strings.Join(rapid.SliceOfN(word, 0, 5).Draw(t, "words"), "/")
}
