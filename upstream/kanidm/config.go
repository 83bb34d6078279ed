package kanidm

import (
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/claims"
	"github.com/maskit-dev/maskit/upstream/internal/check"
	"github.com/maskit-dev/maskit/upstream/oidc"
)

// Config is an OAuth 2.0 client of Kanidm.
type Config struct {
	// URL is Kanidm's origin: https, host, and port if it has one. Required.
	URL string `yaml:"url"`
	// Client is MAS's client. Its ID is the client's name, a part of the issuer. Its secret
	// is required.
	Client oidc.Client `yaml:",inline"`
	// LegacyCrypto says that the client's legacy crypto is on, with which ID tokens are
	// signed with RS256. Default: ES256.
	LegacyCrypto bool `yaml:"legacy_crypto"`
	// Claims says what becomes of the claims. Default: as [claims.Rules], but the user name
	// is required, and what stands before the @ of preferred_username.
	Claims claims.Rules `yaml:"claims"`
	// Acknowledge accepts problems by their code.
	Acknowledge []maskit.Ack `yaml:"acknowledge"`
}

var (
	_ upstream.Provider = Config{}
	_ upstream.Guide    = Config{}
)

// Kind implements [upstream.Provider].
func (Config) Kind() string { return "kanidm" }

// Entry implements [upstream.Provider].
func (c Config) Entry(env upstream.Env) (upstream.Entry, maskit.Problems) {
	return oidc.Preset{
		Config:      c.oidc(),
		Problems:    c.problems(),
		Derived:     []string{"issuer"},
		Acknowledge: c.Acknowledge,
	}.Entry(env)
}

func (c Config) problems() maskit.Problems {
	return slices.Concat(
		check.Required("url", c.URL, "the origin of Kanidm, such as https://idm.example.com"),
		check.Server("url", c.URL),
		check.Origin("url", c.URL),
		check.Slug("client_id", c.Client.ID),
	)
}

// oidc is the client's issuer as a generic provider.
func (c Config) oidc() oidc.Config {
	return oidc.Config{
		Client:            c.Client,
		Issuer:            strings.TrimRight(c.URL, "/") + "/oauth2/openid/" + c.Client.ID,
		AuthMethod:        mas.AuthClientSecretBasic,
		IDTokenAlg:        c.alg(),
		BackchannelLogout: mas.LogoutDoNothing,
		Sources: claims.Sources{
			Groups:  claims.Source{Claim: []string{"groups"}, Scope: "groups"},
			Domains: claims.From(claims.ShapeAddress, "email"),
			Instead: "remove it: Kanidm sends groups, and its scope maps say who may log in",
		},
		Claims: c.Claims.WithDefaults(claims.Rules{
			Localpart: claims.Localpart{Action: mas.ImportRequire, Claim: "preferred_username", BeforeAt: true},
		}),
	}
}

func (c Config) alg() mas.SigningAlg {
	if c.LegacyCrypto {
		return mas.AlgRS256
	}
	return mas.AlgES256
}
