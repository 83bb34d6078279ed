package keycloak_test

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/keycloak"
)

const provider = maskit.ULID("01JSHPZHAXC50QBKH67MH33TNF")

func site() maskit.Site {
	return maskit.Site{
		ServerName: "example.com", AccountURL: "https://account.example.com/", ClientAPIURL: "https://matrix.example.com/",
		SynapseURL: "http://synapse:8008/", MASURL: "http://mas:8080/",
	}
}

func newSecret(t *testing.T) maskit.Secret {
	t.Helper()
	secret, err := keycloak.NewSecret(rand.Reader)
	require.NoError(t, err)
	return secret
}

// small is the least that MAS needs, and a group.
func small(t *testing.T, realm string) keycloak.Spec {
	t.Helper()
	return keycloak.Spec{
		Realm: keycloak.Realm{Name: realm},
		Client: keycloak.Client{
			ID: "matrix", Site: site(), Provider: provider, Secret: newSecret(t),
			Mappers: []keycloak.Mapper{{Name: "groups", Groups: true}},
		},
		Groups: []keycloak.Group{{Path: "/matrix-users"}},
	}
}

// liveRealm is a realm of one test, and a Provisioner for it.
type liveRealm struct {
	live.KeycloakRealm
	p   *keycloak.Provisioner
	log *bytes.Buffer
}

func newRealm(t *testing.T) liveRealm {
	t.Helper()
	return liveServer(t, live.Keycloak(t, live.KeycloakCurrent).Realm(t, nil))
}

func liveServer(t *testing.T, realm live.KeycloakRealm) liveRealm {
	t.Helper()
	log := &bytes.Buffer{}
	p, err := keycloak.New(keycloak.Config{
		AdminURL: realm.Server.URL,
		Auth:     keycloak.AdminPassword{User: realm.Server.AdminUser, Password: maskit.NewSecret(realm.Server.AdminPassword)},
		Logger:   slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	require.NoError(t, err)
	return liveRealm{realm, p, log}
}

func (l liveRealm) plan(t *testing.T, spec keycloak.Spec) *keycloak.Plan {
	t.Helper()
	plan, err := l.p.Plan(t.Context(), spec)
	require.NoError(t, err)
	return plan
}

func (l liveRealm) apply(t *testing.T, spec keycloak.Spec) *keycloak.Result {
	t.Helper()
	plan := l.plan(t, spec)
	plan.Delete = true
	result, err := l.p.Apply(t.Context(), plan)
	require.NoError(t, err)
	require.Empty(t, result.Pending)
	return result
}

// settled demands that the realm is as the spec says, and that nothing is written then.
func (l liveRealm) settled(t *testing.T, spec keycloak.Spec) {
	t.Helper()
	plan := l.plan(t, spec)
	require.True(t, plan.Empty(), "%s", plan)
	result, err := l.p.Apply(t.Context(), plan)
	require.NoError(t, err)
	require.Zero(t, result.Writes)
}

// client is the client as the server has it.
func (l liveRealm) client(t *testing.T, id string) map[string]any {
	t.Helper()
	var list []map[string]any
	l.Admin(t, "GET", "/clients?clientId="+id, nil, &list)
	require.Len(t, list, 1)
	return list[0]
}

func TestLiveCreateThenNothing(t *testing.T) {
	t.Parallel()
	l := newRealm(t)
	spec := small(t, l.Name)
	plan := l.plan(t, spec)
	require.Len(t, plan.Changes, 4)
	result, err := l.p.Apply(t.Context(), plan)
	require.NoError(t, err)
	require.Equal(t, plan.Changes, result.Done)
	require.Equal(t, 2, result.Writes, "the client with its scopes and mappers, and the group")
	require.True(t, result.ClientSecret.Equal(spec.Client.Secret))

	again, err := l.p.Apply(t.Context(), plan)
	require.NoError(t, err, "what is done already is no drift")
	require.Zero(t, again.Writes)
	l.settled(t, spec)
	require.LessOrEqual(t, l.plan(t, spec).Requests, 10)

	client := l.client(t, "matrix")
	require.ElementsMatch(t, []any{"basic", "profile", "email"}, client["defaultClientScopes"])
	require.Empty(t, client["optionalClientScopes"])
	require.Equal(t, []any{"https://account.example.com/upstream/callback/" + string(provider)}, client["redirectUris"])
	require.Equal(t, false, client["directAccessGrantsEnabled"])

	for name, text := range map[string]string{"log": l.log.String(), "plan": plan.String(), "JSON": jsonText(t, plan, result)} {
		require.NotContains(t, text, spec.Client.Secret.Reveal(), name)
		require.NotContains(t, text, l.Server.AdminPassword, name)
	}
	require.Contains(t, l.log.String(), "/clients")
}

func jsonText(t *testing.T, values ...any) string {
	t.Helper()
	text, err := json.Marshal(values)
	require.NoError(t, err)
	return string(text)
}

// Each managed field of the client is changed by hand: the next application restores
// it and touches nothing else.
func TestLiveDriftOfTheClientIsRestored(t *testing.T) {
	t.Parallel()
	l := newRealm(t)
	spec := small(t, l.Name)
	l.apply(t, spec)
	id := l.client(t, "matrix")["id"].(string)
	l.Admin(t, "PUT", "/clients/"+id, map[string]any{"description": "by hand", "webOrigins": []string{}, "attributes": map[string]any{"foreign": "stays"}}, nil)
	l.Admin(t, "POST", "/clients/"+id+"/protocol-mappers/models", map[string]any{
		"name": "foreign", "protocol": "openid-connect", "protocolMapper": "oidc-hardcoded-claim-mapper", "config": map[string]any{"claim.name": "x"},
	}, nil)
	before := l.client(t, "matrix")
	l.Admin(t, "PUT", "/clients/"+id, map[string]any{
		"name": "other", "enabled": false, "clientAuthenticatorType": "client-jwt", "secret": "drifted", "redirectUris": []string{"https://evil.example.com/*"},
		"webOrigins": []string{"https://evil.example.com"}, "baseUrl": "https://x.example.com/", "rootUrl": "https://x.example.com/", "adminUrl": "https://x.example.com/",
		"frontchannelLogout": true, "standardFlowEnabled": false, "implicitFlowEnabled": true, "directAccessGrantsEnabled": true, "consentRequired": true, "fullScopeAllowed": true,
		"attributes": map[string]any{
			"backchannel.logout.url": "https://x.example.com/", "backchannel.logout.session.required": "false", "backchannel.logout.revoke.offline.tokens": "false",
			"pkce.code.challenge.method": "", "oauth2.device.authorization.grant.enabled": "true", "oidc.ciba.grant.enabled": "true",
		},
	}, nil)
	plan := l.plan(t, spec)
	require.Len(t, plan.Changes, 1)
	require.Len(t, plan.Changes[0].Fields, 21, "%s", plan)
	require.NotContains(t, plan.String(), "drifted")
	result, err := l.p.Apply(t.Context(), plan)
	require.NoError(t, err)
	require.Equal(t, 1, result.Writes)
	l.settled(t, spec)
	require.Equal(t, before, l.client(t, "matrix"), "what others set is as it was")
}

// Settings can be taken back one by one, and what is left alone stays as it is.
func TestLiveSettingsAreUnset(t *testing.T) {
	t.Parallel()
	l := newRealm(t)
	spec := small(t, l.Name)
	spec.Client.Attributes = map[string]string{"login_theme": "keycloak", "stays": "x"}
	l.apply(t, spec)
	l.settled(t, spec)
	before := l.client(t, "matrix")

	bare := keycloak.Spec{Realm: spec.Realm, Client: keycloak.Client{
		ID: "matrix", PKCE: keycloak.Set(""), BackchannelLogoutURL: keycloak.Set(""), BaseURL: keycloak.Set(""), Name: keycloak.Set(""),
		RedirectURIs: []string{}, StandardFlow: keycloak.Set(false), Attributes: map[string]string{"login_theme": ""},
	}}
	require.Equal(t, 1, l.apply(t, bare).Writes)
	l.settled(t, bare)
	after := l.client(t, "matrix")
	for _, gone := range []string{"pkce.code.challenge.method", "backchannel.logout.url", "login_theme"} {
		require.NotContains(t, after["attributes"], gone)
		delete(before["attributes"].(map[string]any), gone)
	}
	before["baseUrl"], before["name"], before["redirectUris"], before["standardFlowEnabled"] = "", "", []any{}, false
	require.Equal(t, before, after)
}

func TestLiveScopesAndMappersAreRestored(t *testing.T) {
	t.Parallel()
	l := newRealm(t)
	spec := small(t, l.Name)
	spec.Client.OptionalScopes = []string{"phone"}
	l.apply(t, spec)
	client := l.client(t, "matrix")
	at := "/clients/" + client["id"].(string)
	ids := map[string]string{}
	var scopes []map[string]any
	l.Admin(t, "GET", "/client-scopes", nil, &scopes)
	for _, scope := range scopes {
		ids[scope["name"].(string)] = scope["id"].(string)
	}
	l.Admin(t, "DELETE", at+"/default-client-scopes/"+ids["basic"], nil, nil)
	l.Admin(t, "DELETE", at+"/default-client-scopes/"+ids["email"], nil, nil)
	l.Admin(t, "PUT", at+"/optional-client-scopes/"+ids["email"], nil, nil)
	l.Admin(t, "DELETE", at+"/optional-client-scopes/"+ids["phone"], nil, nil)
	l.Admin(t, "PUT", at+"/default-client-scopes/"+ids["phone"], nil, nil)
	l.Admin(t, "PUT", at+"/optional-client-scopes/"+ids["address"], nil, nil)
	mapper := client["protocolMappers"].([]any)[0].(map[string]any)
	mapper["config"] = map[string]any{"claim.name": "roles", "foreign": "stays"}
	mapper["protocolMapper"] = "oidc-usermodel-attribute-mapper"
	l.Admin(t, "PUT", at+"/protocol-mappers/models/"+mapper["id"].(string), mapper, nil)

	report, err := l.p.Verify(t.Context(), spec)
	require.NoError(t, err)
	require.Contains(t, codes(report.Problems), "sub-missing")
	require.Contains(t, codes(report.Problems), "differs")

	require.Len(t, l.apply(t, spec).Done, 2)
	l.settled(t, spec)
	client = l.client(t, "matrix")
	require.ElementsMatch(t, []any{"basic", "profile", "email"}, client["defaultClientScopes"])
	require.ElementsMatch(t, []any{"phone", "address"}, client["optionalClientScopes"])
	require.Equal(t, "stays", client["protocolMappers"].([]any)[0].(map[string]any)["config"].(map[string]any)["foreign"])

	spec.Client.ExactScopes, spec.Client.ExactMappers = true, true
	spec.Client.Mappers = nil
	plan := l.plan(t, spec)
	require.Empty(t, plan.Changes)
	require.Len(t, plan.Deletions, 2)
	result, err := l.p.Apply(t.Context(), plan)
	require.NoError(t, err)
	require.Zero(t, result.Writes, "deletions are not allowed by default")
	require.Len(t, result.Skipped, 2)
	plan.Delete = true
	result, err = l.p.Apply(t.Context(), plan)
	require.NoError(t, err)
	require.Equal(t, 2, result.Writes)
	l.settled(t, spec)
	require.Nil(t, l.client(t, "matrix")["protocolMappers"])
}

func codes(problems maskit.Problems) []string {
	var out []string
	for _, p := range problems {
		out = append(out, p.Code)
	}
	return out
}

func TestLiveVerify(t *testing.T) {
	t.Parallel()
	l := newRealm(t)
	spec := small(t, l.Name)
	spec.Users = []keycloak.User{{
		Username: "alice", Email: "alice@example.com", FirstName: "Alice", LastName: "Liddell", Groups: []string{"/matrix-users"},
	}}
	l.apply(t, spec)
	l.settled(t, spec)
	report, err := l.p.Verify(t.Context(), spec)
	require.NoError(t, err)
	require.Empty(t, report.Problems, "%s", report.Problems)
	require.Equal(t, l.Issuer, report.Issuer)
	require.Equal(t, "alice", report.Claims["preferred_username"])
	require.Equal(t, "alice@example.com", report.Claims["email"])
	require.Equal(t, "Alice Liddell", report.Claims["name"])
	require.Equal(t, []any{"matrix-users"}, report.Claims["groups"])
}
