package keycloaktest

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// grant is what a token stands for.
type grant struct {
	realm           *realm
	client          *client
	user            *user
	session         *session // nil for a service account
	scope           []string // that was asked for
	nonce           string
	issued, expires time.Time
	// roles are those in the token; nil if the user's own count.
	roles map[*role]bool
}

// alive reports whether the token would still be accepted but for its age.
func (g *grant) alive() bool {
	if g.realm.clients[g.client.id] != g.client || g.realm.users[g.user.id] != g.user || !is(g.user.doc, "enabled") {
		return false
	}
	return g.session == nil || g.realm.sessions[g.session.id] == g.session && g.session.clients[g.client]
}

// token is the token endpoint.
func token(c *call) answer {
	if !is(c.realm.doc, "enabled") {
		return refuseWhy(http.StatusForbidden, "access_denied", "Realm not enabled")
	}
	kind := c.field("grant_type")
	at, a := c.authenticateClient()
	switch {
	case a.failed():
		return a
	case kind == "":
		return refuseWhy(http.StatusBadRequest, "invalid_request", "Missing form parameter: grant_type")
	}
	switch kind {
	case "password":
		return c.passwordGrant(at)
	case "client_credentials":
		return c.clientGrant(at)
	case "authorization_code":
		return c.codeGrant(at)
	case "refresh_token":
		return c.refreshGrant(at)
	}
	return refuseWhy(http.StatusBadRequest, "unsupported_grant_type", "Unsupported grant_type")
}

func invalidGrant(why string) answer {
	return refuseWhy(http.StatusBadRequest, "invalid_grant", why)
}

// passwordGrant goes past the flows for browsers.
func (c *call) passwordGrant(at *client) answer {
	if !is(at.doc, "directAccessGrantsEnabled") {
		return refuseWhy(http.StatusBadRequest, "unauthorized_client", "Client not allowed for direct access grants")
	}
	u := c.realm.login(c.field("username"))
	wrong := invalidGrant("Invalid user credentials")
	if c.options.Version == V260 {
		wrong.status = http.StatusUnauthorized
	}
	switch {
	case u == nil, !u.knows(c.field("password")):
		return wrong
	case !is(u.doc, "enabled"):
		return invalidGrant("Account disabled")
	case u.hasOTP() && !c.checkCode(u, c.field("totp")):
		return wrong
	case len(u.actions) > 0 || c.realm.incomplete(u):
		return invalidGrant("Account is not fully set up")
	}
	scope, good := c.realm.scopesFor(at, c.field("scope"))
	if !good {
		return refuseWhy(http.StatusBadRequest, "invalid_scope", "Invalid scopes: "+c.field("scope"))
	}
	s := c.newSession(u)
	s.clients[at] = true
	return c.tokens(&grant{client: at, user: u, session: s, scope: scope}, slices.Contains(scope, scopeOpenID))
}

// login finds a user by name, or by address where that is allowed.
func (r *realm) login(name string) *user {
	name = strings.ToLower(strings.TrimSpace(name))
	u := r.names[name]
	if u == nil && is(r.doc, "loginWithEmailAllowed") {
		u = r.mails[name]
	}
	if u == nil || u.ofClient != nil {
		return nil
	}
	return u
}

// incomplete reports whether the user lacks what the user profile demands.
func (r *realm) incomplete(u *user) bool {
	if r.name == masterRealm && r.rolesOf(u)[r.roles["admin"]] {
		return false
	}
	for _, d := range docs(r.profile["attributes"]) {
		name := str(d, "name")
		if object(d, "required") == nil || !slices.Contains([]string{"email", "firstName", "lastName"}, name) {
			continue
		}
		if str(u.doc, name) == "" {
			return r.asks("VERIFY_PROFILE")
		}
	}
	return false
}

// asks reports whether a required action exists and is enabled.
func (r *realm) asks(action string) bool {
	at := r.action(action)
	return at >= 0 && is(r.actions[at], "enabled")
}

// clientGrant is a token for the service account, which holds the roles of this moment.
func (c *call) clientGrant(at *client) answer {
	switch {
	case is(at.doc, "publicClient"):
		return refuseWhy(http.StatusUnauthorized, "unauthorized_client", "Public client not allowed to retrieve service account")
	case at.account == nil:
		return refuseWhy(http.StatusUnauthorized, "unauthorized_client", "Client not enabled to retrieve service account")
	}
	scope, good := c.realm.scopesFor(at, c.field("scope"))
	if !good {
		return refuseWhy(http.StatusBadRequest, "invalid_scope", "Invalid scopes: "+c.field("scope"))
	}
	return c.tokens(&grant{client: at, user: at.account, scope: scope, roles: c.realm.rolesOf(at.account)}, false)
}

// refreshGrant gives new tokens for the rest of the session.
func (c *call) refreshGrant(at *client) answer {
	g := c.realm.refreshes[c.field("refresh_token")]
	switch {
	case g == nil, g.client != at:
		return invalidGrant("Invalid refresh token")
	case !is(g.user.doc, "enabled"):
		return invalidGrant("User disabled")
	case !g.alive(), c.realm.over(g.session, c.now()), g.realm.notBefore.After(g.issued):
		return invalidGrant("Session not active")
	}
	g.session.seen = c.now()
	next := *g
	return c.tokens(&next, slices.Contains(g.scope, scopeOpenID))
}

// seconds is a setting of the realm as a duration.
func (r *realm) seconds(key string) time.Duration {
	return time.Duration(num(r.doc, key)) * time.Second
}

// tokens answers with the tokens of a grant.
func (c *call) tokens(g *grant, withID bool) answer {
	life := c.realm.seconds("accessTokenLifespan")
	g.realm, g.issued, g.expires = c.realm, c.now(), c.now().Add(life)
	access := c.sign(c.realm, "JWT", c.accessClaims(g))
	c.logins[access] = g
	out := document{
		"access_token": access, "expires_in": int(life.Seconds()), "refresh_expires_in": 0, "token_type": "Bearer", "not-before-policy": 0,
		"scope": strings.Join(c.realm.shownScopes(g.client, g.scope), " "),
	}
	if g.session != nil {
		idle := c.realm.seconds("ssoSessionIdleTimeout")
		refresh := c.sign(c.realm, "JWT", c.refreshClaims(g, idle))
		c.realm.refreshes[refresh] = g
		out["refresh_token"], out["refresh_expires_in"], out["session_state"] = refresh, int(idle.Seconds()), g.session.id
	}
	if withID {
		out["id_token"] = c.sign(c.realm, "JWT", c.idClaims(g, access))
	}
	a := ok(out)
	a.header["Cache-Control"] = "no-store"
	return a
}
