package masclient_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/keycloak"
	"github.com/maskit-dev/maskit/keycloak/masclient"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/claims"
	upkc "github.com/maskit-dev/maskit/upstream/keycloak"
	"github.com/maskit-dev/maskit/upstream/upstreamtest"
)

// anyConfig is a provider of any settings that both sides know.
func anyConfig() *rapid.Generator[upkc.Config] {
	return rapid.Custom(func(t *rapid.T) upkc.Config {
		claim := rapid.SampledFrom([]string{"", "sub", "email", "preferred_username", "nickname", "given_name", "phone_number", "employee_id", "x.y", "username", "acr"})
		some := func(label string, from ...string) []string {
			list := rapid.SliceOfNDistinct(rapid.SampledFrom(from), 0, 2, rapid.ID[string]).Draw(t, label)
			return append([]string(nil), list...) // nil for none
		}
		c := provider()
		c.Client.ID = rapid.SampledFrom([]string{"matrix", "matrix.example", "a b/ü"}).Draw(t, "client id")
		c.AuthMethod = rapid.SampledFrom([]mas.AuthMethod{"", mas.AuthClientSecretBasic, mas.AuthClientSecretPost, mas.AuthPrivateKeyJWT}).Draw(t, "auth")
		c.Client.Secret = mas.SecretValue{Inline: maskit.NewSecret(clientSecret)}
		if c.AuthMethod == mas.AuthPrivateKeyJWT {
			keyless(&c)
		}
		c.IDTokenAlg = rapid.SampledFrom([]mas.SigningAlg{"", mas.AlgRS256, mas.AlgES256}).Draw(t, "alg")
		c.BackchannelLogout = rapid.SampledFrom([]mas.BackchannelLogout{"", mas.LogoutDoNothing, mas.LogoutBrowserOnly, mas.LogoutAll}).Draw(t, "logout")
		c.IDPHint = rapid.SampledFrom([]string{"", "partner"}).Draw(t, "hint")
		if scopes := some("scopes", "profile", "email", "phone", "address", "offline_access", "acr", "microprofile-jwt"); len(scopes) > 0 {
			c.Client.Scopes = append([]string{"openid"}, scopes...)
		}
		c.Gate = rapid.SampledFrom([]upkc.Gate{"", upkc.GateKeycloak, upkc.GateMAS, upkc.GateBoth}).Draw(t, "gate")
		c.Claims = claims.Rules{
			Subject: rapid.SampledFrom([]string{"", "employee_id"}).Draw(t, "subject"),
			Require: claims.Require{
				Groups: some("groups", "/staff", "/it's/a"), Roles: some("roles", "staff", "it's"),
				Domains: some("domains", "example.com"), ACR: some("acr", "mfa"),
			},
			Localpart:   claims.Localpart{Claim: claim.Draw(t, "localpart")},
			DisplayName: claims.DisplayName{Claims: slices.DeleteFunc([]string{claim.Draw(t, "name"), claim.Draw(t, "other name")}, func(s string) bool { return s == "" })},
			Email: claims.Email{
				Trust: rapid.SampledFrom([]claims.EmailTrust{"", claims.TrustDirectory, claims.TrustNever}).Draw(t, "trust"),
				Claim: rapid.SampledFrom([]string{"", "mail"}).Draw(t, "mail"), VerifiedClaim: rapid.SampledFrom([]string{"", "checked"}).Draw(t, "checked"),
			},
			AccountName: claim.Draw(t, "account"),
		}
		return c
	})
}

// userClaim finds the claims of a template without any parser.
var userClaim = regexp.MustCompile(`user(?:\.([a-z_]+)|\['([^']+)'\])`)

// Both sides agree on everything that they share, whatever the settings.
func TestBothSidesAgree(t *testing.T) {
	t.Parallel()
	env, agreed := upstreamtest.Env(), 0
	rapid.Check(t, func(t *rapid.T) {
		config := anyConfig().Draw(t, "config")
		entry, found := config.Entry(env)
		spec, problems := masclient.Spec(env, config)
		require.Equal(t, found.Err() == nil, problems.Err() == nil, "%s", problems)
		if found.Err() != nil {
			return
		}
		agreed++
		require.NoError(t, spec.Validate().Err())
		client := spec.Client
		require.Equal(t, entry.ClientID, client.ID)
		require.Equal(t, env.CallbackURL(), client.Site.CallbackURL(client.Provider))
		require.Nil(t, client.RedirectURIs, "so that it is that one")
		require.Equal(t, upstream.LogsOut(entry), client.BackchannelLogoutURL != keycloak.Set(""))
		require.Equal(t, entry.TokenEndpointAuthMethod == mas.AuthPrivateKeyJWT, client.Auth == keycloak.ClientJWTAuth)
		require.True(t, client.Secret.Equal(entry.ClientSecret.Inline))
		require.Equal(t, entry.IDTokenSignedResponseAlg == mas.AlgES256, client.Attributes[idTokenAlg] == "ES256")
		require.Equal(t, config.Realm, spec.Realm.Name)

		defaults := client.DefaultScopes
		if defaults == nil {
			defaults = []string{"basic", "profile", "email"}
		}
		for _, scope := range strings.Fields(entry.Scope) {
			require.True(t, scope == "openid" || slices.Contains(defaults, scope) || slices.Contains(client.OptionalScopes, scope), scope)
		}
		sent := sentBy(defaults, client.Mappers)
		for _, claim := range readBy(entry) {
			require.Contains(t, sent, claim)
		}
		asksMAS := strings.Contains(entry.ClaimsImports.Subject.Template, "user.groups")
		asksKeycloak := client.RequireGroup.V != ""
		groups := config.Claims.Require.Groups
		require.Equal(t, len(groups) > 0, asksMAS || asksKeycloak, "somebody asks for the groups")
		if asksKeycloak {
			require.Equal(t, []string{client.RequireGroup.V}, groups)
		}
	})
	require.Positive(t, agreed)
}

func readBy(entry upstream.Entry) []string {
	var out []string
	imports := entry.ClaimsImports
	for _, template := range []string{
		imports.Subject.Template, imports.Localpart.Template, imports.Displayname.Template, imports.Email.Template, imports.AccountName.Template,
	} {
		for _, match := range userClaim.FindAllStringSubmatch(template, -1) {
			out = append(out, match[1]+match[2])
		}
	}
	return out
}

// sentBy are the claims of the scopes, as Keycloak 26.7 makes them, and of the mappers.
func sentBy(scopes []string, mappers []keycloak.Mapper) []string {
	var sent []string
	for _, scope := range scopes {
		sent = append(sent, map[string][]string{
			"basic":   {"sub", "auth_time"},
			"profile": {"preferred_username", "name", "nickname", "given_name", "family_name"},
			"email":   {"email", "email_verified"},
			"phone":   {"phone_number"},
			"acr":     {"acr"},
		}[scope]...)
	}
	for _, m := range mappers {
		switch {
		case m.Groups && m.FullPath:
			sent = append(sent, "groups")
		case m.Type == "oidc-usermodel-realm-role-mapper" && m.Config["id.token.claim"] == "true":
			sent = append(sent, "realm_access")
		case m.Attribute != "":
			sent = append(sent, m.Attribute)
		}
	}
	return sent
}

// A login at the realm that was made gives MAS every claim that it reads.
func TestLoginsHaveEveryClaim(t *testing.T) {
	t.Parallel()
	realm := fakeRealm(t)
	configs := anyConfig().Filter(func(c upkc.Config) bool {
		_, problems := c.Entry(upstreamtest.Env())
		// The fake signs with one algorithm, and nobody has keys for it.
		return problems.Err() == nil && c.AuthMethod != mas.AuthPrivateKeyJWT && c.IDTokenAlg != mas.AlgES256
	})
	for n := range 40 {
		id, name := fmt.Sprintf("matrix-%d", n), fmt.Sprintf("alice-%d", n)
		d := deploy(t, realm, upstreamtest.Env(), func(c *upkc.Config) {
			config := configs.Example(n)
			config.Client.ID, config.BaseURL, config.Realm, config.InsecureHTTP = id, c.BaseURL, c.Realm, true
			config.Claims.Require.Roles, config.IDPHint = nil, "" // the realm has none
			*c = config
		})
		groups := []string{} // whoever is in none has no claim
		for _, path := range []string{"/staff", "/it's/a"} {
			if strings.Contains(d.entry.ClaimsImports.Subject.Template, "user.groups") {
				d.make(t, path)
				groups = append(groups, path)
			}
		}
		if path := d.spec.Client.RequireGroup.V; path != "" && len(groups) == 0 {
			groups = append(groups, path)
		}
		alice := d.person(t, name, map[string]any{"groups": groups, "attributes": map[string][]string{
			"employee_id": {"e-1"}, "x.y": {"xy"}, "mail": {"alice@example.com"}, "checked": {"true"},
		}})
		page, explanation := d.logIn(t, alice)
		require.NotEmpty(t, explanation.Outcome, "%d %s %s %v", page.Status, page.Message, page.Callback, page.Steps)
		for _, field := range []upstream.Field{explanation.Subject, explanation.Localpart, explanation.DisplayName, explanation.Email, explanation.AccountName} {
			for _, absent := range field.Absent {
				// Scopes send these two, of attributes that the realm does not declare.
				require.Contains(t, []string{"user.nickname", "user.phone_number"}, absent.Path, "of client %s", id)
			}
		}
	}
}
