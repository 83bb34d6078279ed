package keycloaktest_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/keycloak"
)

const provider = maskit.ULID("01JSHPZHAXC50QBKH67MH33TNF")

func site() maskit.Site {
	return maskit.Site{
		ServerName: "example.com", AccountURL: "https://account.example.com/", ClientAPIURL: "https://matrix.example.com/",
		SynapseURL: "http://synapse:8008/", MASURL: "http://mas:8080/",
	}
}

// small is the least that MAS needs, and a group.
func small(realm string) keycloak.Spec {
	return keycloak.Spec{
		Realm: keycloak.Realm{Name: realm},
		Client: keycloak.Client{
			ID: "matrix", Site: site(), Provider: provider, Secret: maskit.NewSecret("hidden-client-secret-0123456789abcdef"),
			Mappers: []keycloak.Mapper{{Name: "groups", Groups: true}},
		},
		Groups: []keycloak.Group{{Path: "/matrix-users"}},
	}
}

// whole has every part of a spec.
func whole(realm string) keycloak.Spec {
	spec := small(realm)
	spec.Realm = keycloak.Realm{
		Name: realm, Create: true, DisplayName: "Staff", SSLRequired: keycloak.SSLNone, Registration: keycloak.Set(false), ResetPassword: keycloak.Set(true),
		RememberMe: keycloak.Set(true), SSOSessionIdle: 3600, SSOSessionMax: 7200, AccessTokenLifespan: 120, Attributes: map[string]string{"maskit": "here", "gone": ""},
	}
	spec.BruteForce = keycloak.BruteForce{Lockout: keycloak.LockoutMixed, MaxFailures: 10, WaitIncrement: 30, MaxWait: 600, ResetAfter: 3600, TemporaryLockouts: 3}
	spec.PasswordPolicy = keycloak.PasswordPolicy{MinLength: 12, Digits: 1, NotUsername: true, History: 3}
	spec.Events = keycloak.Events{Save: keycloak.Set(true), Types: []string{"LOGIN", "LOGOUT"}, Expiration: 86400, Listeners: []string{"jboss-logging"}}
	spec.UserProfile = keycloak.UserProfile{Attributes: []keycloak.ProfileAttribute{{Name: "employee_id", DisplayName: keycloak.Set("Employee ID")}}}
	spec.Client.RequireGroup = keycloak.Set("/matrix-users")
	spec.Client.OptionalScopes = []string{"phone"}
	spec.Client.Mappers = append(spec.Client.Mappers, keycloak.Mapper{Name: "employee_id", Attribute: "employee_id"})
	spec.MFA = keycloak.MFA{TOTP: keycloak.MFAClient, EnrolNewUsers: keycloak.Set(true)}
	spec.LDAP = []keycloak.LDAP{{
		Name: "directory", Vendor: keycloak.LDAPOther, URL: "ldap://127.0.0.1:389", UsersDN: "ou=people,dc=example,dc=com", BindDN: keycloak.Set("cn=reader"),
		BindCredential: maskit.NewSecret("hidden-bind-credential"), Mappers: []keycloak.LDAPMapper{{Name: "employee number", From: "employeeNumber", To: "employee_id"}},
	}}
	spec.IdentityProviders = []keycloak.IdentityProvider{{
		Alias: "partner", Type: keycloak.ProviderOIDC, DisplayName: keycloak.Set("Partner"), ClientID: "staff", Secret: maskit.NewSecret("hidden-provider-secret"),
		OIDC:    keycloak.OIDCProvider{Issuer: "https://partner.example.com", AuthorizationURL: "https://partner.example.com/auth", TokenURL: "https://partner.example.com/token"},
		Mappers: []keycloak.ProviderMapper{{Name: "employee", From: "employee", To: "employee_id"}},
	}}
	spec.Groups = append(spec.Groups, keycloak.Group{Path: "/staff/matrix team/inner"})
	spec.Users = []keycloak.User{{
		Username: "alice", Email: "alice@example.com", FirstName: "Alice", LastName: "Liddell", Password: maskit.NewSecret("hidden-password-1"),
		Groups: []string{"/matrix-users", "/staff/matrix team/inner"},
	}}
	return spec
}

// secretsOf are the secrets of these specs, which must show nowhere.
func secretsOf() []string {
	return []string{"hidden-client-secret", "hidden-bind-credential", "hidden-provider-secret", "hidden-password"}
}

// persist plans and applies until it works. It returns how often it failed.
func persist(t *testing.T, p *keycloak.Provisioner, spec keycloak.Spec) int {
	t.Helper()
	for failures := range 40 {
		if err := attempt(t.Context(), t, p, spec); err == nil {
			return failures
		}
	}
	require.Fail(t, "no progress")
	return 0
}

// attempt plans and applies once.
func attempt(ctx context.Context, t *testing.T, p *keycloak.Provisioner, spec keycloak.Spec) error {
	t.Helper()
	plan, err := p.Plan(ctx, spec)
	if err != nil {
		requireNoSecret(t, err.Error())
		return err
	}
	require.NoError(t, plan.Problems.Err())
	plan.Delete = true
	requireNoSecret(t, plan.String()+jsonText(plan))
	result, err := p.Apply(ctx, plan)
	requireNoSecret(t, jsonText(result))
	if err != nil {
		requireNoSecret(t, err.Error())
	}
	return err
}

func requireNoSecret(t *testing.T, text string) {
	t.Helper()
	for _, secret := range secretsOf() {
		require.NotContains(t, text, secret)
	}
}

// settled demands that nothing is left to do, and that nothing is written then.
func settled(t *testing.T, p *keycloak.Provisioner, spec keycloak.Spec) {
	t.Helper()
	plan, err := p.Plan(t.Context(), spec)
	require.NoError(t, err)
	require.True(t, plan.Empty(), "%s", plan)
	result, err := p.Apply(t.Context(), plan)
	require.NoError(t, err)
	require.Zero(t, result.Writes)
}
