package pingfederate

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

// Config is a client of PingFederate.
type Config struct {
	// URL is the base URL of PingFederate. Required.
	URL string `yaml:"url"`
	// Client is MAS's client. Its secret is required unless AuthMethod is private_key_jwt.
	Client oidc.Client `yaml:",inline"`
	// AuthMethod is the client's: one of client_secret_basic, client_secret_post,
	// client_secret_jwt and private_key_jwt. Default: client_secret_basic.
	AuthMethod mas.AuthMethod `yaml:"token_endpoint_auth_method"`
	// FetchUserinfo asks the userinfo endpoint too, for a policy that keeps claims out of ID
	// tokens. Default: no.
	FetchUserinfo bool `yaml:"fetch_userinfo"`
	// GroupsClaim is the claim of the policy that holds groups, as a list. Default: none, and
	// groups cannot be required.
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
func (Config) Kind() string { return "pingfederate" }

// Entry implements [upstream.Provider].
func (c Config) Entry(env upstream.Env) (upstream.Entry, maskit.Problems) {
	return oidc.Preset{
		Config:      c.oidc(),
		Problems:    c.problems(),
		Derived:     []string{"claim_sources", "issuer"},
		Acknowledge: c.Acknowledge,
	}.Entry(env)
}

func (c Config) problems() maskit.Problems {
	return slices.Concat(
		check.Required("url", c.URL, "the base URL of PingFederate, such as https://sso.example.com:9031"),
		check.Server("url", c.URL),
		check.Text("groups_claim", c.GroupsClaim),
		check.OneOf("token_endpoint_auth_method", c.AuthMethod,
			mas.AuthClientSecretBasic, mas.AuthClientSecretPost, mas.AuthClientSecretJWT, mas.AuthPrivateKeyJWT),
		check.OpenID("scopes", c.Client.Scopes),
	)
}

// oidc is PingFederate as a generic provider.
func (c Config) oidc() oidc.Config {
	return oidc.Config{
		Client:            c.Client,
		Issuer:            strings.TrimRight(c.URL, "/"),
		AuthMethod:        cmp.Or(c.AuthMethod, mas.AuthClientSecretBasic),
		FetchUserinfo:     c.FetchUserinfo,
		BackchannelLogout: c.BackchannelLogout,
		Sources: claims.Sources{
			Groups:  claims.Named(c.GroupsClaim),
			Domains: claims.From(claims.ShapeAddress, "email"),
			ACR:     claims.From(claims.ShapeText, "acr"),
			Instead: "let the policy send groups, and name their claim in groups_claim",
		},
		Claims: c.Claims,
	}
}
