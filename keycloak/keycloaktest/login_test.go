package keycloaktest_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/keycloak"
)

const callback = "https://app.example.com/callback"

// people are the settings of a realm with a client and two users.
func people() map[string]any {
	person := func(name, first string) map[string]any {
		return map[string]any{
			"username": name, "enabled": true, "email": name + "@example.com", "firstName": first, "lastName": "Liddell",
			"credentials": []any{map[string]any{"type": "password", "value": "pw-" + name}},
		}
	}
	return map[string]any{
		"passwordPolicy": "hashAlgorithm(pbkdf2) and hashIterations(1)", // the standard takes a tenth of a second
		"users":          []any{person("alice", "Alice"), person("bob", "Bob")},
		"clients": []any{
			map[string]any{
				"clientId": "app", "secret": "app-secret", "redirectUris": []string{callback}, "directAccessGrantsEnabled": true, "serviceAccountsEnabled": true,
				"attributes": map[string]any{"backchannel.logout.session.required": "true", "backchannel.logout.revoke.offline.tokens": "true"},
			},
			map[string]any{"clientId": "other", "secret": "other-secret", "redirectUris": []string{callback}},
		},
	}
}

func (s subject) app(id string) live.KeycloakAuthorization {
	return live.KeycloakAuthorization{Issuer: s.issuer(), ClientID: id, Secret: id + "-secret", RedirectURI: callback}
}

func TestLoginInABrowser(t *testing.T) {
	t.Parallel()
	onEvery(t, people(), func(t *testing.T, s subject) {
		app := s.app("app")
		alice := &live.KeycloakUser{Name: "alice", Password: "wrong"}
		browser := live.NewKeycloakBrowser(t)
		page := browser.Login(app.URL(), alice)
		require.Nil(t, page.Callback)
		require.Equal(t, "Invalid username or password.", page.Message)

		alice.Password = "pw-alice"
		page = browser.Answer(page, alice)
		require.Equal(t, "state", page.Callback.Get("state"), page.Message)
		require.Equal(t, s.issuer(), page.Callback.Get("iss"))
		claims := app.Exchange(t, page)
		require.Equal(t, s.issuer(), claims["iss"])
		require.Equal(t, "app", claims["aud"])
		require.Equal(t, "nonce", claims["nonce"])
		require.Equal(t, "alice", claims["preferred_username"])
		require.Equal(t, "Alice Liddell", claims["name"])
		require.Equal(t, "alice@example.com", claims["email"])
		require.Equal(t, page.Callback.Get("session_state"), claims["sid"])
		require.Equal(t, "1", claims["acr"])
		require.NotEmpty(t, claims["sub"])
		require.NotEmpty(t, claims["auth_time"])
		require.NotEmpty(t, claims["at_hash"])

		page = browser.Login(s.app("other").URL(), alice)
		require.NotEmpty(t, page.Callback.Get("code"))
		require.Empty(t, page.Steps, "the cookie is enough")
		require.Equal(t, claims["sid"], page.Callback.Get("session_state"))

		app.Extra = url.Values{"prompt": {"login"}}
		require.Contains(t, browser.Open(app.URL()).Forms, "kc-form-login")
		app.Extra = url.Values{"prompt": {"none"}}
		require.NotEmpty(t, browser.Open(app.URL()).Callback.Get("code"))
		require.Equal(t, "login_required", live.NewKeycloakBrowser(t).Open(app.URL()).Callback.Get("error"))
		app.Extra = url.Values{"scope": {"openid nobody"}}
		require.Equal(t, "invalid_scope", browser.Open(app.URL()).Callback.Get("error"))
		app.Extra = url.Values{"response_type": {"nothing"}}
		require.Equal(t, "unsupported_response_type", browser.Open(app.URL()).Callback.Get("error"))
	})
}

func TestLoginThatCannotAnswer(t *testing.T) {
	t.Parallel()
	onEvery(t, people(), func(t *testing.T, s subject) {
		browser := live.NewKeycloakBrowser(t)
		wrong := s.app("app")
		wrong.RedirectURI = "https://evil.example.com/"
		page := browser.Open(wrong.URL())
		require.Equal(t, http.StatusBadRequest, page.Status)
		require.Equal(t, "Invalid parameter: redirect_uri", page.Message)
		page = browser.Open(s.app("nobody").URL())
		require.Equal(t, http.StatusBadRequest, page.Status)
		require.Equal(t, "Client not found.", page.Message)

		page = browser.Open(s.app("app").URL())
		require.Equal(t, http.StatusBadRequest, live.NewKeycloakBrowser(t).Submit(page, "kc-form-login", nil).Status, "in another browser")
	})
}

// findClient is the client as the server has it.
func (s subject) findClient(t *testing.T, id string) map[string]any {
	t.Helper()
	var list []map[string]any
	s.admin(t, "GET", "/clients?clientId="+id, nil, &list)
	require.Len(t, list, 1)
	return list[0]
}

func (s subject) findUser(t *testing.T, name string) string {
	t.Helper()
	var list []map[string]any
	s.admin(t, "GET", "/users?exact=true&username="+name, nil, &list)
	require.Len(t, list, 1)
	return list[0]["id"].(string)
}

func TestPKCEIsDemanded(t *testing.T) {
	t.Parallel()
	onEvery(t, people(), func(t *testing.T, s subject) {
		id := s.findClient(t, "app")["id"].(string)
		s.admin(t, "PUT", "/clients/"+id, map[string]any{"attributes": map[string]any{"pkce.code.challenge.method": "S256"}}, nil)
		app := s.app("app")
		app.Extra = url.Values{"code_challenge_method": {""}, "code_challenge": {""}}
		browser := live.NewKeycloakBrowser(t)
		require.Equal(t, "invalid_request", browser.Open(app.URL()).Callback.Get("error"))
		app.Extra = nil
		page := browser.Login(app.URL(), &live.KeycloakUser{Name: "alice", Password: "pw-alice"})
		form := url.Values{
			"grant_type": {"authorization_code"}, "code": {page.Callback.Get("code")}, "redirect_uri": {callback},
			"client_id": {"app"}, "client_secret": {"app-secret"}, "code_verifier": {"another-verifier-that-is-long-enough-and-wrong-for-all"},
		}
		status, answer := s.form(t, "/protocol/openid-connect/token", form)
		require.Equal(t, http.StatusBadRequest, status)
		require.Equal(t, "invalid_grant", answer["error"])
	})
}

func TestRequiredActionsOfAUser(t *testing.T) {
	t.Parallel()
	settings := people()
	settings["users"] = append(settings["users"].([]any), map[string]any{
		"username": "carol", "enabled": true, "requiredActions": []string{"UPDATE_PASSWORD", "CONFIGURE_TOTP"},
		"credentials": []any{map[string]any{"type": "password", "value": "pw-carol"}},
	})
	onEvery(t, settings, func(t *testing.T, s subject) {
		carol := &live.KeycloakUser{Name: "carol", Password: "pw-carol", NewPassword: "pw-new"}
		started := time.Now()
		browser := live.NewKeycloakBrowser(t)
		page := browser.Login(s.app("app").URL(), carol)
		require.Contains(t, page.Forms, "kc-update-profile-form", page.Title)
		require.ElementsMatch(t, []string{"kc-form-login", "kc-totp-settings-form", "kc-passwd-update-form"}, page.Steps)
		page = browser.Submit(page, "kc-update-profile-form", map[string]string{"email": "carol@example.com", "firstName": "Carol", "lastName": "Liddell"})
		require.NotEmpty(t, page.Callback.Get("code"), page.Message)

		page = live.NewKeycloakBrowser(t).Login(s.app("app").URL(), carol)
		require.Equal(t, []string{"kc-form-login", "kc-otp-login-form"}, page.Steps)
		if codeStep(started) == codeStep(time.Now()) { // else the second code was another one
			require.Equal(t, "Invalid authenticator code.", page.Message, "each code counts once")
		}
	})
}

// codeStep numbers the half minutes, each of which has a code of its own.
func codeStep(at time.Time) int64 { return at.Unix() / 30 }

// Members of the group get in, by whichever group below it; others do not, and other
// clients do not care.
func TestGateAndSecondFactor(t *testing.T) {
	t.Parallel()
	onBoth(t, people(), func(t *testing.T, s subject) {
		spec := keycloak.Spec{
			Realm: keycloak.Realm{Name: s.realm},
			Client: keycloak.Client{
				ID: "app", Auth: keycloak.ClientSecretAuth, Secret: maskit.NewSecret("app-secret"), RequireGroup: keycloak.Set("/matrix"), DenyMessage: "Members only.",
				DirectGrant: keycloak.Set(false),
			},
			Groups: []keycloak.Group{{Path: "/matrix"}, {Path: "/matrix/team"}},
		}
		s.apply(t, spec)
		var team map[string]any
		s.admin(t, "GET", "/group-by-path/matrix/team", nil, &team)
		member := "/users/" + s.findUser(t, "alice") + "/groups/" + team["id"].(string)
		s.admin(t, "PUT", member, nil, nil)

		alice, bob := &live.KeycloakUser{Name: "alice", Password: "pw-alice"}, &live.KeycloakUser{Name: "bob", Password: "pw-bob"}
		browser := live.NewKeycloakBrowser(t)
		page := browser.Login(s.app("app").URL(), alice)
		require.NotEmpty(t, page.Callback.Get("code"), page.Message)
		s.admin(t, "DELETE", member, nil, nil)
		page = browser.Login(s.app("app").URL(), alice)
		require.Equal(t, http.StatusUnauthorized, page.Status, "a session is not enough")
		require.Equal(t, "Members only.", page.Message)
		s.admin(t, "PUT", member, nil, nil)

		browser = live.NewKeycloakBrowser(t)
		page = browser.Login(s.app("app").URL(), bob)
		require.Equal(t, http.StatusUnauthorized, page.Status)
		require.Equal(t, "Members only.", page.Message)
		page = browser.Login(s.app("other").URL(), bob)
		require.NotEmpty(t, page.Callback.Get("code"))

		spec.MFA.TOTP = keycloak.MFAClient
		s.admin(t, "PUT", "", map[string]any{"otpPolicyType": "totp", "otpPolicyAlgorithm": "HmacSHA1", "otpPolicyDigits": 6, "otpPolicyLookAheadWindow": 1, "otpPolicyPeriod": 30, "otpPolicyInitialCounter": 0, "otpPolicyCodeReusable": true}, nil)
		s.apply(t, spec)
		page = live.NewKeycloakBrowser(t).Login(s.app("app").URL(), alice)
		require.NotEmpty(t, page.Callback.Get("code"), page.Message)
		require.Equal(t, []string{"kc-form-login", "kc-totp-settings-form"}, page.Steps)
		browser = live.NewKeycloakBrowser(t)
		page = browser.Login(s.app("app").URL(), alice)
		require.Equal(t, []string{"kc-form-login", "kc-otp-login-form"}, page.Steps)
		require.Equal(t, "mfa", s.app("app").Exchange(t, page)["acr"])
		require.Empty(t, browser.Login(s.app("app").URL(), alice).Steps)

		s.admin(t, "PUT", "/users/"+s.findUser(t, "bob")+"/groups/"+team["id"].(string), nil, nil)
		browser = live.NewKeycloakBrowser(t)
		page = browser.Login(s.app("other").URL(), bob)
		require.Equal(t, []string{"kc-form-login"}, page.Steps, "other clients ask for no code")
		page = browser.Login(s.app("app").URL(), bob)
		require.Contains(t, page.Steps, "kc-totp-settings-form", "a session without a code is not enough")
		require.NotEmpty(t, page.Callback.Get("code"), page.Message)
	})
}

// apply brings the realm to a spec, after which nothing is left to do.
func (s subject) apply(t *testing.T, spec keycloak.Spec) {
	t.Helper()
	p := s.provisioner(t)
	plan, err := p.Plan(t.Context(), spec)
	require.NoError(t, err)
	require.NoError(t, plan.Problems.Err())
	plan.Delete = true
	_, err = p.Apply(t.Context(), plan)
	require.NoError(t, err)
	plan, err = p.Plan(t.Context(), spec)
	require.NoError(t, err)
	require.True(t, plan.Empty(), "%s", plan)
	if s.fake != nil {
		require.Empty(t, s.fake.Unknown())
	}
}
