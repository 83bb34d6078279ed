package keycloaktest

import (
	"context"
	"html"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// notice is a logout token on its way to a client.
type notice struct{ address, token string }

// logoutLife is for how long a logout token is good.
const logoutLife = 120 * time.Second

// end ends sessions and has their clients told.
func (c *call) end(a answer, sessions ...*session) answer {
	told := map[*client]bool{}
	for _, s := range sessions {
		for _, id := range sortedKeys(c.realm.clientIDs) {
			at := c.realm.clientIDs[id]
			if !s.clients[at] || told[at] {
				continue
			}
			told[at] = c.options.Version == V260
			if address := str(at.attributes, attrLogoutURL); address != "" && is(at.doc, "enabled") && !is(at.doc, "frontchannelLogout") {
				a.notices = append(a.notices, notice{address, c.sign(c.realm, "logout+jwt", c.logoutClaims(at, s))})
			}
		}
		delete(c.realm.sessions, s.id)
	}
	return a
}

// logoutClaims are those of OpenID Connect Back-Channel Logout 1.0, 2.4.
func (c *call) logoutClaims(at *client, s *session) document {
	events := document{"http://schemas.openid.net/event/backchannel-logout": document{}}
	if at.attributes[attrLogoutOffline] == "true" {
		events["revoke_offline_access"] = true
	}
	claims := document{
		"iat": c.now().Unix(), "exp": c.now().Add(logoutLife).Unix(), "jti": c.uuid(), "iss": c.issuer(), "aud": at.clientID(),
		"sub": s.user.id, "typ": "Logout", "events": events,
	}
	if at.attributes[attrLogoutSession] == "true" {
		claims["sid"] = s.id
	}
	return claims
}

// deliver posts a logout token once, and takes every outcome.
func (s *Server) deliver(ctx context.Context, n notice) {
	body := url.Values{"logout_token": {n.token}}.Encode()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, n.address, strings.NewReader(body))
	if err != nil {
		return
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := s.options.HTTPClient.Do(request)
	if err != nil {
		return
	}
	_ = response.Body.Close()
}

// logoutByClient ends the session of a refresh token, or of a browser that confirmed it.
func logoutByClient(c *call) answer {
	if c.field("confirmLogout") != "" {
		return c.endBrowser(nil)
	}
	if c.field("refresh_token") == "" {
		return logoutByBrowser(c)
	}
	at, a := c.authenticateClient()
	if a.failed() {
		return a
	}
	g := c.realm.refreshes[c.field("refresh_token")]
	if g == nil || g.client != at || g.session == nil || c.realm.sessions[g.session.id] != g.session {
		return invalidGrant("Invalid refresh token")
	}
	return c.end(noContent(), g.session)
}

// logoutByBrowser ends the session that an ID token names, and asks first without one.
func logoutByBrowser(c *call) answer {
	hint := c.query("id_token_hint")
	if hint == "" {
		return htmlAnswer(http.StatusOK, "Logging out", "<form action=\""+html.EscapeString(c.r.URL.Path)+"\" method=\"post\">\n"+
			`<input type="hidden" name="session_code" value="`+c.pick(base64url, 43)+"\">\n"+
			`<input type="submit" name="confirmLogout" id="kc-logout" value="Logout">`+"\n</form>\n")
	}
	s := c.sessionOf(hint)
	back := c.query("post_logout_redirect_uri")
	if back == "" {
		return c.endBrowser(s)
	}
	at := c.realm.clientIDs[c.query("client_id")]
	if s != nil && at == nil {
		for known := range s.clients {
			if known.mayReturnTo(back) {
				at = known
			}
		}
	}
	if at == nil || !at.mayReturnTo(back) {
		return errorPage(http.StatusBadRequest, "Invalid redirect uri")
	}
	query := url.Values{}
	if state := c.query("state"); state != "" {
		query.Set("state", state)
	}
	return c.endSession(redirect(back, query), s)
}

// sessionOf is the session that an ID token of this realm names.
func (c *call) sessionOf(hint string) *session {
	c.keys.set = c.publicKeys()
	payload, verified := c.verify(hint, "RS256")
	if !verified {
		return nil
	}
	claims, _, good := newShape("token").anyFields().decode(payload)
	if !good {
		return nil
	}
	return c.realm.sessions[str(claims, "sid")]
}

func (at *client) mayReturnTo(address string) bool {
	allowed := strings.Split(str(at.attributes, "post.logout.redirect.uris"), "##")
	if slices.Contains(allowed, "+") || allowed[0] == "" {
		allowed = append(allowed, strs(at.doc["redirectUris"])...)
	}
	return slices.ContainsFunc(allowed, func(pattern string) bool { return fitsURI(pattern, address) })
}

// endBrowser ends a session, by default that of the browser.
func (c *call) endBrowser(s *session) answer {
	if s == nil {
		s = c.browserSession()
	}
	return c.endSession(htmlAnswer(http.StatusOK, "You are logged out", "<p class=\"instruction\">You are logged out</p>\n"), s)
}

func (c *call) endSession(a answer, s *session) answer {
	a.cookies = append(a.cookies, c.cookie(cookieIdentity, ""), c.cookie(cookieSession, ""))
	if s == nil {
		return a
	}
	return c.end(a, s)
}
