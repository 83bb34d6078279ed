package probe_test

import (
	"context"
	"crypto/x509"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/synapse/probe"
)

// Faults on the way from the client to Synapse and MAS.
func TestFindingsOnTheWay(t *testing.T) {
	t.Parallel()
	requireFindings(t, map[string]seeded{
		"nothing": {change: func(*world) {}},

		// Nobody answers.
		"no DNS record": {
			change: func(w *world) { w.dial["matrix.example.com:443"] = notFound },
			want:   []string{"dns at DNS"},
		},
		"no DNS record of the server name": {
			change: func(w *world) { w.dial["example.com:443"] = notFound },
			want:   []string{"dns at DNS"},
		},
		"the resolver does not answer": {
			change: func(w *world) {
				for _, name := range []string{"matrix.example.com:443", "account.example.com:443", "example.com:443"} {
					w.dial[name] = func(context.Context, string, string) (net.Conn, error) {
						return nil, &net.DNSError{Err: "server misbehaving", Name: name, IsTemporary: true}
					}
				}
			},
			want: []string{"resolver at DNS"},
		},
		"a private authority": {
			change: func(w *world) {
				w.cfg = func(c *probe.Config) {
					transport, ok := c.HTTPClient.Transport.(*http.Transport)
					require.True(t, ok)
					transport.TLSClientConfig.RootCAs = x509.NewCertPool()
				}
			},
			want: []string{"certificate-authority at client → edge"},
		},
		"the edge is down": {
			change: func(w *world) {
				for _, name := range []string{"matrix.example.com:443", "account.example.com:443", "example.com:443"} {
					w.dial[name] = refused
				}
			},
			want: []string{"refused at client → edge"},
		},
		"the edge resets connections": {
			change: func(w *world) { w.dial["account.example.com:443"] = reset },
			want:   []string{"no-answer at client → edge"},
		},
		"the edge hangs": {
			change: func(w *world) {
				w.matrix = http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
				w.cfg = func(c *probe.Config) { c.RequestTimeout = 100 * time.Millisecond }
			},
			want: []string{"timeout at client → edge"},
		},
		"a certificate for another name": {
			change: func(w *world) { w.site.ClientAPIURL = "https://matrix.example.net/" },
			want:   []string{"certificate at client → edge", "homeserver-mismatch at well-known"},
		},

		// http and https.
		"plain http behind an https address": {
			change: func(w *world) { w.dial["account.example.com:443"] = plain(t) },
			want:   []string{"http-https-mix at client → edge"},
		},
		"redirect to https": {
			change: func(w *world) {
				w.account = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					http.Redirect(w, r, "http://account.example.com"+r.URL.Path, http.StatusMovedPermanently)
				})
			},
			want: []string{"http-https-mix at client → edge"},
		},
		"redirect to a login page": {
			change: func(w *world) { w.matrix = http.RedirectHandler("https://sso.example.com/?next=1", http.StatusFound) },
			want:   []string{"redirect at client → edge"},
		},
		"plain http to MAS's TLS port": {
			change: func(w *world) { w.account = tlsWanted() },
			want:   []string{"http-https-mix at client → edge"},
		},

		// The edge and Synapse.
		"Synapse is down behind its proxy": {
			change: func(w *world) { w.inSynapse = status(502); w.matrix = compatElse(w, status(502)) },
			want:   []string{"synapse-down at Synapse"},
		},
		"the internal address leads to MAS": {
			change: func(w *world) { w.inSynapse = w.mas },
			want:   []string{"not-synapse at MAS → Synapse"},
		},
		"the edge changes the path": {
			change: func(w *world) { w.matrix = http.StripPrefix("/_matrix", w.synapse) },
			want:   []string{"path-prefix at edge → Synapse"},
		},
		"the edge sends everything to MAS": {
			change: func(w *world) { w.matrix = w.mas },
			want:   []string{"route-overmatch at edge → Synapse"},
		},
		"another website": {
			change: func(w *world) { w.matrix = document("<html>welcome</html>") },
			want:   []string{"not-synapse at edge → Synapse"},
		},
		"auth_metadata is blocked": {
			change: func(w *world) { w.matrix = at(metadataPath, status(403), goodMatrix(w)) },
			want:   []string{"route-blocked at edge → Synapse"},
		},
		"auth_metadata is sent to MAS": {
			change: func(w *world) { w.matrix = at(metadataPath, w.mas, goodMatrix(w)) },
			want:   []string{"route-overmatch at edge → Synapse"},
		},

		"the edge limits the rate": {
			change: func(w *world) {
				w.matrix = http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
					if r.URL.Path != versionsPath {
						status(http.StatusTooManyRequests)(rw, r)
						return
					}
					w.goodMatrix(rw, r)
				})
			},
			want: []string{"rate-limited at client → edge"},
		},

		// The edge and MAS.
		"the account address leads to Synapse": {
			change: func(w *world) { w.account = w.synapse },
			want:   []string{"not-mas at edge → MAS"},
		},
		"the edge looks for MAS in the wrong place": {
			change: func(w *world) { w.account = status(502) },
			want:   []string{"edge-upstream at edge → MAS"},
		},
		"compat routes lead nowhere": {
			change: func(w *world) { w.matrix = elseCompat(w, status(504)) },
			want:   []string{"edge-upstream at edge → MAS"},
		},
		"compat routes for v3 alone": {
			change: func(w *world) {
				w.matrix = prefixes(w, "/_matrix/client/r0/", "/_matrix/client/unstable/log", "/_matrix/client/unstable/ref")
			},
			want: []string{"compat-route-missing at edge → MAS"},
		},
		"compat routes without unstable": {
			change: func(w *world) { w.matrix = prefixes(w, "/_matrix/client/unstable/log", "/_matrix/client/unstable/ref") },
			want:   []string{"compat-route-missing at edge → MAS"},
		},
		"OPTIONS is refused": {
			change: func(w *world) {
				w.matrix = http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
					if r.Method == http.MethodOptions {
						status(405)(rw, r)
						return
					}
					w.goodMatrix(rw, r)
				})
			},
			want: []string{"cors-preflight at edge → MAS"},
		},
	})
}
