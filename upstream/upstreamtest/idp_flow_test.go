package upstreamtest_test

import (
	"crypto"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream/upstreamtest"
)

const (
	redirect = "https://account.example.com/upstream/callback/01JSHPZHAXC50QBKH67MH33TNF"
	secret   = "s3cret+/: ~"
	verifier = "a-verifier-that-is-long-enough-for-the-specification"
)

// flow is a plain client of a provider, step by step.
type flow struct {
	t         *testing.T
	idp       *upstreamtest.IDP
	authorize url.Values
	// authenticate adds what the client authenticates with.
	authenticate func(*http.Request, url.Values)
}

func newFlow(t *testing.T, quirks ...upstreamtest.Quirk) *flow {
	t.Helper()
	idp := upstreamtest.NewIDP(t, quirks...)
	idp.PutUser(upstreamtest.User{Name: "alice", Claims: map[string]any{"email": "alice@example.com", "email_verified": false, "name": nil}})
	idp.PutClient(upstreamtest.Client{ID: "matrix", Secret: maskit.NewSecret(secret), RedirectURIs: []string{redirect}})
	sum := sha256.Sum256([]byte(verifier))
	return &flow{
		t: t, idp: idp,
		authorize: url.Values{
			"client_id": {"matrix"}, "redirect_uri": {redirect}, "response_type": {"code"}, "scope": {"openid email"}, "state": {"the state"},
			"nonce": {"the nonce"}, "code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"},
		},
		authenticate: func(r *http.Request, _ url.Values) { r.SetBasicAuth("matrix", url.QueryEscape(secret)) },
	}
}

// document fetches JSON.
func (f *flow) document(address string) map[string]any {
	f.t.Helper()
	r, err := http.NewRequestWithContext(f.t.Context(), http.MethodGet, address, http.NoBody)
	require.NoError(f.t, err)
	status, body := f.do(r)
	require.Equal(f.t, http.StatusOK, status, body)
	var document map[string]any
	require.NoError(f.t, json.Unmarshal([]byte(body), &document))
	return document
}

func (f *flow) do(r *http.Request) (int, string) {
	f.t.Helper()
	response, err := f.idp.HTTPClient().Do(r)
	require.NoError(f.t, err)
	defer func() { require.NoError(f.t, response.Body.Close()) }()
	body, err := io.ReadAll(response.Body)
	require.NoError(f.t, err)
	return response.StatusCode, string(body)
}

func (f *flow) post(path string, form url.Values) (int, map[string]any) {
	f.t.Helper()
	r, err := http.NewRequestWithContext(f.t.Context(), http.MethodPost, origin(f.idp)+path, nil)
	require.NoError(f.t, err)
	f.authenticate(r, form)
	r.Body = io.NopCloser(strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	status, body := f.do(r)
	var answer map[string]any
	if body != "" {
		require.NoError(f.t, json.Unmarshal([]byte(body), &answer), body)
	}
	return status, answer
}

// origin is the address without a path.
func origin(idp *upstreamtest.IDP) string {
	u, err := url.Parse(idp.URL)
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// logIn returns what came back with the browser.
func (f *flow) logIn() url.Values {
	f.t.Helper()
	target, err := f.idp.LogIn(f.t.Context(), origin(f.idp)+"/authorize?"+f.authorize.Encode(), "alice")
	require.NoError(f.t, err)
	require.True(f.t, strings.HasPrefix(target.String(), redirect+"?"), target)
	return target.Query()
}

func (f *flow) code() string {
	f.t.Helper()
	result := f.logIn()
	require.Equal(f.t, "the state", result.Get("state"))
	require.Equal(f.t, f.idp.Issuer, result.Get("iss"))
	require.NotEmpty(f.t, result.Get("code"), "%v", result)
	return result.Get("code")
}

func (f *flow) exchange(code string) (int, map[string]any) {
	f.t.Helper()
	return f.post("/token", url.Values{
		"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {redirect}, "code_verifier": {verifier},
	})
}

// verify returns the claims of a JWT, checked by a key of the set.
func (f *flow) verify(token string, algorithm jose.SignatureAlgorithm) map[string]any {
	f.t.Helper()
	signed, err := jose.ParseSignedCompact(token, []jose.SignatureAlgorithm{algorithm})
	require.NoError(f.t, err)
	raw, err := json.Marshal(f.document(origin(f.idp) + "/jwks"))
	require.NoError(f.t, err)
	var set jose.JSONWebKeySet
	require.NoError(f.t, json.Unmarshal(raw, &set))
	require.Len(f.t, set.Keys, 1)
	payload, err := signed.Verify(set.Keys[0])
	require.NoError(f.t, err)
	var claims map[string]any
	require.NoError(f.t, json.Unmarshal(payload, &claims))
	return claims
}

func (f *flow) userinfo(token any) map[string]any {
	f.t.Helper()
	r, err := http.NewRequestWithContext(f.t.Context(), http.MethodGet, origin(f.idp)+"/userinfo", http.NoBody)
	require.NoError(f.t, err)
	r.Header.Set("Authorization", "Bearer "+token.(string))
	status, body := f.do(r)
	require.Equal(f.t, http.StatusOK, status, body)
	var claims map[string]any
	require.NoError(f.t, json.Unmarshal([]byte(body), &claims))
	return claims
}

func TestIDPCodeFlow(t *testing.T) {
	t.Parallel()
	f := newFlow(t)
	document := f.document(f.idp.URL + "/.well-known/openid-configuration")
	require.Equal(t, f.idp.Issuer, document["issuer"])
	require.Equal(t, f.idp.URL, f.idp.Issuer)
	require.Equal(t, []any{"S256"}, document["code_challenge_methods_supported"])

	code := f.code()
	status, tokens := f.exchange(code)
	require.Equal(t, http.StatusOK, status, "%v", tokens)
	claims := f.verify(tokens["id_token"].(string), jose.RS256)
	require.Equal(t, f.idp.Issuer, claims["iss"])
	require.Equal(t, "matrix", claims["aud"])
	require.Equal(t, "the nonce", claims["nonce"])
	require.Equal(t, "alice", claims["sub"])
	require.Equal(t, "alice@example.com", claims["email"])
	require.Equal(t, false, claims["email_verified"])
	require.Contains(t, claims, "name")
	require.Nil(t, claims["name"])
	hash := sha256.Sum256([]byte(tokens["access_token"].(string)))
	require.Equal(t, base64.RawURLEncoding.EncodeToString(hash[:16]), claims["at_hash"])
	require.Equal(t, map[string]any{"sub": "alice", "email": "alice@example.com", "email_verified": false, "name": nil}, f.userinfo(tokens["access_token"]))

	status, tokens = f.exchange(code)
	require.Equal(t, http.StatusBadRequest, status, "a code works once")
	require.Equal(t, "invalid_grant", tokens["error"])
	require.Empty(t, f.idp.Unserved())
}

func TestIDPClientAuthentication(t *testing.T) {
	t.Parallel()
	key := newSigner(t)
	post := func(_ *http.Request, form url.Values) {
		form.Set("client_id", "matrix")
		form.Set("client_secret", secret)
	}
	basic := func(r *http.Request, _ url.Values) { r.SetBasicAuth("matrix", url.QueryEscape(secret)) }
	none := func(_ *http.Request, form url.Values) { form.Set("client_id", "matrix") }
	for name, c := range map[string]struct {
		method mas.AuthMethod
		with   func(*http.Request, url.Values)
		status int
	}{
		"basic or post, basic":   {"", basic, http.StatusOK},
		"basic or post, post":    {"", post, http.StatusOK},
		"basic or post, none":    {"", none, http.StatusUnauthorized},
		"basic, post":            {mas.AuthClientSecretBasic, post, http.StatusUnauthorized},
		"post, basic":            {mas.AuthClientSecretPost, basic, http.StatusUnauthorized},
		"post":                   {mas.AuthClientSecretPost, post, http.StatusOK},
		"public":                 {mas.AuthNone, none, http.StatusOK},
		"public, secret":         {mas.AuthNone, post, http.StatusUnauthorized},
		"secret JWT":             {mas.AuthClientSecretJWT, assert(t, jose.HS256, padded(secret)), http.StatusOK},
		"secret JWT, wrong":      {mas.AuthClientSecretJWT, assert(t, jose.HS256, padded("wrong")), http.StatusUnauthorized},
		"private key":            {mas.AuthPrivateKeyJWT, assert(t, jose.ES256, key), http.StatusOK},
		"private key, other":     {mas.AuthPrivateKeyJWT, assert(t, jose.ES256, newSigner(t)), http.StatusUnauthorized},
		"private key, by secret": {mas.AuthPrivateKeyJWT, assert(t, jose.HS256, padded(secret)), http.StatusUnauthorized},
		"two ways":               {"", func(r *http.Request, form url.Values) { basic(r, form); post(r, form) }, http.StatusBadRequest},
		"unencoded basic":        {"", func(r *http.Request, _ url.Values) { r.SetBasicAuth("matrix", secret) }, http.StatusUnauthorized},
		"another client":         {"", func(r *http.Request, _ url.Values) { r.SetBasicAuth("other", url.QueryEscape(secret)) }, http.StatusUnauthorized},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFlow(t, upstreamtest.HS256) // needs no RSA key
			f.idp.PutClient(upstreamtest.Client{
				ID: "matrix", Secret: maskit.NewSecret(secret), AuthMethod: c.method, RedirectURIs: []string{redirect}, PublicKeys: []crypto.PublicKey{key.Public()},
			})
			f.authenticate = c.with
			status, answer := f.exchange(f.code())
			require.Equal(t, c.status, status, "%v", answer)
		})
	}
}

// assert authenticates by an assertion.
func assert(t *testing.T, algorithm jose.SignatureAlgorithm, key any) func(*http.Request, url.Values) {
	t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: algorithm, Key: key}, nil)
	require.NoError(t, err)
	return func(r *http.Request, form url.Values) {
		payload, err := json.Marshal(map[string]any{
			"iss": "matrix", "sub": "matrix", "aud": r.URL.String(), "exp": time.Now().Add(time.Minute).Unix(), "jti": "1",
		})
		require.NoError(t, err)
		signed, err := signer.Sign(payload)
		require.NoError(t, err)
		token, err := signed.CompactSerialize()
		require.NoError(t, err)
		form.Set("client_assertion", token)
		form.Set("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
	}
}

// padded is a secret as an HMAC key of the length that the library wants.
func padded(secret string) []byte { return append([]byte(secret), make([]byte, 32)...) }

func TestIDPRefusesAuthorizationRequests(t *testing.T) {
	t.Parallel()
	f := newFlow(t, upstreamtest.HS256)
	for name, c := range map[string]struct {
		parameter, value string
		want             string
	}{
		"another response type": {"response_type", "token", "unsupported_response_type"},
		"a scope too much":      {"scope", "openid calendar", "invalid_scope"},
		"two spaces":            {"scope", "openid  email", "invalid_scope"},
		"plain PKCE":            {"code_challenge_method", "plain", "invalid_request"},
		"no hash":               {"code_challenge", "x", "invalid_request"},
		"fragment":              {"response_mode", "fragment", "invalid_request"},
		"nobody logged in":      {"prompt", "none", "login_required"},
		"prompt of two minds":   {"prompt", "none login", "invalid_request"},
		"redirect URI":          {"redirect_uri", redirect + "/", ""},
		"client":                {"client_id", "other", ""},
		"request URI":           {"request_uri", "urn:x", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			query := url.Values{}
			for key := range f.authorize {
				query.Set(key, f.authorize.Get(key))
			}
			query.Set(c.parameter, c.value)
			target, err := f.idp.LogIn(t.Context(), f.idp.URL+"/authorize?"+query.Encode(), "alice")
			if c.want == "" {
				require.ErrorIs(t, err, upstreamtest.ErrRefused)
				return
			}
			require.NoError(t, err)
			require.Equal(t, c.want, target.Query().Get("error"))
		})
	}
}

func TestIDPChecksTheCode(t *testing.T) {
	t.Parallel()
	f := newFlow(t, upstreamtest.HS256)
	good := url.Values{"grant_type": {"authorization_code"}, "redirect_uri": {redirect}, "code_verifier": {verifier}}
	for name, c := range map[string]struct{ parameter, value, want string }{
		"verifier":     {"code_verifier", verifier + "x", "invalid_grant"},
		"no verifier":  {"code_verifier", "", "invalid_grant"},
		"redirect URI": {"redirect_uri", redirect + "x", "invalid_grant"},
		"code":         {"code", "nobody issued it", "invalid_grant"},
		"grant type":   {"grant_type", "password", "unsupported_grant_type"},
	} {
		t.Run(name, func(t *testing.T) {
			form := url.Values{"code": {f.code()}}
			for key := range good {
				form.Set(key, good.Get(key))
			}
			form.Set(c.parameter, c.value)
			status, answer := f.post("/token", form)
			require.Equal(t, http.StatusBadRequest, status)
			require.Equal(t, c.want, answer["error"])
		})
	}
}

func TestIDPPushedRequest(t *testing.T) {
	t.Parallel()
	f := newFlow(t, upstreamtest.RequirePAR, upstreamtest.HS256)
	require.Equal(t, "invalid_request", f.logIn().Get("error"))

	status, pushed := f.post("/par", f.authorize)
	require.Equal(t, http.StatusCreated, status, "%v", pushed)
	f.authorize = url.Values{"client_id": {"matrix"}, "request_uri": {pushed["request_uri"].(string)}}
	status, tokens := f.exchange(f.code())
	require.Equal(t, http.StatusOK, status, "%v", tokens)

	_, err := f.idp.LogIn(t.Context(), f.idp.URL+"/authorize?"+f.authorize.Encode(), "alice")
	require.ErrorIs(t, err, upstreamtest.ErrRefused, "a reference works once")
}

func TestIDPBackchannelLogout(t *testing.T) {
	t.Parallel()
	f := newFlow(t)
	received := make(chan string, 1)
	f.idp.PutClient(upstreamtest.Client{
		ID: "matrix", Secret: maskit.NewSecret(secret), RedirectURIs: []string{redirect}, BackchannelLogoutURI: listen(t, received),
	})
	_, tokens := f.exchange(f.code())
	claims := f.verify(tokens["id_token"].(string), jose.RS256)

	deliveries, err := f.idp.LogOut(t.Context(), "alice")
	require.NoError(t, err)
	require.Len(t, deliveries, 1)
	require.Equal(t, http.StatusTeapot, deliveries[0].Status)
	require.Equal(t, deliveries[0].Token, <-received)
	logout := f.verify(deliveries[0].Token, jose.RS256)
	require.Equal(t, []any{"alice", claims["sid"], f.idp.Issuer, "matrix"}, []any{logout["sub"], logout["sid"], logout["iss"], logout["aud"]})
	require.Contains(t, logout["events"], "http://schemas.openid.net/event/backchannel-logout")
	require.NotContains(t, logout, "nonce")
	require.Contains(t, logout, "exp")

	deliveries, err = f.idp.LogOut(t.Context(), "alice")
	require.NoError(t, err)
	require.Empty(t, deliveries, "the session is gone")
}

func TestIDPUnserved(t *testing.T) {
	t.Parallel()
	f := newFlow(t, upstreamtest.HS256)
	for _, path := range []string{"/nothing", "/token"} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, f.idp.URL+path, http.NoBody)
		require.NoError(t, err)
		f.do(r)
	}
	var got []string
	for _, r := range f.idp.Unserved() {
		got = append(got, r.Method+" "+r.Path)
	}
	require.Equal(t, []string{"GET /nothing", "GET /token"}, got)
}
