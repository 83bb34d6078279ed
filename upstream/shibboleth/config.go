package shibboleth

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

// Config is a relying party of a Shibboleth IdP.
type Config struct {
	// Issuer is what the metadata of the OP says, byte for byte. Required.
	Issuer string `yaml:"issuer"`
	// Discovery is how the metadata is checked: oidc, or insecure for a document that does
	// not keep to the rules, with which MAS checks less of it. Default: oidc.
	Discovery mas.DiscoveryMode `yaml:"discovery_mode"`
	// Client is MAS's client. Its secret is required unless AuthMethod is private_key_jwt.
	Client oidc.Client `yaml:",inline"`
	// AuthMethod is the one of the relying party's metadata. Default: client_secret_basic.
	AuthMethod mas.AuthMethod `yaml:"token_endpoint_auth_method"`
	// GroupsClaim is the claim that holds groups or entitlements, as a list. Default: none,
	// and groups cannot be required.
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
func (Config) Kind() string { return "shibboleth" }

// Entry implements [upstream.Provider].
func (c Config) Entry(env upstream.Env) (upstream.Entry, maskit.Problems) {
	return oidc.Preset{
		Config:      c.oidc(),
		Problems:    c.problems(),
		Derived:     []string{"claim_sources", "discovery_mode"},
		Acknowledge: c.Acknowledge,
	}.Entry(env)
}

func (c Config) problems() maskit.Problems {
	return slices.Concat(
		check.OneOf("discovery_mode", c.Discovery, mas.DiscoveryOIDC, mas.DiscoveryInsecure),
		check.Text("groups_claim", c.GroupsClaim),
		check.OneOf("token_endpoint_auth_method", c.AuthMethod,
			mas.AuthClientSecretBasic, mas.AuthClientSecretPost, mas.AuthClientSecretJWT, mas.AuthPrivateKeyJWT),
		check.OpenID("scopes", c.Client.Scopes),
	)
}

// oidc is the IdP as a generic provider.
func (c Config) oidc() oidc.Config {
	return oidc.Config{
		Client:            c.Client,
		Issuer:            c.Issuer,
		Discovery:         c.Discovery,
		AuthMethod:        cmp.Or(c.AuthMethod, mas.AuthClientSecretBasic),
		FetchUserinfo:     true,
		BackchannelLogout: c.BackchannelLogout,
		Sources: claims.Sources{
			Groups:  claims.Named(c.GroupsClaim),
			Domains: claims.From(claims.ShapeAddress, "email"),
			ACR:     claims.From(claims.ShapeText, "acr"),
			Instead: "release an attribute for it, and name its claim in groups_claim",
		},
		Claims: c.Claims,
	}
}
