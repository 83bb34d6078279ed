package pingone

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

// Region is where PingOne keeps an environment, as the end of its host name has it.
type Region string

// The regions.
const (
	NorthAmerica Region = "com"
	Europe       Region = "eu"
	AsiaPacific  Region = "asia"
	Canada       Region = "ca"
	Australia    Region = "com.au"
	Singapore    Region = "sg"
)

// Config is an application of a PingOne environment.
type Config struct {
	// Region is where the environment is. Default: com, North America.
	Region Region `yaml:"region"`
	// Environment is the id of the environment. Required, unless Issuer is set.
	Environment string `yaml:"environment"`
	// Issuer is that of a custom domain, byte for byte. Default: made from Region and
	// Environment.
	Issuer string `yaml:"issuer"`
	// Client is MAS's client. Its secret is required unless AuthMethod is private_key_jwt.
	// HumanName defaults to PingOne.
	Client oidc.Client `yaml:",inline"`
	// AuthMethod is the application's: one of client_secret_basic, client_secret_post,
	// client_secret_jwt and private_key_jwt. Default: client_secret_basic.
	AuthMethod mas.AuthMethod `yaml:"token_endpoint_auth_method"`
	// GroupsClaim is the attribute of the application that groups are mapped to, as a list.
	// Default: none, and groups cannot be required.
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
func (Config) Kind() string { return "pingone" }

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
	problems := slices.Concat(
		check.OneOf("region", c.Region, NorthAmerica, Europe, AsiaPacific, Canada, Australia, Singapore),
		check.UUID("environment", c.Environment),
		check.Text("groups_claim", c.GroupsClaim),
		check.OneOf("token_endpoint_auth_method", c.AuthMethod,
			mas.AuthClientSecretBasic, mas.AuthClientSecretPost, mas.AuthClientSecretJWT, mas.AuthPrivateKeyJWT),
	)
	switch {
	case c.Issuer == "":
		problems = append(problems, check.Required("environment", c.Environment, "the id of the environment, a UUID")...)
	case c.Environment != "" || c.Region != "":
		problems = append(problems, maskit.Problem{
			Path: "issuer", Code: "both-set", Message: "is set by region and environment",
			Hint: "keep it for a custom domain only, and remove the others then",
		})
	}
	return problems
}

// oidc is the environment as a generic provider.
func (c Config) oidc() oidc.Config {
	return oidc.Config{
		Client:            c.Client.WithHumanName("PingOne"),
		Issuer:            c.issuer(),
		AuthMethod:        cmp.Or(c.AuthMethod, mas.AuthClientSecretBasic),
		BackchannelLogout: mas.LogoutDoNothing,
		Sources: claims.Sources{
			Groups:  claims.Named(c.GroupsClaim),
			Domains: claims.From(claims.ShapeAddress, "email"),
			ACR:     claims.From(claims.ShapeText, "acr"),
			Instead: "map an attribute of the application to it, and name it in groups_claim",
		},
		Claims: c.Claims.WithDefaults(claims.Rules{
			Localpart: claims.Localpart{Claim: "preferred_username", BeforeAt: true, Policy: claims.LocalpartSanitize},
		}),
	}
}

func (c Config) issuer() string {
	if c.Issuer != "" {
		return c.Issuer
	}
	return "https://auth.pingone." + string(cmp.Or(c.Region, NorthAmerica)) + "/" + c.Environment + "/as"
}
