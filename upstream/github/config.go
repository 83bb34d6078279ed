package github

import (
	"cmp"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/claims"
	"github.com/maskit-dev/maskit/upstream/oidc"
)

// Config is an OAuth app at GitHub.
type Config struct {
	// Client is the OAuth app. Its secret is required. Scopes default to read:user and
	// user:email, HumanName to GitHub.
	Client oidc.Client `yaml:",inline"`
	// Host is where the accounts are: a GitHub Enterprise Server such as git.example.com, or
	// with data residency SUB.ghe.com. Default: github.com.
	Host string `yaml:"host"`
	// Claims says what becomes of the profile. Defaults: people are told apart by id; the
	// login is suggested as user name; the name, else the login, is the display name. The
	// public address of the profile is suggested on github.com and ghe.com, where GitHub
	// publishes verified ones only; a server of one's own may not verify any, so that there
	// claims.email.trust is never.
	Claims claims.Rules `yaml:"claims"`
	// Acknowledge accepts problems by their code.
	Acknowledge []maskit.Ack `yaml:"acknowledge"`
}

var (
	_ upstream.Provider = Config{}
	_ upstream.Guide    = Config{}
)

// Kind implements [upstream.Provider].
func (Config) Kind() string { return "github" }

// Entry implements [upstream.Provider].
func (c Config) Entry(env upstream.Env) (upstream.Entry, maskit.Problems) {
	return oidc.Preset{
		Config:      c.oidc(),
		Problems:    c.problems(),
		Derived:     []string{"endpoints"},
		Acknowledge: c.Acknowledge,
	}.Entry(env)
}

// oidc is GitHub as a generic OAuth 2.0 provider.
func (c Config) oidc() oidc.Config {
	return oidc.Config{
		Client:        c.Client.WithHumanName("GitHub").WithScopes("read:user", "user:email"),
		BrandName:     "github",
		AuthMethod:    mas.AuthClientSecretPost,
		Discovery:     mas.DiscoveryDisabled,
		PKCE:          mas.PKCEAlways,
		Endpoints:     c.endpoints(),
		FetchUserinfo: true,
		Sources: claims.Sources{
			NamesChange: true,
			Instead:     "remove it: MAS cannot ask GitHub for organisations and teams; Dex with its github connector can, and sends them as groups",
		},
		Claims: c.Claims.WithDefaults(claims.Rules{
			Subject:     "id",
			Localpart:   claims.Localpart{Action: mas.ImportSuggest, Claim: "login"},
			DisplayName: claims.DisplayName{Claims: []string{"name", "login"}},
			Email:       claims.Email{Action: mas.ImportSuggest, Trust: c.emailTrust()},
			AccountName: "login",
		}),
	}
}

func (c Config) emailTrust() claims.EmailTrust {
	if c.isServer() {
		return claims.TrustNever
	}
	return claims.TrustDirectory
}

const publicHost = "github.com"

func (c Config) host() string { return cmp.Or(c.Host, publicHost) }
