package keycloak_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/keycloak"
)

// Whatever spec is applied after whatever other one, the realm is then as it says,
// and what others put there is as it was.
func TestLiveRandomSpecsLeaveForeignThingsAlone(t *testing.T) {
	t.Parallel()
	l := newRealm(t)
	l.apply(t, keycloak.Spec{Realm: keycloak.Realm{Name: l.Name}, Client: keycloak.Client{ID: "matrix", Site: site(), Provider: provider}})
	l.plantForeign(t)
	before := l.foreign(t)
	seed := rand.Uint64()
	random := rand.New(rand.NewPCG(seed, 1))
	for i := range 20 {
		spec := randomSpec(random, l.Name)
		require.NoError(t, spec.Validate().Err(), "seed %d, spec %d", seed, i)
		l.apply(t, spec)
		l.settled(t, spec)
		if i%5 == 4 {
			require.Equal(t, before, l.foreign(t), "seed %d, the five specs up to %d", seed, i)
		}
	}
}

// plantForeign puts something of others beside everything that a spec manages.
func (l liveRealm) plantForeign(t *testing.T) {
	t.Helper()
	var realm map[string]any
	l.Admin(t, "GET", "", nil, &realm)
	attributes := realm["attributes"].(map[string]any)
	attributes["foreign"] = "stays"
	l.Admin(t, "PUT", "", map[string]any{"attributes": attributes, "loginTheme": "keycloak", "oauth2DeviceCodeLifespan": 700, "oauth2DevicePollingInterval": 7}, nil)
	client := l.client(t, "matrix")
	at := "/clients/" + client["id"].(string)
	l.Admin(t, "PUT", at, map[string]any{"description": "foreign", "webOrigins": []string{}, "attributes": map[string]any{"foreign": "stays"}}, nil)
	l.Admin(t, "POST", at+"/protocol-mappers/models", map[string]any{
		"name": "foreign", "protocol": "openid-connect", "protocolMapper": "oidc-hardcoded-claim-mapper", "config": map[string]any{"claim.name": "x"},
	}, nil)
	l.Admin(t, "POST", "/client-scopes", map[string]any{"name": "foreign", "protocol": "openid-connect"}, nil)
	var scopes []map[string]any
	l.Admin(t, "GET", "/client-scopes", nil, &scopes)
	for _, scope := range scopes {
		if scope["name"] == "foreign" {
			l.Admin(t, "PUT", at+"/default-client-scopes/"+scope["id"].(string), nil, nil)
		}
	}
	l.Admin(t, "POST", "/clients", map[string]any{"clientId": "foreign", "redirectUris": []string{"https://x.example.com/*"}}, nil)
	l.Admin(t, "POST", "/groups", map[string]any{"name": "foreign", "attributes": map[string]any{"a": []string{"b"}}}, nil)
}

// foreign is all that plantForeign planted, as the server has it.
func (l liveRealm) foreign(t *testing.T) map[string]any {
	t.Helper()
	out := map[string]any{}
	var realm, group map[string]any
	l.Admin(t, "GET", "", nil, &realm)
	for _, key := range []string{"loginTheme", "oauth2DeviceCodeLifespan", "oauth2DevicePollingInterval", "browserSecurityHeaders"} {
		out["realm."+key] = realm[key]
	}
	out["realm.attribute"] = realm["attributes"].(map[string]any)["foreign"]
	client := l.client(t, "matrix")
	out["description"], out["attribute"] = client["description"], client["attributes"].(map[string]any)["foreign"]
	for _, m := range client["protocolMappers"].([]any) {
		if mapper := m.(map[string]any); mapper["name"] == "foreign" {
			out["mapper"] = maps.Clone(mapper)
		}
	}
	for _, name := range client["defaultClientScopes"].([]any) {
		if name == "foreign" {
			out["scope"] = name
		}
	}
	out["client"] = l.client(t, "foreign")
	l.Admin(t, "GET", "/group-by-path/foreign", nil, &group)
	out["group"] = group
	require.Len(t, out, 11)
	for name, value := range out {
		require.NotNil(t, value, name)
	}
	return out
}

// randomSpec draws a valid spec.
func randomSpec(r *rand.Rand, realm string) keycloak.Spec {
	flag := func() keycloak.Opt[bool] {
		return [...]keycloak.Opt[bool]{{}, keycloak.Set(false), keycloak.Set(true)}[r.IntN(3)]
	}
	some := func(list ...string) []string { return list[:r.IntN(len(list)+1)] }
	spec := keycloak.Spec{
		Realm: keycloak.Realm{
			Name: realm, DisplayName: oneOf(r, "", "Staff", "Alle <b>"), ResetPassword: flag(), RememberMe: flag(), LoginWithEmail: flag(), VerifyEmail: flag(),
			SSOSessionIdle: keycloak.Seconds(r.IntN(3) * 600), AccessTokenLifespan: keycloak.Seconds(r.IntN(3) * 60),
			Attributes: map[string]string{"ours": oneOf(r, "", "1", "2")},
		},
		Events: keycloak.Events{Save: flag(), SaveAdmin: flag(), Expiration: keycloak.Seconds(r.IntN(2) * 3600)},
		Client: keycloak.Client{
			ID: "matrix", Enabled: flag(), StandardFlow: flag(), DirectGrant: flag(), ImplicitFlow: flag(), ConsentRequired: flag(), FullScope: flag(),
			FrontchannelLogout: flag(), RevokeOfflineTokens: flag(), DeviceGrant: flag(), Attributes: map[string]string{"ours": oneOf(r, "", "1", "2")},
			DefaultScopes: some("basic", "profile", "email"), OptionalScopes: some("phone", "address"),
			LogoutScope: keycloak.LogoutScope(oneOf(r, "", "session", "user")), PKCE: keycloak.Set(oneOf(r, "", "S256", "plain")),
			RedirectURIs: some("https://a.example.com/cb", "https://b.example.com/cb"),
		},
	}
	if r.IntN(2) == 0 {
		spec.Client.Site, spec.Client.Provider = site(), provider
	}
	if r.IntN(2) == 0 {
		spec.BruteForce = keycloak.BruteForce{Lockout: keycloak.LockoutTemporary, MaxFailures: 1 + r.IntN(20)}
		spec.PasswordPolicy = keycloak.PasswordPolicy{MinLength: 1 + r.IntN(20), NotUsername: r.IntN(2) == 0}
	}
	for i := range r.IntN(3) {
		spec.Client.Mappers = append(spec.Client.Mappers, keycloak.Mapper{
			Name: fmt.Sprint("ours ", i), Attribute: oneOf(r, "a", "b", "c"), Claim: oneOf(r, "", "x", "y.z"), Multivalued: r.IntN(2) == 0,
		})
		spec.Groups = append(spec.Groups, keycloak.Group{Path: fmt.Sprintf("/ours/%d", i)})
	}
	if r.IntN(2) == 0 {
		spec.Client.Secret = maskit.NewSecret(fmt.Sprintf("secret-%024d", r.IntN(3)))
	}
	return spec
}

func oneOf(r *rand.Rand, list ...string) string { return list[r.IntN(len(list))] }
