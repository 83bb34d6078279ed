package masclient_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/keycloak"
	"github.com/maskit-dev/maskit/keycloak/masclient"
	"github.com/maskit-dev/maskit/mas"
	upkc "github.com/maskit-dev/maskit/upstream/keycloak"
	"github.com/maskit-dev/maskit/upstream/upstreamtest"
)

// What the spec says and MAS can work with stays.
func TestExtendKeepsTheRest(t *testing.T) {
	t.Parallel()
	rest := func() keycloak.Spec {
		return keycloak.Spec{
			Realm: keycloak.Realm{Create: true, VerifyEmail: keycloak.Set(true)},
			Client: keycloak.Client{
				Name: keycloak.Set("Chat"), DenyMessage: "Not you.", RedirectURIs: []string{"https://old.example.com/", upstreamtest.Env().CallbackURL()},
				Attributes: map[string]string{"login_theme": "own"}, DefaultScopes: []string{"web-origins"}, OptionalScopes: []string{"email"},
				Mappers: []keycloak.Mapper{{Name: "mine", Groups: true, FullPath: true}, {Name: "urn", Attribute: "name", Claim: "urn:name"}},
			},
			MFA:         keycloak.MFA{TOTP: keycloak.MFAClient},
			UserProfile: keycloak.UserProfile{Attributes: []keycloak.ProfileAttribute{{Name: "nick", DisplayName: keycloak.Set("Nick")}}},
			Groups:      []keycloak.Group{{Path: "/matrix"}},
		}
	}
	config := provider()
	requires(upkc.GateBoth, "/matrix")(&config)
	config.Claims.Localpart.Claim, config.Claims.DisplayName.Claims = "nick", []string{"urn:name"}
	given := rest()
	spec, problems := masclient.Extend(given, upstreamtest.Env(), config)
	require.Empty(t, problems)
	require.Equal(t, rest(), given, "the spec is not modified")

	want := rest()
	want.Realm.Name = "staff"
	want.Client.ID, want.Client.Provider, want.Client.Site = "matrix", upstreamtest.Env().ID, maskit.Site{AccountURL: upstreamtest.Env().Site.AccountURL}
	want.Client.RequireGroup = keycloak.Set("/matrix")
	want.Client.Attributes[idTokenAlg] = "RS256"
	want.Client.DefaultScopes, want.Client.OptionalScopes = []string{"web-origins", "email", "profile", "basic"}, []string{}
	want.Client.Mappers = append(want.Client.Mappers, keycloak.Mapper{Name: "nick", Attribute: "nick"})
	want.UserProfile.Attributes[0].Edit = []string{"admin"}
	require.Equal(t, want, spec)
	require.Empty(t, spec.Validate())
}

// What MAS cannot work with is reported where it stands.
func TestExtendReportsWhatDisagrees(t *testing.T) {
	t.Parallel()
	config := provider()
	requires(upkc.GateBoth, "/matrix")(&config)
	config.Claims.Require.ACR, config.Claims.Localpart.Claim = []string{"mfa"}, "nick"
	config.Claims.Require.Roles = []string{"staff"}
	config.Client.Secret = mas.SecretValue{Inline: maskit.NewSecret("kv8Jm1Zt0xq4W7uYc2Lh9sRb5nDf3Pea")}
	for path, change := range map[string]func(*keycloak.Spec){
		"realm.name":              func(s *keycloak.Spec) { s.Realm.Name = "Staff" },
		"client.id":               func(s *keycloak.Spec) { s.Client.ID = "other" },
		"client.provider":         func(s *keycloak.Spec) { s.Client.Provider = "01JSHPZHAXC50QBKH67MH33TNG" },
		"client.site.account_url": func(s *keycloak.Spec) { s.Client.Site.AccountURL = "https://other.example.com/" },
		"client.redirect_uris": func(s *keycloak.Spec) {
			s.Client.RedirectURIs = []string{"https://account.example.com/upstream/", "https://other.example.com/*"}
		},
		"client.enabled":                  func(s *keycloak.Spec) { s.Client.Enabled = keycloak.Set(false) },
		"client.standard_flow":            func(s *keycloak.Spec) { s.Client.StandardFlow = keycloak.Set(false) },
		"client.public":                   func(s *keycloak.Spec) { s.Client.Public = keycloak.Set(true) },
		"client.pkce":                     func(s *keycloak.Spec) { s.Client.PKCE = keycloak.Set("plain") },
		"client.auth":                     func(s *keycloak.Spec) { s.Client.Auth = keycloak.ClientJWTAuth },
		"client.secret":                   func(s *keycloak.Spec) { s.Client.Secret = maskit.NewSecret("another-secret") },
		"client.backchannel_logout_url":   func(s *keycloak.Spec) { s.Client.BackchannelLogoutURL = keycloak.Set("") },
		"client.frontchannel_logout":      func(s *keycloak.Spec) { s.Client.FrontchannelLogout = keycloak.Set(true) },
		"client.attributes." + idTokenAlg: func(s *keycloak.Spec) { s.Client.Attributes = map[string]string{idTokenAlg: "ES256"} },
		"client.require_group":            func(s *keycloak.Spec) { s.Client.RequireGroup = keycloak.Set("/other") },
		"client.full_scope":               func(s *keycloak.Spec) { s.Client.FullScope = keycloak.Set(false) },
		"mfa.totp":                        func(s *keycloak.Spec) { s.MFA.TOTP = keycloak.MFAOff },
		"client.mappers[0].full_path":     func(s *keycloak.Spec) { s.Client.Mappers = []keycloak.Mapper{{Name: "g", Groups: true}} },
		"client.mappers[0].name":          func(s *keycloak.Spec) { s.Client.Mappers = []keycloak.Mapper{{Name: "groups", Attribute: "x"}} },
		"user_profile.attributes[0].edit": func(s *keycloak.Spec) {
			s.UserProfile.Attributes = []keycloak.ProfileAttribute{{Name: "nick", Edit: []string{"user", "admin"}}}
		},
	} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			var spec keycloak.Spec
			change(&spec)
			_, problems := masclient.Extend(spec, upstreamtest.Env(), config)
			require.Equal(t, []string{path + " disagrees"}, pathsAndCodes(problems))
			require.NotEmpty(t, problems[0].Hint)
			require.NotContains(t, problems.String(), "kv8Jm1Zt0xq4")
			require.NotContains(t, problems.String(), "another-secret")
		})
	}
}

// A flow that asks for one group, and MAS for another: nobody would know who may log in.
func TestGatesOfDifferentGroups(t *testing.T) {
	t.Parallel()
	spec := keycloak.Spec{Client: keycloak.Client{RequireGroup: keycloak.Set("/a")}}
	for name, test := range map[string]struct {
		groups []string
		want   []string
	}{
		"the same":     {[]string{"/a"}, nil},
		"another":      {[]string{"/b"}, []string{"client.require_group disagrees"}},
		"one of two":   {[]string{"/a", "/b"}, []string{"client.require_group disagrees"}},
		"none in MAS":  {nil, nil},
		"a part of it": {[]string{"/a/b"}, []string{"client.require_group disagrees"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := provider()
			if test.groups != nil {
				requires(upkc.GateMAS, test.groups...)(&config)
			}
			_, problems := masclient.Extend(spec, upstreamtest.Env(), config)
			require.Equal(t, test.want, pathsAndCodes(problems))
		})
	}
}
