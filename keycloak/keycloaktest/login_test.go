package keycloaktest_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/keycloak"
	"github.com/maskit-dev/maskit/keycloak/keycloaktest"
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
		"users": []any{person("alice", "Alice"), person("bob", "Bob")},
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
	onBoth(t, people(), func(t *testing.T, s subject) {
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
	onBoth(t, people(), func(t *testing.T, s subject) {
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
	onBoth(t, people(), func(t *testing.T, s subject) {
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
	onBoth(t, settings, func(t *testing.T, s subject) {
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

// Each row is a way to end a session, and whether the client is told.
func TestBackChannelLogout(t *testing.T) {
	t.Parallel()
	onBoth(t, people(), func(t *testing.T, s subject) {
		told := newReceiver(t)
		client := s.findClient(t, "app")["id"].(string)
		s.admin(t, "PUT", "/clients/"+client, map[string]any{"attributes": map[string]any{"backchannel.logout.url": told.URL}}, nil)
		alice := s.findUser(t, "alice")
		for name, c := range map[string]struct {
			end  func(sid, refresh string)
			told int
		}{
			"an administrator ends the session":   {func(sid, _ string) { s.admin(t, "DELETE", "/sessions/"+sid, nil, nil) }, 1},
			"an administrator logs the user out":  {func(string, string) { s.admin(t, "POST", "/users/"+alice+"/logout", nil, nil) }, 1},
			"the client gives its refresh token":  {func(_, refresh string) { s.logout(t, refresh) }, 1},
			"everybody is logged out":             {func(string, string) { s.admin(t, "POST", "/logout-all", nil, nil) }, 0},
			"an administrator sets the password":  {func(string, string) { s.reset(t, alice) }, 0},
			"the client has a front channel only": {func(sid, _ string) { s.frontChannel(t, client, sid) }, 0},
		} {
			browser := live.NewKeycloakBrowser(t)
			page := browser.Login(s.app("app").URL(), &live.KeycloakUser{Name: "alice", Password: "pw-alice"})
			require.NotEmpty(t, page.Callback.Get("code"), name)
			status, tokens := s.form(t, "/protocol/openid-connect/token", exchange(page))
			require.Equal(t, http.StatusOK, status, "%v", tokens)
			sid := tokens["session_state"].(string)
			told.forget()
			c.end(sid, tokens["refresh_token"].(string))
			got := told.tokens()
			require.Len(t, got, c.told, name)
			s.admin(t, "POST", "/users/"+alice+"/logout", nil, nil)
			if c.told == 0 {
				continue
			}
			claims := s.verified(t, got[0])
			require.Equal(t, s.issuer(), claims["iss"])
			require.Equal(t, "app", claims["aud"])
			require.Equal(t, alice, claims["sub"])
			require.Equal(t, sid, claims["sid"])
			require.InDelta(t, 120, claims["exp"].(float64)-claims["iat"].(float64), 0)
			require.Equal(t, map[string]any{"http://schemas.openid.net/event/backchannel-logout": map[string]any{}, "revoke_offline_access": true}, claims["events"])
			require.NotContains(t, claims, "nonce")
			require.Contains(t, browser.Open(s.app("app").URL()).Forms, "kc-form-login", name)
		}
	})
}

func exchange(page live.KeycloakPage) url.Values {
	return url.Values{
		"grant_type": {"authorization_code"}, "code": {page.Callback.Get("code")}, "redirect_uri": {callback}, "client_id": {"app"}, "client_secret": {"app-secret"},
		"code_verifier": {"a-verifier-that-is-long-enough-and-the-same-in-all-tests"},
	}
}

func (s subject) logout(t *testing.T, refresh string) {
	t.Helper()
	status, _ := s.form(t, "/protocol/openid-connect/logout", url.Values{"client_id": {"app"}, "client_secret": {"app-secret"}, "refresh_token": {refresh}})
	require.Equal(t, http.StatusNoContent, status)
}

func (s subject) reset(t *testing.T, user string) {
	t.Helper()
	s.admin(t, "PUT", "/users/"+user+"/reset-password", map[string]any{"type": "password", "value": "pw-alice"}, nil)
}

func (s subject) frontChannel(t *testing.T, client, sid string) {
	t.Helper()
	s.admin(t, "PUT", "/clients/"+client, map[string]any{"frontchannelLogout": true}, nil)
	s.admin(t, "DELETE", "/sessions/"+sid, nil, nil)
	s.admin(t, "PUT", "/clients/"+client, map[string]any{"frontchannelLogout": false}, nil)
}

// receiver is a client that is told of logouts.
type receiver struct {
	*httptest.Server
	mu  sync.Mutex
	got []string
}

func newReceiver(t *testing.T) *receiver {
	t.Helper()
	r := &receiver{}
	r.Server = httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, request *http.Request) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.got = append(r.got, request.FormValue("logout_token"))
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) tokens() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.got
}

func (r *receiver) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.got = nil
}

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

// With two sessions of a user, the older server tells a client of one only.
func TestLogoutOfSeveralSessions(t *testing.T) {
	t.Parallel()
	for version, want := range map[keycloaktest.Version]int{keycloaktest.V267: 2, keycloaktest.V260: 1} {
		t.Run(map[keycloaktest.Version]string{keycloaktest.V267: "26.7", keycloaktest.V260: "26.0"}[version], func(t *testing.T) {
			t.Parallel()
			onBothOf(t, version, people(), func(t *testing.T, s subject) {
				told := newReceiver(t)
				client, alice := s.findClient(t, "app")["id"].(string), s.findUser(t, "alice")
				s.admin(t, "PUT", "/clients/"+client, map[string]any{"attributes": map[string]any{"backchannel.logout.url": told.URL}}, nil)
				for range 2 {
					page := live.NewKeycloakBrowser(t).Login(s.app("app").URL(), &live.KeycloakUser{Name: "alice", Password: "pw-alice"})
					s.app("app").Exchange(t, page)
				}
				s.admin(t, "POST", "/users/"+alice+"/logout", nil, nil)
				require.Len(t, told.tokens(), want)
				var sessions []any
				s.admin(t, "GET", "/users/"+alice+"/sessions", nil, &sessions)
				require.Empty(t, sessions)
			})
		})
	}
}

// Logging out by an ID token, and by a page that asks.
func TestLogoutInABrowser(t *testing.T) {
	t.Parallel()
	onBoth(t, people(), func(t *testing.T, s subject) {
		browser := live.NewKeycloakBrowser(t)
		alice := &live.KeycloakUser{Name: "alice", Password: "pw-alice"}
		page := browser.Login(s.app("app").URL(), alice)
		status, tokens := s.form(t, tokenPath, exchange(page))
		require.Equal(t, http.StatusOK, status)
		end := s.issuer() + "/protocol/openid-connect/logout"
		page = browser.Open(end + "?" + url.Values{"id_token_hint": {tokens["id_token"].(string)}, "post_logout_redirect_uri": {"https://evil.example.com/"}}.Encode())
		require.Equal(t, http.StatusBadRequest, page.Status)
		page = browser.Open(end + "?" + url.Values{"id_token_hint": {tokens["id_token"].(string)}, "post_logout_redirect_uri": {callback}, "state": {"x"}}.Encode())
		require.Equal(t, "x", page.Callback.Get("state"))
		require.Contains(t, browser.Open(s.app("app").URL()).Forms, "kc-form-login")

		browser.Login(s.app("app").URL(), alice)
		page = browser.Open(end)
		require.Equal(t, "Logging out", page.Title)
		require.Len(t, page.Forms, 1)
		for id := range page.Forms {
			page = browser.Submit(page, id, map[string]string{"confirmLogout": "Logout"})
		}
		require.Equal(t, http.StatusOK, page.Status)
		require.Contains(t, browser.Open(s.app("app").URL()).Forms, "kc-form-login")
	})
}
