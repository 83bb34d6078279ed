package keycloak_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/keycloak"
)

// faultyProxy stands in front of a Keycloak and lets each kind of write fail once.
type faultyProxy struct {
	next  http.Handler
	fault func(w http.ResponseWriter, forward func())
	mu    sync.Mutex
	seen  map[string]bool
}

func (p *faultyProxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet || !strings.Contains(r.URL.Path, "/admin/") || !p.first(r) {
		p.next.ServeHTTP(w, r)
		return
	}
	p.fault(w, func() { p.next.ServeHTTP(httptest.NewRecorder(), r) })
}

// first reports whether no such request came before: ids do not count.
func (p *faultyProxy) first(r *http.Request) bool {
	kind := r.Method + regexp.MustCompile(`[0-9a-f-]{36}|/realms/[^/]+`).ReplaceAllString(r.URL.Path, "…")
	p.mu.Lock()
	defer p.mu.Unlock()
	first := !p.seen[kind]
	p.seen[kind] = true
	return first
}

func (p *faultyProxy) reset() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.seen = map[string]bool{}
}

// through is the realm seen through a faulty proxy.
func (l liveRealm) through(t *testing.T, fault func(w http.ResponseWriter, forward func())) (liveRealm, *faultyProxy) {
	t.Helper()
	target, err := url.Parse(l.Server.URL)
	require.NoError(t, err)
	proxy := &faultyProxy{next: httputil.NewSingleHostReverseProxy(target), fault: fault, seen: map[string]bool{}}
	return l.behind(t, proxy), proxy
}

// behind is the realm seen through a proxy.
func (l liveRealm) behind(t *testing.T, proxy http.Handler) liveRealm {
	t.Helper()
	server := httptest.NewServer(proxy)
	t.Cleanup(server.Close)
	p, err := keycloak.New(keycloak.Config{
		AdminURL: server.URL, IssuerURL: l.Server.URL,
		Auth: keycloak.AdminPassword{User: l.Server.AdminUser, Password: maskit.NewSecret(l.Server.AdminPassword)},
	})
	require.NoError(t, err)
	return liveRealm{l.KeycloakRealm, p, l.log}
}

// persist plans and applies until it works, and returns how often it failed.
func (l liveRealm) persist(t *testing.T, spec keycloak.Spec) int {
	t.Helper()
	for failures := range 30 {
		plan := l.plan(t, spec)
		result, err := l.p.Apply(t.Context(), plan)
		if err == nil {
			return failures
		}
		require.NotNil(t, result.Failed)
		require.NotErrorIs(t, err, maskit.ErrDrift)
		require.NotContains(t, err.Error(), spec.Client.Secret.Reveal())
	}
	require.Fail(t, "no progress")
	return 0
}

// Each kind of write fails once, in each way: what was done stays, nothing is there
// twice, nothing foreign changes, and the next try goes on.
func TestLiveEveryWriteFailsOnce(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault func(w http.ResponseWriter, forward func())
		fails bool // else the Provisioner gets over it by itself
		long  bool // like the others for the server; the stub has them too
	}{
		"500":        {func(w http.ResponseWriter, _ func()) { w.WriteHeader(http.StatusInternalServerError) }, true, false},
		"cut after":  {func(w http.ResponseWriter, forward func()) { forward(); cut(w) }, false, false},
		"cut before": {func(w http.ResponseWriter, _ func()) { cut(w) }, true, true},
		"HTML":       {func(w http.ResponseWriter, _ func()) { _, _ = io.WriteString(w, "<html>please log in</html>") }, true, true},
		"401":        {func(w http.ResponseWriter, _ func()) { w.WriteHeader(http.StatusUnauthorized) }, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if c.long {
				longOnly(t)
			}
			l := newName(t)
			spec := full(t, l.Name)
			faulty, proxy := l.through(t, c.fault)
			require.Equal(t, c.fails, faulty.persist(t, spec) > 0)
			l.settled(t, spec)
			client := l.client(t, "matrix")
			require.Len(t, client["protocolMappers"], 1)
			l.drift(t, client)
			proxy.reset()
			faulty.persist(t, spec)
			l.settled(t, spec)
			require.Equal(t, "stays", l.client(t, "matrix")["attributes"].(map[string]any)["foreign"])
		})
	}
}

// drift changes something of each kind by hand.
func (l liveRealm) drift(t *testing.T, client map[string]any) {
	t.Helper()
	at := "/clients/" + client["id"].(string)
	l.Admin(t, "PUT", "", map[string]any{"displayName": "x"}, nil)
	l.Admin(t, "PUT", at, map[string]any{"enabled": false, "webOrigins": []string{}, "attributes": map[string]any{"foreign": "stays"}}, nil)
	mapper := client["protocolMappers"].([]any)[0].(map[string]any)
	mapper["config"] = map[string]any{"claim.name": "x"}
	l.Admin(t, "PUT", at+"/protocol-mappers/models/"+mapper["id"].(string), mapper, nil)
	var scopes []map[string]any
	l.Admin(t, "GET", "/client-scopes", nil, &scopes)
	for _, scope := range scopes {
		if scope["name"] == "basic" {
			l.Admin(t, "DELETE", at+"/default-client-scopes/"+scope["id"].(string), nil, nil)
			l.Admin(t, "PUT", at+"/optional-client-scopes/"+scope["id"].(string), nil, nil)
		}
	}
}

// Two Provisioners with one spec converge; with two specs each object ends as one of
// them wants it, and the other one's Verify says so.
func TestLiveTwoProvisionersAtOnce(t *testing.T) {
	t.Parallel()
	l := newName(t)
	spec := full(t, l.Name)
	other := spec
	other.Client.DirectGrant, other.Client.Name, other.Realm.DisplayName = keycloak.Set(true), keycloak.Set("Other"), "Other"
	run := func(specs ...keycloak.Spec) {
		var wait sync.WaitGroup
		for _, s := range specs {
			wait.Go(func() {
				p := liveServer(t, l.KeycloakRealm).p
				plan, err := p.Plan(t.Context(), s)
				if err == nil {
					_, err = p.Apply(t.Context(), plan)
				}
				if len(specs) == 3 || err == nil {
					require.NoError(t, err) //nolint:testifylint // the test fails either way
				} else {
					require.ErrorIs(t, err, maskit.ErrDrift)
				}
			})
		}
		wait.Wait()
	}
	run(spec, spec, spec)
	l.settled(t, spec)
	run(spec, other)
	client := l.client(t, "matrix")
	require.Equal(t, client["name"] == "Other", client["directAccessGrantsEnabled"] == true, "one writer's state")
	losers := 0
	for _, s := range []keycloak.Spec{spec, other} {
		report, err := l.p.Verify(t.Context(), s)
		require.NoError(t, err)
		for _, problem := range report.Problems {
			if problem.Code == "differs" && problem.Path == "client matrix" {
				losers++
			}
		}
	}
	require.Equal(t, 1, losers)
}
