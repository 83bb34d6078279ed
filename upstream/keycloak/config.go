package keycloak

import (
	"cmp"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/claims"
	"github.com/maskit-dev/maskit/upstream/internal/check"
	"github.com/maskit-dev/maskit/upstream/oidc"
)

// Config is a realm of a Keycloak server, and MAS's client in it.
type Config struct {
	// Client is MAS's client in the realm. Its secret is required unless AuthMethod is
	// private_key_jwt; openid must be among its scopes.
	Client oidc.Client `yaml:",inline"`
	// BaseURL is where Keycloak is, with its path if it has one (older servers:
	// /auth), without /realms. Required.
	BaseURL string `yaml:"base_url"`
	// PublicURL is the address in Keycloak's hostname setting, if BaseURL is another one
	// inside the cluster. People are sent there and it makes the issuer; MAS reads the
	// metadata there, but takes keys and tokens from BaseURL. Default: BaseURL.
	PublicURL string `yaml:"public_url"`
	// Realm is the name of the realm, in its exact case. Required; never master, whose
	// users administer the server.
	Realm string `yaml:"realm"`
	// InsecureHTTP accepts a server without https, for tests. Passwords, codes and
	// tokens then cross the network in the clear, and MAS checks less of the metadata.
	InsecureHTTP bool `yaml:"insecure_http"`
	// AuthMethod is how MAS authenticates: client_secret_basic or client_secret_post. Signed
	// assertions (private_key_jwt, client_secret_jwt) must be acknowledged, because MAS 1.22
	// leaves out what Keycloak asks for beside them. Default: client_secret_basic.
	AuthMethod mas.AuthMethod `yaml:"token_endpoint_auth_method"`
	// AuthSigningAlg signs the assertion of client_secret_jwt and private_key_jwt.
	// Default: HS256 and RS256.
	AuthSigningAlg mas.SigningAlg `yaml:"token_endpoint_auth_signing_alg"`
	// IDTokenAlg is the algorithm that the client is set to. Default: RS256, Keycloak's
	// own; others break back-channel logout before 26.7.
	IDTokenAlg mas.SigningAlg `yaml:"id_token_signed_response_alg"`
	// BackchannelLogout is what a logout token ends. Default: logout_all.
	BackchannelLogout mas.BackchannelLogout `yaml:"on_backchannel_logout"`
	// IDPHint is the alias of an identity provider inside the realm to which people are
	// sent at once. Default: none, Keycloak's login page.
	IDPHint string `yaml:"kc_idp_hint"`
	// Claims says what becomes of the claims. Default: as [claims.Rules], but the user
	// name is required. Require.Groups are paths of groups in Keycloak, such as /staff/matrix;
	// each is for its members and those of the groups below, and Gate says who asks.
	// Require.Roles go by the realm roles, and Require.ACR by the level of the login; MAS asks
	// for both. Groups and roles are not in ID tokens before a mapper puts them there, see
	// [Config.SetupSteps]. With skip_confirmation people see no page of MAS at their first
	// login.
	Claims claims.Rules `yaml:"claims"`
	// Gate says who asks whether people are in Claims.Require.Groups. Default: keycloak,
	// with a warning, since nobody is stopped before the flow is made there.
	Gate Gate `yaml:"gate"`
	// Acknowledge accepts problems by their code.
	Acknowledge []maskit.Ack `yaml:"acknowledge"`
}

var (
	_ upstream.Provider = Config{}
	_ upstream.Guide    = Config{}
)

// Kind implements [upstream.Provider].
func (Config) Kind() string { return "keycloak" }

// Entry implements [upstream.Provider].
func (c Config) Entry(env upstream.Env) (upstream.Entry, maskit.Problems) {
	return oidc.Preset{
		Config:      c.oidc(),
		Problems:    c.problems(),
		Derived:     []string{"issuer", "endpoints", "claims.subject", "claims.require.groups"},
		Acknowledge: c.Acknowledge,
	}.Entry(env)
}

// oidc is the realm as a generic provider.
func (c Config) oidc() oidc.Config {
	client := c.Client
	if check.Text(hintParameter, c.IDPHint) == nil { // else it is reported under its own key
		client = client.WithParameter(hintParameter, c.IDPHint)
	}
	return oidc.Config{
		Client:            client,
		Issuer:            c.issuer(),
		AuthMethod:        cmp.Or(c.AuthMethod, mas.AuthClientSecretBasic),
		AuthSigningAlg:    c.AuthSigningAlg,
		IDTokenAlg:        c.IDTokenAlg,
		Discovery:         c.discovery(),
		Endpoints:         c.endpoints(),
		BackchannelLogout: c.BackchannelLogout,
		Sources:           sources(),
		Claims:            c.claims(),
	}
}

// claims are the rules that MAS has to keep.
func (c Config) claims() claims.Rules {
	rules := c.Claims.WithDefaults(claims.Rules{
		Localpart: claims.Localpart{Action: mas.ImportRequire},
	})
	if !c.Gate.atMAS() {
		rules.Require.Groups = nil
	}
	return rules
}

// sources are the claims of Keycloak's own mappers: groups needs a Group Membership mapper
// with full paths, and realm roles one that adds them to the ID token.
func sources() claims.Sources {
	return claims.Sources{
		Groups:  claims.From(claims.ShapePaths, "groups"),
		Roles:   claims.From(claims.ShapeList, "realm_access", "roles"),
		Domains: claims.From(claims.ShapeAddress, "email"),
		ACR:     claims.From(claims.ShapeText, "acr"),
	}
}

// hintParameter is the authorization parameter of Keycloak's identity provider redirector.
const hintParameter = "kc_idp_hint"
