package keycloaktest_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/keycloak"
)

// random draws specs.
type random struct{ *rand.Rand }

func newRandom(t *testing.T) random {
	t.Helper()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	return random{rand.New(rand.NewPCG(seed, 2))}
}

func (r random) flag() keycloak.Opt[bool] {
	return []keycloak.Opt[bool]{{}, keycloak.Set(false), keycloak.Set(true)}[r.IntN(3)]
}

func (r random) of(list ...string) string { return list[r.IntN(len(list))] }

func (r random) some(list ...string) []string { return list[:r.IntN(len(list)+1)] }

// spec draws a valid spec, of which any part may be missing.
func (r random) spec(realm string) keycloak.Spec {
	spec := keycloak.Spec{
		Realm: keycloak.Realm{
			Name: realm, DisplayName: r.of("", "Staff", "Alle <b>"), RememberMe: r.flag(), LoginWithEmail: r.flag(), VerifyEmail: r.flag(),
			SSOSessionIdle: keycloak.Seconds(r.IntN(3) * 600), Attributes: map[string]string{"ours": r.of("", "1", "2")},
		},
		Events: keycloak.Events{Save: r.flag(), Expiration: keycloak.Seconds(r.IntN(2) * 3600)},
		Client: keycloak.Client{
			ID: "matrix", Enabled: r.flag(), ImplicitFlow: r.flag(), ConsentRequired: r.flag(), FullScope: r.flag(), FrontchannelLogout: r.flag(),
			RevokeOfflineTokens: r.flag(), ServiceAccount: r.flag(), Attributes: map[string]string{"ours": r.of("", "1", "2")},
			DefaultScopes: r.some("basic", "profile", "email"), OptionalScopes: r.some("phone", "microprofile-jwt"),
			LogoutScope: keycloak.LogoutScope(r.of("", "session", "user")), PKCE: keycloak.Set(r.of("", "S256", "plain")),
			RedirectURIs: r.some("https://a.example.com/cb", "https://b.example.com/cb"), DirectGrant: keycloak.Set(false),
			RequireGroup: []keycloak.Opt[string]{{}, keycloak.Set(""), keycloak.Set("/ours")}[r.IntN(3)],
		},
		MFA:    keycloak.MFA{TOTP: keycloak.MFAScope(r.of("off", "client", "realm")), EnrolNewUsers: r.flag()},
		Groups: []keycloak.Group{{Path: "/ours"}},
	}
	if !spec.Client.RequireGroup.Valid {
		spec.Client.RequireGroup = keycloak.Set("")
	}
	r.more(&spec)
	return spec
}

func (r random) more(spec *keycloak.Spec) {
	if r.IntN(2) == 0 {
		spec.Client.Site, spec.Client.Provider = site(), provider
	}
	if r.IntN(2) == 0 {
		spec.BruteForce = keycloak.BruteForce{Lockout: keycloak.LockoutTemporary, MaxFailures: 1 + r.IntN(20)}
		spec.PasswordPolicy = keycloak.PasswordPolicy{MinLength: 1 + r.IntN(20), NotUsername: r.IntN(2) == 0}
	}
	for i := range r.IntN(3) {
		spec.Client.Mappers = append(spec.Client.Mappers, keycloak.Mapper{Name: fmt.Sprint("ours ", i), Attribute: r.of("a", "b"), Claim: r.of("", "x", "y.z")})
		spec.UserProfile.Attributes = append(spec.UserProfile.Attributes, keycloak.ProfileAttribute{Name: fmt.Sprint("ours", i), DisplayName: keycloak.Set(r.of("x", "y"))})
	}
	if r.IntN(2) == 0 {
		spec.Client.Secret = maskit.NewSecret(fmt.Sprintf("hidden-client-secret-%012d", r.IntN(3)))
	}
	if r.IntN(3) == 0 {
		spec.LDAP = []keycloak.LDAP{{Name: "ours", Vendor: keycloak.LDAPOther, URL: r.of("ldap://a.example.com", "ldap://b.example.com"), UsersDN: "ou=people"}}
		spec.IdentityProviders = []keycloak.IdentityProvider{{
			Alias: "ours", Type: keycloak.ProviderOIDC, Enabled: keycloak.Set(true), TrustEmail: r.flag(), ClientID: r.of("x", "y"), Secret: maskit.NewSecret("hidden-provider-secret"),
			OIDC: keycloak.OIDCProvider{AuthorizationURL: "https://p.example.com/auth", TokenURL: "https://p.example.com/token"},
		}}
	}
}
