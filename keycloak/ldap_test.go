package keycloak_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/keycloak"
)

func TestValidateLDAP(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(l *keycloak.LDAP)
		want   []string // path: code
	}{
		"the least":             {func(*keycloak.LDAP) {}, nil},
		"name":                  {func(l *keycloak.LDAP) { l.Name = "" }, []string{"name: required"}},
		"filter":                {func(l *keycloak.LDAP) { l.Filter = keycloak.Set("a=b") }, []string{"filter: ldap-filter"}},
		"filter, spaces around": {func(l *keycloak.LDAP) { l.Filter = keycloak.Set(" (a=b) ") }, nil},
		"filter of groups": {func(l *keycloak.LDAP) {
			l.Mappers = []keycloak.LDAPMapper{{Name: "g", Groups: keycloak.LDAPGroups{DN: "ou=g", Filter: keycloak.Set("(a=b")}}}
		}, []string{"mappers[0].groups.filter: ldap-filter"}},
		"choices": {
			func(l *keycloak.LDAP) { l.Vendor, l.EditMode, l.Truststore = "x", "x", "x" },
			[]string{"vendor: unknown-value", "edit_mode: unknown-value", "truststore: unknown-value"},
		},
		"mask":              {func(l *keycloak.LDAP) { l.BindCredential = maskit.NewSecret("**********") }, []string{"bind_credential: secret-masked"}},
		"version":           {func(l *keycloak.LDAP) { l.BindCredentialVersion = "1" }, []string{"bind_credential_version: unused"}},
		"password twice":    {func(l *keycloak.LDAP) { l.BindCredential, l.BindCredentialFile = maskit.NewSecret("x"), "/x" }, []string{"bind_credential_file: secret-twice"}},
		"nobody's password": {func(l *keycloak.LDAP) { l.BindDN, l.BindCredentialFile = keycloak.Set(""), "/x" }, []string{"bind_credential: unused"}},
		"config": {
			func(l *keycloak.LDAP) { l.Config = map[string]string{"bindCredential": "x", "cachePolicy": "DEFAULT"} },
			[]string{"config.bindCredential: has-a-setting"},
		},
		"addresses": {
			func(l *keycloak.LDAP) { l.URL = "https://x ldap:// ldaps://u:p@x" },
			[]string{"url: url-invalid", "url: url-invalid", "url: url-invalid"},
		},
		"TLS twice":     {func(l *keycloak.LDAP) { l.URL, l.StartTLS = "ldaps://x", keycloak.Set(true) }, []string{"start_tls: contradiction"}},
		"in the clear":  {func(l *keycloak.LDAP) { l.URL = "ldap://ad.example.com" }, []string{"url: ldap-in-the-clear"}},
		"StartTLS":      {func(l *keycloak.LDAP) { l.URL, l.StartTLS = "ldap://ad.example.com", keycloak.Set(true) }, nil},
		"loopback":      {func(l *keycloak.LDAP) { l.URL = "ldap://localhost ldap://127.0.0.1 ldap://[::1]:389" }, nil},
		"mapper's name": {func(l *keycloak.LDAP) { l.Mappers = []keycloak.LDAPMapper{{From: "a", To: "b"}} }, []string{"mappers[0].name: required"}},
		"mapper's kind": {
			func(l *keycloak.LDAP) {
				l.Mappers = []keycloak.LDAPMapper{{Name: "a"}, {Name: "a", From: "x"}, {Name: "b", From: "x", To: "y", Type: "t"}}
			}, []string{"mappers[0]: mapper-kind", "mappers[1]: mapper-kind", "mappers[1].name: duplicate", "mappers[2]: mapper-kind"},
		},
		"groups": {
			func(l *keycloak.LDAP) {
				l.Mappers = []keycloak.LDAPMapper{
					{Name: "a", Groups: keycloak.LDAPGroups{Nested: true}},
					{Name: "b", Groups: keycloak.LDAPGroups{DN: "x", Nested: true}},
					{Name: "c", Groups: keycloak.LDAPGroups{DN: "x", Path: "p"}},
				}
			}, []string{"mappers[0].groups.dn: required", "mappers[1].groups.nested: unused", "mappers[2].groups.path: group-path"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			directory := keycloak.LDAP{Name: "corp"}
			c.change(&directory)
			spec := keycloak.Spec{Realm: keycloak.Realm{Name: "staff"}, LDAP: []keycloak.LDAP{directory}}
			var got []string
			for _, p := range spec.Validate() {
				got = append(got, strings.TrimPrefix(p.Path, "ldap[0].")+": "+p.Code)
			}
			require.Equal(t, c.want, got)
		})
	}
	twice := keycloak.Spec{Realm: keycloak.Realm{Name: "staff"}, LDAP: []keycloak.LDAP{{Name: "corp"}, {Name: "corp"}}}
	require.Equal(t, []string{"duplicate"}, codes(twice.Validate()))
}

func TestLDAPFile(t *testing.T) {
	t.Parallel()
	spec := ldapSpec(t, "staff", "ldaps://ldap.example.com", "hidden-directory")
	text, err := spec.YAML()
	require.NoError(t, err)
	require.NotContains(t, string(text), "hidden")
	spec.Client.Secret, spec.LDAP[0].BindCredential, spec.LDAP[0].BindCredentialFile = maskit.Secret{}, maskit.Secret{}, "/run/secrets/ldap"
	text, err = spec.YAML()
	require.NoError(t, err)
	again, problems := keycloak.ParseSpec("spec.yaml", text)
	require.Empty(t, problems)
	require.Equal(t, spec, again)
	_, err = again.ReadSecrets(func(string) (maskit.Secret, error) { return maskit.Secret{}, errors.New("no such file") })
	require.ErrorContains(t, err, "ldap[0].bind_credential: no such file")
	read, err := again.ReadSecrets(func(string) (maskit.Secret, error) { return maskit.NewSecret("hidden"), nil })
	require.NoError(t, err)
	require.Equal(t, "hidden", read.LDAP[0].BindCredential.Reveal())
	require.True(t, again.LDAP[0].BindCredential.IsZero(), "the spec that was read is not changed")
}
