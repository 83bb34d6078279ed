package keycloak_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/live"
)

// interrupt is the realm seen through a proxy that cuts the connection at the n-th
// write: before it is carried out, or after.
func (l liveRealm) interrupt(t *testing.T, n int64, after bool) liveRealm {
	t.Helper()
	target, err := url.Parse(l.Server.URL)
	require.NoError(t, err)
	next := httputil.NewSingleHostReverseProxy(target)
	var writes atomic.Int64
	return l.behind(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method == http.MethodGet || !strings.Contains(r.URL.Path, "/admin/") || writes.Add(1) < n:
			next.ServeHTTP(w, r)
			return
		case after && writes.Load() == n:
			next.ServeHTTP(httptest.NewRecorder(), r)
		}
		cut(w)
	}))
}

// A new client with a gate is made until the server is gone. Whatever there is then, no
// stranger gets in; the next try makes the rest, and leaves nothing behind.
func TestLiveInterruptedGate(t *testing.T) {
	t.Parallel()
	l := newRealm(t)
	stranger := l.person(t, "stranger")
	for i, n := range []int64{1, 10, 25, 33, 34} {
		spec := gatedSpec(t, l.Name)
		spec.Client.ID = fmt.Sprint("matrix-", n)
		faulty := l.interrupt(t, n, i%2 == 0)
		result, err := faulty.p.Apply(t.Context(), faulty.plan(t, spec))
		require.Error(t, err, "write %d", n)
		require.NotNil(t, result.Failed)
		page := live.NewKeycloakBrowser(t).Login(l.app(spec).URL(), stranger)
		require.Nil(t, page.Callback, "write %d", n)

		l.apply(t, spec)
		l.settled(t, spec)
		require.Len(t, l.flows(t), i+1, "write %d", n)
		refused(t, live.NewKeycloakBrowser(t).Login(l.app(spec).URL(), stranger))
	}
}

// Two Provisioners make the same gate at once: one of them may have to try again, and
// then nothing is there twice.
func TestLiveGateMadeTwiceAtOnce(t *testing.T) {
	t.Parallel()
	l := newRealm(t)
	spec := gatedSpec(t, l.Name)
	errs := make(chan error, 2)
	for range 2 {
		p := liveServer(t, l.KeycloakRealm).p
		plan := l.plan(t, spec)
		go func() {
			_, err := p.Apply(t.Context(), plan)
			errs <- err
		}()
	}
	failures := 0
	for range 2 {
		if err := <-errs; err != nil {
			failures++
		}
	}
	require.Less(t, failures, 2)
	require.Zero(t, l.persist(t, spec))
	l.settled(t, spec)
	require.Len(t, l.flows(t), 1)
	refused(t, live.NewKeycloakBrowser(t).Login(l.app(spec).URL(), l.person(t, "stranger")))
	admitted(t, live.NewKeycloakBrowser(t).Login(l.app(spec).URL(), l.person(t, "member", "/matrix-users")))
}
