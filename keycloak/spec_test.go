package keycloak_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/keycloak"
)

func TestValidate(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*keycloak.Spec)
		want   []string // path: code
	}{
		"the small spec":       {func(*keycloak.Spec) {}, nil},
		"nothing but a realm":  {func(s *keycloak.Spec) { *s = keycloak.Spec{Realm: keycloak.Realm{Name: "staff"}} }, nil},
		"nothing":              {func(s *keycloak.Spec) { *s = keycloak.Spec{} }, []string{"realm.name: required"}},
		"master":               {func(s *keycloak.Spec) { s.Realm.Name = "Master" }, []string{"realm.name: master-realm"}},
		"realm name":           {func(s *keycloak.Spec) { s.Realm.Name = "a/b" }, []string{"realm.name: realm-name"}},
		"realm name of dots":   {func(s *keycloak.Spec) { s.Realm.Name = ".." }, []string{"realm.name: realm-name"}},
		"ssl":                  {func(s *keycloak.Spec) { s.Realm.SSLRequired = "maybe" }, []string{"realm.ssl_required: unknown-value"}},
		"realm attribute":      {func(s *keycloak.Spec) { s.Realm.Attributes = map[string]string{"": "x"} }, []string{"realm.attributes: required"}},
		"built-in client":      {func(s *keycloak.Spec) { s.Client.ID = "admin-cli" }, []string{"client.id: built-in-client"}},
		"no client id":         {func(s *keycloak.Spec) { s.Client.ID = "" }, []string{"client.id: required"}},
		"provider":             {func(s *keycloak.Spec) { s.Client.Provider = "01j" }, []string{"client.provider: ulid-invalid"}},
		"site":                 {func(s *keycloak.Spec) { s.Client.Site.AccountURL = "" }, []string{"client.site.account_url: required"}},
		"site, other fields":   {func(s *keycloak.Spec) { s.Client.Site = maskit.Site{AccountURL: "https://account.example.com/"} }, nil},
		"mask as secret":       {func(s *keycloak.Spec) { s.Client.Secret = maskit.NewSecret("**********") }, []string{"client.secret: secret-masked"}},
		"short secret":         {func(s *keycloak.Spec) { s.Client.Secret = maskit.NewSecret("short") }, []string{"client.secret: secret-short"}},
		"odd secret":           {func(s *keycloak.Spec) { s.Client.Secret = maskit.NewSecret("with+and%of-some-length-at-least") }, []string{"client.secret: secret-characters"}},
		"secret twice":         {func(s *keycloak.Spec) { s.Client.SecretFile = "/x" }, []string{"client.secret_file: secret-twice"}},
		"keyless with secret":  {func(s *keycloak.Spec) { s.Client.Auth = keycloak.ClientJWTAuth }, []string{"client.secret: unused"}},
		"keys without keyless": {func(s *keycloak.Spec) { s.Client.JWKSURL = "https://x.example.com/" }, []string{"client.jwks_url: unused"}},
		"auth":                 {func(s *keycloak.Spec) { s.Client.Auth = "tls" }, []string{"client.auth: unknown-value"}},
		"public":               {func(s *keycloak.Spec) { s.Client.Public = keycloak.Set(true) }, []string{"client.public: unused"}},
		"fragment":             {func(s *keycloak.Spec) { s.Client.RedirectURIs = []string{"https://a/", "https://a/#x"} }, []string{"client.redirect_uris[1]: url-fragment"}},
		"logout URL":           {func(s *keycloak.Spec) { s.Client.BackchannelLogoutURL = keycloak.Set("/x") }, []string{"client.backchannel_logout_url: url-invalid"}},
		"logout scope":         {func(s *keycloak.Spec) { s.Client.LogoutScope = "all" }, []string{"client.logout_scope: unknown-value"}},
		"pkce":                 {func(s *keycloak.Spec) { s.Client.PKCE = keycloak.Set("S512") }, []string{"client.pkce: unknown-value"}},
		"attribute":            {func(s *keycloak.Spec) { s.Client.Attributes = map[string]string{"jwks.url": "x"} }, []string{"client.attributes.jwks.url: has-a-setting"}},
		"scopes": {func(s *keycloak.Spec) {
			s.Client.DefaultScopes, s.Client.OptionalScopes = []string{"openid", "a b", "c", "c"}, []string{"c"}
		}, []string{"client.optional_scopes: duplicate", "client.default_scopes[0]: scope-openid", "client.default_scopes[1]: scope-name", "client.default_scopes[3]: duplicate"}},
		"a derived scope": {func(s *keycloak.Spec) { s.Client.OptionalScopes = []string{"email"} }, []string{"client.optional_scopes: duplicate"}},
		"mappers": {func(s *keycloak.Spec) {
			s.Client.Mappers = []keycloak.Mapper{{}, {Name: "a", Groups: true, Attribute: "x"}, {Name: "a", Type: "t", Claim: "c"}, {Name: "b", Attribute: "x", FullPath: true}}
		}, []string{
			"client.mappers[0].name: required", "client.mappers[0]: mapper-kind", "client.mappers[1]: mapper-kind", "client.mappers[2].type: mapper-kind",
			"client.mappers[2].name: duplicate", "client.mappers[3].full_path: mapper-kind",
		}},
		"groups": {func(s *keycloak.Spec) {
			s.Groups = []keycloak.Group{{Path: "x"}, {Path: "/"}, {Path: "/a//b"}, {Path: "/a"}, {Path: "/a"}, {Path: "/a/.."}, {Path: ""}}
		}, []string{"groups[0].path: group-path", "groups[1].path: group-path", "groups[2].path: group-path", "groups[4].path: duplicate", "groups[5].path: group-path", "groups[6].path: group-path"}},
		"users": {func(s *keycloak.Spec) {
			s.Users = []keycloak.User{{Username: "al"}, {Username: "alice"}, {Username: "Alice", Groups: []string{"x"}}}
		}, []string{"users[0].username: username", "users[2].username: duplicate", "users[2].groups[0]: group-path"}},
		"brute force": {func(s *keycloak.Spec) { s.BruteForce = keycloak.BruteForce{MaxFailures: -1} }, []string{"brute_force.lockout: required", "brute_force.max_failures: negative"}},
		"mixed":       {func(s *keycloak.Spec) { s.BruteForce = keycloak.BruteForce{Lockout: keycloak.LockoutMixed} }, []string{"brute_force.temporary_lockouts: required"}},
		"not mixed":   {func(s *keycloak.Spec) { s.BruteForce = keycloak.BruteForce{Lockout: "x", TemporaryLockouts: 1} }, []string{"brute_force.lockout: unknown-value", "brute_force.temporary_lockouts: unused"}},
		"passwords": {func(s *keycloak.Spec) {
			s.PasswordPolicy = keycloak.PasswordPolicy{None: true, MinLength: 8, MaxLength: 7, Digits: -1, Other: []string{"x", "a(1) and b(2)"}}
		}, []string{"password_policy.none: contradiction", "password_policy.max_length: contradiction", "password_policy.other[0]: policy-syntax", "password_policy.other[1]: policy-syntax", "password_policy.digits: negative"}},
		"events": {func(s *keycloak.Spec) { s.Events.Types = []string{} }, []string{"events.types: empty-list"}},
		"acknowledged": {func(s *keycloak.Spec) {
			s.Client.PKCE = keycloak.Set("x")
			s.Acknowledge = []maskit.Ack{{Code: "unknown-value"}}
		}, []string{"client.pkce: unknown-value"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			spec := small(t, "staff")
			c.change(&spec)
			var got []string
			for _, p := range spec.Validate() {
				got = append(got, p.Path+": "+p.Code)
				require.NotEmpty(t, p.Message)
			}
			require.Equal(t, c.want, got)
		})
	}
}

const specFile = `
realm:
  name: staff
  create: true
  registration: false
  sso_session_max: 7200
brute_force: {lockout: temporary, max_failures: 10}
password_policy: {min_length: 12, not_username: true}
events: {save: true, types: [LOGIN]}
client:
  id: matrix
  site: {account_url: "https://account.example.com/"}
  provider: 01JSHPZHAXC50QBKH67MH33TNF
  secret_file: /run/secrets/matrix
  logout_scope: user
  default_scopes: [basic, profile]
  mappers:
    - {name: groups, groups: true}
    - {name: department, attribute: dept, config: {access.token.claim: "true"}}
groups: [{path: /matrix-users}]
users: [{username: alice, password_file: /run/secrets/alice}]
verify_as: alice
acknowledge: [{code: x}]
`

func TestParseSpec(t *testing.T) {
	t.Parallel()
	spec, problems := keycloak.ParseSpec("spec.yaml", []byte(specFile))
	require.Empty(t, problems)
	require.Equal(t, keycloak.Set(false), spec.Realm.Registration)
	require.Equal(t, keycloak.LogoutUser, spec.Client.LogoutScope)
	require.Equal(t, map[string]string{"access.token.claim": "true"}, spec.Client.Mappers[1].Config)

	read := func(path string) (maskit.Secret, error) {
		if path == "/run/secrets/nothing" {
			return maskit.Secret{}, errors.New("no such file")
		}
		return maskit.NewSecret("hidden-" + path), nil
	}
	full, err := spec.ReadSecrets(read)
	require.NoError(t, err)
	require.Equal(t, "hidden-/run/secrets/alice", full.Users[0].Password.Reveal())
	require.Empty(t, full.Client.SecretFile)
	require.True(t, spec.Users[0].Password.IsZero(), "the spec that was read is not changed")
	_, err = newBench(t).p.Plan(t.Context(), spec)
	require.ErrorIs(t, err, maskit.ErrInvalid)
	spec.Client.SecretFile = "/run/secrets/nothing"
	_, err = spec.ReadSecrets(read)
	require.ErrorContains(t, err, "client.secret: no such file")

	text, err := full.YAML()
	require.NoError(t, err)
	require.NotContains(t, string(text), "hidden")
	again, problems := keycloak.ParseSpec("spec.yaml", text)
	require.Empty(t, problems)
	full.Client.Secret, full.Users[0].Password = maskit.Secret{}, maskit.Secret{}
	require.Equal(t, full, again)
}

func TestParseSpecReportsEverything(t *testing.T) {
	t.Parallel()
	spec, problems := keycloak.ParseSpec("spec.yaml", []byte("realm: {name: master, creat: true}\nclient:\n  id: matrix\n  logout_scope: all\n  enabled: 1\n  secret: hidden value\nusers: [{username: al}]\n"))
	require.Equal(t, "matrix", spec.Client.ID)
	var lines []string
	for _, p := range problems {
		lines = append(lines, p.Pos.String()+" "+p.Path+" "+p.Code)
	}
	require.ElementsMatch(t, []string{
		"spec.yaml:1:23 realm.creat unknown-key", "spec.yaml:4:3 client.logout_scope unknown-value", "spec.yaml:5:3 client.enabled wrong-type",
		"spec.yaml:1:9 realm.name master-realm", "spec.yaml:6:3 client.secret secret-characters", "spec.yaml:7:10 users[0].username username",
	}, lines, "%s", problems)
	require.NotContains(t, problems.String(), "hidden")
	_, problems = keycloak.ParseSpec("spec.json", []byte(`{"realm": {"name": "staff"}}`))
	require.Empty(t, problems)
}

func FuzzParseSpec(f *testing.F) {
	f.Add([]byte(specFile))
	f.Add([]byte(`{"realm": {"name": "staff"}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		spec, problems := keycloak.ParseSpec("spec.yaml", data)
		if problems.Err() != nil {
			return
		}
		text, err := spec.YAML()
		require.NoError(t, err)
		_, problems = keycloak.ParseSpec("spec.yaml", text)
		require.NoError(t, problems.Err(), "%s", text)
	})
}

func TestNewSecret(t *testing.T) {
	t.Parallel()
	secret, err := keycloak.NewSecret(strings.NewReader(strings.Repeat("\xff", 32)))
	require.NoError(t, err)
	require.Equal(t, strings.Repeat("_", 42)+"8", secret.Reveal())
	_, err = keycloak.NewSecret(strings.NewReader("short"))
	require.ErrorContains(t, err, "keycloak: make client secret")
}

func TestNewRefusesUnusableSettings(t *testing.T) {
	t.Parallel()
	auth := keycloak.AdminPassword{User: "admin", Password: maskit.NewSecret("hidden")}
	for name, c := range map[string]struct {
		config keycloak.Config
		want   string
	}{
		"no address":     {keycloak.Config{Auth: auth}, "AdminURL: is missing"},
		"no scheme":      {keycloak.Config{AdminURL: "sso.example.com", Auth: auth}, "AdminURL: is not an absolute"},
		"password in it": {keycloak.Config{AdminURL: "https://u:hidden@sso.example.com", Auth: auth}, "AdminURL: has a user name"},
		"admin in it":    {keycloak.Config{AdminURL: "https://sso.example.com/admin", Auth: auth}, "remove /admin"},
		"issuer":         {keycloak.Config{AdminURL: "https://sso.example.com", IssuerURL: "https://sso.example.com/realms/x", Auth: auth}, "IssuerURL: is the address of the server"},
		"no auth":        {keycloak.Config{AdminURL: "https://sso.example.com"}, "Auth: say how to log in"},
		"no password":    {keycloak.Config{AdminURL: "https://sso.example.com", Auth: keycloak.AdminPassword{User: "x"}}, "Auth: the name of the user or the password"},
		"no secret":      {keycloak.Config{AdminURL: "https://sso.example.com", Auth: keycloak.ServiceAccount{ClientID: "x"}}, "Auth: the id of the client"},
		"no key":         {keycloak.Config{AdminURL: "https://sso.example.com", Auth: keycloak.SignedJWT{ClientID: "x"}}, "Auth: the id of the client"},
		"dots":           {keycloak.Config{AdminURL: "https://sso.example.com", Auth: keycloak.ServiceAccount{Realm: "..", ClientID: "x", Secret: maskit.NewSecret("hidden")}}, "Auth: the realm of the account is no name"},
		"nil source":     {keycloak.Config{AdminURL: "https://sso.example.com", Auth: keycloak.TokenSource(nil)}, "Auth: the token source is nil"},
	} {
		_, err := keycloak.New(c.config)
		require.ErrorContains(t, err, c.want, name)
		require.NotContains(t, err.Error(), "hidden", name)
	}
	_, err := keycloak.New(keycloak.Config{AdminURL: "https://sso.example.com/auth/", Auth: auth})
	require.NoError(t, err)
}
