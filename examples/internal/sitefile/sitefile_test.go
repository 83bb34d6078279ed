package sitefile_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/examples/internal/sitefile"
	upkc "github.com/maskit-dev/maskit/upstream/keycloak"
	"github.com/maskit-dev/maskit/upstream/oidc"
)

const full = `site:
  server_name: example.com
  account_url: https://account.example.com/
versions: {mas: 1.20.0}
load: {users: 10}
synapse: {secret_path: /run/secret}
database: {host: db, password: hunter2}
passwords: {enabled: false}
providers:
  - kind: keycloak
    base_url: https://sso.example.com
    realm: r
  - kind: oidc
    name: partner
    issuer: https://partner.example.com
`

func TestParse(t *testing.T) {
	t.Parallel()
	file, problems := sitefile.Parse("site.yaml", []byte(full))
	require.Empty(t, problems)
	require.Equal(t, "https://account.example.com/", file.Site.Issuer())
	require.Equal(t, maskit.Version{Major: 1, Minor: 20}, file.Versions.MAS)
	require.Equal(t, 10, file.Load.Users)
	require.Equal(t, "/run/secret", file.Synapse.SecretPath)
	require.True(t, file.Database.Password.Inline.Equal(maskit.NewSecret("hunter2")))
	require.False(t, file.Passwords.Enabled.Or(true))
	require.Equal(t, []string{"keycloak", "partner"}, []string{file.Providers[0].Name, file.Providers[1].Name})
	require.Equal(t, "r", file.Providers[0].Provider.(upkc.Config).Realm)
	require.Equal(t, "https://partner.example.com", file.Providers[1].Provider.(oidc.Config).Issuer)
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	file, problems := sitefile.Parse("site.yaml", []byte("site: {server_name: example.com}\n"))
	require.Empty(t, problems)
	require.Equal(t, sitefile.DefaultSecretPath, file.Synapse.SecretPath)
	require.Nil(t, file.Load)
	require.Empty(t, file.Providers)
}

func TestProblems(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, text, want string }{
		{"unknown key", "sites: {}", "error: site.yaml:1:1: sites: is not a known key"},
		{"did you mean", "databse: {}", `did you mean "database"?`},
		{"wrong type", "load: {users: many}", "site.yaml:1:8: load.users: must be an integer"},
		{"version", "versions: {mas: new}", "site.yaml:1:12: versions.mas:"},
		{"providers no list", "providers: keycloak", "providers: must be a list, is a string [wrong-type]"},
		{"provider no mapping", "providers: [keycloak]", "providers[0]: must be a mapping"},
		{"provider without kind", "providers: [{realm: r}]", "providers[0].kind: is missing [required]"},
		{"unknown kind", "providers: [{kind: matrix-org}]", "providers[0].kind: is no kind of provider [unknown-kind] (fix: one of: adfs, apple, auth0"},
		{"misspelt kind", "providers: [{kind: keycloack}]", `providers[0].kind: is no kind of provider [unknown-kind] (fix: did you mean "keycloak"?)`},
		{"kind that needs a bridge", "providers: [{kind: saml}]", "providers[0].kind: cannot be used directly: MAS does not speak SAML [needs-bridge]"},
		{"same name", "providers: [{kind: oidc}, {kind: oidc}]", "providers[1].name: is the name of another provider too"},
		{"name of digits", "providers: [{kind: oidc, name: 2024}]", "providers[0].name: must be a string, is an integer"},
		{"kind of digits", "providers: [{kind: 7}]", "providers[0].kind: must be a string, is an integer"},
		{"unknown provider key", "providers: [{kind: keycloak, relm: r}]", `providers[0].relm: is not a known key, and would be ignored in silence [unknown-key] (fix: did you mean "realm"?)`},
		{"no mapping", "- a", "not-a-mapping"},
		{"not YAML", "a: [", "site.yaml"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, problems := sitefile.Parse("site.yaml", []byte(test.text+"\n"))
			require.Error(t, problems.Err())
			require.Contains(t, problems.String(), test.want)
		})
	}
}

func TestAt(t *testing.T) {
	t.Parallel()
	file, _ := sitefile.Parse("site.yaml", []byte(full))
	for _, test := range []struct{ name, path, wantPath, want string }{
		{"a key", "database.host", "database.host", "site.yaml:7:12"},
		{"what the file lacks stands around it", "database.username", "database.username", "site.yaml:7:1"},
		{"a setting of a provider", "providers[1].issuer", "providers[1].issuer", "site.yaml:15:5"},
		{"a version", "mas", "versions.mas", "site.yaml:4:12"},
		{"nothing of the file", "secrets.keys", "secrets.keys", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := file.At(maskit.Problems{{Path: test.path}})[0]
			require.Equal(t, test.wantPath, got.Path)
			require.Equal(t, test.want, got.Pos.String())
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(full))
	f.Add([]byte("providers: [{kind: keycloak, client_secret: canary-secret, claims: 3}]"))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, problems := sitefile.Parse("site.yaml", data)
		for _, p := range file.At(problems) {
			require.NotContains(t, strings.ToLower(p.Message+p.Hint), "canary-secret")
		}
	})
}
