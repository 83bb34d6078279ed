package masclient_test

import (
	"crypto/rand"
	"crypto/rsa"
	"maps"
	"net/http/httptest"
	"net/url"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/keycloak"
	"github.com/maskit-dev/maskit/keycloak/keycloaktest"
	"github.com/maskit-dev/maskit/keycloak/masclient"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	upkc "github.com/maskit-dev/maskit/upstream/keycloak"
	"github.com/maskit-dev/maskit/upstream/upstreamtest"
)

const (
	password     = "hidden-password-1"
	clientSecret = "kv8Jm1Zt0xq4W7uYc2Lh9sRb5nDf3Pea"
)

// deployment is a provider of MAS, and a realm that was made for it.
type deployment struct {
	live.KeycloakRealm
	env   upstream.Env
	entry upstream.Entry
	spec  keycloak.Spec
}

// onBoth runs a test on a realm of the fake, and on one of the real server where there is
// one.
func onBoth(t *testing.T, run func(t *testing.T, realm live.KeycloakRealm)) {
	t.Helper()
	t.Run("fake", func(t *testing.T) {
		t.Parallel()
		run(t, fakeRealm(t))
	})
	t.Run("real", func(t *testing.T) {
		t.Parallel()
		run(t, live.Keycloak(t, live.KeycloakCurrent).Realm(t, live.ReusableCodes()))
	})
}

var fakeKey = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })

func fakeRealm(t *testing.T) live.KeycloakRealm {
	t.Helper()
	key, err := fakeKey()
	require.NoError(t, err)
	server := httptest.NewServer(keycloaktest.New(keycloaktest.Options{SigningKey: key}))
	t.Cleanup(server.Close)
	at := live.KeycloakServer{Version: live.KeycloakCurrent, URL: server.URL, AdminUser: "admin", AdminPassword: "admin"}
	// To check a password takes a tenth of a second otherwise.
	settings := live.ReusableCodes()
	maps.Copy(settings, map[string]any{"realm": "staff", "enabled": true, "passwordPolicy": "hashAlgorithm(pbkdf2) and hashIterations(1)"})
	at.Admin(t, "POST", "/realms", settings, nil)
	return live.KeycloakRealm{Name: "staff", Issuer: server.URL + "/realms/staff", Server: at}
}

// deploy brings the realm to what the provider needs.
func deploy(t *testing.T, realm live.KeycloakRealm, env upstream.Env, change func(*upkc.Config)) deployment {
	t.Helper()
	config := provider()
	config.Client.Secret = mas.SecretValue{Inline: maskit.NewSecret(clientSecret)}
	config.BaseURL, config.Realm, config.InsecureHTTP = realm.Server.URL, realm.Name, true
	change(&config)
	entry, problems := config.Entry(env)
	require.NoError(t, problems.Err())
	spec, problems := masclient.Spec(env, config)
	require.NoError(t, problems.Err())
	require.NoError(t, spec.Validate().Err())

	p, err := keycloak.New(keycloak.Config{
		AdminURL: realm.Server.URL, Auth: keycloak.AdminPassword{User: realm.Server.AdminUser, Password: maskit.NewSecret(realm.Server.AdminPassword)},
	})
	require.NoError(t, err)
	plan, err := p.Plan(t.Context(), spec)
	require.NoError(t, err)
	require.NoError(t, plan.Problems.Err())
	_, err = p.Apply(t.Context(), plan)
	require.NoError(t, err)
	return deployment{realm, env, entry, spec}
}

// person makes a user who can log in.
func (d deployment) person(t *testing.T, name string, settings map[string]any) *live.KeycloakUser {
	t.Helper()
	user := map[string]any{
		"username": name, "enabled": true, "email": name + "@example.com", "emailVerified": true, "firstName": name, "lastName": "Test",
		"credentials": []any{map[string]any{"type": "password", "value": password}},
	}
	maps.Copy(user, settings)
	d.Admin(t, "POST", "/users", user, nil)
	return &live.KeycloakUser{Name: name, Password: password}
}

// logIn goes to Keycloak by the parameters of the entry, and returns where that ends, and
// what MAS makes of it.
func (d deployment) logIn(t *testing.T, user *live.KeycloakUser) (live.KeycloakPage, upstream.Explanation) {
	t.Helper()
	extra := url.Values{"scope": {d.entry.Scope}}
	for name, value := range d.entry.AdditionalAuthorizationParameters {
		extra.Set(name, value)
	}
	app := live.KeycloakAuthorization{
		Issuer: d.entry.Issuer, ClientID: d.entry.ClientID, Secret: d.entry.ClientSecret.Inline.Reveal(),
		RedirectURI: d.env.CallbackURL(), Extra: extra,
	}
	page := live.NewKeycloakBrowser(t).Login(app.URL(), user)
	if page.Callback.Get("code") == "" {
		return page, upstream.Explanation{}
	}
	claims := app.Exchange(t, page)
	require.Equal(t, d.entry.Issuer, claims["iss"])
	explanation, problems := upstream.Explain(d.entry, upstream.Claims{IDToken: claims})
	require.NoError(t, problems.Err())
	return page, explanation
}

const denied = "You are not allowed to use Matrix. Please ask your administrator for access."

// Wherever the gate stands, it takes the members of the group and those of the groups below,
// and nobody else.
func TestGatesTakeTheSamePeople(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, realm live.KeycloakRealm) {
		for _, gate := range []upkc.Gate{"", upkc.GateBoth, upkc.GateMAS} {
			d := deploy(t, realm, upstreamtest.Env(), func(c *upkc.Config) {
				requires(gate, "/matrix")(c)
				c.Client.ID = "matrix-" + string(gate)
			})
			if gate == "" {
				for _, group := range []string{"/matrix/board", "/other/matrix", "/matrixes"} {
					d.make(t, group)
				}
				d.person(t, "member", map[string]any{"groups": []string{"/other", "/matrix"}})
				d.person(t, "nested", map[string]any{"groups": []string{"/matrix/board"}})
				d.person(t, "stranger", map[string]any{"groups": []string{"/other/matrix", "/matrixes"}})
				d.person(t, "nobody", nil)
			}
			for _, name := range []string{"member", "nested"} {
				page, explanation := d.logIn(t, &live.KeycloakUser{Name: name, Password: password})
				require.Equal(t, upstream.OutcomeRegistered, explanation.Outcome, "%q %s: %d %s, %s", gate, name, page.Status, page.Message, explanation.Reason)
				require.Equal(t, name, explanation.User)
			}
			for _, name := range []string{"stranger", "nobody"} {
				page, explanation := d.logIn(t, &live.KeycloakUser{Name: name, Password: password})
				if gate == upkc.GateMAS {
					require.Equal(t, upstream.OutcomeDenied, explanation.Outcome, "%s: %s", name, page.Message)
					continue
				}
				require.Equal(t, 401, page.Status, "%q %s", gate, name)
				require.Equal(t, denied, page.Message)
			}
		}
	})
}

// make makes a group below one that exists, or is made.
func (d deployment) make(t *testing.T, path string) {
	t.Helper()
	spec := d.spec
	if group := (keycloak.Group{Path: path}); !slices.Contains(spec.Groups, group) {
		spec.Groups = append(slices.Clone(spec.Groups), group)
	}
	p, err := keycloak.New(keycloak.Config{
		AdminURL: d.Server.URL, Auth: keycloak.AdminPassword{User: d.Server.AdminUser, Password: maskit.NewSecret(d.Server.AdminPassword)},
	})
	require.NoError(t, err)
	plan, err := p.Plan(t.Context(), spec)
	require.NoError(t, err)
	_, err = p.Apply(t.Context(), plan)
	require.NoError(t, err)
}

// Roles get into the ID token, and only those who have one get in.
func TestRoles(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, realm live.KeycloakRealm) {
		d := deploy(t, realm, upstreamtest.Env(), func(c *upkc.Config) { c.Claims.Require.Roles = []string{"it's staff", "board"} })
		d.Admin(t, "POST", "/roles", map[string]any{"name": "it's staff"}, nil)
		var role, user map[string]any
		d.Admin(t, "GET", "/roles/it's%20staff", nil, &role)
		alice, bob := d.person(t, "alice", nil), d.person(t, "bob", nil)
		var users []map[string]any
		d.Admin(t, "GET", "/users?exact=true&username=alice", nil, &users)
		user = users[0]
		d.Admin(t, "POST", "/users/"+user["id"].(string)+"/role-mappings/realm", []any{role}, nil)

		_, explanation := d.logIn(t, alice)
		require.Equal(t, upstream.OutcomeRegistered, explanation.Outcome, explanation.Reason)
		_, explanation = d.logIn(t, bob)
		require.Equal(t, upstream.OutcomeDenied, explanation.Outcome, explanation.Reason)
	})
}

// Who shall have used a second factor is made to, and Keycloak says so in a way that MAS takes.
func TestSecondFactor(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, realm live.KeycloakRealm) {
		d := deploy(t, realm, upstreamtest.Env(), func(c *upkc.Config) { c.Claims.Require.ACR = []string{"mfa"} })
		alice := d.person(t, "alice", nil)
		for _, steps := range [][]string{{"kc-form-login", "kc-totp-settings-form"}, {"kc-form-login", "kc-otp-login-form"}} {
			page, explanation := d.logIn(t, alice)
			require.Equal(t, steps, page.Steps)
			require.Equal(t, upstream.OutcomeRegistered, explanation.Outcome, explanation.Reason)
		}
	})
}

// Names come from attributes that only administrators set.
func TestAttributes(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, realm live.KeycloakRealm) {
		d := deploy(t, realm, upstreamtest.Env(), func(c *upkc.Config) {
			c.Claims.Localpart.Claim, c.Claims.DisplayName.Claims, c.Claims.Email.VerifiedClaim = "matrix.name", []string{"title"}, "checked"
		})
		alice := d.person(t, "alice", map[string]any{"attributes": map[string][]string{"matrix.name": {"al"}, "title": {"Dr. Alice"}, "checked": {"true"}}})
		_, explanation := d.logIn(t, alice)
		require.Equal(t, upstream.OutcomeRegistered, explanation.Outcome, explanation.Reason)
		require.Equal(t, []string{"al", "Dr. Alice", "alice@example.com"}, []string{explanation.User, explanation.DisplayName.Value, explanation.Email.Value})
	})
}
