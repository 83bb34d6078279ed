package cognito

import (
	"cmp"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/claims"
	"github.com/maskit-dev/maskit/upstream/oidc"
)

// Config is an app client of an Amazon Cognito user pool.
type Config struct {
	// Client is the app client. Its secret is required unless AuthMethod is none. HumanName
	// defaults to Amazon Cognito.
	Client oidc.Client `yaml:",inline"`
	// UserPool is the id of the user pool, such as eu-central-1_AbCdEf123. It begins with the
	// region. Required. The pool needs a domain, where people sign in.
	UserPool string `yaml:"user_pool"`
	// AuthMethod is how MAS authenticates: client_secret_basic, client_secret_post, or none
	// for an app client that was made without a secret. Default: client_secret_basic.
	AuthMethod mas.AuthMethod `yaml:"token_endpoint_auth_method"`
	// Claims says what becomes of the claims. Default: as [claims.Rules], but the claim
	// cognito:username, without illegal characters, is suggested as user name. Where people
	// sign in by e-mail address, it is an id that nobody knows: use Localpart.FromEmail.
	Claims claims.Rules `yaml:"claims"`
	// Acknowledge accepts problems by their code.
	Acknowledge []maskit.Ack `yaml:"acknowledge"`
}

var (
	_ upstream.Provider = Config{}
	_ upstream.Guide    = Config{}
)

// Kind implements [upstream.Provider].
func (Config) Kind() string { return "cognito" }

// Entry implements [upstream.Provider].
func (c Config) Entry(env upstream.Env) (upstream.Entry, maskit.Problems) {
	return oidc.Preset{
		Config:      c.oidc(),
		Problems:    c.problems(),
		Derived:     []string{"issuer"},
		Acknowledge: c.Acknowledge,
	}.Entry(env)
}

// oidc is the user pool as a generic provider.
func (c Config) oidc() oidc.Config {
	return oidc.Config{
		Client:            c.Client.WithHumanName("Amazon Cognito"),
		Issuer:            c.issuer(),
		AuthMethod:        cmp.Or(c.AuthMethod, mas.AuthClientSecretBasic),
		PKCE:              mas.PKCEAlways, // it works, and the metadata does not say so
		BackchannelLogout: mas.LogoutDoNothing,
		Sources: claims.Sources{
			Groups:  claims.From(claims.ShapeList, "cognito:groups"),
			Domains: claims.From(claims.ShapeAddress, "email"),
			Instead: "require groups",
		},
		Claims: c.Claims.WithDefaults(claims.Rules{
			Localpart:   claims.Localpart{Action: mas.ImportSuggest, Claim: username, Policy: claims.LocalpartSanitize},
			DisplayName: claims.DisplayName{Claims: []string{"name", username}},
			AccountName: username,
		}),
	}
}

const username = "cognito:username"
