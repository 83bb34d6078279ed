package probe_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/mas/mastest"
	"github.com/maskit-dev/maskit/synapse/probe"
)

// A stack with the oldest Synapse that is supported has no finding either;
// TestLiveRealMAS shows it for the current one.
func TestLiveOldestSynapse(t *testing.T) {
	t.Parallel()
	d := deploy(t, live.SynapseFloor, newMAS(t), nil)
	requireGood(t, d, d.rendered(t), live.SynapseFloor)
}

// requireGood: a good stack has no finding, seen from inside with the secret, and
// from outside, where what cannot be seen is skipped.
func requireGood(t *testing.T, d deployment, client *http.Client, version live.SynapseVersion) {
	t.Helper()
	report := run(t, probe.Config{Site: d.site(), Secret: secret(), HTTPClient: client})
	require.Empty(t, report.Problems)
	require.True(t, report.Delegated)
	require.Equal(t, string(version), report.SynapseVersion.String())
	require.Equal(t, issuer, report.Issuer)
	for _, r := range report.Routes {
		require.Equal(t, r.Want, r.Got, "%s %s", r.Method, r.Path)
	}

	report = run(t, probe.Config{Site: outside(d.site()), HTTPClient: client})
	require.Empty(t, findings(report))
	var skipped []string
	for _, c := range report.Checks {
		if c.Status == probe.StatusSkipped {
			skipped = append(skipped, c.Name)
		}
	}
	require.Equal(t, []string{"synapse", "mas", "synapse-secret", "mas-secret"}, skipped)
}

// switchable is a MAS that can be exchanged while Synapse runs.
type switchable struct{ current atomic.Pointer[http.Handler] }

func (s *switchable) set(h http.Handler) { s.current.Store(&h) }

func (s *switchable) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	(*s.current.Load()).ServeHTTP(w, r)
}

// crashed drops every connection, as a MAS does that has died.
func crashed() http.Handler {
	return http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
}

// deploy starts a MAS and a Synapse that delegates to it. The endpoint may be
// made wrong on purpose.
func deploy(t *testing.T, version live.SynapseVersion, mas http.Handler, endpoint func(url string) string) deployment {
	t.Helper()
	server := httptest.NewServer(mas)
	t.Cleanup(server.Close)
	to := server.URL
	if endpoint != nil {
		to = endpoint(to)
	}
	synapse := startSynapse(t, version, to)
	return deployment{
		synapse: strings.TrimPrefix(synapse.URL, "http://"), mas: strings.TrimPrefix(server.URL, "http://"), certificate: newCertificate(t),
	}
}

// outside are the addresses that everybody knows.
func outside(site maskit.Site) maskit.Site {
	site.SynapseURL, site.MASURL = "", ""
	return site
}

// findings are the errors and warnings, each as its code and its hop.
func findings(report probe.Report) []string {
	var list []string
	for _, p := range report.Problems {
		if p.Severity == maskit.SeverityError || p.Severity == maskit.SeverityWarning {
			hop, _, _ := strings.Cut(p.Message, ": ")
			list = append(list, p.Code+" at "+hop)
		}
	}
	return list
}

// fault is one thing that is wrong in a deployment that is right otherwise.
type fault struct {
	edge   []string     // texts of the good nginx configuration, and what stands in their place
	mas    http.Handler // in place of the good MAS; Synapse was started with the good one
	secret maskit.Secret
	// inside is the finding with all addresses and the secret, outside with the
	// public addresses alone. Exactly one each; an empty one means that it cannot be seen.
	inside, outside string
}

func (f fault) require(t *testing.T, d deployment) {
	t.Helper()
	client := d.edge(t, f.edge...)
	key := f.secret
	if key.IsZero() {
		key = secret()
	}
	require.Equal(t, one(f.inside), findings(run(t, probe.Config{Site: d.site(), Secret: key, HTTPClient: client})), "inside")
	require.Equal(t, one(f.outside), findings(run(t, probe.Config{Site: outside(d.site()), HTTPClient: client})), "outside")
}

func one(finding string) []string {
	if finding == "" {
		return nil
	}
	return []string{finding}
}

// Each fault in front of one real Synapse gives one finding, which names the hop.
func TestLiveFaults(t *testing.T) {
	t.Parallel()
	const (
		toMAS     = "proxy_pass http://MAS"
		toSynapse = "proxy_pass http://SYNAPSE"
		compat    = "(login(/sso/redirect(/[^/]*)?)?|logout(/all)?|refresh)/?$"
		client    = `location = /.well-known/matrix/client { JSON return 200 '{"m.homeserver":{"base_url":"https://matrix.example.com"}}'; }`
	)
	closed := fmt.Sprintf("127.0.0.1:%d", live.FreePort(t))
	other := maskit.NewSecret("another-secret")
	otherMAS := newMAS(t, func(c *mastest.Config) { c.SharedSecret = other })
	faults := []struct {
		name string
		fault
	}{
		{"well-known missing", fault{
			edge:   []string{client, ""},
			inside: "well-known-missing at well-known", outside: "well-known-missing at well-known",
		}},
		{"compat route missing: all", fault{
			edge:   []string{compat, "nothing$"},
			inside: "compat-route-missing at edge → MAS", outside: "compat-route-missing at edge → MAS",
		}},
		{"compat route missing: refresh", fault{
			edge:   []string{"|refresh)", ")"},
			inside: "compat-route-missing at edge → MAS", outside: "compat-route-missing at edge → MAS",
		}},
		{"compat routes too wide", fault{
			edge:   []string{"(api/v1|r0|v3|unstable)/" + compat, "(.*)/(login|logout|refresh)"},
			inside: "route-overmatch at edge → Synapse", outside: "route-overmatch at edge → Synapse",
		}},
		{"Authorization stripped before Synapse", fault{
			edge:   []string{toSynapse + ";", toSynapse + `; proxy_set_header Authorization "";`},
			inside: "authorization-stripped at edge → Synapse", outside: "authorization-stripped at edge → Synapse",
		}},
		{"Authorization stripped before MAS", fault{
			edge:   []string{toMAS + ";", toMAS + `; proxy_set_header Authorization "";`},
			inside: "authorization-stripped at edge → MAS", outside: "authorization-stripped at edge → MAS",
		}},
		{"wrong port of MAS", fault{
			edge:   []string{toMAS, "proxy_pass http://" + closed},
			inside: "edge-upstream at edge → MAS", outside: "edge-upstream at edge → MAS",
		}},
		{"wrong port of MAS for the compat routes", fault{
			edge:   []string{compat + " {\n        " + toMAS, compat + " {\n        proxy_pass http://" + closed},
			inside: "edge-upstream at edge → MAS", outside: "edge-upstream at edge → MAS",
		}},
		{"wrong port of Synapse", fault{
			edge:   []string{toSynapse, "proxy_pass http://" + closed},
			inside: "edge-upstream at edge → Synapse", outside: "edge-upstream at edge → Synapse",
		}},
		{"http-https mix: the edge speaks https to MAS", fault{
			edge:   []string{toMAS, "proxy_pass https://MAS"},
			inside: "edge-upstream at edge → MAS", outside: "edge-upstream at edge → MAS",
		}},
		{"http-https mix: the well-known says http", fault{
			edge:   []string{`"https://matrix.example.com"`, `"http://matrix.example.com"`},
			inside: "http-https-mix at well-known", outside: "http-https-mix at well-known",
		}},
		{"http-https mix: MAS calls itself http", fault{
			mas:    newMAS(t, func(c *mastest.Config) { c.Issuer = "http://account.example.com/" }),
			inside: "http-https-mix at configuration of MAS", outside: "http-https-mix at configuration of MAS",
		}},
		{"wrong secret in MAS", fault{
			mas:    otherMAS,
			inside: "secret-mismatch at configuration of MAS", outside: "introspection-fails at Synapse → MAS",
		}},
		{"wrong secret in Synapse", fault{
			mas: otherMAS, secret: other,
			inside: "secret-mismatch at configuration of Synapse", outside: "introspection-fails at Synapse → MAS",
		}},
		{"wrong secret in the probe", fault{
			secret: other,
			inside: "secret-not-theirs at input of the probe",
		}},
		{"MAS down", fault{
			mas:    crashed(),
			inside: "mas-down at MAS", outside: "mas-down at MAS",
		}},
		{"synapse-mas API public", fault{
			edge:   []string{"(_matrix|_synapse/client)", "(_matrix|_synapse)"},
			inside: "mas-api-public at client → edge", outside: "mas-api-public at client → edge",
		}},
		{"synapse-admin API public", fault{
			edge:   []string{"(_matrix|_synapse/client)", "(_matrix|_synapse/client|_synapse/admin)"},
			inside: "admin-api-public at client → edge", outside: "admin-api-public at client → edge",
		}},
		{"CORS doubled", fault{
			edge:   []string{toMAS + ";", toMAS + "; add_header Access-Control-Allow-Origin * always;"},
			inside: "cors-doubled at edge → MAS", outside: "cors-doubled at edge → MAS",
		}},
		{"CORS removed", fault{
			edge:   []string{toSynapse + ";", toSynapse + "; proxy_hide_header Access-Control-Allow-Origin;"},
			inside: "cors-missing at edge → Synapse", outside: "cors-missing at edge → Synapse",
		}},
		{"no host of MAS", fault{
			edge:   []string{"server_name account.example.com", "server_name accounts.example.com"},
			inside: "not-mas at edge → MAS", outside: "not-mas at edge → MAS",
		}},
	}
	good := newMAS(t)
	mas := &switchable{}
	mas.set(good)
	d := deploy(t, live.SynapseCurrent, mas, nil)
	require.Empty(t, findings(run(t, probe.Config{Site: d.site(), Secret: secret(), HTTPClient: d.edge(t)})))
	for _, f := range faults {
		t.Run(f.name, func(t *testing.T) { //nolint:paralleltest // they share a MAS
			if f.mas != nil {
				mas.set(f.mas)
				defer mas.set(good)
			}
			f.require(t, d)
		})
	}
}

// What Synapse keeps for as long as it runs takes a Synapse of its own.
func TestLiveFaultsFromStart(t *testing.T) {
	t.Parallel()
	slashless := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		recorder := httptest.NewRecorder()
		newMAS(t).ServeHTTP(recorder, r)
		for name, values := range recorder.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(recorder.Code)
		_, _ = w.Write([]byte(strings.Replace(recorder.Body.String(), `"issuer":"`+issuer+`"`, `"issuer":"`+strings.TrimSuffix(issuer, "/")+`"`, 1)))
	})
	for name, test := range map[string]struct {
		mas      http.Handler
		endpoint func(string) string
		fault
	}{
		"wrong issuer slash": {
			mas:   slashless,
			fault: fault{inside: "issuer-slash at configuration of MAS", outside: "issuer-slash at configuration of MAS"},
		},
		"[::] issuer": {
			mas:   newMAS(t, func(c *mastest.Config) { c.Issuer = "http://[::]:8080/" }),
			fault: fault{inside: "issuer-unspecified at configuration of MAS", outside: "issuer-unspecified at configuration of MAS"},
		},
		"wrong internal URL": {
			mas:      newMAS(t),
			endpoint: func(string) string { return fmt.Sprintf("http://127.0.0.1:%d/", live.FreePort(t)) },
			fault:    fault{inside: "endpoint-wrong at Synapse → MAS", outside: "endpoint-wrong at Synapse → MAS"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.require(t, deploy(t, live.SynapseCurrent, test.mas, test.endpoint))
		})
	}
}

// below mounts a MAS under a path, as http.listeners[].prefix does.
func below(prefix string, mas http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path, ok := strings.CutPrefix(r.URL.Path, prefix)
		if !ok || !strings.HasPrefix(path, "/") {
			path = "/not/mounted" + r.URL.Path
		}
		inner := r.Clone(r.Context())
		inner.URL.Path = path
		mas.ServeHTTP(w, inner)
	})
}

// MAS stands below a path, and the edge loses it.
func TestLivePathPrefixLost(t *testing.T) {
	t.Parallel()
	const account = "https://account.example.com/auth/"
	mas := below("/auth", newMAS(t, func(c *mastest.Config) { c.Issuer = account }))
	d := deploy(t, live.SynapseCurrent, mas, func(url string) string { return url + "/auth/" })
	d.account, d.prefix = account, "/auth/"
	const toCompat = "logout(/all)?|refresh)/?$ {\n        proxy_pass http://MAS"
	good := []string{toCompat, "logout(/all)?|refresh)/?$ {\n        rewrite ^(.*)$ /auth$1 break; proxy_pass http://MAS"}
	for _, test := range []struct {
		name string
		fault
	}{
		{"good", fault{edge: good}},
		{"path prefix lost on the way to MAS", fault{
			edge:   append([]string{"location / { proxy_pass http://MAS;", "location /auth/ { proxy_pass http://MAS/;"}, good...),
			inside: "path-prefix at edge → MAS", outside: "path-prefix at edge → MAS",
		}},
		{"path prefix not added for the compat routes", fault{
			inside: "path-prefix at edge → MAS", outside: "path-prefix at edge → MAS",
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			test.require(t, d)
		})
	}
}
