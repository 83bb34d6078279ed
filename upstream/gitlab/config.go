package gitlab

import (
	"cmp"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/claims"
	"github.com/maskit-dev/maskit/upstream/oidc"
)

// Config is an application at GitLab.
type Config struct {
	// Client is the application. Its secret is required. HumanName defaults to GitLab.
	Client oidc.Client `yaml:",inline"`
	// URL is the external_url of a GitLab of one's own, with its path if it has one.
	// Default: https://gitlab.com.
	URL string `yaml:"url"`
	// AuthMethod is how MAS authenticates: client_secret_post or client_secret_basic.
	// Default: client_secret_post.
	AuthMethod mas.AuthMethod `yaml:"token_endpoint_auth_method"`
	// Claims says what becomes of the claims. Default: as [claims.Rules], but the user name
	// is nickname, which every release of GitLab sends; people can rename themselves.
	Claims claims.Rules `yaml:"claims"`
	// Acknowledge accepts problems by their code.
	Acknowledge []maskit.Ack `yaml:"acknowledge"`
}

var (
	_ upstream.Provider = Config{}
	_ upstream.Guide    = Config{}
)

// Kind implements [upstream.Provider].
func (Config) Kind() string { return "gitlab" }

// Entry implements [upstream.Provider].
func (c Config) Entry(env upstream.Env) (upstream.Entry, maskit.Problems) {
	return oidc.Preset{
		Config:      c.oidc(),
		Problems:    c.problems(),
		Derived:     []string{"issuer"},
		Acknowledge: c.Acknowledge,
	}.Entry(env)
}

// oidc is GitLab as a generic provider.
func (c Config) oidc() oidc.Config {
	return oidc.Config{
		Client:            c.Client.WithHumanName("GitLab"),
		Issuer:            c.url(),
		BrandName:         "gitlab",
		AuthMethod:        cmp.Or(c.AuthMethod, mas.AuthClientSecretPost),
		FetchUserinfo:     true, // older releases have name, nickname and groups only there
		BackchannelLogout: mas.LogoutDoNothing,
		Sources: claims.Sources{
			Groups:      claims.From(claims.ShapeList, "groups"),
			Domains:     claims.From(claims.ShapeAddress, "email"),
			NamesChange: true,
			Instead:     "require groups, by their full path",
		},
		Claims: c.Claims.WithDefaults(claims.Rules{
			Localpart:   claims.Localpart{Action: mas.ImportSuggest, Claim: "nickname"},
			DisplayName: claims.DisplayName{Claims: []string{"name", "nickname"}},
			AccountName: "nickname",
		}),
	}
}

// url is the address without a final slash, as the issuer has it.
func (c Config) url() string { return strings.TrimRight(cmp.Or(c.URL, "https://gitlab.com"), "/") }
