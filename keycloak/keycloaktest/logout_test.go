package keycloaktest_test

import (
	"crypto/rand"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/live"
)

// leaving is a user with a session at the client app, and how it may end.
type leaving struct {
	subject
	told                  *receiver
	browser               *live.KeycloakBrowser
	who                   *live.KeycloakUser
	user, client          string // ids
	sid, idToken, refresh string
}

// Each row is a way to end a session, or what looks like one: how often the client is
// told, and what its refresh token gets then. What the fake does not serve is asked of the
// real server alone.
func TestBackChannelLogout(t *testing.T) {
	t.Parallel()
	onEvery(t, people(), func(t *testing.T, s subject) {
		for _, row := range []struct {
			name          string
			end           func(*leaving, *testing.T)
			told, refresh int
			real          bool
		}{
			{name: "an administrator ends the session", end: (*leaving).endSession, told: 1, refresh: http.StatusBadRequest},
			{name: "an administrator logs the user out", end: (*leaving).logoutUser, told: 1, refresh: http.StatusBadRequest},
			{name: "the client gives its refresh token", end: (*leaving).giveRefreshToken, told: 1, refresh: http.StatusBadRequest},
			{name: "the user logs out by the client", end: (*leaving).logoutByHint, told: 1, refresh: http.StatusBadRequest},
			{name: "the user logs out and confirms it", end: (*leaving).logoutByPage, told: 1, refresh: http.StatusBadRequest},
			{name: "another login sets a password and ends other sessions", end: (*leaving).changePasswordElsewhere, told: 1, refresh: http.StatusBadRequest},
			{name: "an administrator ends the offline session", end: (*leaving).endOffline, told: 1, real: true},
			{name: "an administrator sets the password", end: (*leaving).resetPassword, refresh: http.StatusOK},
			{name: "an administrator deletes the password", end: (*leaving).deletePassword, refresh: http.StatusOK},
			{name: "the user is disabled", end: (*leaving).disable, refresh: http.StatusBadRequest},
			{name: "the user is disabled, then logged out", end: (*leaving).disableAndLogout, told: 1, refresh: http.StatusBadRequest},
			{name: "the user is deleted", end: (*leaving).deleteUser, refresh: http.StatusBadRequest},
			{name: "the client is disabled first", end: (*leaving).disableClient},
			{name: "the client has a front channel", end: (*leaving).frontChannel, refresh: http.StatusBadRequest},
			{name: "the refresh token is revoked", end: (*leaving).revoke, real: true},
			{name: "a revocation is pushed", end: (*leaving).pushRevocation, real: true},
			{name: "everybody is logged out", end: (*leaving).logoutAll, refresh: http.StatusBadRequest},
			{name: "the session expires", end: (*leaving).expire, refresh: http.StatusBadRequest},
			{name: "the session was idle for too long, and the browser comes back", end: (*leaving).idleAndReturn, told: 1, refresh: http.StatusBadRequest},
			{name: "the realm has a new key", end: (*leaving).newKey, refresh: http.StatusOK, real: true},
		} {
			t.Run(row.name, func(t *testing.T) {
				if row.real && s.fake != nil {
					t.Skip("not served by the fake")
				}
				l := s.arrive(t)
				row.end(l, t)
				got := l.told.tokens()
				require.Len(t, got, row.told)
				for _, token := range got {
					l.requireLogoutToken(t, s.verified(t, token))
				}
				if row.refresh != 0 {
					require.Equal(t, row.refresh, l.refreshStatus(t))
				}
			})
		}
	})
}

// arrive logs a new user in, to a client that is told of logouts.
func (s subject) arrive(t *testing.T) *leaving {
	t.Helper()
	l := &leaving{subject: s, told: newReceiver(t), browser: live.NewKeycloakBrowser(t), who: &live.KeycloakUser{Name: "u-" + strings.ToLower(rand.Text()), Password: "pw"}}
	s.admin(t, "POST", "/users", map[string]any{
		"username": l.who.Name, "enabled": true, "email": l.who.Name + "@example.com", "firstName": "U", "lastName": "V",
		"credentials": []any{map[string]any{"type": "password", "value": l.who.Password}},
	}, nil)
	l.user, l.client = s.findUser(t, l.who.Name), s.findClient(t, "app")["id"].(string)
	s.admin(t, "PUT", "/clients/"+l.client, map[string]any{"enabled": true, "frontchannelLogout": false, "attributes": map[string]any{"backchannel.logout.url": l.told.URL}}, nil)
	l.logIn(t, s.app("app"))
	return l
}

func (l *leaving) logIn(t *testing.T, app live.KeycloakAuthorization) {
	t.Helper()
	page := l.browser.Login(app.URL(), l.who)
	require.NotEmpty(t, page.Callback.Get("code"), "%d %s", page.Status, page.Message)
	status, tokens := l.form(t, tokenPath, exchange(page))
	require.Equal(t, http.StatusOK, status, "%v", tokens)
	l.sid, l.idToken, l.refresh = tokens["session_state"].(string), tokens["id_token"].(string), tokens["refresh_token"].(string)
}

func (l *leaving) requireLogoutToken(t *testing.T, claims map[string]any) {
	t.Helper()
	require.Equal(t, l.issuer(), claims["iss"])
	require.Equal(t, "app", claims["aud"])
	require.Equal(t, l.user, claims["sub"])
	require.Equal(t, l.sid, claims["sid"])
	require.InDelta(t, 120, claims["exp"].(float64)-claims["iat"].(float64), 0)
	require.Equal(t, map[string]any{"http://schemas.openid.net/event/backchannel-logout": map[string]any{}, "revoke_offline_access": true}, claims["events"])
	require.NotContains(t, claims, "nonce")
}

func appSecret(fields url.Values) url.Values {
	fields.Set("client_id", "app")
	fields.Set("client_secret", "app-secret")
	return fields
}

func (l *leaving) refreshStatus(t *testing.T) int {
	t.Helper()
	status, _ := l.form(t, tokenPath, appSecret(url.Values{"grant_type": {"refresh_token"}, "refresh_token": {l.refresh}}))
	return status
}

func (l *leaving) endSession(t *testing.T) { l.admin(t, "DELETE", "/sessions/"+l.sid, nil, nil) }

func (l *leaving) logoutUser(t *testing.T) { l.admin(t, "POST", "/users/"+l.user+"/logout", nil, nil) }

func (l *leaving) logoutAll(t *testing.T) { l.admin(t, "POST", "/logout-all", nil, nil) }

func (l *leaving) deleteUser(t *testing.T) { l.admin(t, "DELETE", "/users/"+l.user, nil, nil) }

func (l *leaving) disable(t *testing.T) {
	l.admin(t, "PUT", "/users/"+l.user, map[string]any{"enabled": false}, nil)
	var sessions []any
	l.admin(t, "GET", "/users/"+l.user+"/sessions", nil, &sessions)
	require.Len(t, sessions, 1, "it stays")
}

func (l *leaving) disableAndLogout(t *testing.T) {
	l.disable(t)
	l.logoutUser(t)
}

func (l *leaving) giveRefreshToken(t *testing.T) {
	status, _ := l.form(t, "/protocol/openid-connect/logout", appSecret(url.Values{"refresh_token": {l.refresh}}))
	require.Equal(t, http.StatusNoContent, status)
}

func (l *leaving) revoke(t *testing.T) {
	status, _ := l.form(t, "/protocol/openid-connect/revoke", appSecret(url.Values{"token": {l.refresh}, "token_type_hint": {"refresh_token"}}))
	require.Equal(t, http.StatusOK, status)
}

func (l *leaving) pushRevocation(t *testing.T) {
	l.admin(t, "POST", "/push-revocation", nil, nil)
	l.admin(t, "POST", "/clients/"+l.client+"/push-revocation", nil, nil)
}

func (l *leaving) newKey(t *testing.T) {
	l.admin(t, "POST", "/components", map[string]any{
		"name": "new", "providerId": "rsa-generated", "providerType": "org.keycloak.keys.KeyProvider", "config": map[string]any{"priority": []string{"1000"}},
	}, nil)
}

// logoutURL is where the client sends a browser to log out.
func (l *leaving) logoutURL(query url.Values) string {
	return l.issuer() + "/protocol/openid-connect/logout?" + query.Encode()
}

func (l *leaving) logoutByHint(t *testing.T) {
	page := l.browser.Open(l.logoutURL(url.Values{"id_token_hint": {l.idToken}, "post_logout_redirect_uri": {"https://evil.example.com/"}}))
	require.Equal(t, http.StatusBadRequest, page.Status)
	page = l.browser.Open(l.logoutURL(url.Values{"id_token_hint": {l.idToken}, "post_logout_redirect_uri": {callback}, "state": {"x"}}))
	require.Equal(t, "x", page.Callback.Get("state"))
	l.requireLoggedOut(t)
}

func (l *leaving) logoutByPage(t *testing.T) {
	page := l.browser.Open(l.logoutURL(nil))
	require.Len(t, page.Forms, 1)
	for id := range page.Forms {
		page = l.browser.Submit(page, id, map[string]string{"confirmLogout": "Logout"})
	}
	require.Equal(t, http.StatusOK, page.Status)
	l.requireLoggedOut(t)
}

func (l *leaving) requireLoggedOut(t *testing.T) {
	t.Helper()
	require.Contains(t, l.browser.Open(l.app("app").URL()).Forms, "kc-form-login")
}

func (l *leaving) changePasswordElsewhere(t *testing.T) {
	l.admin(t, "PUT", "/users/"+l.user, map[string]any{"requiredActions": []string{"UPDATE_PASSWORD"}}, nil)
	browser := live.NewKeycloakBrowser(t)
	page := browser.Submit(browser.Open(l.app("app").URL()), "kc-form-login", map[string]string{"username": l.who.Name, "password": l.who.Password})
	page = browser.Submit(page, "kc-passwd-update-form", map[string]string{"password-new": "other", "password-confirm": "other", "logout-sessions": "on"})
	require.NotEmpty(t, page.Callback.Get("code"), page.Message)
	require.NotEqual(t, l.sid, page.Callback.Get("session_state"))
}

func (l *leaving) endOffline(t *testing.T) {
	offline := l.app("app")
	offline.Extra = url.Values{"scope": {"openid offline_access"}}
	l.endSession(t)
	l.told.forget()
	l.browser = live.NewKeycloakBrowser(t)
	l.logIn(t, offline)
	l.admin(t, "DELETE", "/sessions/"+l.sid+"?isOffline=true", nil, nil)
}

func (l *leaving) resetPassword(t *testing.T) {
	l.admin(t, "PUT", "/users/"+l.user+"/reset-password", map[string]any{"type": "password", "value": "other"}, nil)
}

func (l *leaving) deletePassword(t *testing.T) {
	var credentials []map[string]any
	l.admin(t, "GET", "/users/"+l.user+"/credentials", nil, &credentials)
	require.Len(t, credentials, 1)
	l.admin(t, "DELETE", "/users/"+l.user+"/credentials/"+credentials[0]["id"].(string), nil, nil)
}

func (l *leaving) disableClient(t *testing.T) {
	l.admin(t, "PUT", "/clients/"+l.client, map[string]any{"enabled": false}, nil)
	l.endSession(t)
}

func (l *leaving) frontChannel(t *testing.T) {
	l.admin(t, "PUT", "/clients/"+l.client, map[string]any{"frontchannelLogout": true}, nil)
	l.endSession(t)
}

func (l *leaving) expire(t *testing.T) { l.shorten(t, "ssoSessionMaxLifespan") }

func (l *leaving) idleAndReturn(t *testing.T) {
	if l.version == live.KeycloakOld {
		t.Skip("waits for two more minutes")
	}
	l.shorten(t, "ssoSessionIdleTimeout")
	l.requireLoggedOut(t)
}

// shorten sets a lifespan of sessions to a second, and waits until it is over.
func (l *leaving) shorten(t *testing.T, setting string) {
	var realm map[string]any
	l.admin(t, "GET", "", nil, &realm)
	l.admin(t, "PUT", "", map[string]any{setting: 1}, nil)
	time.Sleep(2500 * time.Millisecond)
	t.Cleanup(func() { l.admin(t, "PUT", "", map[string]any{setting: realm[setting]}, nil) })
}

func exchange(page live.KeycloakPage) url.Values {
	return url.Values{
		"grant_type": {"authorization_code"}, "code": {page.Callback.Get("code")}, "redirect_uri": {callback}, "client_id": {"app"}, "client_secret": {"app-secret"},
		"code_verifier": {"a-verifier-that-is-long-enough-and-the-same-in-all-tests"},
	}
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

// When a user with two sessions is logged out, the older servers tell a client of one
// only. Without the setting session.required the token names the user alone.
func TestLogoutOfSeveralSessions(t *testing.T) {
	t.Parallel()
	onEvery(t, people(), func(t *testing.T, s subject) {
		l := s.arrive(t)
		l.browser = live.NewKeycloakBrowser(t)
		l.logIn(t, s.app("app"))
		l.logoutUser(t)
		require.Len(t, l.told.tokens(), map[bool]int{true: 2, false: 1}[s.version == live.KeycloakCurrent])
		var sessions []any
		s.admin(t, "GET", "/users/"+l.user+"/sessions", nil, &sessions)
		require.Empty(t, sessions)

		l.told.forget()
		s.admin(t, "PUT", "/clients/"+l.client, map[string]any{"attributes": map[string]any{"backchannel.logout.session.required": "false"}}, nil)
		l.logIn(t, s.app("app"))
		l.endSession(t)
		claims := s.verified(t, l.told.tokens()[0])
		require.Equal(t, l.user, claims["sub"])
		require.NotContains(t, claims, "sid")
	})
}
