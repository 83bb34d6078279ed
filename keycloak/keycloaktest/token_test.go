package keycloaktest_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/live"
)

const tokenPath = "/protocol/openid-connect/token"

// keys are those that the realm publishes for signatures.
func (s subject) keys(t *testing.T) jose.JSONWebKeySet {
	t.Helper()
	status, _, body := s.raw(t, "", http.MethodGet, "/realms/"+s.realm+"/protocol/openid-connect/certs", "", "")
	require.Equal(t, http.StatusOK, status)
	var set, signing jose.JSONWebKeySet
	require.NoError(t, json.Unmarshal(body, &set))
	for _, key := range set.Keys {
		if key.Use == "sig" {
			require.Equal(t, "RS256", key.Algorithm)
			signing.Keys = append(signing.Keys, key)
		}
	}
	require.Len(t, signing.Keys, 1)
	return signing
}

// verified are the claims of a token that the realm signed.
func (s subject) verified(t *testing.T, token string) map[string]any {
	t.Helper()
	signed, err := jose.ParseSignedCompact(token, []jose.SignatureAlgorithm{jose.RS256})
	require.NoError(t, err)
	set := s.keys(t)
	keys := set.Key(signed.Signatures[0].Header.KeyID)
	require.Len(t, keys, 1)
	payload, err := signed.Verify(keys[0])
	require.NoError(t, err)
	var claims map[string]any
	require.NoError(t, json.Unmarshal(payload, &claims))
	return claims
}

func TestTokenEndpoint(t *testing.T) {
	t.Parallel()
	onEvery(t, people(), func(t *testing.T, s subject) {
		app := func(more url.Values) url.Values {
			form := url.Values{"client_id": {"app"}, "client_secret": {"app-secret"}}
			for key, value := range more {
				form[key] = value
			}
			return form
		}
		wrong := http.StatusBadRequest
		if s.version != live.KeycloakCurrent {
			wrong = http.StatusUnauthorized
		}
		for name, c := range map[string]struct {
			form   url.Values
			status int
			error  string
		}{
			"no client":             {url.Values{"grant_type": {"password"}}, 401, "invalid_client"},
			"unknown client":        {url.Values{"grant_type": {"password"}, "client_id": {"nobody"}}, 401, "invalid_client"},
			"wrong secret":          {app(url.Values{"grant_type": {"client_credentials"}, "client_secret": {"wrong"}}), 401, "unauthorized_client"},
			"no secret":             {url.Values{"grant_type": {"client_credentials"}, "client_id": {"app"}}, 401, "unauthorized_client"},
			"no grant":              {app(nil), 400, "invalid_request"},
			"unknown grant":         {app(url.Values{"grant_type": {"nothing"}}), 400, "unsupported_grant_type"},
			"wrong password":        {app(url.Values{"grant_type": {"password"}, "username": {"alice"}, "password": {"wrong"}}), wrong, "invalid_grant"},
			"unknown user":          {app(url.Values{"grant_type": {"password"}, "username": {"nobody"}, "password": {"wrong"}}), wrong, "invalid_grant"},
			"password":              {app(url.Values{"grant_type": {"password"}, "username": {"alice"}, "password": {"pw-alice"}}), 200, ""},
			"password and address":  {app(url.Values{"grant_type": {"password"}, "username": {"alice@example.com"}, "password": {"pw-alice"}}), 200, ""},
			"no direct grant":       {url.Values{"grant_type": {"password"}, "username": {"alice"}, "password": {"pw-alice"}, "client_id": {"other"}, "client_secret": {"other-secret"}}, 400, "unauthorized_client"},
			"service account":       {app(url.Values{"grant_type": {"client_credentials"}}), 200, ""},
			"no service account":    {url.Values{"grant_type": {"client_credentials"}, "client_id": {"other"}, "client_secret": {"other-secret"}}, 401, "unauthorized_client"},
			"public client":         {url.Values{"grant_type": {"client_credentials"}, "client_id": {"admin-cli"}}, 401, "unauthorized_client"},
			"unknown code":          {app(url.Values{"grant_type": {"authorization_code"}, "code": {"x"}, "redirect_uri": {callback}}), 400, "invalid_grant"},
			"unknown refresh token": {app(url.Values{"grant_type": {"refresh_token"}, "refresh_token": {"x"}}), 400, "invalid_grant"},
			"unknown scope":         {app(url.Values{"grant_type": {"client_credentials"}, "scope": {"nobody"}}), 400, "invalid_scope"},
		} {
			status, answer := s.form(t, tokenPath, c.form)
			require.Equal(t, c.status, status, "%s: %v", name, answer)
			if c.error != "" {
				require.Equal(t, c.error, answer["error"], name)
			}
		}
		status, _, body := s.raw(t, "", http.MethodPost, "/realms/nobody"+tokenPath, "application/x-www-form-urlencoded", "grant_type=x")
		require.Equal(t, http.StatusNotFound, status)
		require.Contains(t, string(body), `"error":"Realm does not exist"`)
	})
}

func TestTokens(t *testing.T) {
	t.Parallel()
	onEvery(t, people(), func(t *testing.T, s subject) {
		status, answer := s.form(t, tokenPath, url.Values{
			"grant_type": {"password"}, "client_id": {"app"}, "client_secret": {"app-secret"}, "username": {"alice"}, "password": {"pw-alice"}, "scope": {"openid"},
		})
		require.Equal(t, http.StatusOK, status, "%v", answer)
		require.Equal(t, "Bearer", answer["token_type"])
		require.InDelta(t, 300, answer["expires_in"], 2)
		require.InDelta(t, 1800, answer["refresh_expires_in"], 2)
		require.ElementsMatch(t, []string{"openid", "profile", "email"}, fields(answer["scope"]))
		access, id := s.verified(t, answer["access_token"].(string)), s.verified(t, answer["id_token"].(string))
		require.Equal(t, "Bearer", access["typ"])
		require.Equal(t, "app", access["azp"])
		require.Equal(t, id["sub"], access["sub"])
		require.Equal(t, "ID", id["typ"])
		require.Equal(t, answer["session_state"], id["sid"])

		status, _, body := s.raw(t, answer["access_token"].(string), http.MethodGet, "/realms/"+s.realm+"/protocol/openid-connect/userinfo", "", "")
		require.Equal(t, http.StatusOK, status)
		var info map[string]any
		require.NoError(t, json.Unmarshal(body, &info))
		require.Equal(t, id["sub"], info["sub"])
		require.Equal(t, "alice", info["preferred_username"])
		require.NotContains(t, info, "acr")

		refresh := url.Values{"grant_type": {"refresh_token"}, "client_id": {"app"}, "client_secret": {"app-secret"}, "refresh_token": {answer["refresh_token"].(string)}}
		status, next := s.form(t, tokenPath, refresh)
		require.Equal(t, http.StatusOK, status, "%v", next)
		require.Equal(t, answer["session_state"], next["session_state"])
		require.NotEmpty(t, next["id_token"])

		user := "/users/" + s.findUser(t, "alice")
		s.admin(t, "PUT", user, map[string]any{"enabled": false}, nil)
		status, refused := s.form(t, tokenPath, refresh)
		require.Equal(t, http.StatusBadRequest, status)
		require.Equal(t, "User disabled", refused["error_description"])
		s.admin(t, "PUT", user, map[string]any{"enabled": true}, nil)
		s.admin(t, "DELETE", "/sessions/"+answer["session_state"].(string), nil, nil)
		status, refused = s.form(t, tokenPath, refresh)
		require.Equal(t, http.StatusBadRequest, status)
		require.Equal(t, "Session not active", refused["error_description"])

		status, answer = s.form(t, tokenPath, url.Values{"grant_type": {"client_credentials"}, "client_id": {"app"}, "client_secret": {"app-secret"}})
		require.Equal(t, http.StatusOK, status)
		require.NotContains(t, answer, "refresh_token")
		require.InDelta(t, 0, answer["refresh_expires_in"], 0)
		require.Equal(t, "service-account-app", s.verified(t, answer["access_token"].(string))["preferred_username"])
	})
}

func fields(value any) []string {
	text, _ := value.(string)
	return strings.Fields(text)
}

func TestDiscovery(t *testing.T) {
	t.Parallel()
	onEvery(t, people(), func(t *testing.T, s subject) {
		status, _, body := s.raw(t, "", http.MethodGet, "/realms/"+s.realm+"/.well-known/openid-configuration", "", "")
		require.Equal(t, http.StatusOK, status)
		var m map[string]any
		require.NoError(t, json.Unmarshal(body, &m))
		require.Equal(t, s.issuer(), m["issuer"])
		for endpoint, path := range map[string]string{
			"authorization_endpoint": "auth", "token_endpoint": "token", "userinfo_endpoint": "userinfo", "jwks_uri": "certs", "end_session_endpoint": "logout", "revocation_endpoint": "revoke",
		} {
			require.Equal(t, s.issuer()+"/protocol/openid-connect/"+path, m[endpoint])
		}
		require.Equal(t, true, m["backchannel_logout_supported"])
		require.Equal(t, true, m["backchannel_logout_session_supported"])
		require.Contains(t, m["response_types_supported"], "code")
		require.Contains(t, m["code_challenge_methods_supported"], "S256")
		require.Contains(t, m["id_token_signing_alg_values_supported"], "RS256")
		require.Contains(t, m["token_endpoint_auth_methods_supported"], "private_key_jwt")
		status, _, body = s.raw(t, "", http.MethodGet, "/realms/nobody/.well-known/openid-configuration", "", "")
		require.Equal(t, http.StatusNotFound, status)
		require.Contains(t, string(body), `"error":"Realm does not exist"`)
	})
}

func TestCodesAreUsedOnce(t *testing.T) {
	t.Parallel()
	onEvery(t, people(), func(t *testing.T, s subject) {
		alice := &live.KeycloakUser{Name: "alice", Password: "pw-alice"}
		browser := live.NewKeycloakBrowser(t)
		form := func(change url.Values) url.Values {
			fields := exchange(browser.Login(s.app("app").URL(), alice))
			for key, value := range change {
				fields[key] = value
			}
			return fields
		}
		for name, c := range map[string]url.Values{
			"another client":       {"client_id": {"other"}, "client_secret": {"other-secret"}},
			"another redirect URI": {"redirect_uri": {"https://elsewhere.example.com/"}},
			"another verifier":     {"code_verifier": {"another-verifier-that-is-long-enough-and-wrong-for-all"}},
			"no verifier":          {"code_verifier": {}},
		} {
			status, answer := s.form(t, tokenPath, form(c))
			require.Equal(t, http.StatusBadRequest, status, name)
			require.Equal(t, "invalid_grant", answer["error"], name)
		}
		fields := form(nil)
		status, answer := s.form(t, tokenPath, fields)
		require.Equal(t, http.StatusOK, status, "%v", answer)
		status, answer = s.form(t, tokenPath, fields)
		require.Equal(t, http.StatusBadRequest, status)
		require.Equal(t, "Code not valid", answer["error_description"])
	})
}

// Both ways to send a secret work. In a header it is encoded as in a form.
func TestSecretInTheHeader(t *testing.T) {
	t.Parallel()
	const secret = "a+b%c d:/&="
	onBoth(t, people(), func(t *testing.T, s subject) {
		client := s.findClient(t, "app")["id"].(string)
		s.admin(t, "PUT", "/clients/"+client, map[string]any{"secret": secret}, nil)
		ask := func(user, password string) int {
			request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.issuer()+tokenPath, strings.NewReader("grant_type=client_credentials"))
			require.NoError(t, err)
			request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			request.SetBasicAuth(user, password)
			response, err := s.plainClient().Do(request)
			require.NoError(t, err)
			_ = response.Body.Close()
			return response.StatusCode
		}
		require.Equal(t, http.StatusOK, ask("app", url.QueryEscape(secret)))
		require.NotEqual(t, http.StatusOK, ask("app", secret))
		require.Equal(t, http.StatusUnauthorized, ask("nobody", "x"))
		s.admin(t, "PUT", "/clients/"+client, map[string]any{"attributes": map[string]any{"client.secret.authentication.allowed.method": "client_secret_post"}}, nil)
		require.Equal(t, http.StatusUnauthorized, ask("app", url.QueryEscape(secret)))
		status, _ := s.form(t, tokenPath, url.Values{"grant_type": {"client_credentials"}, "client_id": {"app"}, "client_secret": {secret}})
		require.Equal(t, http.StatusOK, status)
	})
}
