package keycloak_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/keycloak"
)

// What a spec refuses, and stands in a realm all the same, is exported so that it can be
// planned, and said.
func TestExportOfWhatASpecRefuses(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, l liveRealm) {
		type d = map[string]any
		for alias, config := range map[string]d{
			"unsigned": {"singleSignOnServiceUrl": "https://idp.example.com/sso"},
			"ignored":  {"singleSignOnServiceUrl": "https://idp.example.com/sso", "validateSignature": "false"},
		} {
			l.Admin(t, "POST", "/identity-provider/instances", d{"alias": alias, "providerId": "saml", "enabled": true, "config": config}, nil)
		}
		l.Admin(t, "POST", "/identity-provider/instances", d{"alias": "user", "providerId": "oidc", "enabled": true, "config": d{
			"clientId": "x", "clientSecret": "hidden", "authorizationUrl": "https://u@x.example.com/a", "tokenUrl": "https://x.example.com/t", "logoutUrl": "https://u@x.example.com/l",
		}}, nil)
		l.directory(t, "both", "ldaps://127.0.0.1:1", d{"startTls": []any{"true"}})
		l.Admin(t, "POST", "/clients", d{
			"clientId": "matrix", "rootUrl": "https://a.example.com", "clientAuthenticatorType": "client-jwt",
			"attributes": d{"backchannel.logout.url": "/logout", "use.jwks.url": "true", "jwks.url": "/keys", "token.endpoint.auth.signing.alg": "RS256"},
		}, nil)

		spec := l.adopted(t)
		require.Equal(t, []maskit.Ack{
			{Code: "saml-unsigned", Path: "identity_providers[0].saml.validate_signature"},
			{Code: "saml-unsigned", Path: "identity_providers[1].saml.certificates"},
		}, spec.Acknowledge)
		require.Equal(t, []string{"saml-unsigned", "saml-unsigned"}, codes(spec.Validate()))
		require.Len(t, spec.Validate().Only(maskit.SeverityWarning), 2)
		require.Equal(t, "https://u@x.example.com/a", byAlias(spec)["user"].Config["authorizationUrl"])
		require.Equal(t, "https://x.example.com/t", byAlias(spec)["user"].OIDC.TokenURL)
		require.Equal(t, "ldaps://127.0.0.1:1", spec.LDAP[0].URL)
		require.Equal(t, "true", spec.LDAP[0].Config["startTls"])
		require.False(t, spec.Client.BackchannelLogoutURL.Valid)
	})
}

// A way past the gate that somebody opened by hand is exported as one.
func TestExportOfAGateWithAWayPastIt(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, l liveRealm) {
		l.apply(t, gatedSpec(t, l.Name))
		l.Admin(t, "PUT", "/clients/"+l.client(t, "matrix")["id"].(string), map[string]any{"directAccessGrantsEnabled": true, "webOrigins": []any{}}, nil)
		l.Admin(t, "PUT", "", map[string]any{"registrationAllowed": true}, nil)
		spec := l.adopted(t)
		require.Equal(t, []maskit.Ack{{Code: "direct-grant-open", Path: "client.direct_grant"}, {Code: "registration-open", Path: "realm.registration"}}, spec.Acknowledge)
		require.NoError(t, l.plan(t, spec).Problems.Err())
	})
}

// Directories are found by their names: two of one name are exported, and refused.
func TestExportOfTwoDirectoriesOfOneName(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, l liveRealm) {
		l.Admin(t, "POST", "/clients", map[string]any{"clientId": "matrix"}, nil)
		l.directory(t, "ad", "ldaps://one.example.com", nil)
		l.directory(t, "ad", "ldaps://two.example.com", nil)
		spec, err := l.p.Export(t.Context(), l.Name, "matrix")
		require.NoError(t, err)
		require.ElementsMatch(t, []string{"ldaps://one.example.com", "ldaps://two.example.com"}, []string{spec.LDAP[0].URL, spec.LDAP[1].URL})
		problems := spec.Validate()
		require.Equal(t, []string{"ldap[1].name: duplicate"}, found(problems))
		require.Contains(t, problems[0].Hint, "at the server too")
		_, err = l.p.Plan(t.Context(), spec)
		require.ErrorIs(t, err, maskit.ErrInvalid)

		spec.LDAP = spec.LDAP[:1]
		require.Equal(t, []string{"ldap[0].name: ldap-ambiguous"}, found(l.plan(t, spec).Problems.Only(maskit.SeverityError)))
	})
}

// directory makes one by hand that is switched off.
func (l liveRealm) directory(t *testing.T, name, address string, more map[string]any) {
	t.Helper()
	config := map[string]any{
		"enabled": []any{"false"}, "vendor": []any{"other"}, "connectionUrl": []any{address}, "usersDn": []any{"ou=p"}, "editMode": []any{"READ_ONLY"}, "authType": []any{"none"},
		"usernameLDAPAttribute": []any{"uid"}, "rdnLDAPAttribute": []any{"uid"}, "uuidLDAPAttribute": []any{"entryUUID"}, "userObjectClasses": []any{"person"},
	}
	for key, value := range more {
		config[key] = value
	}
	l.Admin(t, "POST", "/components", map[string]any{
		"name": name, "providerId": "ldap", "providerType": "org.keycloak.storage.UserStorageProvider", "config": config,
	}, nil)
}

// found are problems as path and code.
func found(problems maskit.Problems) []string {
	var out []string
	for _, p := range problems {
		out = append(out, p.Path+": "+p.Code)
	}
	return out
}

// What Keycloak would refuse is a problem of the plan, and nothing is written.
func TestPlanKnowsWhatKeycloakRefuses(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, l liveRealm) {
		base := small(t, l.Name)
		l.apply(t, base)
		directory := func(change func(*keycloak.LDAP)) func(*keycloak.Spec) {
			return func(s *keycloak.Spec) {
				s.LDAP = ldapSpec(t, l.Name, "ldap://127.0.0.1:1", "hidden").LDAP
				s.LDAP[0].Mappers = nil
				change(&s.LDAP[0])
			}
		}
		partnerAt := func(address string, ssl keycloak.SSLRequired) func(*keycloak.Spec) {
			return func(s *keycloak.Spec) {
				s.IdentityProviders = []keycloak.IdentityProvider{partner()}
				s.IdentityProviders[0].OIDC.TokenURL = address
				s.Realm.SSLRequired = ssl
			}
		}
		for name, c := range map[string]struct {
			change func(*keycloak.Spec)
			want   string
			warns  bool
		}{
			"password policy": {directory(func(l *keycloak.LDAP) { l.Config = map[string]string{"validatePasswordPolicy": "true"} }), "ldap[0].config.validatePasswordPolicy: contradiction", false},
			"unsynced":        {directory(func(l *keycloak.LDAP) { l.EditMode, l.Import = keycloak.LDAPUnsynced, keycloak.Set(false) }), "ldap[0].edit_mode: contradiction", false},
			"LDAP groups": {directory(func(l *keycloak.LDAP) {
				l.Mappers = []keycloak.LDAPMapper{{Name: "g", Groups: keycloak.LDAPGroups{DN: "ou=g", Path: "/nope"}}}
			}), "ldap[0].mappers[0].groups.path: group-missing", false},
			"LDAP mapper": {directory(func(l *keycloak.LDAP) {
				l.Mappers = []keycloak.LDAPMapper{{Name: "x", Type: "rol-ldap-mapper"}}
			}), "ldap[0].mappers[0].type: unfamiliar-name", true},
			"type": {func(s *keycloak.Spec) {
				s.IdentityProviders = []keycloak.IdentityProvider{{Alias: "x", Type: "githup", ClientID: "x", Secret: maskit.NewSecret("hidden")}}
			}, "identity_providers[0].type: unfamiliar-name", true},
			"http":         {partnerAt("http://8.8.8.8/t", ""), "identity_providers[0].oidc.token_url: url-not-https", false},
			"http, all":    {partnerAt("http://10.1.2.3/t", keycloak.SSLAll), "identity_providers[0].oidc.token_url: url-not-https", false},
			"http, a name": {partnerAt("http://nowhere.invalid/t", keycloak.SSLExternal), "identity_providers[0].oidc.token_url: url-not-https", true},
			"http in Config": {func(s *keycloak.Spec) {
				s.IdentityProviders = []keycloak.IdentityProvider{partner()}
				s.IdentityProviders[0].Config = map[string]string{"jwksUrl": "http://8.8.8.8/k"}
			}, "identity_providers[0].config.jwksUrl: url-not-https", false},
			"profile group": {func(s *keycloak.Spec) {
				s.UserProfile.Attributes = []keycloak.ProfileAttribute{{Name: "x", Group: keycloak.Set("nope")}}
			}, "user_profile.attributes[0].group: profile-group-missing", false},
			"validator": {func(s *keycloak.Spec) {
				s.UserProfile.Attributes = []keycloak.ProfileAttribute{{Name: "x", Validations: map[string]map[string]any{"patern": {}}}}
			}, "user_profile.attributes[0].validations.patern: unfamiliar-name", true},
			"group of a user": {func(s *keycloak.Spec) {
				s.Users = []keycloak.User{{Username: "alice", Groups: []string{"/matrix-users", "/nope"}}}
			}, "users[0].groups[1]: group-missing", false},
		} {
			spec := base
			c.change(&spec)
			plan := l.plan(t, spec)
			require.Contains(t, found(plan.Problems), c.want, name)
			require.Equal(t, c.warns, plan.Problems.Err() == nil, "%s: %s", name, plan.Problems)
			if c.warns { // and Keycloak does refuse it
				_, err := l.p.Apply(t.Context(), plan)
				var status *maskit.StatusError
				require.True(t, l.isFake() || err != nil, name)
				if err != nil {
					require.ErrorAs(t, err, &status, name)
				}
			}
		}
		for _, fine := range []string{"http://localhost/t", "http://10.1.2.3/t", "http://[fd00::1]/t", "http://169.254.1.1/t"} {
			spec := base
			partnerAt(fine, "")(&spec)
			require.NotContains(t, codes(l.plan(t, spec).Problems), "url-not-https", fine)
		}
	})
}

func (l liveRealm) isFake() bool { return l.Name == "t-fake" }
