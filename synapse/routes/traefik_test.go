package routes_test

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/golden"
	"github.com/maskit-dev/maskit/synapse/routes"
)

// traefikEdges are the edges whose files Traefik's own parser and muxer judge, in
// internal/tools/traefik.
func traefikEdges() map[string]routes.TraefikOptions {
	open, _ := opened()
	open.MAS.CAFile, open.Synapse.CAFile = "/etc/ssl/ca.pem", "/etc/ssl/ca.pem"
	oneHost := routes.Options{Site: clusterSite()}
	oneHost.Site.AccountURL = oneHost.Site.ClientAPIURL
	plain := routes.Options{Site: clusterSite()}
	plain.Site.AccountURL, plain.Site.ClientAPIURL = "http://account.localhost/", "http://matrix.localhost/"
	return map[string]routes.TraefikOptions{
		"split-hosts":  {Options: routes.Options{Site: clusterSite()}, EntryPoints: []string{"websecure"}},
		"below-a-path": {Options: prefixed(), CertResolver: "letsencrypt"},
		"one-host":     {Options: behind(oneHost)},
		"all-open":     {Options: open},
		"plain":        {Options: plain},
	}
}

func TestTraefikGoldens(t *testing.T) {
	t.Parallel()
	for name, options := range traefikEdges() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			data, problems := routes.Traefik(options)
			require.NoError(t, problems.Err())
			require.NotContains(t, string(data), "{{", "the file provider reads its files as templates")
			golden.Require(t, "testdata/traefik/"+name+".yaml", string(data))
			objects, problems := routes.IngressRoute(routes.IngressRouteOptions{Options: withoutFiles(options.Options), Cluster: namedCluster()})
			require.NoError(t, problems.Err())
			golden.Require(t, "testdata/traefik/"+name+".ingressroute.yaml", string(objects))
			golden.Require(t, "testdata/traefik/"+name+".requests", requests(t, options.Options))
		})
	}
}

func withoutFiles(o routes.Options) routes.Options {
	o.MAS.CAFile, o.Synapse.CAFile = "", ""
	return o
}

func namedCluster() routes.Cluster {
	_, cluster := opened()
	return cluster
}

// requests lists, for every case, the host, the path that Traefik passes on, and
// who must answer it: what Route says of that path. Lines are tab-separated.
func requests(t *testing.T, options routes.Options) string {
	table := table(t, options)
	lines := []string{"# host, path as Traefik's entry point hands it to the rules, who answers"}
	add := func(host routes.Host, target string) {
		path, ok := traefikPasses(target)
		if len(path) > 300 || !ok {
			return
		}
		name := map[routes.Host]string{routes.ClientAPI: table.ClientAPIHost, routes.Account: table.AccountHost}[host]
		lines = append(lines, name+"\t"+strconv.QuoteToASCII(path)+"\t"+table.Decide(host, "GET", path).To.String())
	}
	for _, c := range append(usualCases(), oddCases()...) {
		add(routes.ClientAPI, c.Target)
		add(routes.Account, c.Target)
	}
	for _, c := range oneHostCases() {
		add(routes.ClientAPI, c.Target)
	}
	for _, prefix := range []string{"", "/auth"} {
		for _, target := range sortedKeys(accountCases(prefix)) {
			add(routes.Account, target)
		}
	}
	return strings.Join(lines, "\n") + "\n"
}

// traefikPasses is what an entry point of Traefik 3 with its defaults makes of a
// request target, before any rule: unreserved characters are decoded (RFC 3986,
// 6.2.2.2), dots and doubled slashes are resolved. False means that it answers 400.
func traefikPasses(target string) (path string, ok bool) {
	u, err := url.ParseRequestURI(target)
	if err != nil || strings.Contains(u.RawPath, "#") {
		return "", false
	}
	if u.RawPath != "" {
		u.RawPath = decodeUnreserved(u.RawPath)
	}
	return u.JoinPath().EscapedPath(), true
}

func decodeUnreserved(path string) string {
	var b strings.Builder
	for i := 0; i < len(path); i++ {
		if path[i] != '%' {
			b.WriteByte(path[i])
			continue
		}
		code, _ := strconv.ParseUint(path[i+1:i+3], 16, 8) // url.ParseRequestURI accepted it
		letter := string(rune(code))
		if code < 128 && strings.ContainsAny(letter, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~") {
			b.WriteString(letter)
		} else {
			b.WriteString(strings.ToUpper(path[i : i+3]))
		}
		i += 2
	}
	return b.String()
}

// TestTraefikDifferences lists what Traefik does other than Route says of the
// request as it was sent. All of it is harmless: Traefik judges the path that it
// passes on, so that MAS and Synapse see what was judged; and what it refuses is no
// valid request.
func TestTraefikDifferences(t *testing.T) {
	t.Parallel()
	table := table(t, routes.Options{Site: clusterSite()})
	got := map[string]string{}
	for _, c := range append(usualCases(), oddCases()...) {
		path, ok := traefikPasses(c.Target)
		to := "refused"
		if ok {
			to = table.Route("GET", path).String()
		}
		if to != c.Want.String() && (ok || c.Want != routes.Denied) {
			got[c.Name] = fmt.Sprintf("%s: %s", to, path)
		}
	}
	require.Equal(t, map[string]string{
		// Resolved before they are judged, and passed on so.
		"dots above the root":                    "MAS: /_matrix/client/v3/login",
		"dots up to login":                       "MAS: /_matrix/client/v3/login",
		"dots up from mas":                       "Synapse: /_matrix/client/versions",
		"one dot":                                "MAS: /_matrix/client/v3/login",
		"one dot at the end":                     "MAS: /_matrix/client/v3/login",
		"two dots at the end":                    "Synapse: /_matrix/client/v3",
		"doubled slash in front":                 "MAS: /_matrix/client/v3/login",
		"doubled slash inside":                   "MAS: /_matrix/client/v3/login",
		"doubled slash after _matrix":            "MAS: /_matrix/client/v3/login",
		"doubled slash at the end":               "MAS: /_matrix/client/v3/login/",
		"doubled slash before an empty provider": "MAS: /_matrix/client/v3/login/sso/redirect/",
		// Decoded before they are judged, and passed on so.
		"encoded _matrix": "MAS: /_matrix/client/v3/login",
		"encoded letter":  "MAS: /_matrix/client/v3/login",
		"encoded version": "MAS: /_matrix/client/v3/login",
		// No valid requests.
		"broken escape":     "refused: ",
		"cut escape":        "refused: ",
		"control character": "refused: ",
		"fragment":          "refused: ",
	}, got)
}

func sortedKeys(m map[string]routes.Backend) []string {
	return slices.Sorted(maps.Keys(m))
}
