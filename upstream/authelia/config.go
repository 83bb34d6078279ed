package authelia

import (
	"cmp"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/claims"
	"github.com/maskit-dev/maskit/upstream/internal/check"
	"github.com/maskit-dev/maskit/upstream/oidc"
)

// Config is a client of Authelia.
type Config struct {
	// URL is where people reach Authelia, with its path if it has one. Required.
	URL string `yaml:"url"`
	// Client is MAS's client. Its secret is required unless AuthMethod is private_key_jwt.
	// Scopes default to openid, profile, email and groups.
	Client oidc.Client `yaml:",inline"`
	// AuthMethod is the token_endpoint_auth_method of the client in Authelia:
	// client_secret_basic, client_secret_post, client_secret_jwt or private_key_jwt. Default:
	// client_secret_basic, which is Authelia's, too.
	AuthMethod mas.AuthMethod `yaml:"token_endpoint_auth_method"`
	// Claims says what becomes of the claims. Default: as [claims.Rules], but the user name
	// is required.
	Claims claims.Rules `yaml:"claims"`
	// Acknowledge accepts problems by their code.
	Acknowledge []maskit.Ack `yaml:"acknowledge"`
}

var (
	_ upstream.Provider = Config{}
	_ upstream.Guide    = Config{}
)

// Kind implements [upstream.Provider].
func (Config) Kind() string { return "authelia" }

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
		check.Required("url", c.URL, "the address of Authelia, such as https://auth.example.com"),
		check.Server("url", c.URL),
		check.OneOf("token_endpoint_auth_method", c.AuthMethod,
			mas.AuthClientSecretBasic, mas.AuthClientSecretPost, mas.AuthClientSecretJWT, mas.AuthPrivateKeyJWT),
		check.OpenID("scopes", c.Client.Scopes),
	)
}

// oidc is Authelia as a generic provider.
func (c Config) oidc() oidc.Config {
	return oidc.Config{
		Client:            c.Client.WithScopes("openid", "profile", "email", "groups"),
		Issuer:            strings.TrimRight(c.URL, "/"),
		AuthMethod:        cmp.Or(c.AuthMethod, mas.AuthClientSecretBasic),
		FetchUserinfo:     true,
		BackchannelLogout: mas.LogoutDoNothing,
		Sources: claims.Sources{
			Groups:  claims.Source{Claim: []string{"groups"}, Scope: "groups"},
			Domains: claims.From(claims.ShapeAddress, "email"),
			Instead: "remove it: an authorization_policy of the client in Authelia can ask for two factors, groups and networks",
		},
		Claims: c.Claims.WithDefaults(claims.Rules{
			Localpart: claims.Localpart{Action: mas.ImportRequire},
		}),
	}
}
