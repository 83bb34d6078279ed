package keycloak_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	upkc "github.com/maskit-dev/maskit/upstream/keycloak"
	"github.com/maskit-dev/maskit/upstream/oidc"
	"github.com/maskit-dev/maskit/upstream/upstreamtest"
)

const liveSecret = "kv8Jm1Zt0xq4W7uYc2Lh9sRb5nDf3Pea"

func liveConfig(server live.KeycloakServer, realm string) upkc.Config {
	return upkc.Config{
		Client:  oidc.Client{ID: "matrix", Secret: mas.SecretValue{Inline: maskit.NewSecret(liveSecret)}},
		BaseURL: server.URL, Realm: realm, InsecureHTTP: true,
	}
}

// metadata is what a realm's discovery document says, as far as an entry depends on it.
type metadata struct {
	Issuer        string   `json:"issuer"`
	Authorization string   `json:"authorization_endpoint"`
	Token         string   `json:"token_endpoint"`
	JWKS          string   `json:"jwks_uri"`
	Scopes        []string `json:"scopes_supported"`
	ResponseTypes []string `json:"response_types_supported"`
	ResponseModes []string `json:"response_modes_supported"`
	AuthMethods   []string `json:"token_endpoint_auth_methods_supported"`
	AuthAlgs      []string `json:"token_endpoint_auth_signing_alg_values_supported"`
	IDTokenAlgs   []string `json:"id_token_signing_alg_values_supported"`
	PKCE          []string `json:"code_challenge_methods_supported"`
	Logout        bool     `json:"backchannel_logout_supported"`
	LogoutSession bool     `json:"backchannel_logout_session_supported"`
	RequiresPAR   bool     `json:"require_pushed_authorization_requests"`
}

// get fetches a page without following redirects.
func get(t *testing.T, address string) (int, []byte) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, http.NoBody)
	require.NoError(t, err)
	return do(t, request)
}

func do(t *testing.T, request *http.Request) (int, []byte) {
	t.Helper()
	client := http.Client{
		Timeout:       30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	response, err := client.Do(request)
	require.NoError(t, err)
	defer func() { require.NoError(t, response.Body.Close()) }()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response.StatusCode, body
}

func discover(t *testing.T, issuer string) metadata {
	t.Helper()
	status, body := get(t, issuer+"/.well-known/openid-configuration")
	require.Equal(t, http.StatusOK, status, "%s", body)
	var m metadata
	require.NoError(t, json.Unmarshal(body, &m))
	return m
}

func TestLiveEntryAgreesWithTheRealm(t *testing.T) {
	t.Parallel()
	realm := live.Keycloak(t, live.KeycloakCurrent).Realm(t, nil)
	for name, change := range map[string]func(*upkc.Config){
		"basic":      func(*upkc.Config) {},
		"post":       func(c *upkc.Config) { c.AuthMethod = mas.AuthClientSecretPost },
		"secret JWT": func(c *upkc.Config) { c.AuthMethod, c.Acknowledge = mas.AuthClientSecretJWT, signed().Acknowledge },
		"signed": func(c *upkc.Config) {
			c.AuthMethod, c.Client.Secret, c.Acknowledge = mas.AuthPrivateKeyJWT, mas.SecretValue{}, signed().Acknowledge
		},
		"ES256": func(c *upkc.Config) { c.IDTokenAlg = mas.AlgES256 },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := liveConfig(realm.Server, realm.Name)
			change(&config)
			entry, problems := config.Entry(upstreamtest.Env())
			require.NoError(t, problems.Err())
			agrees(t, entry, discover(t, entry.Issuer))
		})
	}
}

func agrees(t *testing.T, entry upstream.Entry, m metadata) {
	t.Helper()
	require.Equal(t, m.Issuer, entry.Issuer, "byte for byte")
	require.Contains(t, m.AuthMethods, string(entry.TokenEndpointAuthMethod))
	if entry.TokenEndpointAuthSigningAlg != "" {
		require.Contains(t, m.AuthAlgs, string(entry.TokenEndpointAuthSigningAlg))
	}
	idTokenAlg := "RS256"
	if entry.IDTokenSignedResponseAlg != "" {
		idTokenAlg = string(entry.IDTokenSignedResponseAlg)
	}
	require.Contains(t, m.IDTokenAlgs, idTokenAlg)
	require.Equal(t, mas.PKCEAuto, entry.PKCEMethod)
	require.Contains(t, m.PKCE, "S256", "so that auto means S256")
	for _, scope := range strings.Fields(entry.Scope) {
		require.Contains(t, m.Scopes, scope)
	}
	require.Contains(t, m.ResponseTypes, "code")
	require.True(t, entry.ResponseMode == "" || slices.Contains(m.ResponseModes, string(entry.ResponseMode)))
	require.Equal(t, upstream.LogsOut(entry), m.Logout && m.LogoutSession)
	require.False(t, m.RequiresPAR, "which MAS cannot do")
}

// Keycloak writes the name of a realm into its issuer by rules of its own.
func TestLiveIssuerOfAnOddRealm(t *testing.T) {
	t.Parallel()
	const name = `it's 100% of the "Größe" | <b> a.b-c_d~e^f`
	server := live.Keycloak(t, live.KeycloakCurrent)
	entry, problems := liveConfig(server, name).Entry(upstreamtest.Env())
	require.NoError(t, problems.Err())
	server.Admin(t, http.MethodPost, "/realms", map[string]any{"realm": name, "enabled": true}, nil)
	defer server.Admin(t, http.MethodDelete, "/realms/"+url.PathEscape(name), nil, nil)
	require.Equal(t, discover(t, entry.Issuer).Issuer, entry.Issuer)
}

// A client that was set up by our steps takes our redirect URI, our PKCE, our scopes and
// our secret, and nobody else's.
func TestLiveClientFromTheSteps(t *testing.T) {
	t.Parallel()
	env := upstreamtest.Env()
	realm := live.Keycloak(t, live.KeycloakCurrent).Realm(t, nil)
	realm.Admin(t, http.MethodPost, "/clients", map[string]any{
		"clientId": "matrix", "protocol": "openid-connect", "publicClient": false, "secret": liveSecret,
		"standardFlowEnabled": true, "implicitFlowEnabled": false, "directAccessGrantsEnabled": false,
		"frontchannelLogout": false, "redirectUris": []string{env.CallbackURL()}, "webOrigins": []string{},
		"attributes": map[string]string{
			"pkce.code.challenge.method":          "S256",
			"backchannel.logout.url":              env.BackchannelLogoutURL(),
			"backchannel.logout.session.required": "true",
		},
	}, nil)
	entry, problems := liveConfig(realm.Server, realm.Name).Entry(env)
	require.NoError(t, problems.Err())
	m := discover(t, entry.Issuer)

	status, _ := get(t, authorization(m, entry, env.CallbackURL()))
	require.Equal(t, http.StatusOK, status, "the login page")
	status, _ = get(t, authorization(m, entry, env.CallbackURL()+"x"))
	require.Equal(t, http.StatusBadRequest, status, "another redirect URI")

	require.Equal(t, "invalid_grant", tokenError(t, m, entry, liveSecret), "the secret is right, the code is not")
	require.Equal(t, "unauthorized_client", tokenError(t, m, entry, "wrong"))
}

// authorization is the request that MAS would send a browser to.
func authorization(m metadata, entry upstream.Entry, redirect string) string {
	query := url.Values{
		"response_type": {"code"}, "client_id": {entry.ClientID}, "redirect_uri": {redirect},
		"scope": {entry.Scope}, "state": {"s"}, "nonce": {"n"},
		"code_challenge_method": {"S256"}, "code_challenge": {"E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"},
	}
	for name, value := range entry.AdditionalAuthorizationParameters {
		query.Set(name, value)
	}
	return m.Authorization + "?" + query.Encode()
}

// tokenError is the error that a code which nobody issued gives.
func tokenError(t *testing.T, m metadata, entry upstream.Entry, secret string) string {
	t.Helper()
	form := url.Values{"grant_type": {"authorization_code"}, "code": {"none"}, "redirect_uri": {upstreamtest.Env().CallbackURL()}}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, m.Token, strings.NewReader(form.Encode()))
	require.NoError(t, err)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.SetBasicAuth(url.QueryEscape(entry.ClientID), url.QueryEscape(secret))
	_, body := do(t, request)
	var answer struct {
		Error string `json:"error"`
	}
	require.NoError(t, json.Unmarshal(body, &answer), "%s", body)
	return answer.Error
}
