package routes_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/synapse/routes"
)

func site() maskit.Site {
	return maskit.Site{
		ServerName:   "example.com",
		AccountURL:   "https://account.example.com/",
		ClientAPIURL: "https://matrix.example.com/",
		SynapseURL:   "http://synapse:8008/",
		MASURL:       "http://mas:8080/",
	}
}

func table(t testing.TB, options routes.Options) routes.Table {
	t.Helper()
	table, problems := options.Table()
	require.NoError(t, problems.Err())
	return table
}

func TestRoute(t *testing.T) {
	t.Parallel()
	table := table(t, routes.Options{Site: site()})
	for _, c := range append(usualCases(), oddCases()...) {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			for _, method := range allMethods() {
				want := c.Want
				if !servedMethod(method) {
					want = routes.Denied
				}
				require.Equal(t, want, table.Route(method, c.Target), method)
				require.Equal(t, want, table.Decide(routes.ClientAPI, method, c.Target).To, method)
			}
		})
	}
	for _, target := range []string{"", "*", "_matrix/client/v3/login", "http://matrix.example.com/_matrix/client/v3/login", "?/_matrix/"} {
		require.Equal(t, routes.Denied, table.Route("GET", target), target)
		require.NotEmpty(t, table.Decide(routes.ClientAPI, "GET", target).Reason)
	}
}

func TestRouteAllocatesNothing(t *testing.T) {
	table := table(t, routes.Options{Site: site()})
	for _, c := range append(usualCases(), oddCases()...) {
		require.Zero(t, testing.AllocsPerRun(10, func() { table.Route("GET", c.Target) }), c.Name)
	}
}

func TestGuardedPathsOpenOneByOne(t *testing.T) {
	t.Parallel()
	opened := map[string]func(*routes.Options){
		"/_synapse/mas/query_user":          func(o *routes.Options) { o.PublicSynapseMAS = true },
		"/_synapse/admin/v1/server_version": func(o *routes.Options) { o.PublicSynapseAdmin = true },
		"/.well-known/matrix/client":        func(o *routes.Options) { o.SynapseWellKnown = true },
		"/_synapse/jitsi/a":                 func(o *routes.Options) { o.SynapsePaths = []string{"/_synapse/jitsi/"} },
	}
	for open, change := range opened {
		options := routes.Options{Site: site()}
		change(&options)
		table := table(t, options)
		for path := range opened {
			want := routes.Denied
			if path == open {
				want = routes.Synapse
			}
			require.Equal(t, want, table.Route("GET", path), "%s when %s is open", path, open)
		}
		require.Equal(t, routes.Denied, table.Decide(routes.Account, "GET", "/api/admin/v1/users").To)
	}
	require.Equal(t, routes.MAS, table(t, routes.Options{Site: site(), PublicMASAdmin: true}).Decide(routes.Account, "GET", "/api/admin/v1/users").To)
}

func TestDecideOnEitherHost(t *testing.T) {
	t.Parallel()
	split := table(t, routes.Options{Site: site()})
	require.False(t, split.OneHost())
	require.Equal(t, routes.MAS, split.Decide(routes.Account, "GET", "/authorize").To)
	require.Equal(t, routes.Denied, split.Decide(routes.ClientAPI, "GET", "/authorize").To)
	require.Equal(t, routes.MAS, split.Decide(routes.Account, "GET", "/_matrix/client/versions").To, "which MAS answers with 404")

	below := site()
	below.AccountURL, below.MASURL = "https://matrix.example.com/auth/", "http://mas:8080/auth/"
	one := table(t, routes.Options{Site: below})
	require.True(t, one.OneHost())
	for _, host := range []routes.Host{routes.ClientAPI, routes.Account} {
		require.Equal(t, routes.MAS, one.Decide(host, "GET", "/auth/authorize").To)
		require.Empty(t, one.Decide(host, "GET", "/auth/authorize").AddPrefix)
		require.Equal(t, "/auth", one.Decide(host, "GET", "/_matrix/client/v3/login").AddPrefix)
		require.Equal(t, routes.Synapse, one.Decide(host, "GET", "/_matrix/client/versions").To)
		require.Equal(t, routes.Denied, one.Decide(host, "GET", "/authorize").To)
	}

	root := site()
	root.AccountURL = root.ClientAPIURL
	shared := table(t, routes.Options{Site: root})
	for target, want := range map[string]routes.Backend{
		"/authorize": routes.MAS, "/_matrix/client/v3/login": routes.MAS, "/_matrix/client/versions": routes.Synapse,
		"/_synapse/mas/query_user": routes.Denied, "/health": routes.Denied, "/.well-known/openid-configuration": routes.MAS,
	} {
		require.Equal(t, want, shared.Route("GET", target), target)
	}
}

// anyTarget draws targets from the pieces in which mistakes would hide.
func anyTarget() *rapid.Generator[string] {
	piece := rapid.SampledFrom([]string{
		"/", "//", ".", "..", "%2e", "%2E", "%2f", "%2F", "%2", "%", ";", "?", "#", "\\", "*", "\x00", "a", "_matrix", "_synapse", "client",
		"mas", "admin", "v3", "r0", "api", "v1", "unstable", "login", "logout", "all", "refresh", "sso", "redirect", "health", "auth",
		"/_matrix/client/v3/", "/_synapse/", "/login", "/..", "/.",
	})
	return rapid.Custom(func(t *rapid.T) string {
		return "/" + strings.Join(rapid.SliceOfN(piece, 0, 12).Draw(t, "pieces"), "")
	})
}

func manyTables(t testing.TB) []routes.Table {
	below := site()
	below.AccountURL, below.MASURL = "https://matrix.example.com/auth/", "http://mas:8080/auth/"
	return []routes.Table{
		table(t, routes.Options{Site: site()}),
		table(t, routes.Options{Site: below, SynapsePaths: []string{"/a.b/c-d"}, SynapseWellKnown: true}),
		table(t, routes.Options{Site: site(), PublicSynapseMAS: true, PublicSynapseAdmin: true, PublicMASAdmin: true}),
	}
}

// byRegexp is Route by the expressions that the configurations use.
func byRegexp(table routes.Table, host routes.Host, method, target string) routes.Backend {
	if !servedMethod(method) {
		return routes.Denied
	}
	path, _, _ := strings.Cut(target, "?")
	for _, row := range table.Rows {
		if (row.Host == host || table.OneHost()) && regexp.MustCompile("(?s)"+row.Pattern.Regexp()).MatchString(path) {
			return row.To
		}
	}
	return routes.Denied
}

func TestRouteIsWhatItsExpressionsSay(t *testing.T) {
	t.Parallel()
	tables := manyTables(t)
	rapid.Check(t, func(t *rapid.T) {
		table := rapid.SampledFrom(tables).Draw(t, "table")
		target := anyTarget().Draw(t, "target")
		host := rapid.SampledFrom([]routes.Host{routes.ClientAPI, routes.Account}).Draw(t, "host")
		require.Equal(t, byRegexp(table, host, "GET", target), table.Decide(host, "GET", target).To, "%q", target)
	})
}

func TestNothingResolvesToAGuardedPath(t *testing.T) {
	t.Parallel()
	table := table(t, routes.Options{Site: site()})
	rapid.Check(t, func(t *rapid.T) {
		target := anyTarget().Draw(t, "target")
		if table.Route("GET", target) == routes.Denied {
			return
		}
		path, _, _ := strings.Cut(strings.ToLower(target), "?")
		resolved := resolve(strings.NewReplacer("%2e", ".", "%2f", "/").Replace(path))
		require.Regexp(t, `^/(_matrix|_synapse/client)(/|$)`, resolved, "%q", target)
	})
}

// resolve merges slashes and resolves dots, as a careless router would.
func resolve(path string) string {
	var kept []string
	for segment := range strings.SplitSeq(path, "/") {
		switch segment {
		case "", ".":
		case "..":
			kept = kept[:max(len(kept)-1, 0)]
		default:
			kept = append(kept, segment)
		}
	}
	return "/" + strings.Join(kept, "/")
}

func FuzzRoute(f *testing.F) {
	for _, c := range append(usualCases(), oddCases()...) {
		f.Add("GET", c.Target)
	}
	f.Add("", "")
	tables := manyTables(f)
	f.Fuzz(func(t *testing.T, method, target string) {
		for _, table := range tables {
			for _, host := range []routes.Host{routes.ClientAPI, routes.Account} {
				got := table.Decide(host, method, target)
				if !strings.HasPrefix(target, "/") {
					require.Equal(t, routes.Denied, got.To)
					continue
				}
				require.Equal(t, byRegexp(table, host, method, target), got.To)
			}
		}
	})
}

func TestPatternSpellsItselfOut(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		pattern       routes.Pattern
		text, regexp  string
		paths         []string
		match, differ []string
	}{
		{
			routes.Pattern{Elements: []routes.Element{{"a"}, {"b/c", "d.e"}}},
			"/a/{b/c,d.e}", "^/a/(b/c|d[.]e)/?$",
			[]string{"/a/b/c", "/a/d.e"},
			[]string{"/a/b/c", "/a/b/c/", "/a/d.e"},
			[]string{"/a", "/a/b", "/a/b/c/d", "/a/dxe", "/a/b/c//", "/A/b/c", "a/b/c", ""},
		},
		{
			routes.Pattern{Elements: []routes.Element{{"a"}, nil}, Kind: routes.Prefix},
			"/a/*/**", "^/a/[^/?]+(/|$)",
			[]string{"/a/*"},
			[]string{"/a/b", "/a/b/", "/a/b/c"},
			[]string{"/a", "/a/", "/a//b", "/b/a"},
		},
		{
			routes.Pattern{Kind: routes.Prefix},
			"/**", "^(/|$)",
			[]string{"/"},
			[]string{"/", "/a", ""},
			[]string{"a"},
		},
		{
			routes.Pattern{},
			"/", "^/?$",
			[]string{"/"},
			[]string{"/", ""},
			[]string{"/a", "//"},
		},
		{
			routes.Pattern{Kind: routes.DotSegments},
			"/**/{.,..}/**", "^[^?]*(/|%2[fF])([.]|%2[eE])([.]|%2[eE])?(/|%2[fF]|$)",
			nil,
			[]string{"/.", "/../a", "/a/%2e", "/a%2f.", "/a/.%2E%2Fb", "/../", "/a/./"},
			[]string{"/", "/a", "/...", "/.a", "/a.", "/a..b", "/%2", "/%2e%2e%2e", "/%25.", "."},
		},
	} {
		t.Run(test.text, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, test.text, test.pattern.String())
			require.Equal(t, test.regexp, test.pattern.Regexp())
			require.Equal(t, test.paths, test.pattern.Paths())
			compiled := regexp.MustCompile(test.regexp)
			for _, path := range test.match {
				require.True(t, test.pattern.Match(path), path)
				require.True(t, compiled.MatchString(path), path)
			}
			for _, path := range test.differ {
				require.False(t, test.pattern.Match(path), path)
				require.False(t, compiled.MatchString(path), path)
			}
		})
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	require.Equal(t, "denied MAS Synapse", fmt.Sprint(routes.Denied, " ", routes.MAS, " ", routes.Synapse))
	require.Equal(t, "client API account", fmt.Sprint(routes.ClientAPI, " ", routes.Account))
}

func BenchmarkRoute(b *testing.B) {
	table := table(b, routes.Options{Site: site()})
	b.ReportAllocs()
	for b.Loop() {
		table.Route("GET", "/_matrix/client/v3/rooms/!room:example.com/messages?limit=10")
	}
}
