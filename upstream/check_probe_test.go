package upstream_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/upstreamtest"
)

func pushedAnswer(status int, body string) func(*idp, *upstream.Entry, *upstream.CheckConfig) {
	return func(i *idp, _ *upstream.Entry, _ *upstream.CheckConfig) {
		i.pushes()
		i.handle["/par"] = answers(status, body)
	}
}

// Pushed authorization requests; where they tell, nothing else is asked.
func TestCheckPushes(t *testing.T) {
	t.Parallel()
	wrong := []string{"error probe-client"}
	runCheckCases(t, map[string]checkCase{
		"secret, by the book":       {pushedAnswer(400, `{"error":"invalid_client"}`), wrong, "invalid_client"},
		"secret, Keycloak":          {pushedAnswer(401, `{"error":"invalid_request","error_description":"Authentication failed."}`), wrong, "401 invalid_request Authentication failed."},
		"redirect URI, by the book": {pushedAnswer(400, `{"error":"invalid_redirect_uri"}`), []string{"error probe-redirect-uri"}, "register exactly " + upstreamtest.Env().CallbackURL()},
		"redirect URI, Keycloak":    {pushedAnswer(400, `{"error":"invalid_request","error_description":"Invalid parameter: redirect_uri"}`), []string{"error probe-redirect-uri"}, ""},
		"scope, by the book":        {pushedAnswer(400, `{"error":"invalid_scope"}`), []string{"error probe-scope"}, ""},
		"scope, Keycloak":           {pushedAnswer(400, `{"error":"invalid_request","error_description":"Invalid scopes: openid x"}`), []string{"error probe-scope"}, ""},
		"PKCE, Keycloak":            {pushedAnswer(400, `{"error":"invalid_request","error_description":"Missing parameter: code_challenge_method"}`), []string{"error probe-pkce"}, ""},
		"flow":                      {pushedAnswer(400, `{"error":"unauthorized_client"}`), []string{"error probe-flow"}, ""},
		"unknown error":             {pushedAnswer(400, `{"error":"invalid_request","error_description":"no"}`), []string{"info probe-inconclusive"}, ""},
		"broken":                    {pushedAnswer(500, ""), []string{"info probe-inconclusive"}, "it answers 500"},
		"HTML":                      {pushedAnswer(200, "<html>"), []string{"info probe-inconclusive"}, ""},
		"no such endpoint":          {pushedAnswer(404, "no"), []string{"warning probe-endpoint"}, ""},
	})
}

// Answers of the token endpoint to a code that is nobody's.
func TestCheckAsksTheTokenEndpoint(t *testing.T) {
	t.Parallel()
	good, inconclusive := []string{}, []string{"info probe-inconclusive"}
	wrong, refused := []string{"error probe-secret"}, []string{"error probe-client"}
	runCheckCases(t, map[string]checkCase{
		"right":                   {answer("/token", 400, `{"error":"invalid_grant"}`), good, ""},
		"right, Auth0":            {answer("/token", 403, `{"error":"invalid_grant"}`), good, ""},
		"right, GitHub":           {answer("/token", 200, `{"error":"bad_verification_code"}`), good, ""},
		"right, Rauthy":           {answer("/token", 404, `{"timestamp":1,"error":"NotFound","message":"'auth_code' could not be found"}`), good, ""},
		"wrong by another secret": {func(i *idp, _ *upstream.Entry, _ *upstream.CheckConfig) { i.secret = "another" }, refused, "invalid_client"},
		"wrong, Keycloak":         {answer("/token", 401, `{"error":"unauthorized_client","error_description":"Invalid client or Invalid client credentials"}`), wrong, ""},
		"unknown, Keycloak":       {answer("/token", 401, `{"error":"invalid_client","error_description":"Invalid client or Invalid client credentials"}`), refused, ""},
		"wrong, Dex":              {answer("/token", 401, `{"error":"invalid_client","error_description":"Invalid client credentials."}`), refused, ""},
		"wrong, Auth0":            {answer("/token", 401, `{"error":"access_denied"}`), refused, ""},
		"wrong, GitHub":           {answer("/token", 200, `{"error":"incorrect_client_credentials"}`), refused, ""},
		"redirect, GitHub":        {answer("/token", 200, `{"error":"redirect_uri_mismatch"}`), []string{"error probe-redirect-uri"}, ""},
		"wrong, Kanidm":           {answer("/token", 401, ""), refused, "it answers 401)"},
		"wrong, Rauthy":           {answer("/token", 401, `{"error":"Unauthorized","message":"Invalid 'client_secret'"}`), wrong, ""},
		"wrong, Entra":            {answer("/token", 401, `{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided."}`), wrong, "not its id"},
		"expired, Entra":          {answer("/token", 401, `{"error":"invalid_client","error_description":"AADSTS7000222: expired"}`), []string{"error probe-secret-expired"}, ""},
		"unknown, Entra":          {answer("/token", 400, `{"error":"unauthorized_client","error_description":"AADSTS700016: x"}`), []string{"error probe-client-unknown"}, ""},
		"malformed, Entra":        {answer("/token", 400, `{"error":"invalid_grant","error_description":"AADSTS9002313: x"}`), inconclusive, ""},
		"flow":                    {answer("/token", 400, `{"error":"unsupported_grant_type"}`), []string{"error probe-flow"}, ""},
		"invalid_request":         {answer("/token", 400, `{"error":"invalid_request"}`), inconclusive, ""},
		"too many":                {answer("/token", 429, ""), inconclusive, ""},
		"broken":                  {answer("/token", 503, "<html>"), inconclusive, ""},
		"HTML":                    {answer("/token", 200, "<html>"), inconclusive, ""},
		"error of another type":   {answer("/token", 400, `{"error":{"code":101}}`), inconclusive, ""},
		"no such endpoint":        {answer("/token", 404, ""), []string{"warning probe-endpoint"}, ""},
		"redirected":              {redirectToken, []string{"warning probe-redirected"}, ""},
		"without":                 {withoutCredentials, []string{"skip not-checked"}, "as was asked"},
		"unknown secret, with control": {withControl(func(w http.ResponseWriter, _ *http.Request, _ bool) {
			reply(w, 400, map[string]any{"error": "invalid_grant"})
		}), []string{"info probe-secret-unchecked"}, ""},
		"inconclusive, with control":  {withControl(entra), good, ""},
		"nothing known, with control": {withControl(func(w http.ResponseWriter, _ *http.Request, _ bool) { reply(w, 400, map[string]any{"error": "x"}) }), []string{"info probe-secret-unchecked"}, ""},
		"odd control": {withControl(func(w http.ResponseWriter, _ *http.Request, right bool) {
			if right {
				reply(w, 400, map[string]any{"error": "invalid_grant"})
				return
			}
			w.WriteHeader(http.StatusServiceUnavailable)
		}), inconclusive, ""},
	})
}

func redirectToken(i *idp, _ *upstream.Entry, _ *upstream.CheckConfig) {
	i.handle["/token"] = http.RedirectHandler("/elsewhere", http.StatusTemporaryRedirect).ServeHTTP
}

func withoutCredentials(i *idp, _ *upstream.Entry, c *upstream.CheckConfig) {
	i.pushes()
	c.WithoutCredentialProbe = true
}

// withControl lets the token endpoint answer right and wrong secrets.
func withControl(handle func(w http.ResponseWriter, r *http.Request, right bool)) func(*idp, *upstream.Entry, *upstream.CheckConfig) {
	return func(i *idp, _ *upstream.Entry, c *upstream.CheckConfig) {
		c.ControlProbe = true
		i.handle["/token"] = func(w http.ResponseWriter, r *http.Request) { handle(w, r, i.knows(r)) }
	}
}

// entra tells a wrong secret clearly, and a right one not.
func entra(w http.ResponseWriter, _ *http.Request, right bool) {
	if right {
		reply(w, 400, map[string]any{"error": "invalid_grant", "error_description": "AADSTS9002313: malformed"})
		return
	}
	reply(w, 401, map[string]any{"error": "invalid_client", "error_description": "AADSTS7000215: wrong"})
}

// Answers of the authorization endpoint to a request with prompt=none.
func TestCheckAsksTheAuthorizationEndpoint(t *testing.T) {
	t.Parallel()
	back := func(code, description string) func(*idp, *upstream.Entry, *upstream.CheckConfig) {
		return func(i *idp, _ *upstream.Entry, _ *upstream.CheckConfig) {
			i.handle["/authorize"] = func(w http.ResponseWriter, r *http.Request) { returnTo(w, r, code, description) }
		}
	}
	elsewhere := func(location string) func(*idp, *upstream.Entry, *upstream.CheckConfig) {
		return func(i *idp, _ *upstream.Entry, _ *upstream.CheckConfig) {
			i.handle["/authorize"] = func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", location)
				w.WriteHeader(http.StatusFound)
			}
		}
	}
	page := func(status int, body string) func(*idp, *upstream.Entry, *upstream.CheckConfig) {
		return answer("/authorize", status, body)
	}
	good, inconclusive := []string{}, []string{"info probe-inconclusive"}
	redirect := []string{"error probe-redirect-uri"}
	callback := upstreamtest.Env().CallbackURL()
	runCheckCases(t, map[string]checkCase{
		"login_required":            {back("login_required", ""), good, ""},
		"interaction_required":      {back("interaction_required", ""), good, ""},
		"consent_required":          {back("consent_required", ""), good, ""},
		"invalid_scope":             {back("invalid_scope", "no x"), []string{"error probe-scope"}, "invalid_scope no x"},
		"unsupported_response_type": {back("unsupported_response_type", ""), []string{"error probe-flow"}, ""},
		"PKCE":                      {back("invalid_request", "Missing parameter: code_challenge_method"), []string{"error probe-pkce"}, ""},
		"no prompt=none":            {back("invalid_request", "prompt none is not known"), inconclusive, ""},
		"invalid_request":           {back("invalid_request", "no"), []string{"error probe-request"}, ""},
		"server_error":              {back("server_error", ""), inconclusive, ""},
		"an unknown error":          {back("x", ""), inconclusive, ""},
		"form_post": {func(i *idp, e *upstream.Entry, _ *upstream.CheckConfig) {
			e.ResponseMode = mas.ResponseFormPost
			i.handle["/authorize"] = answers(200, `<html><form method=post action="`+callback+`"><input name="error" value="login_required"/></form>`)
		}, good, ""},
		"form to elsewhere":  {page(200, `<form action="/login"><input name="error" value="login_required"></form>`), inconclusive, ""},
		"login page":         {page(200, "<html>log in"), inconclusive, ""},
		"Keycloak, redirect": {page(400, "<html>Invalid parameter: redirect_uri"), redirect, ""},
		"Keycloak, client":   {page(400, "<html>Client not found."), []string{"error probe-client-unknown"}, ""},
		"Google, redirect":   {page(400, "<html>Error 400: redirect_uri_mismatch"), redirect, ""},
		"Google, client":     {page(401, "<html>Error 401: invalid_client"), []string{"error probe-client-unknown"}, ""},
		"Entra, redirect":    {page(200, "<html>AADSTS50011: The redirect URI"), redirect, ""},
		"Entra, client":      {page(200, "<html>AADSTS700016"), []string{"error probe-client-unknown"}, ""},
		"Entra, tenant":      {page(400, "<html>AADSTS90002"), []string{"error probe-client-unknown"}, ""},
		"Keycloak, client and secret": {func(i *idp, _ *upstream.Entry, _ *upstream.CheckConfig) {
			i.secret = "another"
			i.handle["/authorize"] = answers(400, "<html>Client not found.")
		}, []string{"error probe-client-unknown"}, ""},
		"some 400":             {page(400, "<html>no"), []string{"warning probe-refused"}, "register exactly"},
		"some 500":             {page(500, ""), inconclusive, ""},
		"elsewhere":            {elsewhere("https://login.example.com/?continue=" + url.QueryEscape(callback)), inconclusive, ""},
		"elsewhere, Hydra":     {elsewhere("/fallbacks/error?error=invalid_client"), []string{"error probe-client-unknown"}, ""},
		"a URI that begins so": {elsewhere(callback + "x?error=login_required"), inconclusive, ""},
		"in the fragment":      {elsewhere(callback + "#error=invalid_scope"), []string{"error probe-scope"}, ""},
		"without":              {func(_ *idp, _ *upstream.Entry, c *upstream.CheckConfig) { c.WithoutAuthorizationProbe = true }, good, ""},
		"another client":       {change(func(e *upstream.Entry) { e.ClientID = "other" }), []string{"error probe-client", "warning probe-refused"}, ""},
		"pushed, but overridden": {func(i *idp, e *upstream.Entry, _ *upstream.CheckConfig) {
			i.pushes()
			e.AuthorizationEndpoint = i.URL + "/authorize?tenant=1"
			back("invalid_scope", "")(i, e, nil)
		}, []string{"error probe-scope"}, ""},
	})
}

// The request is the one that MAS sends a browser with.
func TestCheckSendsTheRequestOfMAS(t *testing.T) {
	t.Parallel()
	idp := newIDP(t)
	entry := idp.entry()
	entry.Scope = "profile openid email"
	entry.ResponseMode = mas.ResponseQuery
	entry.AuthorizationEndpoint = idp.URL + "/authorize?tenant=1"
	entry.AdditionalAuthorizationParameters = map[string]string{"prompt": "login", "acr_values": "mfa", "login_hint": "{{ params.login_hint }}"}
	report := check(t, entry, idp.config())
	require.Empty(t, seen(report), "%s", report.Problems)
	require.Equal(t, "GET /authorize", idp.requests[3])
	query := idp.forms[3]
	for name, want := range map[string]string{"state": `^\w{16}$`, "nonce": `^\w{16}$`, "code_challenge": `^[\w-]{43}$`} {
		require.Regexp(t, want, query.Get(name))
		query.Del(name)
	}
	require.Equal(t, url.Values{
		"tenant": {"1"}, "response_type": {"code"}, "client_id": {"matrix"}, "redirect_uri": {upstreamtest.Env().CallbackURL()},
		"scope": {"email openid profile"}, "code_challenge_method": {"S256"}, "response_mode": {"query"},
		"acr_values": {"mfa"}, "prompt": {"none"},
	}, query)

	form := idp.forms[2]
	require.True(t, strings.HasPrefix(form.Get("code"), "maskit-check-"))
	require.Len(t, form.Get("code_verifier"), 43)
	require.Equal(t, upstreamtest.Env().CallbackURL(), form.Get("redirect_uri"))
	require.Equal(t, "authorization_code", form.Get("grant_type"))
}

// A vendor's own reading comes first, and may say nothing.
func TestCheckAsksTheClassifier(t *testing.T) {
	t.Parallel()
	idp := newIDP(t)
	idp.handle["/token"] = answers(http.StatusTeapot, "short and stout")
	cfg := idp.config()
	cfg.Provider = teapot{}
	report := check(t, idp.entry(), cfg)
	require.Equal(t, []string{"error probe-secret"}, seen(report))
	require.Equal(t, upstream.VerdictSecretWrong, report.Credentials)
	require.Equal(t, upstream.VerdictAccepted, report.Redirect, "which is not the classifier's business")
}

type teapot struct{ acme }

func (teapot) Classify(a upstream.ProbeAnswer) upstream.Verdict {
	if a.Probe == upstream.ProbeToken && a.Status == http.StatusTeapot && strings.Contains(a.Body, "stout") {
		return upstream.VerdictSecretWrong
	}
	return ""
}
