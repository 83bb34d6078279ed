package keycloak_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/keycloak"
)

// full has every part of a spec.
func full(t *testing.T, realm string) keycloak.Spec {
	t.Helper()
	spec := small(t, realm)
	spec.Realm = keycloak.Realm{
		Name: realm, Create: true, DisplayName: "Staff", SSLRequired: keycloak.SSLNone,
		Registration: keycloak.Set(false), ResetPassword: keycloak.Set(true), RememberMe: keycloak.Set(true), VerifyEmail: keycloak.Set(true),
		LoginWithEmail: keycloak.Set(false), DuplicateEmails: keycloak.Set(true), EditUsername: keycloak.Set(false),
		SSOSessionIdle: 3600, SSOSessionMax: 7200, AccessTokenLifespan: 120, Attributes: map[string]string{"maskit": "here", "gone": ""},
	}
	spec.BruteForce = keycloak.BruteForce{
		Lockout: keycloak.LockoutMixed, MaxFailures: 10, WaitIncrement: 30, MaxWait: 600, ResetAfter: 3600,
		QuickLoginMilliseconds: 500, QuickLoginWait: 10, TemporaryLockouts: 3,
	}
	spec.PasswordPolicy = keycloak.PasswordPolicy{MinLength: 12, MaxLength: 64, Digits: 1, NotUsername: true, NotEmail: true, History: 3, Other: []string{"regexPattern(.*[a-z].*)"}}
	spec.Events = keycloak.Events{
		Save: keycloak.Set(true), Types: []string{"LOGIN", "LOGOUT"}, Expiration: 86400, SaveAdmin: keycloak.Set(true),
		AdminDetails: keycloak.Set(true), Listeners: []string{"jboss-logging"},
	}
	spec.Groups = append(spec.Groups, keycloak.Group{Path: "/staff/matrix team/inner"})
	spec.Users = []keycloak.User{{
		Username: "alice", Email: "alice@example.com", FirstName: "Alice", LastName: "Liddell",
		Password: maskit.NewSecret("correct horse 1 battery"), Groups: []string{"/matrix-users", "/staff/matrix team/inner"},
	}}
	return spec
}

// newName is a realm that does not exist yet, and is deleted when the test ends.
func newName(t *testing.T) liveRealm {
	t.Helper()
	return liveServer(t, live.Keycloak(t, live.KeycloakCurrent).Unmade(t))
}

func TestLiveRealmIsCreatedWhole(t *testing.T) {
	t.Parallel()
	l := newName(t)
	spec := full(t, l.Name)

	missing := spec
	missing.Realm.Create = false
	plan := l.plan(t, missing)
	require.Contains(t, codes(plan.Problems), "realm-missing")
	result, err := l.p.Apply(t.Context(), plan)
	require.ErrorIs(t, err, maskit.ErrInvalid)
	require.Zero(t, result.Writes)

	plan = l.plan(t, spec)
	require.LessOrEqual(t, plan.Requests, 2, "nothing is looked for in a realm that does not exist")
	require.NotContains(t, plan.String(), spec.Users[0].Password.Reveal())
	result, err = l.p.Apply(t.Context(), plan)
	require.NoError(t, err)
	require.Equal(t, plan.Changes, result.Done)
	l.settled(t, spec)
	require.NotContains(t, l.log.String(), spec.Users[0].Password.Reveal())

	report, err := l.p.Verify(t.Context(), spec)
	require.NoError(t, err)
	require.Empty(t, report.Problems, "%s", report.Problems)

	// What others set in the realm stays when something of ours changes.
	l.Admin(t, "PUT", "", map[string]any{
		"loginTheme": "keycloak", "oauth2DeviceCodeLifespan": 700, "oauth2DevicePollingInterval": 7,
		"smtpServer": map[string]any{"host": "mail.example.com", "from": "sso@example.com", "auth": "true", "user": "u", "password": "hidden-smtp"},
	}, nil)
	var realm map[string]any
	l.Admin(t, "GET", "", nil, &realm)
	attributes := realm["attributes"].(map[string]any)
	attributes["foreign"], attributes["gone"] = "stays", "here again"
	l.Admin(t, "PUT", "", map[string]any{"attributes": attributes, "oauth2DeviceCodeLifespan": 700, "oauth2DevicePollingInterval": 7}, nil)
	plan = l.plan(t, spec)
	require.Len(t, plan.Changes, 1)
	require.Len(t, plan.Changes[0].Fields, 1)
	before := map[string]any{}
	l.Admin(t, "GET", "", nil, &before)
	l.apply(t, spec)
	l.settled(t, spec)
	after := map[string]any{}
	l.Admin(t, "GET", "", nil, &after)
	delete(before["attributes"].(map[string]any), "gone")
	for key, value := range before["attributes"].(map[string]any) {
		require.Equal(t, value, after["attributes"].(map[string]any)[key], key)
	}
	delete(before, "attributes")
	delete(after, "attributes")
	require.Equal(t, before, after)
}

// Every managed field of the realm is changed by hand at once, and restored.
func TestLiveDriftOfTheRealmIsRestored(t *testing.T) {
	t.Parallel()
	l := newRealm(t)
	spec := full(t, l.Name)
	l.apply(t, spec)
	l.Admin(t, "PUT", "", map[string]any{
		"displayName": "x", "sslRequired": "all", "registrationAllowed": true, "resetPasswordAllowed": false, "rememberMe": false, "verifyEmail": false,
		"duplicateEmailsAllowed": false, "loginWithEmailAllowed": true, "editUsernameAllowed": true, "ssoSessionIdleTimeout": 100, "ssoSessionMaxLifespan": 100,
		"accessTokenLifespan": 100, "bruteForceProtected": false, "permanentLockout": false, "maxTemporaryLockouts": 0, "failureFactor": 99,
		"waitIncrementSeconds": 99, "maxFailureWaitSeconds": 99, "maxDeltaTimeSeconds": 99, "quickLoginCheckMilliSeconds": 99,
		"minimumQuickLoginWaitSeconds": 99, "passwordPolicy": "length(1)", "eventsEnabled": false, "enabledEventTypes": []string{"LOGIN"},
		"eventsExpiration": 1, "adminEventsEnabled": false, "adminEventsDetailsEnabled": false, "eventsListeners": []string{},
	}, nil)
	plan := l.plan(t, spec)
	require.Len(t, plan.Changes, 1)
	require.Len(t, plan.Changes[0].Fields, 28, "%s", plan)
	require.Equal(t, 1, l.apply(t, spec).Writes)
	l.settled(t, spec)

	spec.PasswordPolicy, spec.BruteForce = keycloak.PasswordPolicy{None: true}, keycloak.BruteForce{Lockout: keycloak.LockoutOff}
	require.Equal(t, 1, l.apply(t, spec).Writes)
	l.settled(t, spec)
}

func TestLiveKeylessClient(t *testing.T) {
	t.Parallel()
	l := newRealm(t)
	spec := small(t, l.Name)
	l.apply(t, spec)
	spec.Client.Secret, spec.Client.Auth = maskit.Secret{}, keycloak.ClientJWTAuth
	l.apply(t, spec)
	l.settled(t, spec)
	client := l.client(t, "matrix")
	require.Equal(t, "client-jwt", client["clientAuthenticatorType"])
	require.Equal(t, "https://account.example.com/oauth2/keys.json", client["attributes"].(map[string]any)["jwks.url"])
	report, err := l.p.Verify(t.Context(), spec)
	require.NoError(t, err)
	require.Equal(t, []string{"claims-not-checked"}, codes(report.Problems))
}

// A client that was set up the usual way, by hand, is adopted as it is, and then
// brought to the safe settings.
func TestLiveExportOfAHandMadeClient(t *testing.T) {
	t.Parallel()
	l := newRealm(t)
	l.Admin(t, "PUT", "", map[string]any{"passwordPolicy": "passwordHistory(3) and length(8) and notUsername", "bruteForceProtected": true, "eventsEnabled": true}, nil)
	l.Admin(t, "POST", "/clients", map[string]any{
		"clientId": "mas", "secret": "hand-made+secret", "rootUrl": "https://account.example.com", "redirectUris": []string{"https://account.example.com/upstream/callback/*"},
		"directAccessGrantsEnabled": true, "frontchannelLogout": true, "serviceAccountsEnabled": true,
		"attributes": map[string]any{"post.logout.redirect.uris": "+", "backchannel.logout.url": "https://account.example.com/upstream/callback/x/logout"},
		"protocolMappers": []any{
			map[string]any{"name": "groups", "protocol": "openid-connect", "protocolMapper": "oidc-group-membership-mapper", "config": map[string]any{"claim.name": "groups", "full.path": "true", "id.token.claim": "true", "userinfo.token.claim": "false"}},
			map[string]any{"name": "dept", "protocol": "openid-connect", "protocolMapper": "oidc-usermodel-attribute-mapper", "config": map[string]any{"claim.name": "department", "user.attribute": "dept", "id.token.claim": "true", "jsonType.label": "String", "x": "y"}},
			map[string]any{"name": "fixed", "protocol": "openid-connect", "protocolMapper": "oidc-hardcoded-claim-mapper", "config": map[string]any{"claim.name": "a", "claim.value": "b"}},
		},
	}, nil)
	spec, err := l.p.Export(t.Context(), l.Name, "mas")
	require.NoError(t, err)
	plan := l.plan(t, spec)
	require.True(t, plan.Empty(), "%s", plan)

	text, err := spec.YAML()
	require.NoError(t, err)
	require.NotContains(t, string(text), "hand-made")
	parsed, problems := keycloak.ParseSpec("spec.yaml", text)
	require.NoError(t, problems.Err())
	plan = l.plan(t, parsed)
	require.True(t, plan.Empty(), "the file says the same: %s", plan)

	safe := keycloak.Spec{Realm: spec.Realm, Client: keycloak.Client{ID: "mas", Site: site(), Provider: provider, Secret: newSecret(t), Mappers: spec.Client.Mappers}}
	plan = l.plan(t, safe)
	require.NotEmpty(t, plan.Changes)
	require.Contains(t, plan.String(), `redirectUris: [https://account.example.com/upstream/callback/*] → [https://account.example.com/upstream/callback/01JSHPZHAXC50QBKH67MH33TNF]`)
	require.Contains(t, plan.String(), "secret: [redacted] → [redacted]")
	l.apply(t, safe)
	l.settled(t, safe)

	_, err = l.p.Export(t.Context(), l.Name, "nobody")
	require.ErrorIs(t, err, maskit.ErrNotFound)
	_, err = l.p.Export(t.Context(), l.Name+"x", "mas")
	require.ErrorIs(t, err, maskit.ErrNotFound)
	_, err = l.p.Export(t.Context(), "master", "mas")
	require.ErrorIs(t, err, maskit.ErrInvalid)
}
