package keycloak_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/keycloak"
)

// People of a directory log in over ldaps:// and over StartTLS, whose certificate
// Keycloak's truststore vouches for. Whether Java's does too depends on when Java read it:
// Keycloak sets it up when it starts.
func TestLiveLDAPOverTLS(t *testing.T) {
	t.Parallel()
	l := newRealm(t)
	directory := live.SecureOpenLDAP(t, directoryEntries, l.Server.Authority)
	spec := ldapSpec(t, l.Name, directory.SecureURL, directory.Password)
	for name, change := range map[string]func(*keycloak.LDAP){
		"ldaps":    func(d *keycloak.LDAP) { d.URL, d.StartTLS = directory.SecureURL, keycloak.Set(false) },
		"StartTLS": func(d *keycloak.LDAP) { d.URL, d.StartTLS = directory.URL, keycloak.Set(true) },
	} {
		change(&spec.LDAP[0])
		l.apply(t, spec)
		l.settled(t, spec)
		spec.VerifyAs = "gina"
		report, err := l.p.Verify(t.Context(), spec)
		require.NoError(t, err, name)
		require.Empty(t, report.Problems, "%s: %s", name, report.Problems)
		admitted(t, live.NewKeycloakBrowser(t).Login(l.app(spec).URL(), &live.KeycloakUser{Name: "gina", Password: password}))
	}

	spec.LDAP[0].URL, spec.LDAP[0].StartTLS, spec.LDAP[0].Truststore = directory.SecureURL, keycloak.Set(false), keycloak.LDAPTruststoreNever
	l.apply(t, spec)
	report, err := l.p.Verify(t.Context(), spec)
	require.NoError(t, err)
	for _, p := range report.Problems {
		require.Equal(t, "ldap-unreachable", p.Code)
	}
	l.settled(t, spec)
}
