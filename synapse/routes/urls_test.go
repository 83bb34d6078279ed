package routes_test

import (
	"strings"

	"github.com/maskit-dev/maskit/synapse/routes"
)

// urlCase is a request target and who must answer it on the client API host, be the
// configuration the usual one.
type urlCase struct {
	Name, Target string
	Want         routes.Backend
}

// usualCases are what clients send, and what looks like it.
func usualCases() []urlCase {
	var cases []urlCase
	add := func(want routes.Backend, targets ...string) {
		for _, target := range targets {
			if !strings.HasPrefix(target, "/") {
				target = "/_matrix/client/" + target
			}
			cases = append(cases, urlCase{target, target, want})
		}
	}
	add(routes.MAS, "v3/login", "r0/login", "api/v1/login", "unstable/login",
		"v3/login/sso/redirect", "v3/login/sso/redirect/", "v3/login/sso/redirect/oidc-x",
		"v3/logout", "v3/logout/all", "v3/refresh", "r0/logout/all", "api/v1/refresh", "unstable/refresh",
		"v3/login/sso/redirect?redirectUrl=https%3A%2F%2Fapp.example.com%2F%3Fa%3Db%26c",
		"v3/login?", "v3/login?x=/../_synapse/mas", "v3/refresh?a?b", "v3/login/", "v3/logout/all/")
	add(routes.Synapse, "v1/auth_metadata", "unstable/org.matrix.msc2965/auth_metadata", "unstable/org.matrix.msc2965/auth_issuer",
		"v1/login/get_token", "v3/user/@u:hs/account_data/login", "v3/rooms/!r/state/m.x/login", "v3/rooms/!r/state/x/a%2Flogin",
		"v3/loginfoo", "v3/LOGIN", "V3/login", "v3/register", "v3/account/whoami", "versions", "v1/login", "v2/login", "v3/login/cas/ticket",
		"v3/login/sso/redirect/a/b", "v3/login/sso", "v3/logout/allx", "v3/logoutall", "v3/refresh/x", "v3/user/@u:hs/account_data/refresh",
		"v3/rooms/!r/messages?from=login", "v3/sync?filter=%7B%22a%22%3A1%7D&timeout=30000", "api/v1/v3/login", "api/login", "login",
		"v3/directory/room/%23a%3Ahs", "v3/rooms/!r:[::1]/join", "v3/profile/@m.:hs", "v3/user/@u:hs/account_data/...",
		"/_matrix", "/_matrix/", "/_matrix/federation/v1/version", "/_matrix/key/v2/server", "/_matrix/media/v3/upload?filename=a",
		"/_matrix/app/v1/ping", "/_synapse/client/rendezvous", "/_synapse/client/unsubscribe?token=t", "/_synapse/client")
	add(routes.Denied, "/", "/health", "/metrics", "/_synapse/metrics", "/_synapse", "/_synapse/", "/_synapse/jitsi",
		"/_synapse/mas/query_user?localpart=u", "/_synapse/mas", "/_synapse/admin/v1/server_version", "/_synapse/admin/v2/users",
		"/_synapse/clientx", "/_matrixx/client/v3/login", "/_MATRIX/client/v3/login", "/.well-known/matrix/client",
		"/login", "/oauth2/token", "/authorize", "/account/", "/graphql", "/index.html?/_matrix/client/v3/login", "/@maskit/mas", "/@maskit/synapse")
	return cases
}

// oddCases are what only somebody sends who wants to know.
func oddCases() []urlCase {
	long := strings.Repeat("a", 20<<10)
	return []urlCase{
		{"encoded letter", "/_matrix/client/v3/%6cogin", routes.Synapse},
		{"encoded version", "/_matrix/client/%76%33/login", routes.Synapse},
		{"encoded slash before login", "/_matrix/client/v3%2Flogin", routes.Synapse},
		{"encoded slash after login", "/_matrix/client/v3/login%2Fsso", routes.Synapse},
		{"encoded question mark", "/_matrix/client/v3/login%3Fx", routes.Synapse},
		{"encoded mas", "/_synapse/%6das/query_user", routes.Denied},
		{"encoded admin", "/_synapse/%61dmin/v1/server_version", routes.Denied},
		{"encoded slash before mas", "/_synapse%2Fmas/query_user", routes.Denied},
		{"encoded _matrix", "/%5Fmatrix/client/v3/login", routes.Denied},
		{"doubled slash in front", "//_matrix/client/v3/login", routes.Denied},
		{"doubled slash in front of a host", "//evil.example/_matrix/client/v3/login", routes.Denied},
		{"doubled slash inside", "/_matrix/client/v3//login", routes.Synapse},
		{"doubled slash after _matrix", "/_matrix//client/v3/login", routes.Synapse},
		{"doubled slash before mas", "/_synapse//mas/query_user", routes.Denied},
		{"doubled slash at the end", "/_matrix/client/v3/login//", routes.Synapse},
		{"doubled slash before an empty provider", "/_matrix/client/v3/login/sso/redirect//", routes.Synapse},
		{"dots up to login", "/_matrix/client/v3/x/../login", routes.Denied},
		{"dots up to mas", "/_matrix/../_synapse/mas/query_user", routes.Denied},
		{"dots up from client to mas", "/_synapse/client/../mas/query_user", routes.Denied},
		{"dots up from mas", "/_synapse/mas/query_user/../../../_matrix/client/versions", routes.Denied},
		{"dots above the root", "/../../_matrix/client/v3/login", routes.Denied},
		{"encoded dots", "/_matrix/%2e%2E/_synapse/mas/query_user", routes.Denied},
		{"dots before an encoded slash", "/_matrix/..%2f_synapse/mas/query_user", routes.Denied},
		{"dots after an encoded slash", "/_matrix/x%2F../_synapse/mas/query_user", routes.Denied},
		{"mixed dots", "/_matrix/.%2e/_synapse/admin/v1/server_version", routes.Denied},
		{"one dot", "/_matrix/client/v3/./login", routes.Denied},
		{"one dot at the end", "/_matrix/client/v3/login/.", routes.Denied},
		{"two dots at the end", "/_matrix/client/v3/login/..", routes.Denied},
		{"three dots", "/_matrix/client/.../login", routes.Synapse},
		{"dots and a parameter", "/_matrix/..;/_synapse/mas/query_user", routes.Synapse},
		{"doubly encoded dots", "/_matrix/%252e%252e/_synapse/mas", routes.Synapse},
		{"dots in the query", "/_matrix/client/versions?a=/../b", routes.Synapse},
		{"parameter", "/_matrix/client/v3/login;x=1", routes.Synapse},
		{"parameter before", "/_matrix/client;x/v3/login", routes.Synapse},
		{"backslash", `/_matrix/client/v3\login`, routes.Synapse},
		{"backslashes and dots", `/_matrix/..\_synapse\mas`, routes.Synapse},
		{"encoded zero", "/_matrix/client/v3/login%00", routes.Synapse},
		{"encoded line feed", "/_matrix/client/v3/login%0a", routes.Synapse},
		{"encoded line feed in front", "/%0a_matrix/client/v3/login", routes.Denied},
		{"encoded blank", "/_matrix/client/v3/login%20", routes.Synapse},
		{"broken escape", "/_matrix/client/v3/login%zz", routes.Synapse},
		{"cut escape", "/_matrix/client/v3/login%", routes.Synapse},
		{"broken escape in the query", "/_matrix/client/v3/login?a=%zz", routes.MAS},
		{"fragment", "/_matrix/client/v3/login#a", routes.Synapse},
		{"fragment before dots", "/_matrix/client/versions#/../x", routes.Denied},
		{"unescaped characters", "/_matrix/client/v3/rooms/<\"{|}^`>/join", routes.Synapse},
		{"bytes above 127", "/_matrix/client/v3/profile/@\xc3\xa9:hs", routes.Synapse},
		{"invalid UTF-8", "/_matrix/client/v3/profile/@\xff:hs", routes.Synapse},
		{"control character", "/_matrix/client/v3/login\x01", routes.Synapse},
		{"very long path", "/_matrix/client/v3/login/" + long, routes.Synapse},
		{"very long query", "/_matrix/client/v3/login?" + long, routes.MAS},
		{"long query", "/_matrix/client/v3/login?" + long[:6000], routes.MAS},
		{"long denied path", "/_synapse/mas/" + long[:6000], routes.Denied},
	}
}

func allMethods() []string {
	return []string{
		"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS",
		"TRACE", "CONNECT", "PROPFIND", "MKCOL", "FOO", "get",
	}
}

func servedMethod(method string) bool {
	switch method {
	case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS":
		return true
	}
	return false
}
