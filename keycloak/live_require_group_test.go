package keycloak_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/keycloak"
)

const password = "hidden-password-1"

// person makes a user who can log in, in the groups.
func (l liveRealm) person(t *testing.T, name string, groups ...string) *live.KeycloakUser {
	t.Helper()
	l.Admin(t, "POST", "/users", map[string]any{
		"username": name, "enabled": true, "email": name + "@example.com", "emailVerified": true, "firstName": name, "lastName": "Test", "groups": groups,
		"credentials": []any{map[string]any{"type": "password", "value": password}},
	}, nil)
	return &live.KeycloakUser{Name: name, Password: password}
}

func (l liveRealm) userID(t *testing.T, name string) string {
	t.Helper()
	var users []map[string]any
	l.Admin(t, "GET", "/users?exact=true&username="+name, nil, &users)
	require.Len(t, users, 1)
	return users[0]["id"].(string)
}

func (l liveRealm) groupID(t *testing.T, path string) string {
	t.Helper()
	var group map[string]any
	l.Admin(t, "GET", "/group-by-path"+path, nil, &group)
	return group["id"].(string)
}

// app is the client of a spec, as MAS uses it.
func (l liveRealm) app(spec keycloak.Spec) live.KeycloakAuthorization {
	return live.KeycloakAuthorization{
		Issuer: l.Issuer, ClientID: spec.Client.ID, Secret: spec.Client.Secret.Reveal(), RedirectURI: site().CallbackURL(provider),
	}
}

// otherApp makes a client that the spec knows nothing of.
func (l liveRealm) otherApp(t *testing.T) live.KeycloakAuthorization {
	t.Helper()
	other := live.KeycloakAuthorization{Issuer: l.Issuer, ClientID: "other", Secret: "hidden-other", RedirectURI: "https://other.example.com/callback"}
	l.Admin(t, "POST", "/clients", map[string]any{"clientId": other.ClientID, "secret": other.Secret, "redirectUris": []string{other.RedirectURI}}, nil)
	return other
}

func admitted(t *testing.T, page live.KeycloakPage) {
	t.Helper()
	require.NotEmpty(t, page.Callback.Get("code"), "status %d: %s: %s; steps %v; %v", page.Status, page.Title, page.Message, page.Steps, page.Callback)
}

const denied = "You are not allowed to use Matrix. Please ask your administrator for access."

func refused(t *testing.T, page live.KeycloakPage) {
	t.Helper()
	require.Equal(t, 401, page.Status, "%v %v", page.Steps, page.Callback)
	require.Equal(t, denied, page.Message)
}

func gatedSpec(t *testing.T, realm string) keycloak.Spec {
	t.Helper()
	spec := small(t, realm)
	spec.Client.RequireGroup = keycloak.Set("/matrix-users")
	return spec
}

// flows are the names of the realm's flows that are not Keycloak's own.
func (l liveRealm) flows(t *testing.T) []string {
	t.Helper()
	var all []map[string]any
	l.Admin(t, "GET", "/authentication/flows", nil, &all)
	var own []string
	for _, flow := range all {
		if flow["builtIn"] != true {
			own = append(own, flow["alias"].(string))
		}
	}
	return own
}

func TestLiveOnlyMembersLogIn(t *testing.T) {
	t.Parallel()
	l := newRealm(t)
	spec := gatedSpec(t, l.Name)
	spec.Groups = append(spec.Groups, keycloak.Group{Path: "/matrix-users/board"})
	l.apply(t, spec)
	l.settled(t, spec)
	require.LessOrEqual(t, l.plan(t, spec).Requests, 12)
	app, other := l.app(spec), l.otherApp(t)
	member, nested, stranger := l.person(t, "member", "/matrix-users"), l.person(t, "nested", "/matrix-users/board"), l.person(t, "stranger")

	browser := live.NewKeycloakBrowser(t)
	page := browser.Login(app.URL(), member)
	admitted(t, page)
	require.Equal(t, "member", app.Exchange(t, page)["preferred_username"])
	admitted(t, live.NewKeycloakBrowser(t).Login(app.URL(), nested))

	page = live.NewKeycloakBrowser(t).Login(app.URL(), &live.KeycloakUser{Name: "member", Password: "wrong"})
	require.Equal(t, "Invalid username or password.", page.Message)

	strange := live.NewKeycloakBrowser(t)
	refused(t, strange.Login(app.URL(), stranger))
	admitted(t, strange.Login(other.URL(), stranger))
	refused(t, strange.Open(app.URL()))

	// Who is taken out of the group is refused although there is a session.
	membership := "/users/" + l.userID(t, "member") + "/groups/" + l.groupID(t, "/matrix-users")
	l.Admin(t, "DELETE", membership, nil, nil)
	refused(t, browser.Open(app.URL()))
	l.Admin(t, "PUT", membership, nil, nil)
	admitted(t, browser.Open(app.URL()))

	// Nobody gets in when the role is not there, and the next plan says so.
	role := "/clients/" + l.client(t, "matrix")["id"].(string) + "/roles/matrix-user"
	l.Admin(t, "PUT", role, map[string]any{"name": "renamed"}, nil)
	refused(t, browser.Open(app.URL()))
	plan := l.plan(t, spec)
	require.Len(t, plan.Changes, 1)
	require.Equal(t, "role matrix-user of client matrix", plan.Changes[0].Subject)
	require.Equal(t, maskit.ActionCreate, plan.Changes[0].Action)
	l.apply(t, spec)
	l.settled(t, spec)
	admitted(t, browser.Open(app.URL()))
}

// The gate and the codes are made by an account that has the documented roles; one that
// may not see identity providers cannot tell whether everything is closed, and says so.
func TestLiveGateLeastPrivilege(t *testing.T) {
	t.Parallel()
	l := newRealm(t)
	l.upstream(t)
	spec := gatedSpec(t, l.Name)
	spec.MFA.TOTP = keycloak.MFAClient
	account := func(name string, roles ...string) liveRealm {
		secret := newSecret(t)
		l.account(t, map[string]any{"clientId": name, "secret": secret.Reveal()}, roles...)
		return l.as(t, keycloak.ServiceAccount{Realm: l.Name, ClientID: name, Secret: secret})
	}
	roles := []string{"manage-clients", "view-realm", "manage-realm", "manage-users", "manage-identity-providers"}
	_, err := account("blind", roles[:4]...).p.Plan(t.Context(), spec)
	require.ErrorIs(t, err, maskit.ErrForbidden)
	provisioner := account("provisioner", roles...)
	provisioner.apply(t, spec)
	provisioner.settled(t, spec)
	require.LessOrEqual(t, provisioner.plan(t, spec).Requests, 17)
}

// The role that opens the gate can be given by hand to others than the group.
func TestLiveVerifyFindsStrangers(t *testing.T) {
	t.Parallel()
	l := newRealm(t)
	spec := gatedSpec(t, l.Name)
	l.apply(t, spec)
	stranger := l.person(t, "stranger")
	spec.VerifyAs = "stranger"
	report, err := l.p.Verify(t.Context(), spec)
	require.NoError(t, err)
	require.Empty(t, codes(report.Problems.Only(maskit.SeverityWarning)))

	at := "/clients/" + l.client(t, "matrix")["id"].(string)
	var role, realm map[string]any
	l.Admin(t, "GET", at+"/roles/matrix-user", nil, &role)
	l.Admin(t, "POST", "/users/"+l.userID(t, "stranger")+"/role-mappings"+at, []any{role}, nil)
	admitted(t, live.NewKeycloakBrowser(t).Login(l.app(spec).URL(), stranger))
	report, err = l.p.Verify(t.Context(), spec)
	require.NoError(t, err)
	require.Contains(t, codes(report.Problems), "role-given-to-users")

	l.Admin(t, "GET", "", nil, &realm)
	everybody := "/roles-by-id/" + realm["defaultRole"].(map[string]any)["id"].(string) + "/composites"
	l.Admin(t, "POST", everybody, []any{role}, nil)
	admitted(t, live.NewKeycloakBrowser(t).Login(l.app(spec).URL(), l.person(t, "anybody")))
	report, err = l.p.Verify(t.Context(), spec)
	require.NoError(t, err)
	require.Contains(t, codes(report.Problems), "role-given-to-everybody")

	require.NotContains(t, codes(report.Problems), "group-joined-by-default")
	l.Admin(t, "PUT", "/default-groups/"+l.groupID(t, "/matrix-users"), nil, nil)
	report, err = l.p.Verify(t.Context(), spec)
	require.NoError(t, err)
	require.Contains(t, codes(report.Problems), "group-joined-by-default")
}
