package probe_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/golden"
	"github.com/maskit-dev/maskit/synapse/probe"
	"github.com/maskit-dev/maskit/synapse/routes"
)

func TestNewRefusesAddressesThatCannotBe(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		site maskit.Site
		want string // empty: accepted
	}{
		"client API alone": {maskit.Site{ClientAPIURL: "https://matrix.example.com/"}, ""},
		"nothing":          {maskit.Site{}, "client_api_url: is missing"},
		"no URL":           {maskit.Site{ClientAPIURL: "matrix.example.com"}, "client_api_url: is not an absolute URL"},
		"password":         {maskit.Site{ClientAPIURL: "https://u:hunter2@matrix.example.com/"}, "client_api_url: contains a user name or password"},
		"account":          {maskit.Site{ClientAPIURL: "https://matrix.example.com/", AccountURL: "https://account.example.com/a"}, "account_url: has a path that does not end in /"},
		"server name":      {maskit.Site{ClientAPIURL: "https://matrix.example.com/", ServerName: "https://example.com"}, "server_name: is a URL"},
	} {
		p, err := probe.New(probe.Config{Site: test.site, Secret: secret()})
		if test.want == "" {
			require.NoError(t, err, name)
			require.NotNil(t, p)
			continue
		}
		require.ErrorContains(t, err, test.want, name)
		require.ErrorIs(t, err, maskit.ErrInvalid)
		require.ErrorContains(t, err, "probe: new probe: ")
		require.NotContains(t, err.Error(), "hunter2")
		require.NotContains(t, err.Error(), secret().Reveal())
	}
}

// What was not given is named, and is no fault.
func TestWhatIsNotGivenIsSkipped(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cfg := w.config(t)
	cfg.Site, cfg.Secret = maskit.Site{ClientAPIURL: cfg.Site.ClientAPIURL}, maskit.Secret{}
	report := run(t, cfg)
	require.NoError(t, report.Problems.Err())
	var skips []string
	for _, p := range report.Problems {
		require.Equal(t, "not-given", p.Code)
		require.Equal(t, maskit.SeveritySkip, p.Severity)
		require.NotEmpty(t, p.Hint)
		skips = append(skips, p.Message)
	}
	slices.Sort(skips)
	require.Equal(t, []string{
		"Secret was not given", "Secret was not given", "Site.AccountURL was not given", "Site.AccountURL was not given",
		"Site.AccountURL was not given", "Site.MASURL was not given", "Site.ServerName was not given", "Site.ServerName was not given",
		"Site.SynapseURL was not given",
	}, skips)
	require.True(t, report.Delegated)
	require.Equal(t, issuer, report.Issuer, "as Synapse relays it")
}

// From outside a MAS that is down cannot always be told from an edge that looks
// for it in the wrong place.
func TestMASUnreachableFromOutside(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		whoami http.Handler
		want   string
	}{
		"Synapse reaches it":     {nil, "edge-upstream at edge → MAS"},
		"Synapse fails too":      {synapseStub{version: "1.163.2", issuer: issuer, whoami: "unable"}, "mas-down at MAS"},
		"Synapse cannot be read": {status(http.StatusTooManyRequests), "mas-unreachable at edge → MAS"},
	} {
		w := newWorld(t)
		w.account = status(http.StatusBadGateway)
		w.matrix = elseCompat(w, status(http.StatusBadGateway))
		if test.whoami != nil {
			w.matrix = at("/_matrix/client/v3/account/whoami", test.whoami, w.matrix)
		}
		cfg := w.config(t)
		cfg.Site, cfg.Secret = outside(cfg.Site), maskit.Secret{}
		require.Contains(t, findings(run(t, cfg)), test.want, name)
	}
}

// recorder notes who was asked what.
type recorder struct {
	mu    sync.Mutex
	lines []string
	auth  map[string][]string // by host kind
}

func (r *recorder) wrap(kind string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		body, _ := io.ReadAll(q.Body)
		q.Body = io.NopCloser(bytes.NewReader(body))
		r.mu.Lock()
		r.lines = append(r.lines, fmt.Sprintf("%-8s %-8s %s", kind, q.Method, q.URL.EscapedPath()))
		r.auth[kind] = append(r.auth[kind], q.Header.Get("Authorization")+string(body))
		r.mu.Unlock()
		next.ServeHTTP(w, q)
	})
}

// The list of questions is part of the contract: none of them does anything, and
// the secret goes inside only.
func TestQuestionsAreHarmless(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := &recorder{auth: map[string][]string{}}
	w.matrix = r.wrap("client", http.HandlerFunc(w.goodMatrix))
	w.account, w.name = r.wrap("account", w.mas), r.wrap("name", http.HandlerFunc(goodName))
	w.inSynapse, w.inMAS = r.wrap("synapse", w.synapse), r.wrap("mas", w.mas)
	require.Empty(t, run(t, w.config(t)).Problems)

	slices.Sort(r.lines)
	golden.Require(t, "testdata/questions.txt", strings.Join(r.lines, "\n")+"\n")
	seen := map[string]bool{}
	for kind, list := range r.auth {
		for _, sent := range list {
			if strings.Contains(sent, secret().Reveal()) {
				require.Contains(t, []string{"synapse", "mas"}, kind)
			}
			if _, token, ok := strings.Cut(sent, "maskit_probe_"); ok {
				require.False(t, seen[token], "each token is sent once")
				seen[token] = true
			}
		}
	}
	require.Len(t, seen, 12, "whoami twice, logout six times, refresh three times, introspection")
}

// Neither the secret nor a token follows a redirect.
func TestRedirectsAreNotFollowedWithTokens(t *testing.T) {
	t.Parallel()
	for _, code := range []int{http.StatusFound, http.StatusTemporaryRedirect, http.StatusPermanentRedirect} {
		var asked atomic.Int32
		elsewhere := start(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
		w := newWorld(t)
		away := http.RedirectHandler(elsewhere, code)
		w.account, w.inSynapse, w.inMAS = away, away, away
		w.matrix = at("/_matrix/client/versions", w.synapse, away)
		require.NotEmpty(t, findings(run(t, w.config(t))))
		require.Zero(t, asked.Load(), code)
	}
}

// The paths that are asked are those of the routing table.
func TestPathsAgreeWithTheRoutingTable(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	report := run(t, w.config(t))
	for _, site := range []maskit.Site{
		{ServerName: "example.com", AccountURL: issuer, ClientAPIURL: "https://matrix.example.com/", SynapseURL: "http://synapse:8008/", MASURL: "http://mas:8080/"},
		{ServerName: "example.com", AccountURL: "https://example.com/auth/", ClientAPIURL: "https://example.com/", SynapseURL: "http://synapse:8008/", MASURL: "http://mas:8080/auth/"},
	} {
		table, problems := routes.Options{Site: site}.Table()
		require.Empty(t, problems)
		for _, r := range report.Routes {
			want := map[probe.Responder]routes.Backend{probe.MAS: routes.MAS, probe.Synapse: routes.Synapse, probe.Other: routes.Denied}[r.Want]
			require.Equal(t, want, table.Route(r.Method, r.Path), "%s %s", r.Method, r.Path)
		}
	}
	require.Len(t, report.Routes, 18+10+4)
}

// A server that sends back what it was sent learns nothing, and shows nothing.
func TestSecretIsNeverShown(t *testing.T) {
	t.Parallel()
	echo := func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			sent := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
			w.Header().Set("Server", "Synapse/"+sent)
			w.Header().Set("Location", "https://example.com/"+secret().Reveal())
			w.Header().Set("Content-Type", "application/json")
			if next == nil {
				w.WriteHeader(http.StatusFound)
			}
			_, _ = fmt.Fprintf(w, `{"issuer":%q,"errcode":"M_%s","error":%q,"m.homeserver":{"base_url":"https://%s"},"m.server":%q,"server_version":"1.0.0%s"}`,
				secret().Reveal(), secret().Reveal(), secret().Reveal(), secret().Reveal(), secret().Reveal(), secret().Reveal())
		})
	}
	for name, next := range map[string]http.Handler{"moved": nil, "answered": http.NotFoundHandler()} {
		w := newWorld(t)
		hostile := echo(next)
		w.matrix, w.account, w.name, w.inSynapse, w.inMAS = hostile, hostile, hostile, hostile, hostile
		var log bytes.Buffer
		w.cfg = func(c *probe.Config) {
			c.Logger = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
		}
		report := run(t, w.config(t))
		data, err := json.Marshal(report)
		require.NoError(t, err)
		text := string(data) + fmt.Sprintf("%+v %#v", report, report) + report.Problems.String() + log.String()
		require.NotContains(t, text, secret().Reveal(), name)
		require.Contains(t, string(data), "[redacted]", name)
		require.NotEmpty(t, log.String())
	}
}

// Text of a hostile server cannot play with the terminal, nor grow without bound.
func TestForeignTextIsPrintable(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.announceRaw("https://\u001b[31mevil\u202e/" + strings.Repeat("x", 100_000))
	report := run(t, w.config(t))
	require.Equal(t, []string{"issuer-mismatch at configuration of MAS"}, findings(report))
	for _, c := range report.Checks {
		require.NotContains(t, c.Detail, "\u001b")
		require.Less(t, len(c.Detail), 2000)
	}
	require.NotContains(t, report.Issuer, "\u001b")
	require.Less(t, len(report.Issuer), 2000)
}

func (w *world) announceRaw(issuer string) {
	encoded, _ := json.Marshal(issuer)
	w.mas = changed(w.mas, `"issuer":"https://account.example.com/"`, `"issuer":`+string(encoded))
	w.synapse.issuer = issuer
}

func TestTimeIsBounded(t *testing.T) {
	t.Parallel()
	hang := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // else the server would not notice that the client is gone
		<-r.Context().Done()
	})
	hanging := func(t *testing.T) probe.Config {
		t.Helper()
		w := newWorld(t)
		w.matrix, w.account, w.name, w.inSynapse, w.inMAS = hang, hang, hang, hang, hang
		return w.config(t)
	}
	t.Run("a run", func(t *testing.T) {
		t.Parallel()
		cfg := hanging(t)
		cfg.Timeout = 300 * time.Millisecond
		start := time.Now()
		report := run(t, cfg)
		require.Less(t, time.Since(start), 3*time.Second)
		require.Equal(t, []string{"timeout at client → edge", "timeout at MAS → Synapse", "timeout at Synapse → MAS"}, findings(report))
	})
	t.Run("a request", func(t *testing.T) {
		t.Parallel()
		cfg := hanging(t)
		cfg.RequestTimeout = 50 * time.Millisecond
		start := time.Now()
		run(t, cfg)
		require.Less(t, time.Since(start), 3*time.Second, "an address that does not answer is not asked again and again")
	})
	t.Run("the caller's context", func(t *testing.T) {
		t.Parallel()
		p, err := probe.New(hanging(t))
		require.NoError(t, err)
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		report, err := p.Run(ctx)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.EqualError(t, err, "probe: run: context deadline exceeded")
		require.Empty(t, report.Checks)
	})
}

// Answers that come broken, late or twice lead to findings, never to a crash.
func TestBrokenAnswers(t *testing.T) {
	t.Parallel()
	for name, h := range map[string]http.HandlerFunc{
		"reset": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"reset in the body": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, `{"versions":[`)
			panic(http.ErrAbortHandler)
		},
		"huge":     func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(bytes.Repeat([]byte("["), 2<<20)) },
		"null":     document("null"),
		"list":     document("[]"),
		"numbers":  document(`{"issuer":1,"errcode":2,"versions":3,"flows":4,"m.homeserver":5,"server":6}`),
		"empty":    func(http.ResponseWriter, *http.Request) {},
		"no UTF-8": document("{\"issuer\":\"\xff\xfe\",\"errcode\":\"M_\xff\"}"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.matrix, w.account, w.name, w.inSynapse, w.inMAS = h, h, h, h, h
			report := run(t, w.config(t))
			require.Error(t, report.Problems.Err())
			require.Len(t, report.Checks, 22)
		})
	}
}

// A passing failure is looked at twice.
func TestOneFailureIsForgiven(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var mu sync.Mutex
	failed := map[string]bool{}
	w.matrix = http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		mu.Lock()
		key := r.Method + r.URL.Path + r.Header.Get("Origin")
		first := !failed[key]
		failed[key] = true
		mu.Unlock()
		if first {
			status(http.StatusBadGateway)(rw, r)
			return
		}
		w.goodMatrix(rw, r)
	})
	require.Empty(t, run(t, w.config(t)).Problems)
}

// What proxies do to headers does not hide who answered.
func TestHeadersRemovedByProxies(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.matrix = rewritten(http.HandlerFunc(w.goodMatrix), func(r *httptest.ResponseRecorder, _ *http.Request) {
		for _, name := range []string{"Server", "Vary", "Access-Control-Expose-Headers"} {
			r.Header().Del(name)
		}
	})
	require.Empty(t, run(t, w.config(t)).Problems)
}
