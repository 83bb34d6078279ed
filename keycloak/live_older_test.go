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
