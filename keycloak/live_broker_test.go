package keycloak_test

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/keycloak"
)

// upstream makes another realm, with which people log in to this one.
func (l liveRealm) upstream(t *testing.T) liveRealm {
	t.Helper()
	up := liveServer(t, l.Server.Realm(t, nil))
	up.Admin(t, "POST", "/clients", map[string]any{
		"clientId": "downstream", "secret": "hidden-broker", "redirectUris": []string{l.Issuer + "/broker/corp/endpoint"},
	}, nil)
	oidc := up.Issuer + "/protocol/openid-connect/"
	l.Admin(t, "POST", "/identity-provider/instances", map[string]any{
		"alias": "corp", "providerId": "oidc", "enabled": true, "trustEmail": true,
		"config": map[string]any{
			"clientId": "downstream", "clientSecret": "hidden-broker", "clientAuthMethod": "client_secret_post", "issuer": up.Issuer,
			"authorizationUrl": oidc + "auth", "tokenUrl": oidc + "token", "userInfoUrl": oidc + "userinfo",
			"jwksUrl": oidc + "certs", "useJwksUrl": "true", "validateSignature": "true", "defaultScope": "openid profile email",
		},
	}, nil)
	return up
}

// viaBroker has the login page skipped.
func viaBroker(app live.KeycloakAuthorization) live.KeycloakAuthorization {
	app.Extra = url.Values{"kc_idp_hint": {"corp"}}
	return app
}

func TestLiveBrokeredLoginsAreChecked(t *testing.T) {
	t.Parallel()
	l := codesRealm(t)
	up := l.upstream(t)
	spec := gatedSpec(t, l.Name)
	l.apply(t, spec)
	l.settled(t, spec)
	app, other := l.app(spec), l.otherApp(t)
	erin := up.person(t, "erin")

	// Neither the first nor a later login at the identity provider lets a stranger in.
	browser := live.NewKeycloakBrowser(t)
	refused(t, browser.Login(viaBroker(app).URL(), erin))
	refused(t, browser.Login(viaBroker(app).URL(), erin))
	page := live.NewKeycloakBrowser(t).Login(viaBroker(other).URL(), erin)
	admitted(t, page)

	l.Admin(t, "PUT", "/users/"+l.userID(t, "erin")+"/groups/"+l.groupID(t, "/matrix-users"), nil, nil)
	browser = live.NewKeycloakBrowser(t)
	page = browser.Login(viaBroker(app).URL(), erin)
	admitted(t, page)
	require.Equal(t, "erin", app.Exchange(t, page)["preferred_username"])
	admitted(t, browser.Open(app.URL()))

	spec.MFA.TOTP = keycloak.MFAClient
	l.apply(t, spec)
	l.settled(t, spec)
	browser = live.NewKeycloakBrowser(t)
	page = browser.Login(viaBroker(app).URL(), erin)
	admitted(t, page)
	require.Equal(t, []string{"kc-form-login", "kc-totp-settings-form"}, page.Steps)

	// Keycloak does not count the code towards the session: with one, too, people come
	// back by their identity provider, and are asked again.
	page = browser.Open(app.URL())
	require.Contains(t, page.Forms, "kc-form-login")
	page = browser.Answer(browser.Follow(page, "social-corp"), erin)
	admitted(t, page)
	require.Equal(t, []string{"kc-otp-login-form"}, page.Steps)
	page = live.NewKeycloakBrowser(t).Login(viaBroker(app).URL(), erin)
	admitted(t, page)
	require.Equal(t, []string{"kc-form-login", "kc-otp-login-form"}, page.Steps)

	// The other client demands no code: it asks those who have one, lest who has the first
	// factor alone sets up another app there.
	browser = live.NewKeycloakBrowser(t)
	page = browser.Login(viaBroker(other).URL(), up.person(t, "frank"))
	admitted(t, page)
	require.Equal(t, []string{"kc-form-login"}, page.Steps)
	require.Nil(t, browser.Open(app.URL()).Callback, "its session is not enough")
	another := viaBroker(other)
	another.Extra.Set("kc_action", "CONFIGURE_TOTP")
	page = live.NewKeycloakBrowser(t).Login(another.URL(), &live.KeycloakUser{Name: erin.Name, Password: erin.Password})
	require.Equal(t, []string{"kc-form-login", "kc-otp-login-form"}, page.Steps)
	require.Equal(t, "Invalid authenticator code.", page.Message)
	page = live.NewKeycloakBrowser(t).Login(viaBroker(other).URL(), erin)
	admitted(t, page)
	require.Equal(t, []string{"kc-form-login", "kc-otp-login-form"}, page.Steps)
}
