package keycloaktest

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// attempt is a login under way in a browser.
type attempt struct {
	id, tab         string
	client          *client
	redirect, state string
	nonce           string
	scope           []string
	challenge       string
	method          string
	prompt          []string
	started         time.Time
	// requested is the level of authentication that is asked for; 0 is none.
	requested int64

	user *user
	// passed are the executions that are done with.
	passed map[*execution]bool
	// reached are the levels that this login went through; fresh says that it asked for
	// something.
	reached map[int64]bool
	fresh   bool
	// through says that the flow is done, and only required actions are left.
	through bool
	// pending are required actions that the flow asks for.
	pending   []string
	otpSecret string
}

// code is an authorization code.
type code struct {
	grant    *grant
	attempt  *attempt
	made     time.Time
	redeemed bool
}

const (
	cookieLogin    = "AUTH_SESSION_ID"
	cookieIdentity = "KEYCLOAK_IDENTITY"
	cookieSession  = "KEYCLOAK_SESSION"
)

// cookie is marked for https only, which browsers do not mind on loopback addresses; a
// Go cookie jar does.
func (c *call) cookie(name, value string) *http.Cookie {
	//nolint:gosec // as lax as Keycloak's own
	cookie := &http.Cookie{Name: name, Value: value, Path: "/realms/" + url.PathEscape(c.realm.name) + "/", HttpOnly: true, Secure: true, SameSite: http.SameSiteNoneMode}
	if value == "" {
		cookie.MaxAge = -1
	}
	return cookie
}

func (c *call) cookieValue(name string) string {
	cookie, err := c.r.Cookie(name)
	if err != nil {
		return ""
	}
	return cookie.Value
}

// browserSession is the session that the browser has; nil if there is none.
func (c *call) browserSession() *session {
	s := c.realm.sessions[c.cookieValue(cookieIdentity)]
	if s == nil || c.realm.over(s, c.now()) || !is(s.user.doc, "enabled") {
		return nil
	}
	return s
}

// expired is the session of the browser if its time is over: when the browser comes back
// with it, its clients are told.
func (c *call) expired() []*session {
	if s := c.realm.sessions[c.cookieValue(cookieIdentity)]; s != nil && c.realm.over(s, c.now()) {
		return []*session{s}
	}
	return nil
}

// authorize is the authorization endpoint. What is wrong before the client is known to
// get an answer ends on a page.
func authorize(c *call) answer {
	parameter := c.query
	if c.r.Method == http.MethodPost {
		parameter = c.field
	}
	at := c.realm.clientIDs[parameter("client_id")]
	back := parameter("redirect_uri")
	switch {
	case parameter("client_id") == "":
		return errorPage(http.StatusBadRequest, "Missing parameters: client_id")
	case at == nil:
		return errorPage(http.StatusBadRequest, "Client not found.")
	case !is(at.doc, "enabled"):
		return errorPage(http.StatusBadRequest, "Login requester not enabled")
	case is(at.doc, "bearerOnly"):
		return errorPage(http.StatusForbidden, "Bearer-only applications are not allowed to initiate browser login.")
	case back == "" || strings.Contains(back, "#") || !at.mayRedirectTo(back):
		return errorPage(http.StatusBadRequest, "Invalid parameter: redirect_uri")
	}
	l := &attempt{
		id: c.uuid(), tab: c.pick(base64url, 11), client: at, redirect: back, state: parameter("state"), nonce: parameter("nonce"),
		challenge: parameter("code_challenge"), method: parameter("code_challenge_method"), prompt: strings.Fields(parameter("prompt")),
		started: c.now(), passed: map[*execution]bool{}, reached: map[int64]bool{},
	}
	if code, why := c.refuseLogin(l, parameter("response_type")); code != "" {
		return c.sendError(l, code, why)
	}
	var good bool
	if l.scope, good = c.realm.scopesFor(at, parameter("scope")); !good {
		return c.sendError(l, "invalid_scope", "Invalid scopes: "+parameter("scope"))
	}
	if parameter("kc_idp_hint") != "" {
		return notServed("a login at an identity provider")
	}
	l.requested = c.realm.level(at, parameter("acr_values"))
	c.realm.attempts[l.tab] = l
	a := c.end(c.advance(l), c.expired()...)
	a.cookies = append(a.cookies, c.cookie(cookieLogin, l.id))
	return a
}

// refuseLogin finds what the client gets an error for.
func (c *call) refuseLogin(l *attempt, responseType string) (code, description string) {
	required := str(l.client.attributes, attrPKCE)
	switch {
	case responseType == "":
		return "invalid_request", "Missing parameter: response_type"
	case responseType != "code":
		return "unsupported_response_type", "keycloaktest: only the response type code is implemented here"
	case !is(l.client.doc, "standardFlowEnabled"):
		return "unauthorized_client", "Client is not allowed to initiate browser login with given response_type. Standard flow is disabled for the client."
	case required != "" && l.method == "":
		return "invalid_request", "Missing parameter: code_challenge_method"
	case required != "" && l.method != required:
		return "invalid_request", "Invalid parameter: code challenge method is not matching the configured one"
	case required != "" && l.challenge == "":
		return "invalid_request", "Missing parameter: code_challenge"
	case l.method != "" && l.method != "S256" && l.method != "plain":
		return "invalid_request", "Invalid parameter: invalid code_challenge_method"
	}
	return "", ""
}

func (at *client) mayRedirectTo(address string) bool {
	root := strings.TrimSuffix(str(at.doc, "rootUrl"), "/")
	return slices.ContainsFunc(strs(at.doc["redirectUris"]), func(pattern string) bool {
		if strings.HasPrefix(pattern, "/") {
			pattern = root + pattern
		}
		return fitsURI(pattern, address)
	})
}

// fitsURI compares letter by letter, but for a final *, which does not stand for a query.
func fitsURI(pattern, address string) bool {
	if prefix, wild := strings.CutSuffix(pattern, "*"); wild {
		path, _, _ := strings.Cut(address, "?")
		return strings.HasPrefix(path, prefix) || path == strings.TrimSuffix(prefix, "/")
	}
	return pattern == address
}

func redirect(to string, query url.Values) answer {
	if len(query) > 0 {
		separator := "?"
		if strings.Contains(to, "?") {
			separator = "&"
		}
		to += separator + query.Encode()
	}
	return answer{status: http.StatusFound, header: map[string]string{"Location": to, "Cache-Control": "no-store"}}
}

// sendError sends the browser back to the client with an error.
func (c *call) sendError(l *attempt, code, description string) answer {
	query := url.Values{"error": {code}, "iss": {c.issuer()}}
	if description != "" {
		query.Set("error_description", description)
	}
	if l.state != "" {
		query.Set("state", l.state)
	}
	return redirect(l.redirect, query)
}

// sendCode ends a login: the browser goes back to the client with a code.
func (c *call) sendCode(l *attempt) answer {
	s := c.browserSession()
	if s == nil || s.user != l.user {
		s = c.newSession(l.user)
	}
	s.seen = c.now()
	if l.fresh {
		s.authenticated = c.now()
	}
	for level := range l.reached {
		if _, before := s.levels[level]; l.fresh || !before {
			s.levels[level] = c.now()
		}
	}
	s.clients[l.client] = true
	delete(c.realm.attempts, l.tab)
	value := c.uuid() + "." + s.id + "." + l.client.id
	c.realm.codes[value] = &code{attempt: l, made: c.now(), grant: &grant{client: l.client, user: l.user, session: s, scope: l.scope, nonce: l.nonce}}
	query := url.Values{"code": {value}, "session_state": {s.id}, "iss": {c.issuer()}}
	if l.state != "" {
		query.Set("state", l.state)
	}
	a := redirect(l.redirect, query)
	a.cookies = []*http.Cookie{c.cookie(cookieIdentity, s.id), c.cookie(cookieSession, s.id)}
	return a
}

// codeGrant exchanges a code. Using one twice ends the session.
func (c *call) codeGrant(at *client) answer {
	held := c.realm.codes[c.field("code")]
	if held == nil {
		return invalidGrant("Code not valid")
	}
	if held.redeemed {
		delete(c.realm.sessions, held.grant.session.id)
		return invalidGrant("Code not valid")
	}
	held.redeemed = true
	switch {
	case c.now().After(held.made.Add(c.realm.seconds("accessCodeLifespan"))):
		return invalidGrant("Code not valid")
	case held.grant.client != at:
		return invalidGrant("Auth error")
	case held.attempt.redirect != c.field("redirect_uri"):
		return invalidGrant("Incorrect redirect_uri")
	case c.realm.sessions[held.grant.session.id] != held.grant.session:
		return invalidGrant("Session not active")
	}
	if why := held.attempt.checkVerifier(c.field("code_verifier")); why != "" {
		return invalidGrant(why)
	}
	return c.tokens(held.grant, slices.Contains(held.grant.scope, scopeOpenID))
}

// checkVerifier compares the verifier with the challenge (RFC 7636, 4.6).
func (l *attempt) checkVerifier(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	switch {
	case l.challenge == "" && verifier == "":
		return ""
	case l.challenge == "":
		return "PKCE code verifier specified but challenge not present in authorization"
	case verifier == "":
		return "PKCE code verifier not specified"
	case l.method == "S256" && base64.RawURLEncoding.EncodeToString(sum[:]) == l.challenge, l.method != "S256" && verifier == l.challenge:
		return ""
	}
	return "PKCE verification failed: Code mismatch"
}
