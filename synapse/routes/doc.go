// Package routes says which request at the public edge of a homeserver goes to
// Matrix Authentication Service (MAS), which to Synapse, and which to nobody, and
// writes that down for the proxies and Kubernetes objects that people use.
//
//	options := routes.Options{Site: site}
//	config, problems := routes.NGINX(options)
//	if err := problems.Err(); err != nil {
//		return err
//	}
//
// [Options.Table] gives the decisions as data, and [Table.Route] is the reference:
// what every rendered configuration does with a request.
//
// # Which form of a path decides
//
// The path as it was sent, byte by byte, without the query string: nothing is
// decoded, no slashes are merged, case matters. MAS and Synapse read the path in the
// same way, so that they see the one that was judged: /_matrix/client/v3/%6cogin
// is no login to any of them. Proxies that by habit match a decoded and cleaned
// path while they pass the original on (nginx, Caddy) are told to match what was
// sent. Paths with elements . and .. (also as %2e) are denied, because a router
// between this edge and Synapse's workers might resolve them.
//
// Synapse is served by an allow-list: /_matrix/ and /_synapse/client/. A list of what
// is forbidden would leak, because Synapse takes /_synapse/%6das for /_synapse/mas.
// That and /_synapse/admin are closed unless opened, and so is what a later release adds.
//
// # Errors
//
// Functions that take [Options] return [maskit.Problems] with everything that is
// wrong. There is no output if one of them is an error.
//
// # What it does not do
//
// It starts and reloads no proxy and gets no certificates. It adds no CORS headers:
// MAS and Synapse send their own, and browsers refuse doubled ones. It opens no second
// port that redirects from http to https (Caddy does so by itself), and none for
// federation: other servers come in by the port of Site.ClientAPIURL, which they find
// by the document of [github.com/maskit-dev/maskit/synapse/routes/wellknown.Server].
// Those that follow an SRV record instead ask for the server name, which the client API
// host is not in general; they get 421.
package routes
