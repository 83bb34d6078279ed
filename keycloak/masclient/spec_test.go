package masclient_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/keycloak"
	"github.com/maskit-dev/maskit/keycloak/masclient"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream/claims"
	upkc "github.com/maskit-dev/maskit/upstream/keycloak"
	"github.com/maskit-dev/maskit/upstream/oidc"
	"github.com/maskit-dev/maskit/upstream/upstreamtest"
)

func provider() upkc.Config {
	return upkc.Config{Client: oidc.Client{ID: "matrix", Secret: mas.SecretValue{File: "/etc/mas/client-secret"}}, BaseURL: "https://sso.example.com", Realm: "staff"}
}

const idTokenAlg = "id.token.signed.response.alg"

// least is what every provider needs.
func least() keycloak.Spec {
	env := upstreamtest.Env()
	return keycloak.Spec{
		Realm: keycloak.Realm{Name: "staff"},
		Client: keycloak.Client{
			ID: "matrix", Site: maskit.Site{AccountURL: env.Site.AccountURL}, Provider: env.ID, Attributes: map[string]string{idTokenAlg: "RS256"},
		},
	}
}

func groupsMapper() keycloak.Mapper {
	return keycloak.Mapper{Name: "groups", Groups: true, FullPath: true}
}

func TestSpec(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(*upkc.Config)
		want   func(*keycloak.Spec)
	}{
		"least":     {func(*upkc.Config) {}, func(*keycloak.Spec) {}},
		"post":      {func(c *upkc.Config) { c.AuthMethod = mas.AuthClientSecretPost }, func(*keycloak.Spec) {}},
		"keyless":   {keyless, func(s *keycloak.Spec) { s.Client.Auth = keycloak.ClientJWTAuth }},
		"hint":      {func(c *upkc.Config) { c.IDPHint = "partner" }, func(*keycloak.Spec) {}},
		"no logout": {func(c *upkc.Config) { c.BackchannelLogout = mas.LogoutDoNothing }, func(s *keycloak.Spec) { s.Client.BackchannelLogoutURL = keycloak.Set("") }},
		"algorithm": {func(c *upkc.Config) { c.IDTokenAlg = mas.AlgES256 }, func(s *keycloak.Spec) { s.Client.Attributes[idTokenAlg] = "ES256" }},
		"scopes": {
			func(c *upkc.Config) { c.Client.Scopes = []string{"openid", "email", "phone", "organization:acme"} },
			func(s *keycloak.Spec) { s.Client.OptionalScopes = []string{"phone", "organization"} },
		},
		"group at Keycloak": {
			requires("", "/staff/matrix"),
			func(s *keycloak.Spec) {
				s.Client.RequireGroup, s.Groups = keycloak.Set("/staff/matrix"), []keycloak.Group{{Path: "/staff/matrix"}}
			},
		},
		"groups in MAS": {
			requires(upkc.GateMAS, "/staff", "/board"),
			func(s *keycloak.Spec) { s.Client.Mappers = []keycloak.Mapper{groupsMapper()} },
		},
		"group in both": {
			requires(upkc.GateBoth, "/staff"),
			func(s *keycloak.Spec) {
				s.Client.RequireGroup, s.Groups, s.Client.Mappers = keycloak.Set("/staff"), []keycloak.Group{{Path: "/staff"}}, []keycloak.Mapper{groupsMapper()}
			},
		},
		"roles": {
			func(c *upkc.Config) { c.Claims.Require.Roles = []string{"staff"} },
			func(s *keycloak.Spec) {
				s.Client.FullScope = keycloak.Set(true)
				s.Client.Mappers = []keycloak.Mapper{{Name: "realm roles", Type: "oidc-usermodel-realm-role-mapper", Config: map[string]string{
					"claim.name": "realm_access.roles", "jsonType.label": "String", "multivalued": "true",
					"id.token.claim": "true", "userinfo.token.claim": "true", "access.token.claim": "false",
				}}}
			},
		},
		"second factor": {
			func(c *upkc.Config) { c.Claims.Require.ACR = []string{"mfa"} },
			func(s *keycloak.Spec) {
				s.MFA.TOTP, s.Client.DefaultScopes = keycloak.MFAClient, []string{"basic", "profile", "email", "acr"}
			},
		},
		"domain": {func(c *upkc.Config) { c.Claims.Require.Domains = []string{"example.com"} }, func(*keycloak.Spec) {}},
		"names from attributes": {
			func(c *upkc.Config) {
				c.Claims.Localpart.Claim = "matrix.name"
				c.Claims.DisplayName.Claims = []string{"nickname", "title", "username", "phone_number"}
				c.Claims.Email.VerifiedClaim = "mail_checked"
				c.Client.Scopes = []string{"openid", "phone"}
			},
			func(s *keycloak.Spec) {
				s.Client.Mappers = []keycloak.Mapper{
					{Name: "matrix.name", Attribute: "matrix.name", Claim: `matrix\.name`},
					{Name: "mail_checked", Attribute: "mail_checked"},
					{Name: "title", Attribute: "title"},
					{Name: "username", Attribute: "username"},
				}
				s.Client.DefaultScopes = []string{"basic", "profile", "email", "phone"}
				s.UserProfile.Attributes = []keycloak.ProfileAttribute{
					{Name: "matrix.name", Edit: []string{"admin"}}, {Name: "mail_checked", Edit: []string{"admin"}}, {Name: "title"},
				}
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config, want := provider(), least()
			test.change(&config)
			test.want(&want)
			spec, problems := masclient.Spec(upstreamtest.Env(), config)
			for _, p := range problems {
				require.Equal(t, config.Acknowledge[0].Code, p.Code, "nothing but what is acknowledged")
			}
			require.NoError(t, problems.Err())
			require.Empty(t, spec.Validate())
			require.Equal(t, want, spec)

			again, problems := masclient.Extend(spec, upstreamtest.Env(), config)
			require.NoError(t, problems.Err(), "a spec agrees with the provider that it was made for")
			require.Equal(t, spec, again)
		})
	}
}

func keyless(c *upkc.Config) {
	c.AuthMethod, c.Client.Secret = mas.AuthPrivateKeyJWT, mas.SecretValue{}
	c.Acknowledge = []maskit.Ack{{Code: "assertion-without-client"}}
}

func requires(gate upkc.Gate, groups ...string) func(*upkc.Config) {
	return func(c *upkc.Config) { c.Gate, c.Claims.Require = gate, claims.Require{Groups: groups} }
}

func TestSpecCarriesTheSecret(t *testing.T) {
	t.Parallel()
	config, secret := provider(), maskit.NewSecret("kv8Jm1Zt0xq4W7uYc2Lh9sRb5nDf3Pea")
	config.Client.Secret = mas.SecretValue{Inline: secret}
	spec, problems := masclient.Spec(upstreamtest.Env(), config)
	require.NoError(t, problems.Err())
	require.True(t, spec.Client.Secret.Equal(secret))

	spec, problems = masclient.Extend(keycloak.Spec{Client: keycloak.Client{SecretFile: "secret"}}, upstreamtest.Env(), config)
	require.NoError(t, problems.Err())
	require.True(t, spec.Client.Secret.IsZero(), "the file has it")
}

func pathsAndCodes(problems maskit.Problems) []string {
	var out []string
	for _, p := range problems {
		out = append(out, p.Path+" "+p.Code)
	}
	return out
}

// Settings of the provider for which no client can be made.
func TestProblems(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(*upkc.Config)
		want   []string
	}{
		"all at once": {
			func(c *upkc.Config) { c.AuthMethod, c.Realm = mas.AuthClientSecretJWT, "master" },
			[]string{"realm realm-master", "token_endpoint_auth_method assertion-without-client", "token_endpoint_auth_method auth-method-not-provisioned"},
		},
		"keys of another kind": {
			func(c *upkc.Config) { keyless(c); c.AuthSigningAlg = mas.AlgES256 },
			[]string{"token_endpoint_auth_method assertion-without-client", "token_endpoint_auth_signing_alg auth-alg-not-provisioned"},
		},
		"several groups at Keycloak": {requires("", "/a", "/b"), []string{"claims.require.groups gate-one-group"}},
		"several groups in both":     {requires(upkc.GateBoth, "/a", "/b"), []string{"claims.require.groups gate-one-group"}},
		"claim of nowhere": {
			func(c *upkc.Config) { c.Claims.DisplayName.Claims = []string{"urn:name"} },
			[]string{"claims.display_name claim-not-provisioned"},
		},
		"level of nowhere": {
			func(c *upkc.Config) { c.Claims.Require.ACR = []string{"gold"} },
			[]string{"claims.require.acr acr-not-provisioned"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := provider()
			test.change(&config)
			_, problems := masclient.Spec(upstreamtest.Env(), config)
			require.Equal(t, test.want, pathsAndCodes(problems))
			for _, p := range problems {
				require.NotEmpty(t, p.Hint)
			}
		})
	}
}
