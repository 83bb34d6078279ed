package upstream_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
)

// A healthy provider gives no finding, in six requests at most.
func TestCheckOfAHealthyProvider(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(*idp, *upstream.Entry, *upstream.CheckConfig)
		want   []string
	}{
		"all": {
			change: func(*idp, *upstream.Entry, *upstream.CheckConfig) {},
			want:   []string{"GET /.well-known/openid-configuration", "GET /keys", "POST /token", "GET /authorize"},
		},
		"all with userinfo and control": {
			change: func(_ *idp, e *upstream.Entry, c *upstream.CheckConfig) { e.FetchUserinfo, c.ControlProbe = true, true },
			want:   []string{"GET /.well-known/openid-configuration", "GET /keys", "GET /userinfo", "POST /token", "POST /token", "GET /authorize"},
		},
		"pushed": {
			change: func(i *idp, e *upstream.Entry, c *upstream.CheckConfig) {
				i.pushes()
				e.FetchUserinfo, c.ControlProbe = true, true
			},
			want: []string{"GET /.well-known/openid-configuration", "GET /keys", "GET /userinfo", "POST /par", "POST /par"},
		},
		"post": {
			change: func(i *idp, e *upstream.Entry, _ *upstream.CheckConfig) {
				i.pushes()
				e.TokenEndpointAuthMethod = mas.AuthClientSecretPost
			},
			want: []string{"GET /.well-known/openid-configuration", "GET /keys", "POST /par"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			idp := newIDP(t)
			entry, cfg := idp.entry(), idp.config()
			test.change(idp, &entry, &cfg)
			report := check(t, entry, cfg)
			require.Empty(t, seen(report), "%s", report.Problems)
			require.Equal(t, test.want, idp.requests)
			require.Equal(t, len(test.want), report.Requests)
			require.LessOrEqual(t, report.Requests, 6)
			require.Equal(t, upstream.VerdictAccepted, report.Redirect)
			require.Equal(t, upstream.VerdictAccepted, report.Credentials)
			require.Equal(t, idp.URL, report.Issuer)
			require.Equal(t, []string{idp.Listener.Addr().String()}, report.Hosts)
		})
	}
}

type checkCase struct {
	change func(*idp, *upstream.Entry, *upstream.CheckConfig)
	want   []string
	// says is a part of the first message or hint.
	says string
}

func runCheckCases(t *testing.T, cases map[string]checkCase) {
	t.Helper()
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			idp := newIDP(t)
			entry, cfg := idp.entry(), idp.config()
			test.change(idp, &entry, &cfg)
			report := check(t, entry, cfg)
			require.Equal(t, test.want, seen(report), "%s", report.Problems)
			if test.says != "" {
				require.Contains(t, report.Problems.String(), test.says)
			}
		})
	}
}

func set(field string, value any) func(*idp, *upstream.Entry, *upstream.CheckConfig) {
	return func(i *idp, _ *upstream.Entry, _ *upstream.CheckConfig) { i.metadata[field] = value }
}

func remove(field string) func(*idp, *upstream.Entry, *upstream.CheckConfig) {
	return func(i *idp, _ *upstream.Entry, _ *upstream.CheckConfig) { delete(i.metadata, field) }
}

func change(f func(*upstream.Entry)) func(*idp, *upstream.Entry, *upstream.CheckConfig) {
	return func(_ *idp, e *upstream.Entry, _ *upstream.CheckConfig) { f(e) }
}

func answer(path string, status int, body string) func(*idp, *upstream.Entry, *upstream.CheckConfig) {
	return func(i *idp, _ *upstream.Entry, _ *upstream.CheckConfig) { i.handle[path] = answers(status, body) }
}

const discoveryPath = "/.well-known/openid-configuration"

// What the metadata says, against what MAS reads and the entry asks for.
func TestCheckOfMetadata(t *testing.T) {
	t.Parallel()
	unread := []string{"error disc-http", "skip not-checked", "skip not-checked", "skip not-checked"}
	runCheckCases(t, map[string]checkCase{
		"not found":           {answer(discoveryPath, 404, ""), unread, "answers 404"},
		"a page in HTML":      {answer(discoveryPath, 200, "<!DOCTYPE html><p>"), unread, "a page in HTML"},
		"an error of server":  {answer(discoveryPath, 500, "{}"), unread, "answers 500"},
		"not JSON":            {answer(discoveryPath, 200, "issuer: x"), []string{"error disc-decode", "skip not-checked", "skip not-checked", "skip not-checked"}, "is not a JSON object"},
		"subject types":       {set("subject_types_supported", "public"), []string{"error disc-decode"}, "subject_types_supported is a string instead of a list of strings"},
		"boolean as string":   {set("claims_parameter_supported", "true"), []string{"error disc-decode"}, "claims_parameter_supported is a string instead of true or false"},
		"relative endpoint":   {set("end_session_endpoint", "/logout"), []string{"error disc-decode"}, "end_session_endpoint is a relative URL"},
		"empty endpoint":      {set("registration_endpoint", ""), []string{"error disc-decode"}, "registration_endpoint is empty instead of a URL"},
		"language tag":        {set("ui_locales_supported", []any{"en", "en_US"}), []string{"error disc-decode"}, "not a language tag"},
		"empty response type": {set("response_types_supported", []any{"code", ""}), []string{"error disc-decode"}, "response_types_supported has an empty string"},
		"null is absent":      {set("service_documentation", nil), []string{}, ""},
		"number in a list":    {set("claims_supported", []any{"sub", 1}), []string{"error disc-decode"}, "claims_supported has a number among its strings"},
		"two defects": {func(i *idp, _ *upstream.Entry, _ *upstream.CheckConfig) {
			i.metadata["op_tos_uri"], i.metadata["request_parameter_supported"] = "", 1
		}, []string{"error disc-decode", "error disc-decode"}, ""},
		"no subject types": {remove("subject_types_supported"), []string{"error disc-required"}, "lacks subject_types_supported"},
		"two are missing": {func(i *idp, _ *upstream.Entry, _ *upstream.CheckConfig) {
			delete(i.metadata, "id_token_signing_alg_values_supported")
			delete(i.metadata, "response_types_supported")
		}, []string{"error disc-required"}, "lacks response_types_supported, id_token_signing_alg_values_supported"},
		"http endpoint": {
			set("userinfo_endpoint", "http://127.0.0.1/u"), []string{"error disc-https"}, "not https: userinfo_endpoint, and MAS refuses",
		},
		"endpoint with fragment": {func(i *idp, _ *upstream.Entry, _ *upstream.CheckConfig) {
			i.metadata["revocation_endpoint"] = i.URL + "/r#x"
		}, []string{"error disc-https"}, "with a fragment: revocation_endpoint"},
		"unsigned assertions":      {set("token_endpoint_auth_signing_alg_values_supported", []any{"none"}), []string{"error disc-https"}, `has "none"`},
		"http endpoint, insecure":  {insecureHTTPEndpoint, []string{"warning disc-insecure", "warning disc-https"}, "lets pass"},
		"no code":                  {set("response_types_supported", []any{"id_token"}), []string{"error disc-code"}, "lacks code"},
		"grant types without code": {set("grant_types_supported", []any{"client_credentials"}), []string{"error disc-code"}, "lacks authorization_code"},
		"no openid":                {set("scopes_supported", []any{"profile", "email"}), []string{"error disc-scopes"}, "lacks openid"},
		"few scopes":               {set("scopes_supported", []any{"openid"}), []string{"warning disc-scopes"}, "lacks profile, email"},
		"scopes not listed":        {remove("scopes_supported"), []string{}, ""},
		"method not offered":       {set("token_endpoint_auth_methods_supported", []any{"client_secret_post"}), []string{"error disc-auth"}, "takes client_secret_post, not client_secret_basic"},
		"methods not listed":       {remove("token_endpoint_auth_methods_supported"), []string{}, ""},
		"methods not listed, post": {func(i *idp, e *upstream.Entry, _ *upstream.CheckConfig) {
			delete(i.metadata, "token_endpoint_auth_methods_supported")
			e.TokenEndpointAuthMethod = mas.AuthClientSecretPost
		}, []string{"warning disc-auth"}, "which means client_secret_basic alone"},
		"client certificates":    {set("token_endpoint_auth_methods_supported", []any{"tls_client_auth"}), []string{"error disc-mtls"}, ""},
		"no PKCE":                {remove("code_challenge_methods_supported"), []string{"info disc-pkce"}, "uses none"},
		"PKCE plain":             {set("code_challenge_methods_supported", []any{"plain"}), []string{"warning disc-pkce"}, "offered with plain"},
		"PKCE never":             {change(func(e *upstream.Entry) { e.PKCEMethod = mas.PKCENever }), []string{"warning disc-pkce"}, "pkce_method is never"},
		"PKCE always, plain":     {alwaysPlain, []string{"error disc-pkce"}, ""},
		"PKCE always, no list":   {alwaysUnlisted, []string{}, ""},
		"response mode":          {formPostUnlisted, []string{"error disc-mode"}, "query, fragment, not by form_post"},
		"PAR demanded":           {set("require_pushed_authorization_requests", true), []string{"error disc-par"}, "RFC 9126"},
		"JAR demanded":           {set("require_signed_request_object", true), []string{"error disc-jar"}, "RFC 9101"},
		"no logout":              {remove("backchannel_logout_supported"), []string{"warning bcl"}, "not offered"},
		"no logout by session":   {remove("backchannel_logout_session_supported"), []string{"warning bcl"}, "do not name the session"},
		"no logout, not wanted":  {noLogout, []string{}, ""},
		"logout as a string":     {set("backchannel_logout_supported", "true"), []string{"warning bcl"}, ""},
		"userinfo signed":        {signedUserinfo, []string{"warning userinfo-alg"}, "signed with ES256, not with RS256"},
		"only login":             {func(_ *idp, _ *upstream.Entry, c *upstream.CheckConfig) { c.OnlyLogin = true }, []string{"warning logout-reauth"}, "logged_out"},
		"only login, but prompt": {onlyLoginPrompt, []string{}, ""},
	})
}

func insecureHTTPEndpoint(i *idp, e *upstream.Entry, _ *upstream.CheckConfig) {
	i.metadata["end_session_endpoint"] = "http://127.0.0.1/x"
	e.DiscoveryMode = mas.DiscoveryInsecure
}

func alwaysPlain(i *idp, e *upstream.Entry, _ *upstream.CheckConfig) {
	i.metadata["code_challenge_methods_supported"] = []any{"plain"}
	e.PKCEMethod = mas.PKCEAlways
}

func alwaysUnlisted(i *idp, e *upstream.Entry, _ *upstream.CheckConfig) {
	delete(i.metadata, "code_challenge_methods_supported")
	e.PKCEMethod = mas.PKCEAlways
}

func formPostUnlisted(i *idp, e *upstream.Entry, _ *upstream.CheckConfig) {
	delete(i.metadata, "response_modes_supported")
	e.ResponseMode = mas.ResponseFormPost
}

func noLogout(i *idp, e *upstream.Entry, _ *upstream.CheckConfig) {
	delete(i.metadata, "backchannel_logout_supported")
	e.OnBackchannelLogout = ""
}

func signedUserinfo(i *idp, e *upstream.Entry, _ *upstream.CheckConfig) {
	i.metadata["userinfo_signing_alg_values_supported"] = []any{"ES256"}
	e.FetchUserinfo, e.UserinfoSignedResponseAlg = true, mas.AlgRS256
}

func onlyLoginPrompt(_ *idp, e *upstream.Entry, c *upstream.CheckConfig) {
	c.OnlyLogin = true
	e.AdditionalAuthorizationParameters = map[string]string{"prompt": "{% if logged_out %}login{% endif %}"}
}

// The issuer is compared byte for byte, and what differs is said.
func TestCheckOfIssuer(t *testing.T) {
	t.Parallel()
	served := func(issuer func(url string) string) func(*idp, *upstream.Entry, *upstream.CheckConfig) {
		return func(i *idp, _ *upstream.Entry, _ *upstream.CheckConfig) { i.metadata["issuer"] = issuer(i.URL) }
	}
	fixed := func(issuer string) func(*idp, *upstream.Entry, *upstream.CheckConfig) {
		return served(func(string) string { return issuer })
	}
	want := []string{"error disc-issuer", "skip probe-secret-host"}
	runCheckCases(t, map[string]checkCase{
		"slash missing": {served(func(u string) string { return u + "/" }), want, "a final slash is missing"},
		"slash too much": {func(i *idp, e *upstream.Entry, _ *upstream.CheckConfig) {
			e.Issuer = i.URL + "/"
		}, want, "the final slash is too much"},
		"port":     {fixed("https://127.0.0.1"), want, "the port differs"},
		"host":     {fixed("https://sso.example.com"), want, "the host differs"},
		"path":     {served(func(u string) string { return u + "/realms/x" }), want, "the path differs"},
		"tenant":   {served(func(u string) string { return u + "/{tenantid}/v2.0" }), want, "many tenants"},
		"GUID":     {served(func(u string) string { return u + "/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0" }), want, "as GUID"},
		"not text": {fixed("none"), []string{"error disc-issuer", "skip probe-secret-host"}, "it is no URL"},
		"insecure": {func(i *idp, e *upstream.Entry, _ *upstream.CheckConfig) {
			i.metadata["issuer"], e.DiscoveryMode = i.URL+"/", mas.DiscoveryInsecure
		}, []string{"error disc-issuer", "warning disc-insecure", "skip probe-secret-host"}, "every ID token is refused"},
		"http": {func(i *idp, _ *upstream.Entry, _ *upstream.CheckConfig) {
			i.metadata["issuer"] = "http" + i.URL[len("https"):]
		}, []string{"error disc-issuer", "skip probe-secret-host"}, "the scheme differs"},
	})
}

func TestCheckOfKeys(t *testing.T) {
	t.Parallel()
	keys := func(list ...any) func(*idp, *upstream.Entry, *upstream.CheckConfig) {
		return func(i *idp, _ *upstream.Entry, _ *upstream.CheckConfig) { i.keys = append([]any{}, list...) }
	}
	with := func(name string, value any) map[string]any {
		key := rsaJWK(2048)
		key[name] = value
		return key
	}
	runCheckCases(t, map[string]checkCase{
		"not found":      {answer("/keys", 404, ""), []string{"error jwks-fetch"}, "answers 404"},
		"HTML":           {answer("/keys", 200, "<html>"), []string{"error jwks-fetch"}, "is not a JWK Set"},
		"no list":        {answer("/keys", 200, `{"keys":{}}`), []string{"error jwks-fetch"}, "is not a JWK Set"},
		"empty":          {keys(), []string{"error jwks-key"}, "it is empty"},
		"oct beside":     {keys(rsaJWK(2048), map[string]any{"kty": "oct", "k": "AA"}), []string{"error jwks-fetch"}, `keys[1] has the kty "oct"`},
		"post-quantum":   {keys(rsaJWK(2048), map[string]any{"kty": "AKP"}), []string{"error jwks-fetch"}, `"AKP"`},
		"x5t in hex":     {keys(with("x5t", "!!")), []string{"error jwks-fetch"}, "has x5t that is not base64url"},
		"x5t padded":     {keys(with("x5t", "AAA=")), []string{"error jwks-fetch"}, "has x5t that is not base64url"},
		"x5c":            {keys(with("x5c", []any{"-_"})), []string{"error jwks-fetch"}, "has x5c that is not base64"},
		"for encryption": {keys(with("use", "enc")), []string{"error jwks-key"}, "there is RSA enc RS256"},
		"another alg":    {keys(with("alg", "RS512")), []string{"error jwks-key"}, ""},
		"alg not said":   {keys(with("alg", nil)), []string{}, ""},
		"OKP beside":     {keys(rsaJWK(2048), map[string]any{"kty": "OKP", "crv": "Ed25519", "x": "AA"}), []string{}, ""},
		"small":          {keys(rsaJWK(1024)), []string{"warning jwks-rsa-size"}, "1024 bits"},
		"huge":           {keys(rsaJWK(8192)), []string{"error jwks-key"}, "MAS takes 4096 at most"},
		"EC, RS256":      {keys(ecJWK(t, p256())), []string{"error jwks-key"}, "there is EC P-256"},
		"ES256": {func(i *idp, e *upstream.Entry, _ *upstream.CheckConfig) {
			i.metadata["id_token_signing_alg_values_supported"], i.keys = []any{"ES256"}, []any{ecJWK(t, p256())}
			e.IDTokenSignedResponseAlg = mas.AlgES256
		}, []string{}, ""},
		"ES256 off its curve": {func(i *idp, e *upstream.Entry, _ *upstream.CheckConfig) {
			key := ecJWK(t, p256())
			key["y"] = key["x"]
			i.metadata["id_token_signing_alg_values_supported"], i.keys = []any{"ES256"}, []any{key}
			e.IDTokenSignedResponseAlg = mas.AlgES256
		}, []string{"error jwks-key"}, "not a point on its curve"},
		"ES256 only": {func(i *idp, _ *upstream.Entry, _ *upstream.CheckConfig) {
			i.metadata["id_token_signing_alg_values_supported"], i.keys = []any{"ES256"}, []any{ecJWK(t, p256())}
		}, []string{"error disc-alg", "error jwks-key"}, "id_token_signed_response_alg: ES256"},
		"EdDSA only": {func(i *idp, _ *upstream.Entry, _ *upstream.CheckConfig) {
			i.metadata["id_token_signing_alg_values_supported"] = []any{"EdDSA"}
			i.keys = []any{map[string]any{"kty": "OKP", "crv": "Ed25519", "x": "AA"}}
		}, []string{"error disc-alg", "error jwks-key"}, "let the provider sign with one of RS256"},
		"HS256 only": {func(i *idp, e *upstream.Entry, _ *upstream.CheckConfig) {
			i.metadata["id_token_signing_alg_values_supported"] = []any{"HS256"}
			e.IDTokenSignedResponseAlg = mas.AlgHS256
		}, []string{"error alg-unverifiable"}, ""},
		"no ID token, no keys": {func(i *idp, e *upstream.Entry, _ *upstream.CheckConfig) {
			i.keys = []any{}
			e.Scope, e.FetchUserinfo, e.OnBackchannelLogout = "profile", true, ""
		}, []string{}, ""},
	})
}

func TestCheckOfUserinfo(t *testing.T) {
	t.Parallel()
	fetch := func(status int, body string) func(*idp, *upstream.Entry, *upstream.CheckConfig) {
		return func(i *idp, e *upstream.Entry, _ *upstream.CheckConfig) {
			e.FetchUserinfo = true
			i.handle["/userinfo"] = answers(status, body)
		}
	}
	runCheckCases(t, map[string]checkCase{
		"refused":     {fetch(401, ""), []string{}, ""},
		"forbidden":   {fetch(403, "<html>"), []string{}, ""},
		"bad request": {fetch(400, `{"error":"invalid_token"}`), []string{}, ""},
		"not found":   {fetch(404, ""), []string{"error userinfo-reach"}, "but with 404"},
		"broken":      {fetch(500, ""), []string{"error userinfo-reach"}, "but with 500"},
		"HTML":        {fetch(200, "<!doctype html>"), []string{"error userinfo-reach"}, ""},
		"takes any":   {fetch(200, "{}"), []string{"warning userinfo-reach"}, "200 instead of 401"},
		"redirects":   {fetch(302, ""), []string{"warning userinfo-reach"}, ""},
		"not announced": {func(i *idp, e *upstream.Entry, _ *upstream.CheckConfig) {
			delete(i.metadata, "userinfo_endpoint")
			e.FetchUserinfo = true
		}, []string{"error userinfo-reach"}, "no userinfo_endpoint"},
	})
}

// An entry that MAS refuses is reported beside what is seen.
func TestCheckReportsTheEntryToo(t *testing.T) {
	t.Parallel()
	idp := newIDP(t)
	entry := idp.entry()
	entry.ClientID = ""
	report := check(t, entry, idp.config())
	require.Equal(t, "client_id", report.Problems[0].Path)
	require.Contains(t, seen(report), "error required")
	require.Contains(t, seen(report), "error probe-client")
}

// Metadata of plain OAuth 2.0 is not asked for.
func TestCheckWithoutDiscovery(t *testing.T) {
	t.Parallel()
	idp := newIDP(t)
	idp.handle["/token"] = answers(http.StatusOK, `{"error":"bad_verification_code","error_description":"The code passed is incorrect or expired."}`)
	entry := upstream.Entry{
		ID: idp.entry().ID, HumanName: "Forge", ClientID: "matrix", ClientSecret: idp.entry().ClientSecret,
		TokenEndpointAuthMethod: mas.AuthClientSecretPost, DiscoveryMode: mas.DiscoveryDisabled, PKCEMethod: mas.PKCEAlways,
		AuthorizationEndpoint: idp.URL + "/authorize", TokenEndpoint: idp.URL + "/token", UserinfoEndpoint: idp.URL + "/userinfo",
		Scope: "read:user", FetchUserinfo: true,
		ClaimsImports: mas.ClaimsImports{Subject: mas.SubjectImport{Template: "{{ user.id }}"}},
	}
	report := check(t, entry, idp.config())
	require.Empty(t, seen(report), "%s", report.Problems)
	require.Equal(t, []string{"GET /userinfo", "POST /token", "GET /authorize"}, idp.requests)
	require.Equal(t, upstream.VerdictAccepted, report.Credentials)
}

// What is not given is skipped, and says so.
func TestCheckWithoutEnv(t *testing.T) {
	t.Parallel()
	idp := newIDP(t)
	cfg := idp.config()
	cfg.Env = upstream.Env{}
	report := check(t, idp.entry(), cfg)
	require.Equal(t, []string{"skip not-checked"}, seen(report))
	require.Equal(t, []string{"GET " + discoveryPath, "GET /keys"}, idp.requests)
	require.NoError(t, report.Problems.Err())
	require.Equal(t, maskit.SeveritySkip, report.Problems.Only(maskit.SeveritySkip)[0].Severity)
}
