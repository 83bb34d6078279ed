package keycloak_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/keycloak"
	"github.com/maskit-dev/maskit/keycloak/keycloaktest"
)

// admin logs in as administrator of the server.
func (l liveRealm) admin() keycloak.Auth {
	return keycloak.AdminPassword{User: l.Server.AdminUser, Password: maskit.NewSecret(l.Server.AdminPassword)}
}

// A client that gets an account of its own gets a scope with it (26.7) or mappers (26.0):
// that is no drift in the same application, and nothing surplus in the next plan.
func TestServiceAccountIsTurnedOn(t *testing.T) {
	t.Parallel()
	check := func(t *testing.T, l liveRealm) {
		spec := small(t, l.Name)
		l.apply(t, spec)
		spec.Client.ServiceAccount = keycloak.Set(true)
		spec.Client.OptionalScopes = []string{"phone"} // is assigned after the client was changed
		spec.Client.ExactScopes, spec.Client.ExactMappers = true, true
		l.apply(t, spec)
		l.settled(t, spec)
	}
	onBoth(t, check)
	t.Run("fake of 26.0", func(t *testing.T) {
		t.Parallel()
		l, _ := fakeRealm(t, keycloaktest.Options{Version: keycloaktest.V260})
		check(t, l)
	})
}

// partner is an identity provider.
func partner() keycloak.IdentityProvider {
	return keycloak.IdentityProvider{
		Alias: "partner", Type: keycloak.ProviderOIDC, ClientID: "staff", Secret: maskit.NewSecret("hidden-broker"),
		OIDC: keycloak.OIDCProvider{AuthorizationURL: "https://partner.example.com/auth", TokenURL: "https://partner.example.com/token"},
	}
}

// Another run names its flow at the identity provider after this one has read the list of
// flows: that is nobody else's flow, and no reason to refuse.
func TestFlowThatWasNamedMeanwhile(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, l liveRealm) {
		spec := gatedSpec(t, l.Name)
		spec.IdentityProviders = []keycloak.IdentityProvider{partner()}
		spec.IdentityProviders[0].FirstLoginFlow = keycloak.Set("first broker login") // has the flows read early
		var once sync.Once
		late := l.carriedBy(t, l.admin(), roundTrip(func(r *http.Request) (*http.Response, error) {
			if r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, "/identity-provider/instances") {
				once.Do(func() { l.apply(t, spec) })
			}
			return http.DefaultTransport.RoundTrip(r)
		}))
		plan := late.plan(t, spec)
		require.NoError(t, plan.Problems.Err())
		late.settled(t, spec)
	})
}

// An identity provider that is switched off has the flow after logins too, since somebody
// may switch it on.
func TestDisabledIdentityProviderIsGuarded(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, l liveRealm) {
		l.Admin(t, "POST", "/identity-provider/instances", map[string]any{
			"alias": "by-hand", "providerId": "oidc", "enabled": false,
			"config": map[string]any{"clientId": "x", "authorizationUrl": "https://x.example.com/a", "tokenUrl": "https://x.example.com/t"},
		}, nil)
		spec := gatedSpec(t, l.Name)
		spec.IdentityProviders = []keycloak.IdentityProvider{partner()}
		spec.IdentityProviders[0].Enabled = keycloak.Set(false)
		l.apply(t, spec)
		l.settled(t, spec)
		for _, alias := range []string{"by-hand", "partner"} {
			raw, _ := l.provider(t, alias)
			require.Contains(t, raw["postBrokerLoginFlowAlias"], "client-matrix after brokered login", alias)
		}
	})
}

// What others set about levels of authentication stays when the demand for codes goes.
func TestForeignLevelsStay(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, l liveRealm) {
		spec := small(t, l.Name)
		spec.MFA.TOTP = keycloak.MFAClient
		l.apply(t, spec)
		client := l.client(t, "matrix")
		require.Equal(t, "mfa", client["attributes"].(map[string]any)["default.acr.values"])
		client["attributes"].(map[string]any)["acr.loa.map"] = `{"pwd":"1","mfa":"2","gold":"2"}`
		client["attributes"].(map[string]any)["default.acr.values"] = "gold"
		l.Admin(t, "PUT", "/clients/"+client["id"].(string), client, nil)

		spec.MFA.TOTP = keycloak.MFAOff
		l.apply(t, spec)
		l.settled(t, spec)
		attributes := l.client(t, "matrix")["attributes"].(map[string]any)
		require.Equal(t, "gold", attributes["default.acr.values"])
		require.Contains(t, attributes["acr.loa.map"], "gold")
		require.NotContains(t, attributes, "minimum.acr.value")
	})
}

// An account that sees clients alone is told what it cannot know.
func TestVersionThatIsHidden(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, l liveRealm) {
		secret := newSecret(t)
		l.account(t, map[string]any{"clientId": "clients-only", "secret": secret.Reveal()}, "manage-clients")
		account := l.as(t, keycloak.ServiceAccount{Realm: l.Name, ClientID: "clients-only", Secret: secret})
		spec := small(t, l.Name)
		spec.Groups = nil
		plan := account.plan(t, spec)
		require.Equal(t, []string{"version-unknown"}, codes(plan.Problems))
		require.Equal(t, maskit.SeveritySkip, plan.Problems[0].Severity)
		account.apply(t, spec)
		account.settled(t, spec)
		require.Empty(t, l.plan(t, spec).Problems, "whoever sees the realm knows")
	})
}

// A proxy that drops the header Location hides the id of a new flow: the gate is put up all
// the same.
func TestFlowWhoseIDIsNotTold(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, l liveRealm) {
		spec := gatedSpec(t, l.Name)
		l.apply(t, keycloak.Spec{Realm: spec.Realm, Client: keycloak.Client{ID: "matrix", Name: keycloak.Set("Matrix")}, Groups: spec.Groups})
		mute := l.carriedBy(t, l.admin(), roundTrip(func(r *http.Request) (*http.Response, error) {
			response, err := http.DefaultTransport.RoundTrip(r)
			if err == nil {
				response.Header.Del("Location")
			}
			return response, err
		}))
		mute.apply(t, spec)
		require.NotEmpty(t, l.client(t, "matrix")["authenticationFlowBindingOverrides"])
		mute.settled(t, spec)
	})
}
