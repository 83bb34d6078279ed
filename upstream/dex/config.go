package dex

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

// Config is a static client of Dex.
type Config struct {
	// Issuer is the issuer of Dex's configuration, byte for byte. Required.
	Issuer string `yaml:"issuer"`
	// InsecureHTTP accepts an issuer without https, as inside a cluster. Passwords, codes and
	// tokens then cross the network in the clear, and MAS checks less of the metadata.
	InsecureHTTP bool `yaml:"insecure_http"`
	// Client is MAS's client. Its secret is required. Scopes default to openid, profile,
	// email and groups.
	Client oidc.Client `yaml:",inline"`
	// AuthMethod is client_secret_basic or client_secret_post. Default: client_secret_basic.
	AuthMethod mas.AuthMethod `yaml:"token_endpoint_auth_method"`
	// IDTokenAlg is what Dex signs with: RS256, or ES256 if its configuration says so.
	// Default: RS256.
	IDTokenAlg mas.SigningAlg `yaml:"id_token_signed_response_alg"`
	// BackchannelLogout is what a logout token ends. Default: logout_all.
	BackchannelLogout mas.BackchannelLogout `yaml:"on_backchannel_logout"`
	// Claims says what becomes of the claims. Default: as [claims.Rules]; the package's
	// comment says which connector sends what.
	Claims claims.Rules `yaml:"claims"`
	// Acknowledge accepts problems by their code.
	Acknowledge []maskit.Ack `yaml:"acknowledge"`
}

var (
	_ upstream.Provider = Config{}
	_ upstream.Guide    = Config{}
)

// Kind implements [upstream.Provider].
func (Config) Kind() string { return "dex" }

// Entry implements [upstream.Provider].
func (c Config) Entry(env upstream.Env) (upstream.Entry, maskit.Problems) {
	return oidc.Preset{
		Config:      c.oidc(),
		Problems:    c.problems(),
		Derived:     []string{"discovery_mode"},
		Acknowledge: c.Acknowledge,
	}.Entry(env)
}

func (c Config) problems() maskit.Problems {
	return slices.Concat(
		check.OneOf("token_endpoint_auth_method", c.AuthMethod, mas.AuthClientSecretBasic, mas.AuthClientSecretPost),
	)
}

// oidc is Dex as a generic provider.
func (c Config) oidc() oidc.Config {
	return oidc.Config{
		Client:            c.Client.WithScopes("openid", "profile", "email", "groups"),
		Issuer:            c.Issuer,
		Discovery:         c.discovery(),
		AuthMethod:        cmp.Or(c.AuthMethod, mas.AuthClientSecretBasic),
		IDTokenAlg:        c.IDTokenAlg,
		BackchannelLogout: c.BackchannelLogout,
		Sources: claims.Sources{
			Groups:  claims.Source{Claim: []string{"groups"}, Scope: "groups"},
			Domains: claims.From(claims.ShapeAddress, "email"),
			Instead: "remove it, or require groups: Dex sends no other",
		},
		Claims: c.Claims,
	}
}

func (c Config) discovery() mas.DiscoveryMode {
	if c.InsecureHTTP && strings.HasPrefix(c.Issuer, "http:") {
		return mas.DiscoveryInsecure
	}
	return mas.DiscoveryOIDC
}
