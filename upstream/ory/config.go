package ory

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

// Config is an OAuth 2.0 client of Ory Network or Ory Hydra.
type Config struct {
	// Project is the slug of a project of Ory Network. Required, unless Issuer is set.
	Project string `yaml:"project"`
	// Issuer is that of a Hydra of one's own, or the custom domain of a project, byte for
	// byte. Required, unless Project is set.
	Issuer string `yaml:"issuer"`
	// Client is MAS's client. Its secret is required unless AuthMethod is private_key_jwt.
	Client oidc.Client `yaml:",inline"`
	// AuthMethod is the one that the client was created with: client_secret_basic,
	// client_secret_post or private_key_jwt. Default: client_secret_basic.
	AuthMethod mas.AuthMethod `yaml:"token_endpoint_auth_method"`
	// GroupsClaim is the claim in which the consent application sends groups, as a list.
	// Default: none, and groups cannot be required.
	GroupsClaim string `yaml:"groups_claim"`
	// BackchannelLogout is what a logout token ends. Default: logout_all.
	BackchannelLogout mas.BackchannelLogout `yaml:"on_backchannel_logout"`
	// Claims says what becomes of the claims. Default: as [claims.Rules].
	Claims claims.Rules `yaml:"claims"`
	// Acknowledge accepts problems by their code.
	Acknowledge []maskit.Ack `yaml:"acknowledge"`
}

var (
	_ upstream.Provider = Config{}
	_ upstream.Guide    = Config{}
)

// Kind implements [upstream.Provider].
func (Config) Kind() string { return "ory" }

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
		check.Label("project", c.Project),
		check.Text("groups_claim", c.GroupsClaim),
		check.OneOf("token_endpoint_auth_method", c.AuthMethod,
			mas.AuthClientSecretBasic, mas.AuthClientSecretPost, mas.AuthPrivateKeyJWT),
	)
	if c.Project != "" && c.Issuer != "" {
		problems = append(problems, maskit.Problem{
			Path: "issuer", Code: "both-set", Message: "is set by project", Hint: "remove one of them",
		})
	}
	return problems
}

// oidc is the project as a generic provider.
func (c Config) oidc() oidc.Config {
	return oidc.Config{
		Client:            c.Client,
		Issuer:            c.issuer(),
		AuthMethod:        cmp.Or(c.AuthMethod, mas.AuthClientSecretBasic),
		BackchannelLogout: c.BackchannelLogout,
		Sources: claims.Sources{
			Groups:  claims.Named(c.GroupsClaim),
			Domains: claims.From(claims.ShapeAddress, "email"),
			ACR:     claims.From(claims.ShapeText, "acr"),
			Instead: "let the consent application send groups, and name their claim in groups_claim",
		},
		Claims: c.Claims,
	}
}

func (c Config) issuer() string {
	if c.Project == "" {
		return c.Issuer
	}
	return "https://" + c.Project + ".projects.oryapis.com"
}
