package jumpcloud

import (
	"cmp"
	"slices"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/claims"
	"github.com/maskit-dev/maskit/upstream/internal/check"
	"github.com/maskit-dev/maskit/upstream/oidc"
)

// Config is an SSO application of JumpCloud.
type Config struct {
	// Issuer is that of another region, byte for byte. Default:
	// https://oauth.id.jumpcloud.com/, with the slash.
	Issuer string `yaml:"issuer"`
	// Client is MAS's client. Its secret is required. HumanName defaults to JumpCloud.
	Client oidc.Client `yaml:",inline"`
	// AuthMethod is the application's: client_secret_basic or client_secret_post. Default:
	// client_secret_basic.
	AuthMethod mas.AuthMethod `yaml:"token_endpoint_auth_method"`
	// GroupsClaim is the name of the group attribute of the application. Default: none, and
	// groups cannot be required.
	GroupsClaim string `yaml:"groups_claim"`
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
func (Config) Kind() string { return "jumpcloud" }

// Entry implements [upstream.Provider].
func (c Config) Entry(env upstream.Env) (upstream.Entry, maskit.Problems) {
	return oidc.Preset{
		Config:      c.oidc(),
		Problems:    c.problems(),
		Derived:     []string{"claim_sources"},
		Acknowledge: c.Acknowledge,
	}.Entry(env)
}

func (c Config) problems() maskit.Problems {
	return slices.Concat(
		check.Text("groups_claim", c.GroupsClaim),
		check.OneOf("token_endpoint_auth_method", c.AuthMethod, mas.AuthClientSecretBasic, mas.AuthClientSecretPost),
	)
}

// oidc is JumpCloud as a generic provider.
func (c Config) oidc() oidc.Config {
	return oidc.Config{
		Client:            c.Client.WithHumanName("JumpCloud"),
		Issuer:            cmp.Or(c.Issuer, "https://oauth.id.jumpcloud.com/"),
		AuthMethod:        cmp.Or(c.AuthMethod, mas.AuthClientSecretBasic),
		BackchannelLogout: mas.LogoutDoNothing,
		Sources: claims.Sources{
			Groups:  claims.Named(c.GroupsClaim),
			Domains: claims.From(claims.ShapeAddress, "email"),
			Instead: "switch the group attribute of the application on, and name it in groups_claim",
		},
		Claims: c.Claims.WithDefaults(claims.Rules{
			Localpart: claims.Localpart{Claim: "preferred_username", BeforeAt: true, Policy: claims.LocalpartSanitize},
		}),
	}
}
