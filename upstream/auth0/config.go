package auth0

import (
	"cmp"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/claims"
	"github.com/maskit-dev/maskit/upstream/oidc"
)

// Config is an application in an Auth0 tenant.
type Config struct {
	// Client is the application, a Regular Web Application. Its secret is required unless
	// AuthMethod is private_key_jwt. HumanName defaults to Auth0.
	Client oidc.Client `yaml:",inline"`
	// Domain is the host of the tenant, such as example.eu.auth0.com, or its custom domain:
	// the one that people are to sign in on, since it is in the issuer. Required.
	Domain string `yaml:"domain"`
	// ClaimNamespace is the URL that an Action of yours puts before the names of custom
	// claims, with its final slash: https://example.com/ for https://example.com/groups.
	// Claims.Require.Groups and Roles need it. Default: none.
	ClaimNamespace string `yaml:"claim_namespace"`
	// AuthMethod is how MAS authenticates, as the application is set: client_secret_post,
	// client_secret_basic or private_key_jwt. Default: client_secret_post.
	AuthMethod mas.AuthMethod `yaml:"token_endpoint_auth_method"`
	// BackchannelLogout is what a logout token ends. Auth0 sends them on its Enterprise plan:
	// set it to logout_all there. Default: do_nothing.
	BackchannelLogout mas.BackchannelLogout `yaml:"on_backchannel_logout"`
	// Claims says what becomes of the claims. Default: as [claims.Rules], but nickname,
	// without illegal characters, is suggested as user name: most connections have no
	// preferred_username, and nicknames are not unique.
	Claims claims.Rules `yaml:"claims"`
	// Acknowledge accepts problems by their code.
	Acknowledge []maskit.Ack `yaml:"acknowledge"`
}

var (
	_ upstream.Provider = Config{}
	_ upstream.Guide    = Config{}
)

// Kind implements [upstream.Provider].
func (Config) Kind() string { return "auth0" }

// Entry implements [upstream.Provider].
func (c Config) Entry(env upstream.Env) (upstream.Entry, maskit.Problems) {
	return oidc.Preset{
		Config:      c.oidc(),
		Problems:    c.problems(),
		Derived:     []string{"issuer", "claim_sources"},
		Acknowledge: c.Acknowledge,
	}.Entry(env)
}

// oidc is the tenant as a generic provider.
func (c Config) oidc() oidc.Config {
	return oidc.Config{
		Client:            c.Client.WithHumanName("Auth0"),
		Issuer:            "https://" + c.Domain + "/", // Auth0's always has the slash
		AuthMethod:        cmp.Or(c.AuthMethod, mas.AuthClientSecretPost),
		BackchannelLogout: cmp.Or(c.BackchannelLogout, mas.LogoutDoNothing),
		Sources:           c.sources(),
		Claims: c.Claims.WithDefaults(claims.Rules{
			Localpart:   claims.Localpart{Action: mas.ImportSuggest, Claim: "nickname", Policy: claims.LocalpartSanitize},
			DisplayName: claims.DisplayName{Claims: []string{"name", "nickname"}},
			AccountName: "nickname",
		}),
	}
}

// sources: Auth0 drops custom claims that are not URLs, so that groups and roles have the
// names that the Action gives them.
func (c Config) sources() claims.Sources {
	sources := claims.Sources{
		Domains:     claims.From(claims.ShapeAddress, "email"),
		NamesChange: true,
		Instead:     "set claim_namespace, and add the claims groups and roles below it to the ID token in a post-login Action",
	}
	if c.ClaimNamespace != "" {
		sources.Groups = claims.From(claims.ShapeList, c.ClaimNamespace+"groups")
		sources.Roles = claims.From(claims.ShapeList, c.ClaimNamespace+"roles")
		sources.Instead = "let the post-login Action refuse the login"
	}
	return sources
}
