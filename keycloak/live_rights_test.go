package keycloak_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/keycloak"
)

// The user profile, directories and identity providers are managed by an account with the
// documented roles and no others; without them it is forbidden before anything is written.
func TestLiveRightsForThoseFromElsewhere(t *testing.T) {
	t.Parallel()
	l := newRealm(t)
	base := keycloak.Spec{Realm: keycloak.Realm{Name: l.Name}}
	none := newSecret(t)
	l.account(t, map[string]any{"clientId": "none", "secret": none.Reveal()}, "view-users")
	for name, c := range map[string]struct {
		roles []string
		part  func(*keycloak.Spec)
	}{
		"profile": {[]string{"manage-realm"}, func(s *keycloak.Spec) { s.UserProfile = profileSpec(l.Name).UserProfile }},
		"directory": {[]string{"manage-realm", "view-realm"}, func(s *keycloak.Spec) {
			s.LDAP = ldapSpec(t, l.Name, "ldap://127.0.0.1:1", "hidden-directory").LDAP
		}},
		"providers": {[]string{"manage-identity-providers"}, func(s *keycloak.Spec) {
			s.IdentityProviders = l.oidcSpec(t, l.KeycloakRealm).IdentityProviders
			s.IdentityProviders[0].FirstLoginFlow = keycloak.Set("") // to look for a flow takes view-realm
		}},
	} {
		spec := base
		c.part(&spec)
		forbidden := l.as(t, keycloak.ServiceAccount{Realm: l.Name, ClientID: "none", Secret: none})
		if plan, err := forbidden.p.Plan(t.Context(), spec); err != nil {
			require.ErrorIs(t, err, maskit.ErrForbidden, name)
		} else {
			_, err = forbidden.p.Apply(t.Context(), plan)
			require.ErrorIs(t, err, maskit.ErrForbidden, name)
		}
		secret := newSecret(t)
		l.account(t, map[string]any{"clientId": "with-" + name, "secret": secret.Reveal()}, c.roles...)
		account := l.as(t, keycloak.ServiceAccount{Realm: l.Name, ClientID: "with-" + name, Secret: secret})
		require.NotEmpty(t, account.apply(t, spec).Done, name)
		account.settled(t, spec)
	}
}
