package keycloak_test

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/keycloak"
)

// as is the realm seen with other credentials.
func (l liveRealm) as(t *testing.T, auth keycloak.Auth) liveRealm {
	t.Helper()
	p, err := keycloak.New(keycloak.Config{AdminURL: l.Server.URL + "/", Auth: auth})
	require.NoError(t, err)
	return liveRealm{l.KeycloakRealm, p, l.log}
}

// account makes a client of the realm with a service account that has the roles of
// realm-management.
func (l liveRealm) account(t *testing.T, client map[string]any, roles ...string) {
	t.Helper()
	client["serviceAccountsEnabled"], client["publicClient"] = true, false
	l.Admin(t, "POST", "/clients", client, nil)
	id := l.client(t, client["clientId"].(string))["id"].(string)
	var user map[string]any
	l.Admin(t, "GET", "/clients/"+id+"/service-account-user", nil, &user)
	management := l.client(t, "realm-management")["id"].(string)
	var grants []map[string]any
	for _, role := range roles {
		var grant map[string]any
		l.Admin(t, "GET", "/clients/"+management+"/roles/"+role, nil, &grant)
		grants = append(grants, grant)
	}
	l.Admin(t, "POST", "/users/"+user["id"].(string)+"/role-mappings/clients/"+management, grants, nil)
}

// Each part of a spec is applied by an account that has the documented roles and no
// others; without one of them it is forbidden, and says so.
func TestLiveLeastPrivilege(t *testing.T) {
	t.Parallel()
	l := newRealm(t)
	whole := full(t, l.Name)
	base := keycloak.Spec{Realm: keycloak.Realm{Name: l.Name}}
	for name, c := range map[string]struct {
		roles []string
		part  func(*keycloak.Spec)
	}{
		"client":   {[]string{"manage-clients"}, func(s *keycloak.Spec) { s.Client = whole.Client }},
		"settings": {[]string{"view-realm", "manage-realm"}, func(s *keycloak.Spec) { s.Realm, s.Events = whole.Realm, whole.Events }},
		"people":   {[]string{"manage-users"}, func(s *keycloak.Spec) { s.Groups, s.Users = whole.Groups, whole.Users }},
	} {
		spec := base
		c.part(&spec)
		secret := newSecret(t)
		l.account(t, map[string]any{"clientId": "with-" + name, "secret": secret.Reveal()}, c.roles...)
		account := l.as(t, keycloak.ServiceAccount{Realm: l.Name, ClientID: "with-" + name, Secret: secret})
		result := account.apply(t, spec)
		require.NotEmpty(t, result.Done, name)
		account.settled(t, spec)
	}
	secret := newSecret(t)
	l.account(t, map[string]any{"clientId": "none", "secret": secret.Reveal()}, "query-users")
	account := l.as(t, keycloak.ServiceAccount{Realm: l.Name, ClientID: "none", Secret: secret})
	for _, part := range []func(*keycloak.Spec){
		func(s *keycloak.Spec) { s.Client = whole.Client },
		func(s *keycloak.Spec) { s.Realm = whole.Realm },
	} {
		spec := base
		part(&spec)
		_, err := account.p.Plan(t.Context(), spec)
		require.ErrorIs(t, err, maskit.ErrForbidden)
	}
}

func TestLiveSignedJWT(t *testing.T) {
	t.Parallel()
	l := newRealm(t)
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	keys := jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key.Public(), KeyID: "k1", Algorithm: "RS256", Use: "sig"}}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(keys)
	}))
	t.Cleanup(server.Close)
	l.account(t, map[string]any{
		"clientId": "signer", "clientAuthenticatorType": "client-jwt",
		"attributes": map[string]any{"use.jwks.url": "true", "jwks.url": server.URL, "token.endpoint.auth.signing.alg": "RS256"},
	}, "manage-clients", "manage-users")
	signer := l.as(t, keycloak.SignedJWT{Realm: l.Name, ClientID: "signer", Key: key, KeyID: "k1", Rand: rand.Reader})
	spec := small(t, l.Name)
	signer.apply(t, spec)
	signer.settled(t, spec)
}

// An administrator with a second factor logs in with a one-time password, and stays
// logged in without another.
func TestLiveOneTimePassword(t *testing.T) {
	t.Parallel()
	l := newRealm(t)
	const seed = "0123456789abcdefghij"
	l.Admin(t, "POST", "/users", map[string]any{
		"username": "boss", "enabled": true, "email": "boss@example.com", "emailVerified": true, "firstName": "B", "lastName": "Oss",
		"credentials": []any{
			map[string]any{"type": "password", "value": "hidden-password", "temporary": false},
			map[string]any{"type": "otp", "secretData": `{"value":"` + seed + `"}`, "credentialData": `{"subType":"totp","digits":6,"period":30,"algorithm":"HmacSHA1"}`},
		},
	}, nil)
	var users []map[string]any
	l.Admin(t, "GET", "/users?username=boss&exact=true", nil, &users)
	management := l.client(t, "realm-management")["id"].(string)
	var role map[string]any
	l.Admin(t, "GET", "/clients/"+management+"/roles/realm-admin", nil, &role)
	l.Admin(t, "POST", "/users/"+users[0]["id"].(string)+"/role-mappings/clients/"+management, []any{role}, nil)

	calls := 0
	boss := l.as(t, keycloak.AdminPassword{
		Realm: l.Name, User: "boss", Password: maskit.NewSecret("hidden-password"),
		OTP: func(context.Context) (maskit.Secret, error) {
			calls++
			return maskit.NewSecret(totp(seed, time.Now())), nil
		},
	})
	spec := small(t, l.Name)
	boss.apply(t, spec)
	boss.settled(t, spec)
	require.Equal(t, 1, calls)
}

// totp is RFC 6238 with SHA-1, 30 seconds and 6 digits.
func totp(seed string, now time.Time) string {
	mac := hmac.New(sha1.New, []byte(seed))
	_ = binary.Write(mac, binary.BigEndian, now.Unix()/30)
	sum := mac.Sum(nil)
	at := sum[len(sum)-1] & 0xf
	return fmt.Sprintf("%06d", (binary.BigEndian.Uint32(sum[at:at+4])&0x7fffffff)%1000000)
}

// A service account of the realm master loses the sight of a realm that it makes,
// until it logs in again.
func TestLiveServiceAccountCreatesARealm(t *testing.T) {
	t.Parallel()
	l := newName(t)
	master := l
	master.Name = "master"
	secret := newSecret(t)
	id := "maskit-test-" + l.Name
	master.Admin(t, "POST", "/clients", map[string]any{"clientId": id, "secret": secret.Reveal(), "serviceAccountsEnabled": true, "publicClient": false}, nil)
	uuid := master.client(t, id)["id"].(string)
	defer master.Admin(t, "DELETE", "/clients/"+uuid, nil, nil)
	var user, role map[string]any
	master.Admin(t, "GET", "/clients/"+uuid+"/service-account-user", nil, &user)
	master.Admin(t, "GET", "/roles/create-realm", nil, &role)
	master.Admin(t, "POST", "/users/"+user["id"].(string)+"/role-mappings/realm", []any{role}, nil)

	account := l.as(t, keycloak.ServiceAccount{ClientID: id, Secret: secret})
	slower := l.as(t, keycloak.ServiceAccount{ClientID: id, Secret: secret})
	spec := full(t, l.Name)
	plan := slower.plan(t, spec)
	account.apply(t, spec)
	account.settled(t, spec)
	_, err := slower.p.Apply(t.Context(), plan)
	require.NoError(t, err, "the realm is newer than the token")
	slower.settled(t, spec)
}

func TestLiveTokenSourceAndWrongPassword(t *testing.T) {
	t.Parallel()
	l := newName(t)
	wrong := l.as(t, keycloak.AdminPassword{User: l.Server.AdminUser, Password: maskit.NewSecret("hidden-wrong")})
	_, err := wrong.p.Plan(t.Context(), small(t, l.Name))
	var status *maskit.StatusError
	require.ErrorAs(t, err, &status)
	require.Equal(t, "invalid_grant", status.Code)
	require.NotContains(t, err.Error(), "hidden-wrong")

	calls := 0
	source := l.as(t, keycloak.TokenSource(func(context.Context) (maskit.Secret, error) {
		calls++
		return maskit.NewSecret("hidden-token"), nil
	}))
	_, err = source.p.Plan(t.Context(), small(t, l.Name))
	require.ErrorIs(t, err, maskit.ErrUnauthorized)
	require.Equal(t, 2, calls, "once more after it was refused")
	require.NotContains(t, err.Error(), "hidden-token")
}
