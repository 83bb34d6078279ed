package facebook

import (
	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/claims"
	"github.com/maskit-dev/maskit/upstream/oidc"
)

// Config is an app at Meta for Facebook Login.
type Config struct {
	// Client is the app: its ID is the app id, its secret, which is required, the app secret.
	// Scopes default to openid and email, HumanName to Facebook.
	Client oidc.Client `yaml:",inline"`
	// GraphVersion is the version of the Graph API in the addresses, such as v24.0. Required:
	// versions are retired about two years after they appear, so that none is a lasting default.
	GraphVersion string `yaml:"graph_version"`
	// Claims says what becomes of the claims. Defaults: people choose their user name; no
	// address is imported, because Facebook does not say whether one is verified.
	Claims claims.Rules `yaml:"claims"`
	// Acknowledge accepts problems by their code.
	Acknowledge []maskit.Ack `yaml:"acknowledge"`
}

var (
	_ upstream.Provider   = Config{}
	_ upstream.Guide      = Config{}
	_ upstream.Classifier = Config{}
)

// Kind implements [upstream.Provider].
func (Config) Kind() string { return "facebook" }

// Entry implements [upstream.Provider].
func (c Config) Entry(env upstream.Env) (upstream.Entry, maskit.Problems) {
	return oidc.Preset{
		Config:      c.oidc(),
		Problems:    c.problems(),
		Derived:     []string{"issuer", "endpoints"},
		Acknowledge: c.Acknowledge,
	}.Entry(env)
}

// oidc is Facebook as a generic provider.
func (c Config) oidc() oidc.Config {
	return oidc.Config{
		Client:     c.Client.WithHumanName("Facebook").WithScopes("openid", "email"),
		Issuer:     "https://www.facebook.com",
		BrandName:  "facebook",
		AuthMethod: mas.AuthClientSecretPost,
		Discovery:  mas.DiscoveryDisabled, // the metadata lacks the token endpoint, with which MAS refuses it
		PKCE:       mas.PKCEAlways,        // without it, the code flow gives no ID token
		Endpoints: oidc.Endpoints{
			Authorization: "https://www.facebook.com/" + c.GraphVersion + "/dialog/oauth",
			Token:         "https://graph.facebook.com/" + c.GraphVersion + "/oauth/access_token",
			JWKS:          "https://www.facebook.com/.well-known/oauth/openid/jwks/",
		},
		BackchannelLogout: mas.LogoutDoNothing,
		Sources:           claims.Sources{Instead: "remove it: Facebook sends nothing that tells organisations apart"},
		Claims: c.Claims.WithDefaults(claims.Rules{
			Localpart:   claims.Localpart{Action: mas.ImportIgnore},
			DisplayName: claims.DisplayName{Claims: []string{"name"}},
			Email:       claims.Email{Action: mas.ImportSuggest, Trust: claims.TrustNever},
			AccountName: "name",
		}),
	}
}
