package keycloak_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/keycloak"
)

// A required group and codes take all the documented roles; without any one of those that
// manage something, the account is forbidden something. To export takes three that view.
func TestRightsForAGate(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, l liveRealm) {
		spec := gatedSpec(t, l.Name)
		spec.MFA.TOTP = keycloak.MFAClient
		spec.IdentityProviders = []keycloak.IdentityProvider{partner()}
		roles := []string{"view-realm", "manage-realm", "manage-clients", "manage-users", "manage-identity-providers"}
		with := func(name string, roles ...string) liveRealm {
			secret := newSecret(t)
			l.account(t, map[string]any{"clientId": name, "secret": secret.Reveal()}, roles...)
			return l.as(t, keycloak.ServiceAccount{Realm: l.Name, ClientID: name, Secret: secret})
		}
		for i, role := range roles[1:] {
			others := append(append([]string{}, roles[:i+1]...), roles[i+2:]...)
			account := with("without-"+role, others...)
			plan, err := account.p.Plan(t.Context(), spec)
			if err == nil {
				_, err = account.p.Apply(t.Context(), plan)
			}
			require.ErrorIs(t, err, maskit.ErrForbidden, role)
		}
		account := with("all", roles...)
		account.apply(t, spec)
		account.settled(t, spec)

		viewer := with("viewer", "view-realm", "view-clients", "view-identity-providers")
		exported, err := viewer.p.Export(t.Context(), l.Name, "matrix")
		require.NoError(t, err)
		require.Equal(t, spec.Client.RequireGroup, exported.Client.RequireGroup)
		require.Equal(t, keycloak.MFAClient, exported.MFA.TOTP)
	})
}
