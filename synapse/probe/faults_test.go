package probe_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas/mastest"
	"github.com/maskit-dev/maskit/synapse/probe"
)

const (
	metadataPath = "/_matrix/client/v1/auth_metadata"
	versionsPath = "/_matrix/client/versions"
	whoamiPath   = "/_matrix/client/v3/account/whoami"
)

// seeded is one change to a world that is right, and exactly the findings that
// follow from it, as seen from inside.
type seeded struct {
	change func(*world)
	want   []string
}

func requireFindings(t *testing.T, cases map[string]seeded) {
	t.Helper()
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			test.change(w)
			require.Equal(t, test.want, findings(run(t, w.config(t))))
		})
	}
}

func goodMatrix(w *world) http.Handler { return http.HandlerFunc(w.goodMatrix) }

// Faults of Synapse, MAS and what they publish.
func TestFindings(t *testing.T) {
	t.Parallel()
	requireFindings(t, map[string]seeded{
		// MAS itself.
		"MAS is down": {
			change: func(w *world) {
				w.site.MASURL, w.account, w.matrix, w.synapse.whoami = "http://127.0.0.1:1/", status(502), elseCompat(w, status(502)), "unable"
			},
			want: []string{"mas-down at MAS"},
		},
		"the internal address of MAS is wrong": {
			change: func(w *world) {
				w.site.MASURL, w.synapse.whoami, w.synapse.issuer = "http://127.0.0.1:1/", "unable", ""
			},
			want: []string{"refused at Synapse → MAS"},
		},
		"the internal address of MAS leads to a proxy": {
			change: func(w *world) { w.inMAS = status(503); w.synapse.whoami = "unable" },
			want:   []string{"not-mas at Synapse → MAS"},
		},
		"the internal address of MAS leads to Synapse": {
			change: func(w *world) { w.inMAS = w.synapse },
			want:   []string{"not-mas at input of the probe"},
		},
		"the internal address of MAS lacks the prefix": {
			change: func(w *world) { w.inMAS = below("/auth", w.mas) },
			want:   []string{"path-prefix at input of the probe"},
		},
		"the internal address of MAS lacks the prefix for Synapse too": {
			change: func(w *world) {
				w.inMAS, w.synapse.whoami, w.synapse.issuer = below("/auth", w.mas), "unable", ""
			},
			want: []string{"path-prefix at Synapse → MAS"},
		},
		"the internal address of Synapse redirects": {
			change: func(w *world) { w.inSynapse = http.RedirectHandler("https://matrix.example.com/", http.StatusFound) },
			want:   []string{"redirect at MAS → Synapse"},
		},
		"Cloudflare does not reach MAS": {
			change: func(w *world) { w.account = status(522) },
			want:   []string{"edge-upstream at edge → MAS"},
		},
		"a firewall before Synapse": {
			change: func(w *world) { w.matrix = status(403) },
			want:   []string{"not-synapse at edge → Synapse"},
		},
		"MAS does not mount introspection": {
			change: func(w *world) {
				w.inMAS = at("/oauth2/introspect", at("", nil, http.HandlerFunc(unknownToMAS)), w.mas)
				w.synapse.whoami = "unable"
			},
			want: []string{"introspection-not-mounted at configuration of MAS"},
		},
		"MAS fails to introspect": {
			change: func(w *world) { w.inMAS = at("/oauth2/introspect", status(500), w.mas); w.synapse.whoami = "unable" },
			want:   []string{"introspection-odd at Synapse → MAS"},
		},

		// Issuer and metadata.
		"another issuer": {
			change: func(w *world) { w.announce(t, "https://mas.example.net/") },
			want:   []string{"issuer-mismatch at configuration of MAS"},
		},
		"an issuer with a port": {
			change: func(w *world) { w.announce(t, "https://account.example.com:8443/") },
			want:   []string{"issuer-port at configuration of MAS"},
		},
		"an issuer below a path": {
			change: func(w *world) { w.announce(t, "https://account.example.com/auth/") },
			want:   []string{"path-prefix at configuration of MAS"},
		},
		"an issuer by http": {
			change: func(w *world) { w.announce(t, "http://account.example.com/") },
			want:   []string{"http-https-mix at configuration of MAS"},
		},
		"an unspecified issuer": {
			change: func(w *world) { w.announce(t, "http://0.0.0.0:8080/") },
			want:   []string{"issuer-unspecified at configuration of MAS"},
		},
		"an issuer that is no URL": {
			change: func(w *world) { w.mas = changed(w.mas, `"issuer":"`+issuer, `"issuer":"http://[`) },
			want:   []string{"issuer-mismatch at configuration of MAS"},
		},
		"endpoints elsewhere": {
			change: func(w *world) {
				w.mas = changed(w.mas, `"token_endpoint":"https://account.example.com/`, `"token_endpoint":"https://account.example.com:8080/`)
			},
			want: []string{"endpoints-elsewhere at configuration of MAS"},
		},
		"Synapse remembers an older issuer": {
			change: func(w *world) { w.synapse.issuer = "https://old.example.com/" },
			want:   []string{"stale-metadata at configuration of Synapse"},
		},
		"a cache remembers an older issuer": {
			change: func(w *world) {
				old := w.synapse
				old.issuer = "https://old.example.com/"
				w.matrix = at(metadataPath, header(old, "Age", "1234"), goodMatrix(w))
			},
			want: []string{"stale-cache at client → edge"},
		},
		"a cache answers": {
			change: func(w *world) { w.matrix = at(metadataPath, header(w.synapse, "Age", "1234"), goodMatrix(w)) },
			want:   []string{"cached at client → edge"},
		},
		"a CDN answers": {
			change: func(w *world) {
				w.matrix = at(versionsPath, header(w.synapse, "CF-Cache-Status", "HIT"), goodMatrix(w))
			},
			want: []string{"cached at client → edge"},
		},
		"a CDN passes on": {
			change: func(w *world) {
				w.matrix = at(versionsPath, header(w.synapse, "CF-Cache-Status", "MISS"), goodMatrix(w))
			},
		},

		// Delegation, secret, introspection.
		"Synapse does not delegate": {
			change: func(w *world) { w.synapse.legacy = true },
			want:   []string{"not-delegated at configuration of Synapse"},
		},
		"one Synapse process does not delegate": {
			change: func(w *world) {
				old := w.synapse
				old.legacy = true
				w.inSynapse = old
			},
			want: []string{"not-delegated at configuration of Synapse"},
		},
		"a worker does not delegate": {
			change: func(w *world) {
				old := w.synapse
				old.legacy = true
				w.matrix = at(whoamiPath, old, goodMatrix(w))
			},
			want: []string{"not-delegated at configuration of Synapse"},
		},
		"a worker does not delegate, and no route leads to MAS": {
			change: func(w *world) {
				old := w.synapse
				old.legacy = true
				w.matrix, w.inSynapse = elseCompat(w, w.synapse), old
			},
			want: []string{"not-delegated at configuration of Synapse", "compat-route-missing at edge → MAS"},
		},
		"a worker cannot ask MAS": {
			change: func(w *world) {
				unable := w.synapse
				unable.whoami = "unable"
				w.matrix = at(whoamiPath, unable, goodMatrix(w))
			},
			want: []string{"processes-differ at Synapse → MAS"},
		},
		"a worker never reached MAS": {
			change: func(w *world) {
				lost := w.synapse
				lost.issuer, lost.whoami = "", "unable"
				w.matrix = at(whoamiPath, lost, at(metadataPath, lost, goodMatrix(w)))
			},
			want: []string{"processes-differ at Synapse → MAS"},
		},
		"a worker remembers an older issuer": {
			change: func(w *world) {
				old := w.synapse
				old.issuer = "https://old.example.com/"
				w.inSynapse = old
			},
			want: []string{"stale-metadata at configuration of Synapse"},
		},
		"a proxy before Synapse takes the header, without the secret": {
			change: func(w *world) {
				w.inSynapse = without("Authorization", w.synapse)
				w.cfg = func(c *probe.Config) { c.Secret = maskit.Secret{} }
			},
			want: []string{"authorization-stripped at MAS → Synapse"},
		},
		"Synapse has another secret": {
			change: func(w *world) { w.synapse.secret, w.synapse.whoami = maskit.NewSecret("other"), "unable" },
			want:   []string{"secret-mismatch at configuration of Synapse"},
		},
		"MAS has another secret": {
			change: func(w *world) {
				w.mas = newMAS(t, func(c *mastest.Config) { c.SharedSecret = maskit.NewSecret("other") })
				w.synapse.whoami = "unable"
			},
			want: []string{"secret-mismatch at configuration of MAS"},
		},
		"three different secrets": {
			change: func(w *world) {
				w.secret, w.synapse.secret, w.synapse.whoami = maskit.NewSecret("third"), maskit.NewSecret("other"), "unable"
			},
			want: []string{"secret-not-theirs at input of the probe"},
		},
		"another secret given": {
			change: func(w *world) { w.secret = maskit.NewSecret("other") },
			want:   []string{"secret-not-theirs at input of the probe"},
		},
		"another secret given, without Synapse": {
			change: func(w *world) {
				w.secret = maskit.NewSecret("other")
				w.cfg = func(c *probe.Config) { c.Site.SynapseURL = "" }
			},
			want: []string{"secret-not-theirs at input of the probe"},
		},
		"a secret with a blank": {
			change: func(w *world) {
				w.secret = maskit.NewSecret("two words")
				w.mas = newMAS(t, func(c *mastest.Config) { c.SharedSecret = w.secret })
			},
			want: []string{"secret-blank at configuration of MAS"},
		},
		"a secret with a newline": {
			change: func(w *world) { w.secret = maskit.NewSecret("correct-horse\n") },
			want:   []string{"secret-blank at configuration of MAS"},
		},
		"a proxy before Synapse takes the header": {
			change: func(w *world) { w.inSynapse = without("Authorization", w.synapse) },
			want:   []string{"authorization-stripped at MAS → Synapse"},
		},
		"a proxy before MAS takes the header": {
			change: func(w *world) { w.inMAS = without("Authorization", w.mas); w.synapse.whoami = "unable" },
			want:   []string{"authorization-stripped at Synapse → MAS"},
		},
		"a proxy before Synapse blocks the API for MAS": {
			change: func(w *world) { w.inSynapse = at("/_synapse/mas/is_localpart_available", status(404), w.synapse) },
			want:   []string{"mas-api-blocked at MAS → Synapse"},
		},
		"Synapse's endpoint is wrong": {
			change: func(w *world) { w.synapse.whoami, w.synapse.issuer = "unable", "" },
			want:   []string{"endpoint-wrong at Synapse → MAS"},
		},
		"Synapse lost the way to MAS": {
			change: func(w *world) { w.synapse.whoami = "unable" },
			want:   []string{"introspection-fails at Synapse → MAS"},
		},

		// What should be private.
		"a deny-list at the edge is evaded": {
			change: func(w *world) {
				w.matrix = http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
					if strings.HasPrefix(r.URL.EscapedPath(), "/_synapse/%6das/") {
						w.synapse.ServeHTTP(rw, r)
						return
					}
					w.goodMatrix(rw, r)
				})
			},
			want: []string{"mas-api-public at client → edge"},
		},
		"the edge denies in the form of Matrix": {
			change: func(w *world) {
				denied := rewritten(document(`{"errcode":"M_FORBIDDEN","error":"no"}`), func(r *httptest.ResponseRecorder, _ *http.Request) { r.Code = http.StatusForbidden })
				w.matrix = compatElse(w, http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
					if strings.HasPrefix(r.URL.Path, "/_synapse/") {
						denied.ServeHTTP(rw, r)
						return
					}
					w.synapse.ServeHTTP(rw, r)
				}))
			},
		},
		"Synapse knows no path with a doubled slash": {
			change: func(w *world) { w.matrix = at("/_synapse//mas/is_localpart_available", w.synapse, goodMatrix(w)) },
		},
		"a worker is down": {
			change: func(w *world) {
				w.matrix = at("/_matrix/client/v3/user/@maskit:probe/account_data/login", status(502), goodMatrix(w))
			},
			want: []string{"edge-upstream at edge → Synapse"},
		},
		"a worker breaks off": {
			change: func(w *world) { w.matrix = at(whoamiPath, crashed(), goodMatrix(w)) },
			want:   []string{"no-answer at client → edge"},
		},
		"registration is denied at the edge": {
			change: func(w *world) { w.matrix = at("/_matrix/client/v3/register", status(403), goodMatrix(w)) },
			want:   []string{"route-blocked at edge → Synapse"},
		},
		"the admin API is public": {
			change: func(w *world) { w.matrix = at("/_synapse/admin/v1/server_version", w.synapse, goodMatrix(w)) },
			want:   []string{"admin-api-public at client → edge"},
		},

		// Well-known documents.
		"no client document": {
			change: func(w *world) { w.name = at("/.well-known/matrix/client", status(404), http.HandlerFunc(goodName)) },
			want:   []string{"well-known-missing at well-known"},
		},
		"a website answers in its place": {
			change: func(w *world) {
				w.name = at("/.well-known/matrix/client", document("<html>"), http.HandlerFunc(goodName))
			},
			want: []string{"not-json at well-known"},
		},
		"another homeserver": {
			change: func(w *world) {
				w.name = at("/.well-known/matrix/client", document(`{"m.homeserver":{"base_url":"https://old.example.com"}}`), http.HandlerFunc(goodName))
			},
			want: []string{"homeserver-mismatch at well-known"},
		},
		"homeserver by http": {
			change: func(w *world) {
				w.name = at("/.well-known/matrix/client", document(`{"m.homeserver":{"base_url":"http://matrix.example.com"}}`), http.HandlerFunc(goodName))
			},
			want: []string{"http-https-mix at well-known"},
		},
		"documents by redirect": {
			change: func(w *world) {
				w.name = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if r.Host == "example.com" {
						http.Redirect(w, r, "https://www.example.com"+r.URL.Path, http.StatusFound)
						return
					}
					goodName(w, r)
				})
			},
		},
		"documents by redirect to http": {
			change: func(w *world) {
				w.name = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					http.Redirect(w, r, "http://www.example.com"+r.URL.Path, http.StatusFound)
				})
			},
			want: []string{"http-https-mix at well-known", "http-https-mix at well-known"},
		},
		"homeserver with its port": {
			change: func(w *world) {
				w.name = at("/.well-known/matrix/client", document(`{"m.homeserver":{"base_url":"https://Matrix.example.com:443"}}`), http.HandlerFunc(goodName))
			},
		},
		"an issuer that nobody can compare": {
			change: func(w *world) {
				w.synapse.legacy = true
				w.name = at("/.well-known/matrix/client", document(`{"m.homeserver":{"base_url":"https://matrix.example.com"},"org.matrix.msc2965.authentication":{"issuer":"https://account.example.com/"}}`), http.HandlerFunc(goodName))
				w.cfg = func(c *probe.Config) { c.Site.AccountURL, c.Site.MASURL = "", "" }
			},
			want: []string{"not-delegated at configuration of Synapse"},
		},
		"a server name with a port": {
			change: func(w *world) {
				w.site.ServerName = "example.com:8448"
				w.name = at("/.well-known/matrix/server", status(404), http.HandlerFunc(goodName))
			},
		},
		"the server document breaks off": {
			change: func(w *world) { w.name = at("/.well-known/matrix/server", crashed(), http.HandlerFunc(goodName)) },
			want:   []string{"no-answer at well-known"},
		},
		"no server document": {
			change: func(w *world) { w.name = at("/.well-known/matrix/server", status(404), http.HandlerFunc(goodName)) },
			want:   []string{"well-known-missing at well-known"},
		},
		"server document with a URL": {
			change: func(w *world) {
				w.name = at("/.well-known/matrix/server", document(`{"m.server":"https://matrix.example.com"}`), http.HandlerFunc(goodName))
			},
			want: []string{"server-invalid at well-known"},
		},

		// Versions.
		"an old Synapse": {
			change: func(w *world) { w.synapse.version = "1.130.0" },
			want:   []string{"synapse-too-old at configuration of Synapse"},
		},
		"an upgrade under way": {
			change: func(w *world) {
				old := w.synapse
				old.version = "1.150.0"
				w.inSynapse = old
			},
			want: []string{"versions-differ at configuration of Synapse"},
		},
	})
}
