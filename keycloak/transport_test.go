package keycloak_test

import (
	"crypto/x509"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/keycloak"
	"github.com/maskit-dev/maskit/keycloak/keycloaktest"
)

// A server below /auth with a certificate of a private authority is reached directly and
// by a proxy; without the authority it is not, and nothing is sent to it.
func TestPrivateAuthorityBasePathAndProxy(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	secure := httptest.NewTLSServer(http.StripPrefix("/auth", b.Config.Handler))
	t.Cleanup(secure.Close)
	plain := httptest.NewServer(http.StripPrefix("/auth", b.Config.Handler))
	t.Cleanup(plain.Close)
	var proxied atomic.Int32
	proxy := httptest.NewServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { proxied.Add(1); r.Out.URL = r.In.URL }})
	t.Cleanup(proxy.Close)
	proxyURL, err := url.Parse(proxy.URL)
	require.NoError(t, err)
	trusted := secure.Client()

	for name, c := range map[string]struct {
		address string
		client  *http.Client
		fails   bool
	}{
		"private authority": {secure.URL + "/auth/", trusted, false},
		"unknown authority": {secure.URL + "/auth", nil, true},
		"no base path":      {plain.URL, nil, true},
		"proxy":             {plain.URL + "/auth", &http.Client{Transport: &http.Transport{Proxy: http.ProxyURL(proxyURL)}}, false},
	} {
		p, err := keycloak.New(keycloak.Config{
			AdminURL: c.address, HTTPClient: c.client, Auth: keycloak.AdminPassword{User: "admin", Password: maskit.NewSecret("hidden-password")},
		})
		require.NoError(t, err)
		_, err = p.Plan(t.Context(), b.spec)
		require.Equal(t, c.fails, err != nil, "%s: %v", name, err)
		if name == "unknown authority" {
			var unknown x509.UnknownAuthorityError
			require.ErrorAs(t, err, &unknown)
		}
	}
	require.EqualValues(t, 4, proxied.Load(), "every request went by the proxy")
}

// What was sent and got no answer counts as well.
func TestRequestsWithoutAnAnswerAreCounted(t *testing.T) {
	t.Parallel()
	l, _ := fakeRealm(t, keycloaktest.Options{})
	spec := small(t, l.Name)
	sent, cuts := 0, 2
	cutting := l.carriedBy(t, l.admin(), roundTrip(func(r *http.Request) (*http.Response, error) {
		sent++
		if strings.HasSuffix(r.URL.Path, "/clients") && cuts > 0 {
			cuts--
			return nil, errors.New("cut")
		}
		return http.DefaultTransport.RoundTrip(r)
	}))
	require.Equal(t, sent, cutting.plan(t, spec).Requests)

	dead := l.carriedBy(t, l.admin(), roundTrip(func(r *http.Request) (*http.Response, error) {
		if r.Method == http.MethodPut {
			sent++
			return nil, errors.New("cut")
		}
		return http.DefaultTransport.RoundTrip(r)
	}))
	l.apply(t, spec)
	spec.Client.Name = keycloak.Set("other")
	plan := dead.plan(t, spec)
	sent = 0
	result, err := dead.p.Apply(t.Context(), plan)
	require.Error(t, err)
	require.Greater(t, sent, 1)
	require.Equal(t, sent, result.Writes)
}

// An error names the request, and nothing of how it was sent.
func TestErrorsOfTheTransportNameTheRequest(t *testing.T) {
	t.Parallel()
	l, _ := fakeRealm(t, keycloaktest.Options{})
	cut := errors.New("cut")
	dead := l.carriedBy(t, l.admin(), roundTrip(func(r *http.Request) (*http.Response, error) {
		if strings.HasSuffix(r.URL.Path, "/clients") {
			return nil, cut
		}
		return http.DefaultTransport.RoundTrip(r)
	}))
	_, err := dead.p.Plan(t.Context(), small(t, l.Name))
	require.ErrorIs(t, err, cut)
	require.EqualError(t, err, "keycloak: plan realm t-fake: read client matrix: GET "+l.Server.URL+"/admin/realms/t-fake/clients: cut")
}

// What failed because somebody else was at it, perhaps, says so.
func TestFailureOfTheServerIsExplained(t *testing.T) {
	t.Parallel()
	for code, explained := range map[int]bool{http.StatusInternalServerError: true, http.StatusConflict: true, http.StatusBadRequest: false} {
		b := newBench(t)
		b.applied(t)
		b.clients[0]["enabled"] = false
		plan := b.plan(t)
		b.intercept = func(w http.ResponseWriter, r *http.Request) bool {
			return r.Method == http.MethodPut && status(code, `{"error":"unknown_error"}`)(w, r)
		}
		_, err := b.p.Apply(t.Context(), plan)
		var answer *maskit.StatusError
		require.ErrorAs(t, err, &answer)
		require.Equal(t, code, answer.Status)
		require.Equal(t, explained, strings.Contains(err.Error(), "a new plan continues from here"), err)
	}
}
