package apple

import (
	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/claims"
	"github.com/maskit-dev/maskit/upstream/oidc"
)

// Config is a Services ID for Sign in with Apple.
type Config struct {
	// Client is the Services ID, such as com.example.matrix: that is its ID. It has no
	// secret: MAS signs one with PrivateKey for each login. Scopes default to openid, name
	// and email, HumanName to Apple.
	Client oidc.Client `yaml:",inline"`
	// TeamID is the id of the developer team, ten letters and digits. Required.
	TeamID string `yaml:"team_id"`
	// KeyID is the id of PrivateKey, ten letters and digits. Required.
	KeyID string `yaml:"key_id"`
	// PrivateKey is the content of the .p8 file, a P-256 key in PKCS#8 form. Required.
	PrivateKey mas.SecretValue `yaml:"private_key" file:"private_key_file"`
	// Claims says what becomes of the claims. Defaults: people choose their user name (another
	// Localpart.Action makes it from the address); the name that Apple sends at the first login
	// only is suggested as display name; an address that Apple has verified is suggested, which
	// can be one of its relay.
	Claims claims.Rules `yaml:"claims"`
	// Acknowledge accepts problems by their code.
	Acknowledge []maskit.Ack `yaml:"acknowledge"`
}

var (
	_ upstream.Provider = Config{}
	_ upstream.Guide    = Config{}
)

// Kind implements [upstream.Provider].
func (Config) Kind() string { return "apple" }

// Entry implements [upstream.Provider].
func (c Config) Entry(env upstream.Env) (upstream.Entry, maskit.Problems) {
	return oidc.Preset{
		Config:      c.oidc(),
		Problems:    c.problems(),
		Derived:     []string{"issuer", "team_id", "key_id", "private_key"},
		Acknowledge: c.Acknowledge,
	}.Entry(env)
}

// oidc is Apple as a generic provider.
func (c Config) oidc() oidc.Config {
	return oidc.Config{
		Client:            c.Client.WithHumanName("Apple").WithScopes("openid", "name", "email"),
		Issuer:            "https://appleid.apple.com",
		BrandName:         "apple",
		AuthMethod:        mas.AuthSignInWithApple,
		SignInWithApple:   &mas.SignInWithApple{PrivateKey: c.PrivateKey, TeamID: c.TeamID, KeyID: c.KeyID},
		ResponseMode:      mas.ResponseFormPost, // Apple insists on it with the scopes name and email
		BackchannelLogout: mas.LogoutDoNothing,
		Sources: claims.Sources{
			NameFromCallback: "user",
			Instead:          "remove it: Apple sends nothing that tells organisations apart",
		},
		Claims: c.Claims.WithDefaults(claims.Rules{
			Localpart:   claims.Localpart{Action: mas.ImportIgnore, FromEmail: true}, // there is no other source of a name
			DisplayName: claims.DisplayName{Action: mas.ImportSuggest, Claims: []string{"name"}},
			Email:       claims.Email{Action: mas.ImportSuggest},
			AccountName: "email",
		}),
	}
}
