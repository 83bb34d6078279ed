package entra

import (
	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/claims"
	"github.com/maskit-dev/maskit/upstream/oidc"
)

// Config is an app registration in Microsoft Entra ID.
type Config struct {
	// Client is the app registration: its ID is the application (client) id. Its secret is
	// required: the column Value, not Secret ID. HumanName defaults to Microsoft.
	Client oidc.Client `yaml:",inline"`
	// Tenant is the directory (tenant) id, a GUID. Required. Tenants are many with
	// organizations (work and school accounts of any directory) and common (personal
	// accounts too), which ask for Claims.Require.Tenants; consumers are personal accounts.
	Tenant string `yaml:"tenant"`
	// AnyTenant lets everybody in who has an account of whatever directory, where Tenant is
	// organizations or common. Any administrator in the world then makes accounts. Default: no.
	AnyTenant bool `yaml:"any_tenant"`
	// Cloud is where the tenant is. Default: public.
	Cloud Cloud `yaml:"cloud"`
	// AppSigningKey takes the keys that belong to the app alone, with which Entra signs if
	// the app has custom signing keys or a claims mapping policy. Default: no.
	AppSigningKey bool `yaml:"app_signing_key"`
	// Claims says what becomes of the claims. Defaults: people are told apart by oid, which
	// stays if the app is registered anew, and of many tenants by tid and oid; what stands
	// before the @ of preferred_username is suggested as user name; an address is imported if
	// xms_edov says that its domain belongs to the tenant. Localpart.Domains and MembersOnly
	// keep guests from getting names of employees.
	Claims claims.Rules `yaml:"claims"`
	// Acknowledge accepts problems by their code.
	Acknowledge []maskit.Ack `yaml:"acknowledge"`
}

var (
	_ upstream.Provider = Config{}
	_ upstream.Guide    = Config{}
)

// Kind implements [upstream.Provider].
func (Config) Kind() string { return "entra" }

// Entry implements [upstream.Provider].
func (c Config) Entry(env upstream.Env) (upstream.Entry, maskit.Problems) {
	return oidc.Preset{
		Config:      c.oidc(),
		Problems:    c.problems(),
		Derived:     []string{"issuer", "endpoints"},
		Acknowledge: c.Acknowledge,
	}.Entry(env)
}

// oidc is the tenant as a generic provider.
func (c Config) oidc() oidc.Config {
	config := oidc.Config{
		Client:            c.Client.WithHumanName("Microsoft"),
		AuthMethod:        mas.AuthClientSecretPost,
		PKCE:              mas.PKCEAlways, // it works, and the metadata does not say so
		Endpoints:         c.endpoints(),
		BackchannelLogout: mas.LogoutDoNothing,
		Claims: c.Claims.WithDefaults(claims.Rules{
			Subject:   "oid",
			Localpart: claims.Localpart{Action: mas.ImportSuggest, Claim: "preferred_username", BeforeAt: true},
			Email:     claims.Email{VerifiedClaim: "xms_edov"},
		}),
	}
	if c.isMultiTenant() {
		config.Discovery = mas.DiscoveryDisabled // the metadata has no issuer that a token could have
	} else {
		config.Issuer = c.issuer()
	}
	config.Sources = c.sources(config.Claims.Subject)
	return config
}

// sources are the claims of ID tokens. Groups are ids; an id of a person is unique within
// its tenant only.
func (c Config) sources(subject string) claims.Sources {
	sources := claims.Sources{
		Groups:      claims.From(claims.ShapeList, "groups"),
		Roles:       claims.From(claims.ShapeList, "roles"),
		Domains:     claims.From(claims.ShapeAddress, "email"),
		Tenants:     claims.From(claims.ShapeText, "tid"),
		Member:      claims.Member{Claim: "acct", Values: []string{"0"}},
		NamesChange: c.anybodyRegisters(),
		Instead:     "remove it, and demand strong authentication by a Conditional Access policy for the app",
	}
	if c.isMultiTenant() && subject == "oid" {
		sources.SubjectScope = "tid"
	}
	return sources
}
