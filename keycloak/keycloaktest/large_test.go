package keycloaktest_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/keycloak"
	"github.com/maskit-dev/maskit/keycloak/keycloaktest"
)

// A plan of a large realm takes the requests that one of an empty realm takes, and lists
// nothing.
func TestLargeRealm(t *testing.T) {
	t.Parallel()
	small, large := inhabited(t, 0), inhabited(t, 10_000)
	require.Equal(t, small, large)
	for _, line := range large {
		require.NotContains(t, []string{"GET /admin/realms/t-fake/clients", "GET /admin/realms/t-fake/groups", "GET /admin/realms/t-fake/users"}, line)
	}
}

// inhabited is what a plan and a verification ask of a realm with n clients and groups,
// and five times as many users.
func inhabited(t *testing.T, n int) []string {
	t.Helper()
	s := newFake(t, keycloaktest.Options{})
	spec := whole(s.realm)
	p := s.provisioner(t)
	persist(t, p, spec)
	for i := range n {
		require.NoError(t, s.fake.Admin(t.Context(), "POST", "/realms/t-fake/clients", map[string]any{"clientId": fmt.Sprint("client-", i)}, nil))
		require.NoError(t, s.fake.Admin(t.Context(), "POST", "/realms/t-fake/groups", map[string]any{"name": fmt.Sprint("group-", i)}, nil))
		for j := range 5 {
			require.NoError(t, s.fake.Admin(t.Context(), "POST", "/realms/t-fake/users", map[string]any{"username": fmt.Sprintf("user-%d-%d", i, j)}, nil))
		}
	}
	s.account(t, map[string]any{"clientId": "provisioner", "secret": "account-secret"}, "manage-realm", "manage-clients", "manage-users", "manage-identity-providers")
	p, err := keycloak.New(keycloak.Config{
		AdminURL: s.url, HTTPClient: &http.Client{Transport: s.fake}, Auth: keycloak.ServiceAccount{Realm: s.realm, ClientID: "provisioner", Secret: maskit.NewSecret("account-secret")},
	})
	require.NoError(t, err)
	s.fake.Forget()
	start := time.Now()
	settled(t, p, spec)
	_, err = p.Verify(t.Context(), spec)
	require.NoError(t, err)
	t.Logf("%d clients: %s", n, time.Since(start).Round(time.Millisecond))
	var asked []string
	for _, r := range s.fake.Requests() {
		line := r.String()
		if len(r.Query) > 0 {
			line += "?"
		}
		asked = append(asked, kindOf(r)+line[len(r.String()):])
	}
	return asked
}
