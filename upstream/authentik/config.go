package authentik

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

// Config is an application of authentik, with its OAuth2/OpenID provider.
type Config struct {
	// URL is where people reach authentik, with its path if it has one. Required.
	URL string `yaml:"url"`
	// Application is the slug of the application. Required, unless GlobalIssuer is set.
	Application string `yaml:"application"`
	// GlobalIssuer says that the issuer mode of the provider is "Same identifier is used for
	// all providers": the issuer is URL itself. Default: the issuer of the application.
	GlobalIssuer bool `yaml:"global_issuer"`
	// Client is MAS's client. Its secret is required.
	Client oidc.Client `yaml:",inline"`
	// AuthMethod is client_secret_basic or client_secret_post. Default: client_secret_basic.
	AuthMethod mas.AuthMethod `yaml:"token_endpoint_auth_method"`
	// BackchannelLogout is what a logout token ends. Default: logout_all.
	BackchannelLogout mas.BackchannelLogout `yaml:"on_backchannel_logout"`
	// Claims says what becomes of the claims. Default: as [claims.Rules], but the user name
	// is required. See the package's comment about addresses since 2025.10.
	Claims claims.Rules `yaml:"claims"`
	// Acknowledge accepts problems by their code.
	Acknowledge []maskit.Ack `yaml:"acknowledge"`
}

var (
	_ upstream.Provider = Config{}
	_ upstream.Guide    = Config{}
)

// Kind implements [upstream.Provider].
func (Config) Kind() string { return "authentik" }

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
	problems := slices.Concat(
		check.Required("url", c.URL, "the address of authentik, such as https://sso.example.com"),
		check.Server("url", c.URL),
		check.Slug("application", c.Application),
		check.OneOf("token_endpoint_auth_method", c.AuthMethod, mas.AuthClientSecretBasic, mas.AuthClientSecretPost),
	)
	if !c.GlobalIssuer {
		problems = append(problems, check.Required("application", c.Application, "the slug of the application, the last part of its OpenID issuer")...)
	}
	return problems
}

// oidc is the application as a generic provider.
func (c Config) oidc() oidc.Config {
	return oidc.Config{
		Client:            c.Client,
		Issuer:            c.issuer(),
		AuthMethod:        cmp.Or(c.AuthMethod, mas.AuthClientSecretBasic),
		BackchannelLogout: c.BackchannelLogout,
		Sources: claims.Sources{
			Groups:  claims.Source{Claim: []string{"groups"}, Scope: "profile"},
			Domains: claims.From(claims.ShapeAddress, "email"),
			Instead: "remove it: authentik sends groups, or bind a policy to the application there",
		},
		Claims: c.Claims.WithDefaults(claims.Rules{
			Localpart: claims.Localpart{Action: mas.ImportRequire},
		}),
	}
}

// issuer ends with a slash in both issuer modes.
func (c Config) issuer() string {
	base := strings.TrimRight(c.URL, "/") + "/"
	if c.GlobalIssuer {
		return base
	}
	return base + "application/o/" + c.Application + "/"
}
