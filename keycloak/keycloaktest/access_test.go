package keycloaktest_test

import (
	"crypto/rand"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/keycloak"
)

// account makes a client with a service account that has roles of realm-management.
func (s subject) account(t *testing.T, client map[string]any, roles ...string) {
	t.Helper()
	client["serviceAccountsEnabled"] = true
	s.admin(t, "POST", "/clients", client, nil)
	var user map[string]any
	s.admin(t, "GET", "/clients/"+s.findClient(t, client["clientId"].(string))["id"].(string)+"/service-account-user", nil, &user)
	management := s.findClient(t, "realm-management")["id"].(string)
	grants := make([]map[string]any, len(roles))
	for i, role := range roles {
		s.admin(t, "GET", "/clients/"+management+"/roles/"+role, nil, &grants[i])
	}
	s.admin(t, "POST", "/users/"+user["id"].(string)+"/role-mappings/clients/"+management, grants, nil)
}

// accountToken is a token of a service account, in the realm or in master.
func (s subject) accountToken(t *testing.T, id string) string {
	t.Helper()
	status, answer := s.form(t, tokenPath, url.Values{"grant_type": {"client_credentials"}, "client_id": {id}, "client_secret": {"account-secret"}})
	require.Equal(t, http.StatusOK, status, "%v", answer)
	return answer["access_token"].(string)
}

// Each role opens what it opens, and nothing else.
func TestRoles(t *testing.T) {
	t.Parallel()
	onBoth(t, people(), func(t *testing.T, s subject) {
		alice, app := s.findUser(t, "alice"), s.findClient(t, "app")["id"].(string)
		type check struct {
			method, path, body string
			status             int
		}
		const profile = `{"attributes":[{"name":"username"},{"name":"email"}]}`
		for _, c := range []struct {
			role   string
			checks []check
		}{
			{"view-realm", []check{
				{"GET", "", "", 200},
				{"GET", "/authentication/flows", "", 200},
				{"GET", "/components", "", 200},
				{"GET", "/users/profile", "", 200},
				{"GET", "/roles", "", 200},
				{"PUT", "", `{"displayName":"x"}`, 403},
				{"GET", "/clients?clientId=app", "", 403},
				{"GET", "/users?exact=true&username=alice", "", 403},
				{"PUT", "/users/profile", profile, 403},
			}},
			{"manage-realm", []check{
				{"PUT", "", `{"displayName":"x"}`, 204},
				{"POST", "/authentication/flows", `{"alias":"f","providerId":"basic-flow","topLevel":true}`, 201},
				{"POST", "/clients", `{"clientId":"x"}`, 403},
				{"POST", "/groups", `{"name":"x"}`, 403},
			}},
			{"view-clients", []check{{"GET", "/clients?clientId=app", "", 200}, {"GET", "/client-scopes", "", 200}, {"GET", "/clients/" + app + "/client-secret", "", 200}, {"POST", "/clients", `{"clientId":"x"}`, 403}}},
			{"manage-clients", []check{{"POST", "/clients", `{"clientId":"x"}`, 201}, {"POST", "/client-scopes", `{"name":"x","protocol":"openid-connect"}`, 201}, {"GET", "/groups", "", 403}, {"GET", "/users/" + alice, "", 403}}},
			{"view-users", []check{{"GET", "/users/" + alice, "", 200}, {"GET", "/groups", "", 200}, {"GET", "/users/profile", "", 200}, {"POST", "/groups", `{"name":"x"}`, 403}}},
			{"manage-users", []check{{"POST", "/groups", `{"name":"x"}`, 201}, {"POST", "/users", `{"username":"xyz"}`, 201}, {"GET", "/clients?clientId=app", "", 403}}},
			{"view-identity-providers", []check{{"GET", "/identity-provider/instances", "", 200}, {"POST", "/identity-provider/instances", `{"alias":"x","providerId":"oidc","config":{}}`, 403}}},
			{"manage-identity-providers", []check{{"POST", "/identity-provider/instances", `{"alias":"x","providerId":"oidc","config":{}}`, 201}}},
			{"query-users", []check{{"GET", "/users?exact=true&username=alice", "", 200}, {"GET", "/clients?clientId=app", "", 403}, {"GET", "/users/" + alice, "", 403}}},
		} {
			s.account(t, map[string]any{"clientId": c.role, "secret": "account-secret"}, c.role)
			token := s.accountToken(t, c.role)
			for _, check := range c.checks {
				status, _, body := s.raw(t, token, check.method, "/admin/realms/"+s.realm+check.path, "application/json", check.body)
				require.Equal(t, check.status, status, "%s: %s %s: %s", c.role, check.method, check.path, body)
				if status == http.StatusForbidden {
					require.JSONEq(t, `{"error":"HTTP 403 Forbidden"}`, string(body))
				}
			}
			status, _, body := s.raw(t, token, http.MethodGet, "/admin/realms/"+s.realm, "", "")
			require.Equal(t, http.StatusOK, status)
			var realm map[string]any
			require.NoError(t, json.Unmarshal(body, &realm))
			require.Equal(t, c.role == "view-realm" || c.role == "manage-realm", realm["id"] != nil, "%s sees the realm", c.role)
		}
		status, _, body := s.raw(t, s.accountToken(t, "query-users"), http.MethodGet, "/admin/realms/"+s.realm+"/users?exact=true&username=alice", "", "")
		require.Equal(t, http.StatusOK, status)
		require.JSONEq(t, `[]`, string(body), "who may only query sees nothing")
		for _, token := range []string{"", "nonsense"} {
			status, _, body = s.raw(t, token, http.MethodGet, "/admin/realms/"+s.realm, "", "")
			require.Equal(t, http.StatusUnauthorized, status)
			require.JSONEq(t, `{"error":"HTTP 401 Unauthorized"}`, string(body))
		}
		status, _, _ = s.raw(t, s.token(t), http.MethodPost, "/admin/realms/"+s.realm+"/groups", "text/plain", "x")
		require.Equal(t, http.StatusUnsupportedMediaType, status)
	})
}

// The token of a service account holds the roles of when it was made: a realm that it
// creates is shown as a stub until it logs in again.
func TestServiceAccountCreatesARealm(t *testing.T) {
	t.Parallel()
	onBoth(t, nil, func(t *testing.T, s subject) {
		master, made := s, s
		master.realm, made.realm = "master", s.realm+"-made"
		id := "maskit-test-" + s.realm
		master.admin(t, "POST", "/clients", map[string]any{"clientId": id, "secret": "account-secret", "serviceAccountsEnabled": true}, nil)
		client := master.findClient(t, id)["id"].(string)
		t.Cleanup(func() { master.cleanUp(t, "/clients/"+client) })
		var user, role map[string]any
		master.admin(t, "GET", "/clients/"+client+"/service-account-user", nil, &user)
		master.admin(t, "GET", "/roles/create-realm", nil, &role)
		master.admin(t, "POST", "/users/"+user["id"].(string)+"/role-mappings/realm", []any{role}, nil)

		token := master.accountToken(t, id)
		status, location, body := s.raw(t, token, http.MethodPost, "/admin/realms", "application/json", `{"realm":"`+made.realm+`"}`)
		require.Equal(t, http.StatusCreated, status, "%s", body)
		t.Cleanup(func() { made.cleanUp(t, "") })
		require.Equal(t, "/admin/realms/"+made.realm, location)
		status, _, body = s.raw(t, token, http.MethodGet, location, "", "")
		require.Equal(t, http.StatusOK, status)
		require.NotContains(t, string(body), `"id"`)
		status, _, _ = s.raw(t, token, http.MethodGet, location+"/clients?clientId=x", "", "")
		require.Equal(t, http.StatusForbidden, status)
		status, _, body = s.raw(t, master.accountToken(t, id), http.MethodGet, location, "", "")
		require.Equal(t, http.StatusOK, status)
		require.Contains(t, string(body), `"id"`)
		require.Contains(t, string(body), `"enabled":false`, "as it was not said")
		status, _, body = s.raw(t, "", http.MethodPost, "/realms/"+made.realm+tokenPath, "application/x-www-form-urlencoded", "grant_type=password&client_id=admin-cli")
		require.Equal(t, http.StatusForbidden, status, "%s", body)
	})
}

func (s subject) cleanUp(t *testing.T, path string) {
	status, _, _ := s.raw(t, s.held.text, http.MethodDelete, "/admin/realms/"+s.realm+path, "", "")
	if status != http.StatusNoContent {
		t.Errorf("clean up: %d", status)
	}
}

// A client that signs its requests, and what is wrong with a signature.
func TestSignedClient(t *testing.T) {
	t.Parallel()
	key := signingKey()
	keys := jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key.Public(), KeyID: "k1", Algorithm: "RS256", Use: "sig"}}}
	published := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(keys)
	}))
	t.Cleanup(published.Close)
	onBoth(t, nil, func(t *testing.T, s subject) {
		s.account(t, map[string]any{
			"clientId": "signer", "clientAuthenticatorType": "client-jwt", "secret": "account-secret",
			"attributes": map[string]any{"use.jwks.url": "true", "jwks.url": published.URL, "token.endpoint.auth.signing.alg": "RS256"},
		}, "manage-clients", "manage-users", "view-realm")
		p, err := keycloak.New(keycloak.Config{
			AdminURL: s.url, HTTPClient: &http.Client{Transport: s.transport()},
			Auth: keycloak.SignedJWT{Realm: s.realm, ClientID: "signer", Key: key, KeyID: "k1", Rand: rand.Reader},
		})
		require.NoError(t, err)
		persist(t, p, small(s.realm))
		settled(t, p, small(s.realm))

		for name, c := range map[string]struct {
			change map[string]any
			status int
		}{
			"good":                {nil, 200},
			"token endpoint":      {map[string]any{"aud": s.issuer() + tokenPath}, 200},
			"another audience":    {map[string]any{"aud": "https://elsewhere.example.com"}, 400},
			"two audiences":       {map[string]any{"aud": []string{s.issuer(), s.issuer() + tokenPath}}, 400},
			"expired":             {map[string]any{"exp": 1}, 400},
			"never expires":       {map[string]any{"exp": nil}, 400},
			"no id":               {map[string]any{"jti": nil}, 400},
			"another issuer":      {map[string]any{"iss": "somebody"}, 401},
			"of an unknown party": {map[string]any{"sub": "nobody", "iss": "nobody"}, 401},
		} {
			text := s.assertion(t, c.change)
			status, answer := s.form(t, tokenPath, signed(text))
			require.Equal(t, c.status, status, "%s: %v", name, answer)
			if name == "good" {
				status, answer = s.form(t, tokenPath, signed(text))
				require.Equal(t, http.StatusBadRequest, status, "each counts once: %v", answer)
			}
		}
		status, _ := s.form(t, tokenPath, url.Values{"grant_type": {"client_credentials"}, "client_id": {"signer"}, "client_secret": {"account-secret"}})
		require.NotEqual(t, http.StatusOK, status, "its secret is of no use")
	})
}

func signed(assertion string) url.Values {
	return url.Values{
		"grant_type": {"client_credentials"}, "client_assertion": {assertion},
		"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
	}
}

// assertion is one of the client signer, with some claims changed or, if nil, left out.
func (s subject) assertion(t *testing.T, change map[string]any) string {
	t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: signingKey(), KeyID: "k1"}}, nil)
	require.NoError(t, err)
	claims := map[string]any{"iss": "signer", "sub": "signer", "aud": s.issuer(), "jti": rand.Text(), "iat": time.Now().Unix(), "exp": time.Now().Unix() + 60}
	for key, value := range change {
		if claims[key] = value; value == nil {
			delete(claims, key)
		}
	}
	payload, err := json.Marshal(claims)
	require.NoError(t, err)
	signed, err := signer.Sign(payload)
	require.NoError(t, err)
	text, err := signed.CompactSerialize()
	require.NoError(t, err)
	return text
}
