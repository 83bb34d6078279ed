package keycloak

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestLDAPVendors(t *testing.T) {
	t.Parallel()
	for vendor, want := range map[LDAPVendor][]string{
		"":                  {"", "", ""},
		LDAPActiveDirectory: {"sAMAccountName", "cn", "objectGUID", "person", "organizationalPerson", "user"},
		LDAPRedHat:          {"uid", "uid", "nsuniqueid", "inetOrgPerson", "organizationalPerson"},
		LDAPTivoli:          {"uid", "uid", "uniqueidentifier", "inetOrgPerson", "organizationalPerson"},
		LDAPEDirectory:      {"uid", "uid", "guid", "inetOrgPerson", "organizationalPerson"},
		LDAPOther:           {"uid", "uid", "entryUUID", "inetOrgPerson", "organizationalPerson"},
	} {
		l := LDAP{Vendor: vendor}.whole()
		require.Equal(t, want, append([]string{l.UsernameAttribute, l.RDNAttribute, l.UUIDAttribute}, l.ObjectClasses...), vendor)
	}
	l := LDAP{
		Vendor: LDAPActiveDirectory, UsernameAttribute: "userPrincipalName", ObjectClasses: []string{"user"},
		Mappers: []LDAPMapper{{Name: "first name", From: "cn", To: "firstName"}},
	}.whole()
	require.Equal(t, []string{"user"}, l.ObjectClasses)
	require.Equal(t, []LDAPMapper{{Name: "username", From: "userPrincipalName", To: "username"}, {Name: "first name", From: "cn", To: "firstName"}}, l.Mappers)
}

func TestComponentIDsFollowFromNames(t *testing.T) {
	t.Parallel()
	require.Equal(t, componentID("r", "LDAP federation corp"), componentID("r", "LDAP federation corp"))
	require.Len(t, componentID("r", "LDAP federation corp"), 22)
	require.NotEqual(t, componentID("r", "a"), componentID("s", "a"))
}
