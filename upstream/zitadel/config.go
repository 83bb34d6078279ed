package zitadel

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

// Config is a web application of a ZITADEL instance.
type Config struct {
	// URL is the address of the instance, as people use it: https and a host, without a
	// path. Required.
	URL string `yaml:"url"`
	// Client is MAS's client. Its secret is required unless AuthMethod is private_key_jwt.
	Client oidc.Client `yaml:",inline"`
	// AuthMethod is the application's: client_secret_basic, client_secret_post or
	// private_key_jwt. Default: client_secret_basic.
	AuthMethod mas.AuthMethod `yaml:"token_endpoint_auth_method"`
	// BackchannelLogout is what a logout token ends. Default: logout_all.
	BackchannelLogout mas.BackchannelLogout `yaml:"on_backchannel_logout"`
	// Claims says what becomes of the claims. Default: as [claims.Rules], but what stands
	// before the @ of preferred_username is suggested as user name, sanitized.
	Claims claims.Rules `yaml:"claims"`
	// Acknowledge accepts problems by their code.
	Acknowledge []maskit.Ack `yaml:"acknowledge"`
}

var (
	_ upstream.Provider = Config{}
	_ upstream.Guide    = Config{}
)

// Kind implements [upstream.Provider].
func (Config) Kind() string { return "zitadel" }

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
		check.Required("url", c.URL, "the address of the instance, such as https://acme-a1b2c3.zitadel.cloud"),
		check.Server("url", c.URL),
		check.Origin("url", c.URL),
		check.OneOf("token_endpoint_auth_method", c.AuthMethod,
			mas.AuthClientSecretBasic, mas.AuthClientSecretPost, mas.AuthPrivateKeyJWT),
		check.OpenID("scopes", c.Client.Scopes),
	)
}

// rolesClaim is a mapping whose keys are the roles of the application's project.
const rolesClaim = "urn:zitadel:iam:org:project:roles"

// oidc is the instance as a generic provider.
func (c Config) oidc() oidc.Config {
	return oidc.Config{
		Client:            c.Client,
		Issuer:            strings.TrimRight(c.URL, "/"),
		AuthMethod:        cmp.Or(c.AuthMethod, mas.AuthClientSecretBasic),
		FetchUserinfo:     true,
		BackchannelLogout: c.BackchannelLogout,
		Sources: claims.Sources{
			Roles:   claims.From(claims.ShapeKeys, rolesClaim),
			Domains: claims.From(claims.ShapeAddress, "email"),
			Instead: "require roles, which the project has to assert on authentication",
		},
		Claims: c.Claims.WithDefaults(claims.Rules{
			Localpart: claims.Localpart{Claim: "preferred_username", BeforeAt: true, Policy: claims.LocalpartSanitize},
		}),
	}
}
