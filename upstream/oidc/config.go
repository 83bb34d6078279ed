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
	// Client is MAS as a client of the provider.
	Client Client `yaml:",inline"`
	// Issuer is the provider's issuer, byte for byte as its metadata and ID tokens have
	// it: a final slash counts. Required unless Discovery is disabled; without one,
	// MAS does not check who issued an ID token.
	Issuer string `yaml:"issuer"`
	// BrandName selects an icon: apple, google, facebook, github, gitlab, twitter or
	// discord. Default: none.
	BrandName string `yaml:"brand_name"`
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
	// SignInWithApple is the key for Apple's method. Package upstream/apple sets it.
	SignInWithApple *mas.SignInWithApple `yaml:"-"`
	// Sources says where the provider has what the claims rules speak of. Default, if nothing
	// at all is stated: [claims.StandardSources].
	Sources claims.Sources `yaml:"claim_sources"`
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
	if c.Sources.IsZero() {
		c.Sources = claims.StandardSources()
	}
	entry, problems := c.build(env)
	return entry, problems.Accept(c.Acknowledge...)
}

// build makes the entry and reports everything that is wrong, acknowledged or not.
func (c Config) build(env upstream.Env) (upstream.Entry, maskit.Problems) {
	c = c.WithDefaults()
	sources := c.Sources
	sources.Unsigned = !c.wantsIDToken()
	imports, claimProblems := c.Claims.Imports(sources)
	entry := c.entry(env, imports)
	problems := slices.Concat(c.problems(env), claimProblems)
	return entry, slices.Concat(problems, masProblems(entry, env, problems))
}

// WithDefaults returns a copy in which every setting has the value that it stands for.
func (c Config) WithDefaults() Config {
	c.Discovery = cmp.Or(c.Discovery, mas.DiscoveryOIDC)
	c.Client = c.Client.WithScopes("openid", "profile", "email")
	c.Client.Scopes = c.withRequired(c.Client.Scopes)
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
func (c Config) wantsIDToken() bool { return slices.Contains(c.Client.Scopes, "openid") }

// withRequired adds the scopes without which the provider does not send a required claim.
func (c Config) withRequired(scopes []string) []string {
	sources := c.Sources
	sources.Unsigned = !slices.Contains(scopes, "openid")
	for _, scope := range c.Claims.Require.Scopes(sources) {
		if !slices.Contains(scopes, scope) {
			scopes = append(slices.Clip(scopes), scope)
		}
	}
	return scopes
}

// canCheckLogoutTokens reports whether MAS can match a logout token to sessions, for
// which it keeps ID tokens, and whether it then knows who may send one.
func (c Config) canCheckLogoutTokens() bool { return c.Issuer != "" && c.wantsIDToken() }
