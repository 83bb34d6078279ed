package keycloak_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/keycloak"
	"github.com/maskit-dev/maskit/keycloak/keycloaktest"
)

// With a directory that does not answer, the server fails to look users up: that is one
// finding. Any other failure is one of its own.
func TestVerifyBehindADirectoryThatDoesNotAnswer(t *testing.T) {
	t.Parallel()
	l, fake := fakeRealm(t, keycloaktest.Options{CheckLDAP: func(string, string) error { return errors.New("no answer") }})
	spec := small(t, l.Name)
	spec.VerifyAs = "somebody"
	spec.LDAP = []keycloak.LDAP{{Name: "directory", Vendor: keycloak.LDAPOther, URL: "ldap://127.0.0.1:1", UsersDN: "ou=people,dc=example,dc=com"}}
	l.apply(t, spec)
	users := func(r keycloaktest.Request) bool { return strings.HasSuffix(r.Path, "/users") }

	fake.Inject(keycloaktest.Fault{Match: users, Status: 500})
	report, err := l.p.Verify(t.Context(), spec)
	require.NoError(t, err)
	require.ElementsMatch(t, []string{"ldap-unreachable", "claims-not-checked"}, codes(report.Problems))

	fake.Heal()
	fake.Inject(keycloaktest.Fault{Match: users, Status: 400})
	_, err = l.p.Verify(t.Context(), spec)
	var status *maskit.StatusError
	require.ErrorAs(t, err, &status)
	require.Equal(t, 400, status.Status)
}
