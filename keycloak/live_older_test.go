package keycloak_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/keycloak"
)

// onOlder runs a test on the Keycloaks before 26.4, which cannot tell clients apart in
// flows.
func onOlder(t *testing.T, run func(t *testing.T, l liveRealm)) {
	t.Helper()
	t.Parallel()
	for _, version := range []live.KeycloakVersion{live.KeycloakFloor, live.KeycloakOld} {
		t.Run(string(version), func(t *testing.T) {
			t.Parallel()
			run(t, liveServer(t, live.Keycloak(t, version).Realm(t, live.ReusableCodes())))
		})
	}
}

// These cannot close all ways past the flow of one client: a plan says which, and is not
// applied before that was acknowledged.
func TestLiveOlderGate(t *testing.T) { onOlder(t, olderGate) }

func olderGate(t *testing.T, l liveRealm) {
	t.Helper()
	up := l.upstream(t)
	spec := gatedSpec(t, l.Name)
	spec.Realm.ResetPassword, spec.Client.LogoutScope = keycloak.Set(true), keycloak.LogoutUser
	plan := l.plan(t, spec)
	require.Equal(t, []string{"brokered-login-open", "password-reset-open"}, codes(plan.Problems))
	result, err := l.p.Apply(t.Context(), plan)
	require.ErrorIs(t, err, maskit.ErrInvalid)
	require.Zero(t, result.Writes)

	spec.Realm.ResetPassword = keycloak.Set(false)
	spec.Acknowledge = []maskit.Ack{{Code: "brokered-login-open"}}
	l.apply(t, spec)
	l.settled(t, spec)
	app := l.app(spec)
	member, stranger := l.person(t, "member", "/matrix-users"), l.person(t, "stranger")
	browser := live.NewKeycloakBrowser(t)
	admitted(t, browser.Login(app.URL(), member))
	admitted(t, browser.Open(app.URL()))
	refused(t, live.NewKeycloakBrowser(t).Login(app.URL(), stranger))
	admitted(t, live.NewKeycloakBrowser(t).Login(viaBroker(app).URL(), up.person(t, "erin"))) // as the problem says

	// A code is asked for at each login to the client, which a plan says too.
	spec.MFA.TOTP = keycloak.MFAClient
	plan = l.plan(t, spec)
	require.Contains(t, codes(plan.Problems), "mfa-asks-every-time")
	l.apply(t, spec)
	l.settled(t, spec)
	browser = live.NewKeycloakBrowser(t)
	page := browser.Login(app.URL(), member)
	admitted(t, page)
	require.Equal(t, []string{"kc-form-login", "kc-totp-settings-form"}, page.Steps)
	page = browser.Login(app.URL(), member)
	admitted(t, page)
	require.Equal(t, []string{"kc-otp-login-form"}, page.Steps)
	refused(t, live.NewKeycloakBrowser(t).Login(app.URL(), stranger))
}

func TestLiveOlderCodesForTheRealm(t *testing.T) { onOlder(t, olderCodes) }

func olderCodes(t *testing.T, l liveRealm) {
	t.Helper()
	up, box := l.upstream(t), newMailbox(t)
	spec := small(t, l.Name)
	spec.MFA.TOTP, spec.Client.LogoutScope = keycloak.MFARealm, keycloak.LogoutUser
	spec.Realm.ResetPassword = keycloak.Set(true)
	l.Admin(t, "PUT", "", map[string]any{"smtpServer": map[string]any{"host": "127.0.0.1", "port": box.port, "from": "sso@example.com"}}, nil)
	l.apply(t, spec)
	l.settled(t, spec)
	app, other := l.app(spec), l.otherApp(t)
	member := l.person(t, "member")
	member.NewPassword = "hidden-password-2"

	page := live.NewKeycloakBrowser(t).Login(other.URL(), member)
	admitted(t, page)
	require.Equal(t, []string{"kc-form-login", "kc-totp-settings-form"}, page.Steps)
	page = live.NewKeycloakBrowser(t).Login(app.URL(), member)
	admitted(t, page)
	require.Equal(t, []string{"kc-form-login", "kc-otp-login-form"}, page.Steps)
	page = live.NewKeycloakBrowser(t).Login(viaBroker(app).URL(), up.person(t, "erin"))
	admitted(t, page)
	require.Equal(t, []string{"kc-form-login", "kc-totp-settings-form"}, page.Steps)
	page = box.forget(t, app, member)
	admitted(t, page)
	require.Equal(t, []string{"kc-otp-login-form", "kc-passwd-update-form"}, page.Steps)
}

// The whole cycle, on servers of which one does not have the scope basic yet.
func TestLiveOlderCycle(t *testing.T) { onOlder(t, olderCycle) }

func olderCycle(t *testing.T, l liveRealm) {
	t.Helper()
	spec := small(t, l.Name)
	spec.Realm.DisplayName = "Staff"
	spec.BruteForce = keycloak.BruteForce{Lockout: keycloak.LockoutTemporary, MaxFailures: 10}
	spec.PasswordPolicy = keycloak.PasswordPolicy{MinLength: 12, History: 3}
	spec.UserProfile = keycloak.UserProfile{Attributes: []keycloak.ProfileAttribute{{Name: "employee_id"}}}
	spec.Client.Mappers = append(spec.Client.Mappers, keycloak.Mapper{Name: "employee_id", Attribute: "employee_id"})
	spec.Users = []keycloak.User{{Username: "alice", Email: "alice@example.com", FirstName: "Alice", LastName: "Liddell", Groups: []string{"/matrix-users"}}}
	plan := l.plan(t, spec)
	require.Equal(t, []string{"logout-tells-one-session"}, codes(plan.Problems))
	_, err := l.p.Apply(t.Context(), plan)
	require.NoError(t, err)
	l.settled(t, spec)

	scopes := []string{"basic", "profile", "email"}
	if l.Server.Version == live.KeycloakOld {
		scopes = scopes[1:]
	}
	require.ElementsMatch(t, scopes, l.client(t, "matrix")["defaultClientScopes"])
	report, err := l.p.Verify(t.Context(), spec)
	require.NoError(t, err)
	require.Equal(t, []string{"logout-tells-one-session", "claim-missing"}, codes(report.Problems), "alice has no number: %s", report.Problems)
	require.Equal(t, l.userID(t, "alice"), report.Claims["sub"])
	require.Equal(t, []any{"matrix-users"}, report.Claims["groups"])

	client := "/clients/" + l.client(t, "matrix")["id"].(string)
	l.Admin(t, "PUT", client, map[string]any{"webOrigins": []string{}, "redirectUris": []string{"https://evil.example.com/*"}, "frontchannelLogout": true}, nil)
	l.Admin(t, "PUT", "", map[string]any{"passwordPolicy": "length(1)", "failureFactor": 1000}, nil)
	require.Equal(t, 2, l.apply(t, spec).Writes)
	l.settled(t, spec)
	exported, err := l.p.Export(t.Context(), l.Name, "matrix")
	require.NoError(t, err)
	l.settled(t, exported)
}
