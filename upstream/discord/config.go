package discord

import (
	"slices"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/claims"
	"github.com/maskit-dev/maskit/upstream/internal/check"
	"github.com/maskit-dev/maskit/upstream/oidc"
)

// Config is an application at Discord.
type Config struct {
	// Client is the application. Its secret is required. Scopes default to openid, identify
	// and email, HumanName to Discord.
	Client oidc.Client `yaml:",inline"`
	// Claims says what becomes of the profile. Defaults: the user name, without illegal
	// characters, is suggested; the global name, else the user name, is the display name; an
	// address is imported if Discord has verified it (claim verified).
	Claims claims.Rules `yaml:"claims"`
	// Acknowledge accepts problems by their code.
	Acknowledge []maskit.Ack `yaml:"acknowledge"`
}

var (
	_ upstream.Provider = Config{}
	_ upstream.Guide    = Config{}
)

// Kind implements [upstream.Provider].
func (Config) Kind() string { return "discord" }

// Entry implements [upstream.Provider].
func (c Config) Entry(env upstream.Env) (upstream.Entry, maskit.Problems) {
	return oidc.Preset{
		Config:      c.oidc(),
		Problems:    slices.Concat(check.OpenID("scopes", c.Client.Scopes), c.scopeProblems()),
		Acknowledge: c.Acknowledge,
	}.Entry(env)
}

// oidc is Discord as a generic provider.
func (c Config) oidc() oidc.Config {
	return oidc.Config{
		Client:     c.Client.WithHumanName("Discord").WithScopes("openid", "identify", "email"),
		Issuer:     "https://discord.com",
		BrandName:  "discord",
		AuthMethod: mas.AuthClientSecretPost,
		PKCE:       mas.PKCEAlways, // it works, and the OpenID metadata does not say so
		// The userinfo endpoint of the metadata has neither global_name nor verified.
		Endpoints:         oidc.Endpoints{Userinfo: "https://discord.com/api/users/@me"},
		FetchUserinfo:     true,
		BackchannelLogout: mas.LogoutDoNothing,
		Sources: claims.Sources{
			NamesChange: true,
			Instead:     "remove it: MAS cannot ask Discord for servers and roles",
		},
		Claims: c.Claims.WithDefaults(claims.Rules{
			Localpart:   claims.Localpart{Action: mas.ImportSuggest, Claim: "username", Policy: claims.LocalpartSanitize},
			DisplayName: claims.DisplayName{Claims: []string{"global_name", "username"}},
			Email:       claims.Email{VerifiedClaim: "verified"},
			AccountName: "username",
		}),
	}
}

// scopeProblems: the profile is answered with the scope identify only.
func (c Config) scopeProblems() maskit.Problems {
	if len(c.Client.Scopes) == 0 || slices.Contains(c.Client.Scopes, "identify") {
		return nil
	}
	return maskit.Problems{{
		Path: "scopes", Code: "scope-no-identify", Message: "lacks identify, without which Discord refuses the request for the profile, and every login fails",
		Hint: "add identify",
	}}
}
