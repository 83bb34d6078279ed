package oidc

import (
	"cmp"
	"slices"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/claims"
)

// Config is an OpenID Connect or OAuth 2.0 provider.
type Config struct {
	// Issuer is the provider's issuer, byte for byte as its metadata and ID tokens have
	// it: a final slash counts. Required unless Discovery is disabled; without one,
	// MAS does not check who issued an ID token.
	Issuer string `yaml:"issuer"`
	// HumanName is what the login page shows. Default: made from the issuer by MAS;
	// required without one.
	HumanName string `yaml:"human_name"`
	// BrandName selects an icon: apple, google, facebook, github, gitlab, twitter or
	// discord. Default: none.
	BrandName string `yaml:"brand_name"`
	// ClientID is the id of MAS at the provider. Required.
	ClientID string `yaml:"client_id"`
	// ClientSecret is its secret. Required for the client_secret_* methods, forbidden
	// for the others.
	ClientSecret mas.SecretValue `yaml:"client_secret" file:"client_secret_file"`
	// AuthMethod is how MAS authenticates at the token endpoint. Required: a provider
	// accepts what was registered for the client. With private_key_jwt, MAS signs
	// with its own keys.
	AuthMethod mas.AuthMethod `yaml:"token_endpoint_auth_method"`
	// AuthSigningAlg signs the assertion of client_secret_jwt and private_key_jwt; not
	// to be set for others. Default: HS256 and RS256.
	AuthSigningAlg mas.SigningAlg `yaml:"token_endpoint_auth_signing_alg"`
	// IDTokenAlg is the algorithm of ID tokens and logout tokens, one that MAS can
	// verify: RS*, PS*, ES256, ES384, ES256K. Default: RS256.
	IDTokenAlg mas.SigningAlg `yaml:"id_token_signed_response_alg"`
	// Scopes are asked for. Without openid there is no ID token. Default: openid,
	// profile, email.
	Scopes []string `yaml:"scopes"`
	// Discovery says how the metadata is fetched and checked. Default: oidc.
	Discovery mas.DiscoveryMode `yaml:"discovery_mode"`
	// PKCE says when PKCE (S256) is used. Default: auto, which trusts the metadata;
	// always where there is none.
	PKCE mas.PKCEMethod `yaml:"pkce_method"`
	// Endpoints override the metadata. Default: none.
	Endpoints Endpoints `yaml:"endpoints"`
	// FetchUserinfo asks the userinfo endpoint too. Its claims stand under those of the
	// ID token. Default: no; required without the scope openid.
	FetchUserinfo bool `yaml:"fetch_userinfo"`
	// UserinfoAlg says that userinfo comes as a JWT of that algorithm. Default: as JSON.
	UserinfoAlg mas.SigningAlg `yaml:"userinfo_signed_response_alg"`
	// ResponseMode is how the provider returns to MAS. Default: its own choice.
	ResponseMode mas.ResponseMode `yaml:"response_mode"`
	// BackchannelLogout is what a logout token of the provider ends. Default: logout_all,
	// which does no harm where none comes; do_nothing if no token can be checked, that
	// is without an issuer or without the scope openid.
	BackchannelLogout mas.BackchannelLogout `yaml:"on_backchannel_logout"`
	// AuthorizationParameters are added to the authorization request as they stand:
	// they are no templates. Default: none.
	AuthorizationParameters map[string]string `yaml:"authorization_parameters"`
	// ForwardLoginHint passes the login_hint of a Matrix client on. Default: no.
	ForwardLoginHint bool `yaml:"forward_login_hint"`
	// ReauthenticateAfterLogout asks the provider for a new sign-in (prompt=login) within
	// five minutes after a logout, since MAS does not log out there. It needs MAS 1.22.
	// Default: no.
	ReauthenticateAfterLogout bool `yaml:"reauthenticate_after_logout"`
	// RegistrationTokenRequired asks new users for a registration token (MAS 1.19).
	// Default: no.
	RegistrationTokenRequired bool `yaml:"registration_token_required"`
	// SynapseIDPID is the idp_id that the provider had in Synapse, with the prefix oidc-.
	// The migration needs it. Default: none.
	SynapseIDPID string `yaml:"synapse_idp_id"`
	// Claims says what becomes of the claims.
	Claims claims.Rules `yaml:"claims"`
	// Acknowledge accepts problems by their code.
	Acknowledge []maskit.Ack `yaml:"acknowledge"`
}

// Endpoints are addresses that win over the metadata. Without discovery the first
// two are required, JWKS for ID tokens and Userinfo for userinfo.
type Endpoints struct {
	// Authorization is where browsers are sent. It may have a query.
	Authorization string `yaml:"authorization"`
	// Token is where MAS exchanges codes.
	Token string `yaml:"token"`
	// Userinfo is where MAS asks for claims.
	Userinfo string `yaml:"userinfo"`
	// JWKS holds the keys that sign ID tokens.
	JWKS string `yaml:"jwks"`
}

var (
	_ upstream.Provider = Config{}
	_ upstream.Guide    = Config{}
)

// Kind implements [upstream.Provider].
func (Config) Kind() string { return "oidc" }

// Entry implements [upstream.Provider].
func (c Config) Entry(env upstream.Env) (upstream.Entry, maskit.Problems) {
	c = c.WithDefaults()
	imports, claimProblems := c.Claims.Imports()
	if !c.wantsIDToken() && c.Claims.Subject == "sub" {
		imports.Subject.Template = "{{ user.sub or '' }}" // nobody has checked that there is one, and null would be "none"
	}
	entry := c.entry(env, imports)
	problems := slices.Concat(c.problems(env), claimProblems)
	problems = slices.Concat(problems, masProblems(entry, env, problems))
	return entry, problems.Accept(c.Acknowledge...)
}

// WithDefaults returns a copy in which every setting has the value that it stands for.
func (c Config) WithDefaults() Config {
	c.Discovery = cmp.Or(c.Discovery, mas.DiscoveryOIDC)
	if len(c.Scopes) == 0 {
		c.Scopes = []string{"openid", "profile", "email"}
	}
	if c.PKCE == "" {
		c.PKCE = mas.PKCEAuto
		if c.Discovery == mas.DiscoveryDisabled {
			c.PKCE = mas.PKCEAlways // MAS takes auto for never when there is no metadata
		}
	}
	if c.AuthSigningAlg == "" {
		c.AuthSigningAlg = defaultAuthAlg(c.AuthMethod)
	}
	if c.BackchannelLogout == "" && c.canCheckLogoutTokens() {
		c.BackchannelLogout = mas.LogoutAll
	}
	return c
}

func defaultAuthAlg(method mas.AuthMethod) mas.SigningAlg {
	switch method {
	case mas.AuthPrivateKeyJWT:
		return mas.AlgRS256
	case mas.AuthClientSecretJWT:
		return mas.AlgHS256
	default:
		return ""
	}
}

// wantsIDToken reports whether MAS asks for an ID token.
func (c Config) wantsIDToken() bool { return slices.Contains(c.Scopes, "openid") }

// canCheckLogoutTokens reports whether MAS can match a logout token to sessions, for
// which it keeps ID tokens, and whether it then knows who may send one.
func (c Config) canCheckLogoutTokens() bool { return c.Issuer != "" && c.wantsIDToken() }
