package adfs

import (
	"cmp"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/claims"
	"github.com/maskit-dev/maskit/upstream/oidc"
)

// Config is an application group in Active Directory Federation Services (AD FS).
type Config struct {
	// Client is the server application of the group. Its secret is required unless
	// AuthMethod is private_key_jwt. Scopes default to openid, profile, email and allatclaims,
	// HumanName to Active Directory.
	Client oidc.Client `yaml:",inline"`
	// Host is the name of the federation service, such as sts.example.com. Required.
	Host string `yaml:"host"`
	// AuthMethod is how MAS authenticates: client_secret_post, client_secret_basic or
	// private_key_jwt. Default: client_secret_post.
	AuthMethod mas.AuthMethod `yaml:"token_endpoint_auth_method"`
	// Claims says what becomes of the claims. Defaults: what stands before the @ of upn is
	// suggested as user name; no address is imported, because AD FS does not say whether one is
	// verified. Email.Trust is directory where administrators alone set the attribute.
	Claims claims.Rules `yaml:"claims"`
	// Acknowledge accepts problems by their code.
	Acknowledge []maskit.Ack `yaml:"acknowledge"`
}

var (
	_ upstream.Provider = Config{}
	_ upstream.Guide    = Config{}
)

// Kind implements [upstream.Provider].
func (Config) Kind() string { return "adfs" }

// Entry implements [upstream.Provider].
func (c Config) Entry(env upstream.Env) (upstream.Entry, maskit.Problems) {
	return oidc.Preset{
		Config:      c.oidc(),
		Problems:    c.problems(),
		Derived:     []string{"issuer"},
		Acknowledge: c.Acknowledge,
	}.Entry(env)
}

// oidc is the federation service as a generic provider.
func (c Config) oidc() oidc.Config {
	return oidc.Config{
		Client:            c.Client.WithHumanName("Active Directory").WithScopes("openid", "profile", "email", "allatclaims"),
		Issuer:            "https://" + c.Host + "/adfs",
		AuthMethod:        cmp.Or(c.AuthMethod, mas.AuthClientSecretPost),
		BackchannelLogout: mas.LogoutDoNothing,
		Sources: claims.Sources{
			Groups:  claims.From(claims.ShapeList, "groups"),
			Roles:   claims.From(claims.ShapeList, "roles"),
			Domains: claims.From(claims.ShapeAddress, "upn"),
			Instead: "require groups or roles, or let an access control policy of AD FS refuse the login",
		},
		Claims: c.Claims.WithDefaults(claims.Rules{
			Localpart:   claims.Localpart{Action: mas.ImportSuggest, Claim: "upn", BeforeAt: true},
			DisplayName: claims.DisplayName{Claims: []string{"name", "unique_name"}},
			Email:       claims.Email{Trust: claims.TrustNever},
			AccountName: "upn",
		}),
	}
}
