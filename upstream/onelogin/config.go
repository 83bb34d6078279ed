package onelogin

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

// Config is an OpenID Connect app of OneLogin.
type Config struct {
	// Subdomain is the first part of the account's address. Required.
	Subdomain string `yaml:"subdomain"`
	// Client is MAS's client. Its secret is required. Scopes default to openid, profile,
	// email and groups, HumanName to OneLogin.
	Client oidc.Client `yaml:",inline"`
	// AuthMethod is the app's: client_secret_basic ("Basic") or client_secret_post ("POST").
	// Default: client_secret_basic.
	AuthMethod mas.AuthMethod `yaml:"token_endpoint_auth_method"`
	// GroupsSeparator says that groups come as one text, and what parts them. Default: they
	// come as a list.
	GroupsSeparator string `yaml:"groups_separator"`
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
func (Config) Kind() string { return "onelogin" }

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
		check.Required("subdomain", c.Subdomain, "the first part of the account's address: acme of acme.onelogin.com"),
		check.Label("subdomain", c.Subdomain),
		check.Control("groups_separator", c.GroupsSeparator),
		check.OneOf("token_endpoint_auth_method", c.AuthMethod, mas.AuthClientSecretBasic, mas.AuthClientSecretPost),
		check.OpenID("scopes", c.Client.Scopes),
	)
}

// oidc is the app as a generic provider.
func (c Config) oidc() oidc.Config {
	return oidc.Config{
		Client:            c.Client.WithHumanName("OneLogin").WithScopes("openid", "profile", "email", "groups"),
		Issuer:            "https://" + c.Subdomain + ".onelogin.com/oidc/2",
		AuthMethod:        cmp.Or(c.AuthMethod, mas.AuthClientSecretBasic),
		FetchUserinfo:     true,
		BackchannelLogout: mas.LogoutDoNothing,
		Sources: claims.Sources{
			Groups:  c.groups(),
			Domains: claims.From(claims.ShapeAddress, "email"),
			Instead: "map the roles of OneLogin to the parameter groups, and require groups",
		},
		Claims: c.Claims.WithDefaults(claims.Rules{
			Localpart: claims.Localpart{Claim: "preferred_username", BeforeAt: true, Policy: claims.LocalpartSanitize},
		}),
	}
}

func (c Config) groups() claims.Source {
	source := claims.Source{Claim: []string{"groups"}, Shape: claims.ShapeList, Scope: "groups"}
	if c.GroupsSeparator != "" {
		source.Shape, source.Separator = claims.ShapeWords, c.GroupsSeparator
	}
	return source
}
