package keycloak_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/keycloak"
)

// forget resets the password of the user from the login page of a client.
func (b *mailbox) forget(t *testing.T, app live.KeycloakAuthorization, as *live.KeycloakUser) live.KeycloakPage {
	t.Helper()
	browser := live.NewKeycloakBrowser(t)
	page := browser.Follow(browser.Open(app.URL()), "Forgot Password?")
	page = browser.Submit(page, "kc-reset-password-form", map[string]string{"username": as.Name})
	require.Equal(t, 200, page.Status, page.Message)
	return browser.Answer(browser.Open(b.link(t)), as)
}

func TestLiveForgottenPasswordsAreChecked(t *testing.T) {
	t.Parallel()
	l := codesRealm(t)
	box := newMailbox(t)
	l.Admin(t, "PUT", "", map[string]any{"smtpServer": map[string]any{"host": "127.0.0.1", "port": box.port, "from": "sso@example.com"}}, nil)
	spec := gatedSpec(t, l.Name)
	spec.Realm.ResetPassword = keycloak.Set(true)
	l.apply(t, spec)
	l.settled(t, spec)
	app, other := l.app(spec), l.otherApp(t)
	member, stranger := l.person(t, "member", "/matrix-users"), l.person(t, "stranger")
	member.NewPassword, stranger.NewPassword = "hidden-password-2", "hidden-password-3"

	page := box.forget(t, app, member)
	admitted(t, page)
	require.Equal(t, []string{"kc-passwd-update-form"}, page.Steps)
	refused(t, box.forget(t, app, stranger))
	admitted(t, box.forget(t, other, stranger))

	spec.MFA.TOTP = keycloak.MFAClient
	l.apply(t, spec)
	l.settled(t, spec)
	page = box.forget(t, app, member)
	admitted(t, page)
	require.Equal(t, []string{"kc-totp-settings-form", "kc-passwd-update-form"}, page.Steps)
	for _, at := range []live.KeycloakAuthorization{app, other} {
		page = box.forget(t, at, member)
		admitted(t, page)
		require.Equal(t, []string{"kc-otp-login-form", "kc-passwd-update-form"}, page.Steps, "codes cannot be reset by mail")
	}
	page = box.forget(t, other, stranger)
	admitted(t, page)
	require.Equal(t, []string{"kc-passwd-update-form"}, page.Steps, "the other client demands no code")

	spec.Client.RequireGroup, spec.MFA.TOTP = keycloak.Set(""), keycloak.MFAOff
	l.apply(t, spec)
	l.settled(t, spec)
	var realm map[string]any
	l.Admin(t, "GET", "", nil, &realm)
	require.Equal(t, "reset credentials", realm["resetCredentialsFlow"])
	require.Empty(t, l.flows(t))
}
