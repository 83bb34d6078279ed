package keycloak_test

import (
	"crypto/rand"
	"crypto/rsa"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/keycloak"
	"github.com/maskit-dev/maskit/keycloak/keycloaktest"
)

// onBoth runs a test on a realm of the fake, and on one of the real server where there
// is one.
func onBoth(t *testing.T, run func(t *testing.T, l liveRealm)) {
	t.Helper()
	t.Run("fake", func(t *testing.T) {
		t.Parallel()
		l, _ := fakeRealm(t, keycloaktest.Options{})
		run(t, l)
	})
	t.Run("real", func(t *testing.T) {
		t.Parallel()
		run(t, newRealm(t))
	})
}

// fakeKey is one key for all fakes: to make one takes its time.
var fakeKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

// fakeRealm is a realm of a fake of its own.
func fakeRealm(t *testing.T, options keycloaktest.Options) (liveRealm, *keycloaktest.Server) {
	t.Helper()
	options.SigningKey = fakeKey()
	fake := keycloaktest.New(options)
	server := httptest.NewServer(fake)
	t.Cleanup(server.Close)
	at := live.KeycloakServer{Version: live.KeycloakCurrent, URL: server.URL, AdminUser: "admin", AdminPassword: "admin"}
	at.Admin(t, "POST", "/realms", map[string]any{"realm": "t-fake", "enabled": true}, nil)
	return liveServer(t, live.KeycloakRealm{Name: "t-fake", Issuer: server.URL + "/realms/t-fake", Server: at}), fake
}

// roundTrip is a function as [http.RoundTripper].
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// carriedBy is the realm seen through a transport.
func (l liveRealm) carriedBy(t *testing.T, auth keycloak.Auth, transport http.RoundTripper) liveRealm {
	t.Helper()
	p, err := keycloak.New(keycloak.Config{AdminURL: l.Server.URL, Auth: auth, HTTPClient: &http.Client{Transport: transport}})
	require.NoError(t, err)
	return liveRealm{l.KeycloakRealm, p, l.log}
}
