package live_test

import (
	"maps"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/live"
)

func TestKeycloakLogin(t *testing.T) {
	t.Parallel()
	settings := map[string]any{
		"users": []any{map[string]any{
			"username": "alice", "enabled": true, "email": "alice@example.com", "firstName": "Alice", "lastName": "Liddell",
			"credentials":     []any{map[string]any{"type": "password", "value": "hidden-password"}},
			"requiredActions": []string{"CONFIGURE_TOTP"},
		}},
		"clients": []any{map[string]any{"clientId": "app", "secret": "hidden-secret", "redirectUris": []string{"https://app.example.com/callback"}}},
	}
	maps.Copy(settings, live.ReusableCodes())
	realm := live.Keycloak(t, live.KeycloakCurrent).Realm(t, settings)
	app := live.KeycloakAuthorization{Issuer: realm.Issuer, ClientID: "app", Secret: "hidden-secret", RedirectURI: "https://app.example.com/callback"}
	alice := &live.KeycloakUser{Name: "alice", Password: "wrong"}
	browser := live.NewKeycloakBrowser(t)

	page := browser.Login(app.URL(), alice)
	require.Nil(t, page.Callback)
	require.Equal(t, []string{"kc-form-login"}, page.Steps)
	require.Equal(t, "Invalid username or password.", page.Message)

	alice.Password = "hidden-password"
	page = browser.Answer(page, alice)
	require.NotEmpty(t, page.Callback.Get("code"), page.Message)
	require.Equal(t, []string{"kc-form-login", "kc-totp-settings-form"}, page.Steps)
	require.Equal(t, "alice", app.Exchange(t, page)["preferred_username"])

	page = browser.Login(app.URL(), alice)
	require.NotEmpty(t, page.Callback.Get("code"))
	require.Empty(t, page.Steps, "the cookie is enough")

	page = live.NewKeycloakBrowser(t).Login(app.URL(), alice)
	require.NotEmpty(t, page.Callback.Get("code"), page.Message)
	require.Equal(t, []string{"kc-form-login", "kc-otp-login-form"}, page.Steps)

	app.RedirectURI = "https://evil.example.com/"
	page = browser.Open(app.URL())
	require.Equal(t, 400, page.Status)
	require.Equal(t, "Invalid parameter: redirect_uri", page.Message)
}
