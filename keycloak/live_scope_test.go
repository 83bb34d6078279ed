package keycloak_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/keycloak"
)

// What a spec names and the realm does not have is told by the plan, and by the
// application if only that can tell; it never counts as done.
func TestLiveWhatIsNamedAndMissing(t *testing.T) {
	t.Parallel()
	l := newRealm(t)
	realm := keycloak.Realm{Name: l.Name}
	spec := small(t, l.Name)
	spec.Client.OptionalScopes = []string{"no-such-scope"}
	require.Contains(t, codes(l.plan(t, spec).Problems), "scope-missing")

	spec.Client.OptionalScopes = nil
	plan := l.plan(t, spec)
	l.dropScope(t, "email")
	result, err := l.p.Apply(t.Context(), plan)
	require.ErrorIs(t, err, maskit.ErrInvalid)
	require.ErrorContains(t, err, "scope-missing")
	require.Equal(t, "scopes of client matrix", result.Failed.Subject)

	_, err = l.p.Apply(t.Context(), l.plan(t, keycloak.Spec{Realm: realm, Users: []keycloak.User{{Username: "alice", Groups: []string{"/none"}}}}))
	require.ErrorIs(t, err, maskit.ErrInvalid)
	require.ErrorContains(t, err, "users[0].groups[0]: there is no such group")

	// Optional scopes alone leave the default scopes of the realm in place.
	only := keycloak.Spec{Realm: realm, Client: keycloak.Client{ID: "other", Enabled: keycloak.Set(true), OptionalScopes: []string{"phone"}}}
	l.apply(t, only)
	l.settled(t, only)
	require.Subset(t, l.client(t, "other")["defaultClientScopes"], []any{"basic", "profile", "roles"})
	require.Contains(t, l.client(t, "other")["optionalClientScopes"], "phone")
}

func (l liveRealm) dropScope(t *testing.T, name string) {
	t.Helper()
	var scopes []map[string]any
	l.Admin(t, "GET", "/client-scopes", nil, &scopes)
	for _, scope := range scopes {
		if scope["name"] == name {
			l.Admin(t, "DELETE", "/client-scopes/"+scope["id"].(string), nil, nil)
		}
	}
}
