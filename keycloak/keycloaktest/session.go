package keycloaktest

import (
	"net/http"
	"slices"
	"time"
)

// session is a login of a user in a browser.
type session struct {
	id                           string
	user                         *user
	clients                      map[*client]bool
	started, seen, authenticated time.Time
	// levels are when which level of authentication was reached.
	levels map[int64]time.Time
	// example says that nobody is logged in.
	example bool
}

func (s *Server) sessionID() string {
	if s.options.Version == V260 {
		return s.uuid()
	}
	return s.pick(base64url, 24)
}

func (c *call) newSession(u *user) *session {
	s := &session{id: c.sessionID(), user: u, clients: map[*client]bool{}, started: c.now(), seen: c.now(), authenticated: c.now(), levels: map[int64]time.Time{}}
	c.realm.sessions[s.id] = s
	return s
}

// over reports whether a session has expired, which nobody is told of.
func (r *realm) over(s *session, now time.Time) bool {
	idle, longest := r.seconds("ssoSessionIdleTimeout"), r.seconds("ssoSessionMaxLifespan")
	return idle > 0 && now.After(s.seen.Add(idle)) || longest > 0 && now.After(s.started.Add(longest))
}

// ofUser are the sessions of a user, oldest first.
func (r *realm) ofUser(u *user, now time.Time) []*session {
	var out []*session
	for _, id := range sortedKeys(r.sessions) {
		if s := r.sessions[id]; s.user == u && !r.over(s, now) {
			out = append(out, s)
		}
	}
	slices.SortStableFunc(out, func(a, b *session) int { return a.started.Compare(b.started) })
	return out
}

func (s *session) view() document {
	clients := document{}
	for at := range s.clients {
		clients[at.id] = at.clientID()
	}
	return document{
		"id": s.id, "username": s.user.name(), "userId": s.user.id, "ipAddress": "127.0.0.1",
		"start": s.started.UnixMilli(), "lastAccess": s.seen.UnixMilli(), "rememberMe": false, "clients": clients,
	}
}

func userSessions(c *call) answer {
	u, a, found := c.user()
	if !found {
		return a
	}
	out := []document{}
	for _, s := range c.realm.ofUser(u, c.now()) {
		out = append(out, s.view())
	}
	return ok(out)
}

func clientSessions(c *call) answer {
	at, a, found := c.client()
	if !found {
		return a
	}
	out := []document{}
	for _, id := range sortedKeys(c.realm.sessions) {
		if s := c.realm.sessions[id]; s.clients[at] && !c.realm.over(s, c.now()) {
			out = append(out, s.view())
		}
	}
	return ok(page(c, out, 100))
}

func deleteSession(c *call) answer {
	s := c.realm.sessions[c.vars["session"]]
	if s == nil || c.query("isOffline") == "true" {
		return refuse(http.StatusNotFound, "Sesssion not found")
	}
	return c.end(noContent(), s)
}

// logoutUser ends all sessions of a user. Before 26.7 each client was told of one only.
func logoutUser(c *call) answer {
	u, a, found := c.user()
	if !found {
		return a
	}
	return c.end(noContent(), c.realm.ofUser(u, c.now())...)
}

// logoutAll ends everything, and tells nobody.
func logoutAll(c *call) answer {
	c.realm.sessions = map[string]*session{}
	c.realm.notBefore = c.now()
	return ok(document{"successRequests": []any{}, "failedRequests": []any{}})
}
