package keycloak_test

import (
	"flag"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/claims"
	upkc "github.com/maskit-dev/maskit/upstream/keycloak"
	"github.com/maskit-dev/maskit/upstream/oidc"
	"github.com/maskit-dev/maskit/upstream/upstreamtest"
)

var _ = flag.Bool("update", false, "write the golden files")

func minimal() upkc.Config {
	return upkc.Config{
		Client:  oidc.Client{ID: "matrix", Secret: mas.SecretValue{Inline: maskit.NewSecret("0bd4f7b1c5d14e4b")}},
		BaseURL: "https://sso.example.com",
		Realm:   "staff",
	}
}

func full() upkc.Config {
	return upkc.Config{
		Client: oidc.Client{
			HumanName:                 "Example",
			ID:                        "matrix",
			Secret:                    mas.SecretValue{File: "/run/secrets/keycloak"},
			Scopes:                    []string{"openid", "profile", "email", "organization"},
			AuthorizationParameters:   map[string]string{"acr_values": "gold"},
			ForwardLoginHint:          true,
			ReauthenticateAfterLogout: true,
			RegistrationTokenRequired: true,
			SynapseIDPID:              "oidc-keycloak",
		},
		BaseURL:           "http://keycloak.sso.svc.cluster.local:8080/auth/",
		PublicURL:         "https://sso.example.com/auth/",
		Realm:             "Größe 1",
		AuthMethod:        mas.AuthClientSecretPost,
		IDTokenAlg:        mas.AlgES256,
		BackchannelLogout: mas.LogoutBrowserOnly,
		IDPHint:           "azure",
		Claims: claims.Rules{
			Require:          claims.Require{Groups: []string{"/staff/matrix"}, Roles: []string{"staff", "it's"}},
			Localpart:        claims.Localpart{OnConflict: mas.ConflictAdd},
			Email:            claims.Email{Trust: claims.TrustDirectory},
			SkipConfirmation: true,
		},
		Gate:        upkc.GateBoth,
		Acknowledge: []maskit.Ack{{Code: "links-by-name"}},
	}
}

// signed authenticates by the keys of MAS.
func signed() upkc.Config {
	c := minimal()
	c.AuthMethod, c.Client.Secret = mas.AuthPrivateKeyJWT, mas.SecretValue{}
	c.Acknowledge = []maskit.Ack{{Code: "assertion-without-client"}}
	return c
}

func TestConformance(t *testing.T) {
	t.Parallel()
	for name, config := range map[string]func() upkc.Config{"minimal": minimal, "full": full, "signed": signed} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			upstreamtest.Run(t, upstreamtest.Config{
				New:    func() upstream.Provider { return config() },
				Golden: "testdata/" + name + ".yaml",
			})
		})
	}
}

func TestIssuer(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ base, public, realm, want string }{
		"plain":            {"https://sso.example.com", "", "staff", "https://sso.example.com/realms/staff"},
		"final slash":      {"https://sso.example.com/", "", "staff", "https://sso.example.com/realms/staff"},
		"old path":         {"https://sso.example.com/auth/", "", "staff", "https://sso.example.com/auth/realms/staff"},
		"port":             {"https://sso.example.com:8443", "", "staff", "https://sso.example.com:8443/realms/staff"},
		"exact case":       {"https://sso.example.com", "", "Staff", "https://sso.example.com/realms/Staff"},
		"space":            {"https://sso.example.com", "", "my staff", "https://sso.example.com/realms/my%20staff"},
		"umlaut":           {"https://sso.example.com", "", "größe", "https://sso.example.com/realms/gr%C3%B6%C3%9Fe"},
		"percent":          {"https://sso.example.com", "", "100%", "https://sso.example.com/realms/100%25"},
		"apostrophe":       {"https://sso.example.com", "", "it's", "https://sso.example.com/realms/it's"},
		"dots and dashes":  {"https://sso.example.com", "", "a.b-c_d~e", "https://sso.example.com/realms/a.b-c_d~e"},
		"public address":   {"http://keycloak:8080", "https://sso.example.com", "staff", "https://sso.example.com/realms/staff"},
		"host named admin": {"https://admin.example.com", "", "staff", "https://admin.example.com/realms/staff"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := minimal()
			config.BaseURL, config.PublicURL, config.Realm = c.base, c.public, c.realm
			entry, problems := config.Entry(upstreamtest.Env())
			require.Empty(t, problems)
			require.Equal(t, c.want, entry.Issuer)
			require.Equal(t, mas.DiscoveryOIDC, entry.DiscoveryMode)
		})
	}
}

func TestPublicURLKeepsTheBackChannelInside(t *testing.T) {
	t.Parallel()
	entry, problems := full().Entry(upstreamtest.Env())
	require.NoError(t, problems.Err())
	const inside = "http://keycloak.sso.svc.cluster.local:8080/auth/realms/Gr%C3%B6%C3%9Fe%201/protocol/openid-connect/"
	require.Equal(t, inside+"token", entry.TokenEndpoint)
	require.Equal(t, inside+"certs", entry.JWKSURI)
	require.Empty(t, entry.AuthorizationEndpoint, "people go to the public address")
}

func TestInsecureHTTP(t *testing.T) {
	t.Parallel()
	config := minimal()
	config.InsecureHTTP = true
	entry, problems := config.Entry(upstreamtest.Env())
	require.Empty(t, problems)
	require.Equal(t, mas.DiscoveryOIDC, entry.DiscoveryMode, "nothing is weakened where https is there")

	config.BaseURL = "http://127.0.0.1:8080"
	entry, problems = config.Entry(upstreamtest.Env())
	require.Empty(t, problems)
	require.Equal(t, mas.DiscoveryInsecure, entry.DiscoveryMode)
}

type finding struct {
	path, code string
	severity   maskit.Severity
}

func TestProblems(t *testing.T) {
	t.Parallel()
	const isError, isWarning = maskit.SeverityError, maskit.SeverityWarning
	for name, c := range map[string]struct {
		change func(*upkc.Config)
		want   []finding
	}{
		"nothing set": {
			func(c *upkc.Config) { *c = upkc.Config{} },
			[]finding{
				{"base_url", "required", isError},
				{"realm", "required", isError},
				{"client_id", "required", isError},
				{"client_secret", "required", isError},
			},
		},
		"master":              {func(c *upkc.Config) { c.Realm = "master" }, []finding{{"realm", "realm-master", isError}}},
		"master acknowledged": {func(c *upkc.Config) { c.Realm, c.Acknowledge = "master", []maskit.Ack{{Code: "realm-master"}} }, []finding{{"realm", "realm-master", isWarning}}},
		"realm as a path":     {func(c *upkc.Config) { c.Realm = "staff/../master" }, []finding{{"realm", "realm-invalid", isError}}},
		"realm of braces":     {func(c *upkc.Config) { c.Realm = "{e}" }, []finding{{"realm", "realm-invalid", isError}}},
		"realm of dots":       {func(c *upkc.Config) { c.Realm = ".." }, []finding{{"realm", "realm-invalid", isError}}},
		"realm padded":        {func(c *upkc.Config) { c.Realm = "staff " }, []finding{{"realm", "text-invalid", isError}}},
		"http":                {func(c *upkc.Config) { c.BaseURL = "http://sso.example.com" }, []finding{{"base_url", "url-not-https", isError}}},
		"http for people": {
			func(c *upkc.Config) { c.PublicURL = "http://sso.example.com" },
			[]finding{{"public_url", "url-not-https", isError}},
		},
		"no URL":              {func(c *upkc.Config) { c.BaseURL = "sso.example.com" }, []finding{{"base_url", "url-invalid", isError}}},
		"with a password":     {func(c *upkc.Config) { c.BaseURL = "https://a:b@sso.example.com" }, []finding{{"base_url", "url-userinfo", isError}}},
		"with a query":        {func(c *upkc.Config) { c.BaseURL += "/?a=b" }, []finding{{"base_url", "url-query", isError}}},
		"address of a realm":  {func(c *upkc.Config) { c.BaseURL += "/realms/staff" }, []finding{{"base_url", "url-is-realm", isError}}},
		"address of console":  {func(c *upkc.Config) { c.BaseURL += "/admin/" }, []finding{{"base_url", "url-is-realm", isError}}},
		"default port":        {func(c *upkc.Config) { c.BaseURL += ":443" }, []finding{{"base_url", "issuer-spelling", isWarning}}},
		"upper-case host":     {func(c *upkc.Config) { c.BaseURL = "https://SSO.example.com" }, []finding{{"base_url", "issuer-spelling", isWarning}}},
		"public client":       {func(c *upkc.Config) { c.AuthMethod, c.Client.Secret = mas.AuthNone, mas.SecretValue{} }, []finding{{"token_endpoint_auth_method", "client-public", isError}}},
		"signed":              {func(c *upkc.Config) { *c = signed(); c.Acknowledge = nil }, []finding{{"token_endpoint_auth_method", "assertion-without-client", isError}}},
		"signed by secret":    {func(c *upkc.Config) { c.AuthMethod = mas.AuthClientSecretJWT }, []finding{{"token_endpoint_auth_method", "assertion-without-client", isError}}},
		"signed all the same": {func(c *upkc.Config) { *c = signed() }, []finding{{"token_endpoint_auth_method", "assertion-without-client", isWarning}}},
		"key and secret": {func(c *upkc.Config) { *c = signed(); c.Client.Secret = minimal().Client.Secret }, []finding{
			{"token_endpoint_auth_method", "assertion-without-client", isWarning}, {"client_secret", "not-allowed", isError},
		}},
		"signed inside": {func(c *upkc.Config) { *c = signed(); c.PublicURL = "https://sso.example.net" }, []finding{
			{"token_endpoint_auth_method", "assertion-without-client", isWarning}, {"token_endpoint_auth_method", "audience-internal", isWarning},
		}},
		"no openid": {func(c *upkc.Config) { c.Client.Scopes = []string{"profile"} }, []finding{{"scopes", "scope-no-openid", isError}}},
		"bad hint":  {func(c *upkc.Config) { c.IDPHint = "a\nb" }, []finding{{"kc_idp_hint", "text-invalid", isError}}},
		"two hints": {func(c *upkc.Config) {
			c.IDPHint = "a"
			c.Client.AuthorizationParameters = map[string]string{"kc_idp_hint": "b"}
		}, []finding{{"authorization_parameters.kc_idp_hint", "both-set", isError}}},
		"names taken over": {func(c *upkc.Config) { c.Claims.Localpart.OnConflict = mas.ConflictSet }, []finding{{"claims.localpart.on_conflict", "links-by-name", isError}}},
		"lossy names": {func(c *upkc.Config) {
			c.Claims.Localpart = claims.Localpart{OnConflict: mas.ConflictSet, BeforeAt: true}
		}, []finding{{"claims.localpart.on_conflict", "account-takeover", isError}}},
		"group by its bare name":   {requires("", "staff"), []finding{{"claims.require.groups[0]", "group-path", isError}}},
		"group in a group of none": {requires(upkc.GateMAS, "/staff//a", "/a/../b", "/"), []finding{{"claims.require.groups[0]", "group-path", isError}, {"claims.require.groups[1]", "group-path", isError}, {"claims.require.groups[2]", "group-path", isError}}},
		"group twice":              {requires(upkc.GateMAS, "/staff", "/staff"), []finding{{"claims.require.groups[1]", "duplicate", isError}}},
		"group of nothing":         {requires(upkc.GateBoth, ""), []finding{{"claims.require.groups[0]", "required", isError}}},
		"group with a newline":     {requires(upkc.GateBoth, "/a\n"), []finding{{"claims.require.groups[0]", "text-invalid", isError}}},
		"gate not chosen":          {requires("", "/staff"), []finding{{"claims.require.groups", "gate-at-keycloak", isWarning}}},
		"gate at Keycloak":         {requires(upkc.GateKeycloak, "/staff"), nil},
		"gate of two groups":       {requires("", "/staff", "/board"), []finding{{"claims.require.groups", "gate-one-group", isError}}},
		"both of two groups":       {requires(upkc.GateBoth, "/staff", "/board"), []finding{{"claims.require.groups", "gate-one-group", isError}}},
		"MAS takes two groups":     {requires(upkc.GateMAS, "/staff", "/board"), nil},
		"gate without a group":     {requires(upkc.GateMAS), []finding{{"gate", "unused", isError}}},
		"no such gate":             {requires("door", "/staff"), []finding{{"gate", "unknown-value", isError}}},
		"useless acknowledge":      {func(c *upkc.Config) { c.Acknowledge = []maskit.Ack{{Code: "realm-master"}} }, []finding{{"", "ack-unused", isWarning}}},
		"everything at once": {
			func(c *upkc.Config) {
				*c = upkc.Config{Client: oidc.Client{Secret: c.Client.Secret}, BaseURL: "http://sso.example.com", Realm: "master", IDTokenAlg: "EdDSA"}
			},
			[]finding{
				{"base_url", "url-not-https", isError},
				{"realm", "realm-master", isError},
				{"client_id", "required", isError},
				{"id_token_signed_response_alg", "alg-unverifiable", isError},
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := minimal()
			c.change(&config)
			_, problems := config.Entry(upstreamtest.Env())
			var got []finding
			for _, p := range problems {
				require.NotEmpty(t, p.Hint)
				got = append(got, finding{p.Path, p.Code, p.Severity})
			}
			require.Equal(t, c.want, got)
		})
	}
}

func TestSetupSteps(t *testing.T) {
	t.Parallel()
	env := upstreamtest.Env()
	titles := func(steps []upstream.Step) []string {
		var out []string
		for _, step := range steps {
			out = append(out, step.Title)
		}
		return out
	}
	require.Equal(t, []string{
		"Create an OpenID Connect client in the realm staff",
		"Set the client's credentials",
		"Let Keycloak tell MAS about logouts",
		"Check the login settings of the realm",
	}, titles(minimal().SetupSteps(env)))

	require.Equal(t, []string{
		"Create an OpenID Connect client in the realm Größe 1",
		"Set the client's credentials",
		"Let Keycloak tell MAS about logouts",
		"Let only members of /staff/matrix log in, by a login flow of the client",
		"Add a mapper of the type Group Membership to the client's dedicated scope",
		"Add a mapper of the type User Realm Role to the client's dedicated scope",
		"Check the login settings of the realm",
	}, titles(full().SetupSteps(env)))

	require.Equal(t, `Set the client's credentials
  Client Authenticator: Client Id and Secret
  ID token signature algorithm (Advanced): ES256
  Copy the client secret from here into the configuration.`, full().SetupSteps(env)[1].String())
	require.Equal(t, []upstream.Setting{
		{Name: "Client, Roles, Create role", Value: "matrix-user"},
		{Name: "Group /staff/matrix, Role mapping", Value: "matrix matrix-user"},
	}, full().SetupSteps(env)[3].Settings[:2])

	quiet := minimal()
	quiet.BackchannelLogout = mas.LogoutDoNothing
	require.NotContains(t, titles(quiet.SetupSteps(env)), "Let Keycloak tell MAS about logouts")

	require.Equal(t, `Set the client's credentials
  Client Authenticator: Signed JWT
  Signature algorithm: RS256
  Use JWKS URL: On
  JWKS URL: https://account.example.com/oauth2/keys.json
  The last two are on the tab Keys. Keycloak must reach that address.`, signed().SetupSteps(env)[1].String())
}

func requires(gate upkc.Gate, groups ...string) func(*upkc.Config) {
	return func(c *upkc.Config) { c.Gate, c.Claims.Require.Groups = gate, groups }
}

// MAS asks for the groups only where it is to; roles it always asks for.
func TestGate(t *testing.T) {
	t.Parallel()
	const asks = `{%- if (user.groups is sequence and ('/staff' in user.groups or user.groups | select('startingwith', '/staff/') | list)) -%}{{- user.sub -}}{%- endif -%}`
	for gate, want := range map[upkc.Gate]string{"": "{{ user.sub }}", upkc.GateKeycloak: "{{ user.sub }}", upkc.GateMAS: asks, upkc.GateBoth: asks} {
		config := minimal()
		requires(gate, "/staff")(&config)
		entry, problems := config.Entry(upstreamtest.Env())
		require.NoError(t, problems.Err())
		require.Equal(t, want, entry.ClaimsImports.Subject.Template, gate)
		require.Equal(t, gate != upkc.GateMAS, config.GroupAtKeycloak() == "/staff")
		require.Equal(t, []string{"/staff"}, config.Claims.Require.Groups)
	}
	config := minimal()
	config.Claims.Require.Roles = []string{"staff"}
	entry, problems := config.Entry(upstreamtest.Env())
	require.Empty(t, problems)
	require.Contains(t, entry.ClaimsImports.Subject.Template, "'staff' in (user.realm_access or {}).roles")
	require.Empty(t, config.GroupAtKeycloak())
}
