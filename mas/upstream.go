package mas

import "github.com/maskit-dev/maskit"

// UpstreamOAuth2 is the section upstream_oauth2.
type UpstreamOAuth2 struct {
	// Providers are the identity providers, in the order in which the login page
	// shows them. Required when the section is present.
	Providers []UpstreamProvider `yaml:"providers"`
}

// UpstreamProvider is one entry of upstream_oauth2.providers: an OpenID Connect or
// OAuth 2.0 provider that people log in with.
//
// MAS keeps providers in its database and writes the configuration there at start
// and at "config sync".
type UpstreamProvider struct {
	// ID is the permanent id of the provider. Required. Another id is another
	// provider: the links of all users to the old one are orphaned.
	ID maskit.ULID `yaml:"id"`
	// Enabled shows the provider; false is as if the entry were absent. Default: true.
	Enabled Opt[bool] `yaml:"enabled" since:"0.10"`
	// SynapseIDPID is the idp_id that the provider had in Synapse, with its "oidc-"
	// prefix. Only the migration reads it.
	SynapseIDPID string `yaml:"synapse_idp_id" since:"0.14" null:"absent"`
	// Issuer is compared byte for byte with the "iss" of ID tokens and, in discovery
	// mode oidc, of the metadata. Required unless DiscoveryMode is disabled.
	Issuer string `yaml:"issuer" null:"absent"`
	// HumanName is what the login page shows.
	HumanName string `yaml:"human_name" null:"absent"`
	// BrandName selects an icon: apple, google, facebook, github, gitlab, twitter or
	// discord. Anything else leaves an empty slot.
	BrandName string `yaml:"brand_name" null:"absent"`
	// ClientID is the id of MAS at the provider. Required.
	ClientID string `yaml:"client_id"`
	// ClientSecret is its secret: required for the client_secret_* methods, forbidden
	// for the others. MAS drops white space around the file's content.
	ClientSecret SecretValue `yaml:"client_secret" file:"client_secret_file" filesince:"1.7" trim:"space" null:"absent"`
	// TokenEndpointAuthMethod is how MAS authenticates at the token endpoint. Required.
	TokenEndpointAuthMethod AuthMethod `yaml:"token_endpoint_auth_method"`
	// SignInWithApple is the key for the method sign_in_with_apple.
	SignInWithApple *SignInWithApple `yaml:"sign_in_with_apple" since:"0.13" null:"absent"`
	// TokenEndpointAuthSigningAlg signs the assertion: required for client_secret_jwt
	// and private_key_jwt, forbidden otherwise.
	TokenEndpointAuthSigningAlg SigningAlg `yaml:"token_endpoint_auth_signing_alg" null:"absent"`
	// IDTokenSignedResponseAlg is the algorithm of ID tokens and logout tokens. Default: RS256.
	IDTokenSignedResponseAlg SigningAlg `yaml:"id_token_signed_response_alg" since:"0.13"`
	// Scope is what MAS asks for, separated by single spaces. Default: openid.
	Scope string `yaml:"scope"`
	// DiscoveryMode says how the provider's metadata is fetched and checked. Default: oidc.
	DiscoveryMode DiscoveryMode `yaml:"discovery_mode"`
	// PKCEMethod says when PKCE (S256) is used. Default: auto, which is when the metadata offers it.
	PKCEMethod PKCEMethod `yaml:"pkce_method"`
	// FetchUserinfo asks the userinfo endpoint too; its claims stand under those of the ID token.
	FetchUserinfo bool `yaml:"fetch_userinfo" since:"0.13"`
	// UserinfoSignedResponseAlg says that userinfo is a JWT of that algorithm. Default: plain JSON.
	UserinfoSignedResponseAlg SigningAlg `yaml:"userinfo_signed_response_alg" since:"0.13" null:"absent"`
	// AuthorizationEndpoint overrides the metadata; required when discovery is disabled.
	AuthorizationEndpoint string `yaml:"authorization_endpoint" null:"absent"`
	// UserinfoEndpoint overrides the metadata.
	UserinfoEndpoint string `yaml:"userinfo_endpoint" since:"0.13" null:"absent"`
	// TokenEndpoint overrides the metadata; required when discovery is disabled.
	TokenEndpoint string `yaml:"token_endpoint" null:"absent"`
	// JWKSURI overrides the metadata; needed for ID tokens when discovery is disabled.
	JWKSURI string `yaml:"jwks_uri" null:"absent"`
	// ResponseMode is how the provider sends its answer. Default: its own choice.
	ResponseMode ResponseMode `yaml:"response_mode" since:"0.13" null:"absent"`
	// ClaimsImports says what becomes of the claims.
	ClaimsImports ClaimsImports `yaml:"claims_imports"`
	// AdditionalAuthorizationParameters are added to the authorization request. Since
	// MAS 1.20 they are templates.
	AdditionalAuthorizationParameters map[string]string `yaml:"additional_authorization_parameters" since:"0.9"`
	// ForwardLoginHint passes the client's login_hint on.
	//
	// Deprecated: use AdditionalAuthorizationParameters with "{{ params.login_hint }}" (MAS 1.20).
	ForwardLoginHint bool `yaml:"forward_login_hint" since:"0.17"`
	// OnBackchannelLogout is what a logout token ends. Default: do_nothing.
	OnBackchannelLogout BackchannelLogout `yaml:"on_backchannel_logout" since:"0.19"`
	// RegistrationTokenRequired asks new users for a registration token.
	RegistrationTokenRequired bool `yaml:"registration_token_required" since:"1.19"`
}

// SameRegistration reports whether both are the same client at the same provider,
// whatever their ids: the same client id at the same issuer. A provider without an
// issuer is known by its authorization endpoint.
func (p UpstreamProvider) SameRegistration(q UpstreamProvider) bool {
	return p.ClientID == q.ClientID && p.Issuer == q.Issuer &&
		(p.Issuer != "" || p.AuthorizationEndpoint == q.AuthorizationEndpoint)
}

// SignInWithApple is the key by which MAS authenticates at Apple.
type SignInWithApple struct {
	// PrivateKey is the PKCS#8 key from Apple's developer site. Required.
	PrivateKey SecretValue `yaml:"private_key" file:"private_key_file" filesince:"0.16" trim:"pem" null:"absent"`
	// TeamID is the Apple team. Required.
	TeamID string `yaml:"team_id"`
	// KeyID is the id of PrivateKey. Required.
	KeyID string `yaml:"key_id"`
}

// AuthMethod is how a client authenticates at a token endpoint.
type AuthMethod string

// The methods. [AuthSignInWithApple] is for upstream providers only.
const (
	AuthNone              AuthMethod = "none"
	AuthClientSecretBasic AuthMethod = "client_secret_basic"
	AuthClientSecretPost  AuthMethod = "client_secret_post"
	AuthClientSecretJWT   AuthMethod = "client_secret_jwt"
	AuthPrivateKeyJWT     AuthMethod = "private_key_jwt"
	AuthSignInWithApple   AuthMethod = "sign_in_with_apple"
)

func (AuthMethod) values() []string {
	return []string{
		"none", "client_secret_basic", "client_secret_post", "client_secret_jwt",
		"private_key_jwt", "sign_in_with_apple",
	}
}

func (m AuthMethod) since() string {
	if m == AuthSignInWithApple {
		return "0.13"
	}
	return ""
}

// SigningAlg is a JWS algorithm, spelled as in RFC 7518: MAS loads "rs256" and then
// fails at the first login.
type SigningAlg string

// The algorithms that MAS knows. Of these it verifies RS*, PS*, ES256, ES384 and ES256K.
const (
	AlgHS256  SigningAlg = "HS256"
	AlgHS384  SigningAlg = "HS384"
	AlgHS512  SigningAlg = "HS512"
	AlgRS256  SigningAlg = "RS256"
	AlgRS384  SigningAlg = "RS384"
	AlgRS512  SigningAlg = "RS512"
	AlgPS256  SigningAlg = "PS256"
	AlgPS384  SigningAlg = "PS384"
	AlgPS512  SigningAlg = "PS512"
	AlgES256  SigningAlg = "ES256"
	AlgES384  SigningAlg = "ES384"
	AlgES512  SigningAlg = "ES512"
	AlgES256K SigningAlg = "ES256K"
	AlgEdDSA  SigningAlg = "EdDSA"

	AlgEd25519 SigningAlg = "Ed25519"
	AlgEd448   SigningAlg = "Ed448"
)

func (SigningAlg) values() []string {
	return []string{
		"HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512",
		"ES256", "ES384", "ES512", "ES256K", "EdDSA", "Ed25519", "Ed448",
	}
}

func (a SigningAlg) since() string {
	if a == AlgEd25519 || a == AlgEd448 {
		return "0.18"
	}
	return ""
}

// DiscoveryMode says how a provider's metadata is fetched and checked.
type DiscoveryMode string

// The modes.
const (
	DiscoveryOIDC     DiscoveryMode = "oidc"     // fetched, and checked strictly
	DiscoveryInsecure DiscoveryMode = "insecure" // fetched; http and another issuer are let pass
	DiscoveryDisabled DiscoveryMode = "disabled" // not fetched; the endpoints are given
)

func (DiscoveryMode) values() []string { return []string{"oidc", "insecure", "disabled"} }

// PKCEMethod says when PKCE (S256) is used.
type PKCEMethod string

// The methods.
const (
	PKCEAuto   PKCEMethod = "auto"
	PKCEAlways PKCEMethod = "always"
	PKCENever  PKCEMethod = "never"
)

func (PKCEMethod) values() []string { return []string{"auto", "always", "never"} }

// ResponseMode is how a provider returns its answer to MAS.
type ResponseMode string

// The modes.
const (
	ResponseQuery    ResponseMode = "query"
	ResponseFormPost ResponseMode = "form_post"
)

func (ResponseMode) values() []string { return []string{"query", "form_post"} }

// BackchannelLogout is what a logout token of the provider ends.
type BackchannelLogout string

// The reactions.
const (
	LogoutDoNothing   BackchannelLogout = "do_nothing"
	LogoutBrowserOnly BackchannelLogout = "logout_browser_only" // Matrix clients stay signed in
	LogoutAll         BackchannelLogout = "logout_all"          // and what those browser sessions started
)

func (BackchannelLogout) values() []string {
	return []string{"do_nothing", "logout_browser_only", "logout_all"}
}
