package keycloak

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/claims"
	"github.com/maskit-dev/maskit/upstream/internal/check"
	"github.com/maskit-dev/maskit/upstream/oidc"
)

// Config is a realm of a Keycloak server, and MAS's client in it.
type Config struct {
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
	// HumanName is what the login page shows. Default: made from the issuer by MAS.
	HumanName string `yaml:"human_name"`
	// ClientID is the id of MAS's client in the realm. Required.
	ClientID string `yaml:"client_id"`
	// ClientSecret is its secret. Required unless AuthMethod is private_key_jwt.
	ClientSecret mas.SecretValue `yaml:"client_secret" file:"client_secret_file"`
	// AuthMethod is how MAS authenticates: one of the client_secret_* methods, or
	// private_key_jwt, for which Keycloak fetches MAS's public keys. Default:
	// client_secret_basic.
	AuthMethod mas.AuthMethod `yaml:"token_endpoint_auth_method"`
	// AuthSigningAlg signs the assertion of client_secret_jwt and private_key_jwt.
	// Default: HS256 and RS256.
	AuthSigningAlg mas.SigningAlg `yaml:"token_endpoint_auth_signing_alg"`
	// IDTokenAlg is the algorithm that the client is set to. Default: RS256, Keycloak's
	// own; others break back-channel logout before 26.7.
	IDTokenAlg mas.SigningAlg `yaml:"id_token_signed_response_alg"`
	// Scopes are asked for, openid among them. Default: openid, profile, email.
	Scopes []string `yaml:"scopes"`
	// BackchannelLogout is what a logout token ends. Default: logout_all.
	BackchannelLogout mas.BackchannelLogout `yaml:"on_backchannel_logout"`
	// IDPHint is the alias of an identity provider inside the realm to which people are
	// sent at once. Default: none, Keycloak's login page.
	IDPHint string `yaml:"kc_idp_hint"`
	// AuthorizationParameters are added to the authorization request as they stand.
	// Default: none.
	AuthorizationParameters map[string]string `yaml:"authorization_parameters"`
	// ForwardLoginHint passes the login_hint of a Matrix client on. Default: no.
	ForwardLoginHint bool `yaml:"forward_login_hint"`
	// ReauthenticateAfterLogout asks for a new sign-in within five minutes after a
	// logout, since MAS does not log out at Keycloak. It needs MAS 1.22. Default: no.
	ReauthenticateAfterLogout bool `yaml:"reauthenticate_after_logout"`
	// RegistrationTokenRequired asks new users for a registration token (MAS 1.19).
	// Default: no.
	RegistrationTokenRequired bool `yaml:"registration_token_required"`
	// SynapseIDPID is the idp_id that the realm had in Synapse, with the prefix oidc-. The
	// migration needs it. Default: none.
	SynapseIDPID string `yaml:"synapse_idp_id"`
	// Claims says what becomes of the claims. Default: as [claims.Rules], but the user
	// name is required. With skip_confirmation people see no page of MAS at their
	// first login.
	Claims claims.Rules `yaml:"claims"`
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
	entry, problems := c.oidc().Entry(env)
	problems = slices.Concat(c.problems(), slices.DeleteFunc(problems, derived))
	return entry, problems.Accept(c.Acknowledge...)
}

// derived reports whether a problem is about a setting that the caller cannot make,
// because it derives from the addresses and the scopes: those have been judged.
func derived(p maskit.Problem) bool {
	return p.Path == "issuer" || p.Path == "fetch_userinfo" || strings.HasPrefix(p.Path, "endpoints.") ||
		p.Path == "claims.subject" && p.Code == "required" // the scope openid is what is missing
}

// oidc is the realm as a generic provider.
func (c Config) oidc() oidc.Config {
	return oidc.Config{
		Issuer:                    c.issuer(),
		HumanName:                 c.HumanName,
		ClientID:                  c.ClientID,
		ClientSecret:              c.ClientSecret,
		AuthMethod:                cmp.Or(c.AuthMethod, mas.AuthClientSecretBasic),
		AuthSigningAlg:            c.AuthSigningAlg,
		IDTokenAlg:                c.IDTokenAlg,
		Scopes:                    c.Scopes,
		Discovery:                 c.discovery(),
		Endpoints:                 c.endpoints(),
		BackchannelLogout:         c.BackchannelLogout,
		AuthorizationParameters:   c.parameters(),
		ForwardLoginHint:          c.ForwardLoginHint,
		ReauthenticateAfterLogout: c.ReauthenticateAfterLogout,
		RegistrationTokenRequired: c.RegistrationTokenRequired,
		SynapseIDPID:              c.SynapseIDPID,
		Claims: c.Claims.WithDefaults(claims.Rules{
			Localpart: claims.Localpart{Action: mas.ImportRequire},
		}),
	}
}

func (c Config) parameters() map[string]string {
	if c.IDPHint == "" || check.Text(hintParameter, c.IDPHint) != nil {
		return c.AuthorizationParameters // a bad hint is reported once, under its own key
	}
	parameters := map[string]string{hintParameter: c.IDPHint}
	maps.Copy(parameters, c.AuthorizationParameters) // a hint in both is a problem
	return parameters
}

// hintParameter is the authorization parameter of Keycloak's identity provider redirector.
const hintParameter = "kc_idp_hint"
