package upstreamtest

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// authorize is the authorization endpoint (RFC 6749, 3.1).
func (p *IDP) authorize(c *call) answer {
	parameters, refusal := p.authorizationRequest(c)
	if refusal.status != 0 {
		return refusal
	}
	cookie, err := c.r.Cookie(cookieName)
	prompt := strings.Fields(parameters.Get("prompt"))
	p.mu.Lock()
	defer p.mu.Unlock()
	if err == nil && !slices.Contains(prompt, "login") && !slices.Contains(prompt, "select_account") {
		if s := p.sessions[cookie.Value]; s != nil {
			return p.grant(s, parameters)
		}
	}
	if slices.Contains(prompt, "none") {
		return p.redirect(parameters, url.Values{"error": {"login_required"}})
	}
	return p.askWho(http.StatusOK, parameters)
}

// askWho shows the login page. The request that it belongs to waits as pushed ones do.
// The lock is held.
func (p *IDP) askWho(status int, parameters url.Values) answer {
	next := url.Values{"client_id": {parameters.Get("client_id")}, "request_uri": {p.keep(parameters.Get("client_id"), parameters)}}
	return loginPage(status, pathLogin+"?"+next.Encode(), parameters.Get("login_hint"))
}

// login is where the login page leads.
func (p *IDP) login(c *call) answer {
	parameters, refusal := p.authorizationRequest(c)
	if refusal.status != 0 {
		return refusal
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, known := p.users[c.form.Get("username")]; !known {
		return p.askWho(http.StatusUnauthorized, parameters)
	}
	s := &session{id: rand.Text(), user: c.form.Get("username"), since: time.Now(), clients: map[string]bool{}}
	cookie := rand.Text()
	p.sessions[cookie] = s
	http.SetCookie(c.w, &http.Cookie{Name: cookieName, Value: cookie, Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	return p.grant(s, parameters)
}

// authorizationRequest returns the parameters of a sound request. An answer with a
// status refuses it: by a page while the redirect URI is not known to be good.
func (p *IDP) authorizationRequest(c *call) (url.Values, answer) {
	parameters := c.r.URL.Query()
	if c.r.Method == http.MethodPost && c.r.URL.Path == pathAuthorize {
		parameters = c.form
	}
	pushed := false
	if reference := parameters.Get("request_uri"); reference != "" {
		var found bool
		if parameters, found = p.takePushed(reference, parameters.Get("client_id")); !found {
			return nil, page(http.StatusBadRequest, "Unknown request_uri", "")
		}
		pushed = true
	}
	client, wrong := p.checkClient(parameters)
	if wrong != "" {
		return nil, page(http.StatusBadRequest, wrong, "")
	}
	code, description := checkAuthorization(client, parameters)
	if p.has(RequirePAR) && !pushed {
		code, description = "invalid_request", "pushed authorization requests only"
	}
	if code != "" {
		return nil, p.redirect(parameters, url.Values{"error": {code}, "error_description": {description}})
	}
	return parameters, answer{}
}

// checkClient says what is wrong with a request that must not be answered by a redirect.
func (p *IDP) checkClient(parameters url.Values) (client Client, wrong string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	client, known := p.clients[parameters.Get("client_id")]
	switch {
	case !known:
		return client, "Unknown client"
	case !slices.Contains(client.RedirectURIs, parameters.Get("redirect_uri")):
		return client, "The redirect URI is not registered"
	}
	return client, ""
}

// checkAuthorization returns an error of RFC 6749, 4.1.2.1, if there is one.
func checkAuthorization(client Client, parameters url.Values) (code, description string) {
	for name, values := range parameters {
		if len(values) > 1 {
			return "invalid_request", name + " is there twice"
		}
	}
	challenge, method := parameters.Get("code_challenge"), parameters.Get("code_challenge_method")
	prompt := strings.Fields(parameters.Get("prompt"))
	switch {
	case parameters.Get("response_type") != "code":
		return "unsupported_response_type", "only code is supported"
	case !slices.Contains([]string{"", "query", "form_post"}, parameters.Get("response_mode")):
		return "invalid_request", "unsupported response_mode"
	case !inScope(parameters.Get("scope")):
		return "invalid_scope", "unsupported scope"
	case challenge == "" && method != "", challenge != "" && method != "S256":
		return "invalid_request", "code_challenge_method must be S256"
	case challenge == "" && client.RequirePKCE:
		return "invalid_request", "code_challenge is missing"
	case challenge != "" && len(challenge) != 43:
		return "invalid_request", "code_challenge is no SHA-256 hash"
	case len(prompt) > 1 && slices.Contains(prompt, "none"):
		return "invalid_request", "prompt none stands alone"
	}
	return "", ""
}

func inScope(scope string) bool {
	names := strings.Split(scope, " ")
	return scope == "" || !slices.ContainsFunc(names, func(name string) bool { return !slices.Contains(scopes(), name) })
}

// grant issues a code. The lock is held.
func (p *IDP) grant(s *session, parameters url.Values) answer {
	code, client := rand.Text(), parameters.Get("client_id")
	s.clients[client] = true
	p.codes[code] = &grant{
		client: client, user: s.user, sid: s.id, since: s.since, redirectURI: parameters.Get("redirect_uri"),
		nonce: parameters.Get("nonce"), scope: parameters.Get("scope"), challenge: parameters.Get("code_challenge"),
		expires: time.Now().Add(codeLife),
	}
	result := url.Values{"code": {code}}
	for name, value := range p.users[s.user].CallbackParameters {
		result.Set(name, value)
	}
	return p.redirect(parameters, result)
}

// redirect sends the browser back to the client.
func (p *IDP) redirect(parameters, result url.Values) answer {
	if state := parameters.Get("state"); state != "" {
		result.Set("state", state)
	}
	result.Set("iss", p.Issuer)
	if parameters.Get("response_mode") == "form_post" {
		return formPost(parameters.Get("redirect_uri"), result)
	}
	target, err := url.Parse(parameters.Get("redirect_uri"))
	if err != nil {
		return page(http.StatusBadRequest, "The redirect URI is no URL", "")
	}
	query := target.Query()
	for name := range result {
		query.Set(name, result.Get(name))
	}
	target.RawQuery = query.Encode()
	return answer{status: http.StatusFound, header: map[string]string{"Location": target.String(), "Cache-Control": "no-store"}}
}
