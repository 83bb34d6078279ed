package keycloak_test

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/keycloak"
)

// codesRealm is a realm in which a one-time code works as long as it is shown, so that
// tests need not wait for the next one.
func codesRealm(t *testing.T) liveRealm {
	t.Helper()
	return liveServer(t, live.Keycloak(t, live.KeycloakCurrent).Realm(t, live.ReusableCodes()))
}

func TestLiveCodesForTheClient(t *testing.T) {
	t.Parallel()
	l := codesRealm(t)
	spec := gatedSpec(t, l.Name)
	spec.MFA.TOTP = keycloak.MFAClient
	l.apply(t, spec)
	l.settled(t, spec)
	app, other := l.app(spec), l.otherApp(t)
	member, stranger := l.person(t, "member", "/matrix-users"), l.person(t, "stranger")

	// The first login sets codes up, further ones ask for one, and a session is enough.
	browser := live.NewKeycloakBrowser(t)
	page := browser.Login(app.URL(), member)
	admitted(t, page)
	require.Equal(t, []string{"kc-form-login", "kc-totp-settings-form"}, page.Steps)
	page = browser.Login(app.URL(), member)
	admitted(t, page)
	require.Empty(t, page.Steps)
	browser = live.NewKeycloakBrowser(t)
	page = browser.Login(app.URL(), member)
	admitted(t, page)
	require.Equal(t, []string{"kc-form-login", "kc-otp-login-form"}, page.Steps)

	// Asking for less in the address is of no use.
	for _, less := range []string{"pwd", "1", "0"} {
		tampered := app
		tampered.Extra = url.Values{"acr_values": {less}}
		page = live.NewKeycloakBrowser(t).Login(tampered.URL(), member)
		require.Equal(t, []string{"kc-form-login", "kc-otp-login-form"}, page.Steps, less)
	}

	// A session of another client, without a code, is not enough.
	browser = live.NewKeycloakBrowser(t)
	newcomer := l.person(t, "newcomer", "/matrix-users")
	page = browser.Login(other.URL(), newcomer)
	admitted(t, page)
	require.Equal(t, []string{"kc-form-login"}, page.Steps, "the other client demands no code")
	page = browser.Login(app.URL(), newcomer)
	admitted(t, page)
	require.Equal(t, []string{"kc-form-login", "kc-totp-settings-form"}, page.Steps)
	page = browser.Open(app.URL())
	admitted(t, page)

	refused(t, live.NewKeycloakBrowser(t).Login(app.URL(), stranger))
	admitted(t, live.NewKeycloakBrowser(t).Login(other.URL(), stranger))

	// Without the lowest level that counts, the address would decide.
	client := "/clients/" + l.client(t, "matrix")["id"].(string)
	l.Admin(t, "PUT", client, map[string]any{"webOrigins": []string{}, "attributes": map[string]any{"minimum.acr.value": ""}}, nil)
	app.Extra = url.Values{"acr_values": {"pwd"}}
	page = live.NewKeycloakBrowser(t).Login(app.URL(), member)
	admitted(t, page)
	require.Equal(t, []string{"kc-form-login"}, page.Steps)
	plan := l.plan(t, spec)
	require.Len(t, plan.Changes, 1)
	require.Equal(t, `update login flow of client matrix: attributes.minimum.acr.value: unset → "mfa"`, plan.String())
	require.Equal(t, 1, l.apply(t, spec).Writes)
	l.settled(t, spec)
}

func TestLiveCodesForTheRealm(t *testing.T) {
	t.Parallel()
	l := codesRealm(t)
	l.Admin(t, "PUT", "", map[string]any{"organizationsEnabled": true}, nil)
	up := l.upstream(t)
	spec := gatedSpec(t, l.Name)
	spec.MFA = keycloak.MFA{TOTP: keycloak.MFARealm, EnrolNewUsers: keycloak.Set(true)}
	l.Admin(t, "PUT", "/authentication/required-actions/CONFIGURE_TOTP", map[string]any{"alias": "CONFIGURE_TOTP", "name": "Configure OTP", "providerId": "CONFIGURE_TOTP", "enabled": false, "priority": 7}, nil)
	l.apply(t, spec)
	l.settled(t, spec)
	var action map[string]any
	l.Admin(t, "GET", "/authentication/required-actions/CONFIGURE_TOTP", nil, &action)
	require.Equal(t, map[string]any{
		"alias": "CONFIGURE_TOTP", "name": "Configure OTP", "providerId": "CONFIGURE_TOTP", "enabled": true, "defaultAction": true, "priority": 7., "config": map[string]any{},
	}, action)

	app, other := l.app(spec), l.otherApp(t)
	member := l.person(t, "member", "/matrix-users")
	browser := live.NewKeycloakBrowser(t)
	page := browser.Login(other.URL(), member)
	admitted(t, page)
	require.Equal(t, []string{"kc-form-login", "kc-totp-settings-form"}, page.Steps)
	page = browser.Login(app.URL(), member)
	admitted(t, page)
	require.Empty(t, page.Steps, "one code is enough for the session")
	for _, at := range []live.KeycloakAuthorization{app, other} {
		page = live.NewKeycloakBrowser(t).Login(at.URL(), member)
		admitted(t, page)
		require.Equal(t, []string{"kc-form-login", "kc-otp-login-form"}, page.Steps)
	}
	refused(t, live.NewKeycloakBrowser(t).Login(app.URL(), l.person(t, "stranger")))
	browser, erin := live.NewKeycloakBrowser(t), up.person(t, "erin")
	refused(t, browser.Login(viaBroker(app).URL(), erin))
	page = browser.Login(viaBroker(other).URL(), erin)
	admitted(t, page)
	require.Equal(t, []string{"kc-totp-settings-form"}, page.Steps)

	spec.MFA, spec.Client.RequireGroup = keycloak.MFA{TOTP: keycloak.MFAOff}, keycloak.Set("")
	l.apply(t, spec)
	l.settled(t, spec)
	require.Empty(t, l.flows(t))
	page = live.NewKeycloakBrowser(t).Login(other.URL(), l.person(t, "visitor"))
	require.Equal(t, []string{"kc-form-login", "kc-totp-settings-form"}, page.Steps, "new users still set codes up")
}
