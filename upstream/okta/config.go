package okta

import (
	"cmp"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/claims"
	"github.com/maskit-dev/maskit/upstream/oidc"
)

// Config is an app integration in Okta.
type Config struct {
	// Client is the app integration. Its secret is required unless AuthMethod is
	// private_key_jwt. HumanName defaults to Okta.
	Client oidc.Client `yaml:",inline"`
	// Domain is the host of the Okta organisation, such as example.okta.com, or its custom
	// domain. The issuer mode of the app or authorization server must name the same. Required.
	Domain string `yaml:"domain"`
	// AuthorizationServer is the id of a custom authorization server, or default. Default:
	// the organisation's own server, which knows no custom scopes.
	AuthorizationServer string `yaml:"authorization_server"`
	// GroupsScope is the scope with which a custom authorization server sends the claim
	// groups; asked for if Claims.Require.Groups is set. Default: groups. Not for the
	// organisation's own server, where the app filters groups.
	GroupsScope string `yaml:"groups_scope"`
	// AuthMethod is how MAS authenticates: client_secret_basic, client_secret_post,
	// client_secret_jwt or private_key_jwt. Default: client_secret_basic.
	AuthMethod mas.AuthMethod `yaml:"token_endpoint_auth_method"`
	// AuthSigningAlg signs the assertion of client_secret_jwt and private_key_jwt.
	// Default: HS256 and RS256.
	AuthSigningAlg mas.SigningAlg `yaml:"token_endpoint_auth_signing_alg"`
	// Claims says what becomes of the claims. Default: as [claims.Rules], but what stands
	// before the @ of preferred_username, without illegal characters, is suggested as user name.
	Claims claims.Rules `yaml:"claims"`
	// Acknowledge accepts problems by their code.
	Acknowledge []maskit.Ack `yaml:"acknowledge"`
}

var (
	_ upstream.Provider = Config{}
	_ upstream.Guide    = Config{}
)

// Kind implements [upstream.Provider].
func (Config) Kind() string { return "okta" }

// Entry implements [upstream.Provider].
func (c Config) Entry(env upstream.Env) (upstream.Entry, maskit.Problems) {
	return oidc.Preset{
		Config:      c.oidc(),
		Problems:    c.problems(),
		Derived:     []string{"issuer"},
		Acknowledge: c.Acknowledge,
	}.Entry(env)
}

// oidc is the organisation as a generic provider.
func (c Config) oidc() oidc.Config {
	return oidc.Config{
		Client:            c.Client.WithHumanName("Okta"),
		Issuer:            c.issuer(),
		AuthMethod:        cmp.Or(c.AuthMethod, mas.AuthClientSecretBasic),
		AuthSigningAlg:    c.AuthSigningAlg,
		FetchUserinfo:     true, // the ID token of the code flow can be thin
		BackchannelLogout: mas.LogoutDoNothing,
		Sources:           c.sources(),
		Claims: c.Claims.WithDefaults(claims.Rules{
			Localpart: claims.Localpart{
				Action: mas.ImportSuggest, Claim: "preferred_username", BeforeAt: true, Policy: claims.LocalpartSanitize,
			},
		}),
	}
}

func (c Config) issuer() string {
	if c.AuthorizationServer == "" {
		return "https://" + c.Domain
	}
	return "https://" + c.Domain + "/oauth2/" + c.AuthorizationServer
}

// sources are the claims that Okta can send. The organisation's own server has groups in the
// ID token, by the filter of the app; a custom one where a scope asks for them.
func (c Config) sources() claims.Sources {
	groups := claims.From(claims.ShapeList, "groups")
	if c.AuthorizationServer != "" {
		groups.Scope = cmp.Or(c.GroupsScope, "groups")
	}
	return claims.Sources{
		Groups:  groups,
		Domains: claims.From(claims.ShapeAddress, "email"),
		Instead: "require groups, or let a sign-on policy of the app in Okta refuse the login",
	}
}
