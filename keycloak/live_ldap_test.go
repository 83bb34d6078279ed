package keycloak_test

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/keycloak"
)

const directoryEntries = `dn: ou=people,dc=example,dc=com
objectClass: organizationalUnit
ou: people

dn: ou=groups,dc=example,dc=com
objectClass: organizationalUnit
ou: groups

dn: uid=gina,ou=people,dc=example,dc=com
objectClass: inetOrgPerson
uid: gina
cn: Gina Lollo
givenName: Gina
sn: Lollo
mail: gina@example.com
departmentNumber: R&D
userPassword: hidden-password-1

dn: uid=hugo,ou=people,dc=example,dc=com
objectClass: inetOrgPerson
uid: hugo
cn: Hugo Boss
givenName: Hugo
sn: Boss
mail: hugo@example.com
userPassword: hidden-password-1

dn: cn=matrix-users,ou=groups,dc=example,dc=com
objectClass: groupOfNames
cn: matrix-users
member: uid=gina,ou=people,dc=example,dc=com
`

// ldapSpec is a spec with a directory, of which every setting is managed.
func ldapSpec(t *testing.T, realm, address, password string) keycloak.Spec {
	t.Helper()
	spec := small(t, realm)
	spec.UserProfile.Attributes = []keycloak.ProfileAttribute{{Name: "dept"}}
	spec.Client.Mappers = append(spec.Client.Mappers, keycloak.Mapper{Name: "dept", Attribute: "dept"})
	spec.LDAP = []keycloak.LDAP{{
		Name: "corp", Vendor: keycloak.LDAPOther, Enabled: keycloak.Set(true), Priority: keycloak.Set(1), URL: address, StartTLS: keycloak.Set(false),
		Truststore: keycloak.LDAPTruststoreAlways, BindDN: keycloak.Set("cn=admin,dc=example,dc=com"), BindCredential: maskit.NewSecret(password), BindCredentialVersion: "1",
		UsersDN: "ou=people,dc=example,dc=com", Subtree: keycloak.Set(false), Filter: keycloak.Set("(mail=*)"), EditMode: keycloak.LDAPReadOnly, Import: keycloak.Set(true),
		SyncRegistrations: keycloak.Set(false), TrustEmail: keycloak.Set(true), Pagination: keycloak.Set(true), FullSync: keycloak.Set(keycloak.Seconds(86400)),
		ChangedSync: keycloak.Set(keycloak.Seconds(0)), ConnectTimeout: 5, ReadTimeout: 10, Config: map[string]string{"batchSizeForSync": "500"},
		Mappers: []keycloak.LDAPMapper{
			{Name: "dept", From: "departmentNumber", To: "dept"},
			{Name: "groups", Groups: keycloak.LDAPGroups{DN: "ou=groups,dc=example,dc=com", Filter: keycloak.Set("(cn=matrix*)")}},
			{Name: "fixed", Type: "hardcoded-attribute-mapper", Config: map[string]string{"user.model.attribute": "x", "attribute.value": "y"}},
		},
	}}
	return spec
}

// ldap is the federation and its mappers by name, as the server has them.
func (l liveRealm) ldap(t *testing.T) (federation map[string]any, mappers map[string]map[string]any) {
	t.Helper()
	var list []map[string]any
	l.Admin(t, "GET", "/components?"+url.Values{"type": {"org.keycloak.storage.UserStorageProvider"}, "name": {"corp"}}.Encode(), nil, &list)
	require.Len(t, list, 1)
	federation, list = list[0], nil
	l.Admin(t, "GET", "/components?parent="+federation["id"].(string), nil, &list)
	mappers = map[string]map[string]any{}
	for _, m := range list {
		mappers[m["name"].(string)] = m
	}
	return federation, mappers
}

func TestLiveLDAP(t *testing.T) {
	t.Parallel()
	directory := live.OpenLDAP(t, directoryEntries)
	l := newRealm(t)
	spec := ldapSpec(t, l.Name, directory.URL, directory.Password)
	plan := l.plan(t, spec)
	l.apply(t, spec)
	l.settled(t, spec)
	require.LessOrEqual(t, l.plan(t, spec).Requests, 8)
	require.NotContains(t, plan.String()+jsonText(t, plan)+l.log.String(), directory.Password)

	page := live.NewKeycloakBrowser(t).Login(l.app(spec).URL(), &live.KeycloakUser{Name: "gina", Password: password})
	admitted(t, page)
	claims := l.app(spec).Exchange(t, page)
	require.Equal(t, "gina", claims["preferred_username"])
	require.Equal(t, "gina@example.com", claims["email"])
	require.Equal(t, true, claims["email_verified"])
	require.Equal(t, "Gina Lollo", claims["name"])
	require.Equal(t, "R&D", claims["dept"])
	require.Equal(t, []any{"matrix-users"}, claims["groups"])

	// Members of the directory's group get in, others do not.
	spec.Client.RequireGroup = keycloak.Set("/matrix-users")
	l.apply(t, spec)
	l.settled(t, spec)
	admitted(t, live.NewKeycloakBrowser(t).Login(l.app(spec).URL(), &live.KeycloakUser{Name: "gina", Password: password}))
	refused(t, live.NewKeycloakBrowser(t).Login(l.app(spec).URL(), &live.KeycloakUser{Name: "hugo", Password: password}))

	spec.VerifyAs = "gina"
	report, err := l.p.Verify(t.Context(), spec)
	require.NoError(t, err)
	require.Empty(t, report.Problems, "%s", report.Problems)

	// A password that is another one there is found by trying, and a new version is written.
	federation, _ := l.ldap(t)
	federation["config"].(map[string]any)["bindCredential"] = []string{"other"}
	l.Admin(t, "PUT", "/components/"+federation["id"].(string), federation, nil)
	l.settled(t, spec)
	report, err = l.p.Verify(t.Context(), spec)
	require.NoError(t, err)
	require.Equal(t, "ldap-bind-refused", codes(report.Problems)[0])
	require.Equal(t, "ldap[0].bind_credential", report.Problems[0].Path)
	spec.LDAP[0].BindCredentialVersion = "2"
	require.Equal(t, 1, l.apply(t, spec).Writes)
	l.settled(t, spec)
	report, err = l.p.Verify(t.Context(), spec)
	require.NoError(t, err)
	require.Empty(t, report.Problems, "%s", report.Problems)
	after, _ := l.ldap(t)
	require.Equal(t, federation["id"], after["id"], "it is never made anew")

	directory.Stop()
	report, err = l.p.Verify(t.Context(), spec)
	require.NoError(t, err)
	require.Equal(t, "ldap-unreachable", codes(report.Problems)[0], "the user may be in a cache, and have claims all the same")
	require.NotContains(t, report.Problems.String()+l.log.String(), directory.Password)
}

func TestLiveDriftOfLDAPIsRestored(t *testing.T) {
	t.Parallel()
	l := newRealm(t)
	spec := ldapSpec(t, l.Name, "ldap://127.0.0.1:1", "hidden-directory")
	spec.Client, spec.UserProfile, spec.Groups = keycloak.Client{}, keycloak.UserProfile{}, nil
	l.apply(t, spec)
	l.settled(t, spec)
	require.LessOrEqual(t, l.plan(t, spec).Requests, 4)

	federation, mappers := l.ldap(t)
	federation["config"].(map[string]any)["usePasswordModifyExtendedOp"] = []string{"true"}
	federation["config"].(map[string]any)["connectionPooling"] = []string{"false"} // or else StartTLS is refused
	l.Admin(t, "PUT", "/components/"+federation["id"].(string), federation, nil)
	before, beforeMappers := l.ldap(t)

	drifted, _ := l.ldap(t)
	config := drifted["config"].(map[string]any)
	managed := 0
	for key := range config {
		switch key {
		case "bindCredential", "usePasswordModifyExtendedOp", "connectionPooling", "cachePolicy", "krbPrincipalAttribute":
			continue
		case "vendor", "editMode", "authType", "searchScope", "useTruststoreSpi":
			config[key] = []string{map[string]string{"vendor": "ad", "editMode": "WRITABLE", "authType": "none", "searchScope": "2", "useTruststoreSpi": "never"}[key]}
		case "enabled", "startTls", "importEnabled", "trustEmail", "pagination":
			config[key] = []string{map[string]string{"true": "false", "false": "true"}[config[key].([]any)[0].(string)]}
		case "customUserSearchFilter":
			config[key] = []string{"(uid=*)"}
		case "syncRegistrations":
			config[key] = []string{"true"}
		case "connectionUrl":
			config[key] = []string{"ldap://127.0.0.1:2"}
		case "priority", "batchSizeForSync", "fullSyncPeriod", "changedSyncPeriod", "connectionTimeout", "readTimeout":
			config[key] = []string{"77"}
		default:
			config[key] = []string{"ou=other"}
		}
		managed++
	}
	drifted["subType"] = "other"
	l.Admin(t, "PUT", "/components/"+drifted["id"].(string), drifted, nil)
	for name, key := range map[string]string{"dept": "ldap.attribute", "groups": "groups.dn", "fixed": "attribute.value", "username": "user.model.attribute", "first name": "ldap.attribute"} {
		m := mappers[name]
		m["config"].(map[string]any)[key] = []string{"ou=other"}
		l.Admin(t, "PUT", "/components/"+m["id"].(string), m, nil)
	}
	plan := l.plan(t, spec)
	require.Len(t, plan.Changes, 6, "%s", plan)
	require.Len(t, plan.Changes[0].Fields, managed+1, "%s", plan)
	require.Equal(t, []string{"ldap-import-changes"}, codes(plan.Problems))
	_, err := l.p.Apply(t.Context(), plan)
	require.ErrorIs(t, err, maskit.ErrInvalid)
	spec.Acknowledge = []maskit.Ack{{Code: "ldap-import-changes"}}
	l.apply(t, spec)
	spec.Acknowledge = nil
	l.settled(t, spec)
	after, afterMappers := l.ldap(t)
	require.Equal(t, before, after)
	require.Equal(t, beforeMappers, afterMappers)

	// Settings can be taken back.
	bare := keycloak.Spec{Realm: spec.Realm, LDAP: []keycloak.LDAP{{
		Name: "corp", BindDN: keycloak.Set(""), Filter: keycloak.Set(""), FullSync: keycloak.Set(keycloak.Seconds(0)), Config: map[string]string{"batchSizeForSync": ""},
		Mappers: []keycloak.LDAPMapper{{Name: "groups", Groups: keycloak.LDAPGroups{DN: "ou=groups,dc=example,dc=com", Filter: keycloak.Set("")}}},
	}}}
	l.apply(t, bare)
	l.settled(t, bare)
	after, afterMappers = l.ldap(t)
	require.Equal(t, before["id"], after["id"])
	for _, gone := range []string{"bindDn", "customUserSearchFilter", "batchSizeForSync"} {
		require.NotContains(t, after["config"], gone)
	}
	require.NotContains(t, afterMappers["groups"]["config"], "groups.ldap.filter")
	require.Equal(t, []any{"true"}, after["config"].(map[string]any)["usePasswordModifyExtendedOp"])

	encrypted := keycloak.Spec{Realm: spec.Realm, LDAP: []keycloak.LDAP{{
		Name: "encrypted", Vendor: keycloak.LDAPActiveDirectory, URL: "ldap://127.0.0.1:1", StartTLS: keycloak.Set(true), UsersDN: "dc=example,dc=com",
		Mappers: []keycloak.LDAPMapper{{Name: "groups", Groups: keycloak.LDAPGroups{DN: "dc=example,dc=com", Nested: true}}},
	}}}
	l.apply(t, encrypted)
	l.settled(t, encrypted)
}

// Two provisioners at once make one federation, although the server takes several of one
// name; several that are there already are not touched.
func TestLiveLDAPIsMadeOnce(t *testing.T) {
	t.Parallel()
	l := newRealm(t)
	spec := ldapSpec(t, l.Name, "ldap://127.0.0.1:1", "hidden-directory")
	spec.Client, spec.UserProfile, spec.Groups = keycloak.Client{}, keycloak.UserProfile{}, nil
	plans := []*keycloak.Plan{l.plan(t, spec), l.plan(t, spec), l.plan(t, spec)}
	errs := make(chan error)
	for _, plan := range plans {
		other := liveServer(t, l.KeycloakRealm) // as another process would
		go func() {
			_, err := other.p.Apply(t.Context(), plan)
			errs <- err
		}()
	}
	for range plans {
		require.NoError(t, <-errs)
	}
	l.settled(t, spec)
	federation, mappers := l.ldap(t)
	require.Len(t, mappers, 10, "the seven that Keycloak makes, and three")

	delete(federation, "id")
	l.Admin(t, "POST", "/components", federation, nil)
	plan := l.plan(t, spec)
	require.Contains(t, codes(plan.Problems), "ldap-ambiguous")
	result, err := l.p.Apply(t.Context(), plan)
	require.ErrorIs(t, err, maskit.ErrInvalid)
	require.Zero(t, result.Writes)
}
