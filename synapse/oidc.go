package synapse

import (
	"slices"

	"github.com/maskit-dev/maskit"
)

// OIDCProvider is an OpenID Connect provider by which people log in to Synapse
// (Synapse 1.136 to 1.163, config/oidc.py). What the file does not set has the
// value that Synapse gives it; [OIDCProvider.IsDefault] tells.
type OIDCProvider struct {
	// Path is where the provider stands: "oidc_providers[1]" or "oidc_config"; Pos is the place in its file.
	Path string
	Pos  maskit.Pos
	// SynapseIDPID is the name under which Synapse keeps the links of its users, in
	// user_external_ids.auth_provider: "oidc-" and the idp_id, or just "oidc". MAS has
	// it as synapse_idp_id.
	SynapseIDPID string
	// Name is shown to people; Icon (an mxc address) and Brand may be empty.
	Name, Icon, Brand string
	// Discover says whether the endpoints come from the issuer's metadata.
	Discover bool
	// Issuer and ClientID are as registered.
	Issuer, ClientID string
	// ClientSecret is the secret; ClientSecretPath is the file that has it instead, of
	// which Synapse drops line breaks at the end. At most one is set.
	ClientSecret     maskit.Secret
	ClientSecretPath string
	// ClientSecretJWT makes the secret anew for each use; nil if it is not used.
	ClientSecretJWT *ClientSecretJWT
	// AuthMethod is "client_secret_basic", "client_secret_post" or "none".
	AuthMethod string
	// PKCE is "auto", "always" or "never".
	PKCE string
	// SigningAlgorithms are those of id tokens; empty means what the issuer says, else RS256.
	SigningAlgorithms []string
	// Scopes are asked for.
	Scopes []string
	// The endpoints; empty means those of the issuer's metadata.
	AuthorizationEndpoint, TokenEndpoint, UserinfoEndpoint, JWKSURI string
	// SkipVerification switches the checks of the metadata off.
	SkipVerification bool
	// UserProfileMethod is "auto" (the userinfo endpoint is asked only without the
	// scope openid) or "userinfo_endpoint".
	UserProfileMethod string
	// RedirectURI is sent instead of Synapse's own callback; empty if it is not.
	RedirectURI string
	// BackchannelLogout says whether the provider may end sessions;
	// BackchannelLogoutIgnoreSub drops the check of the subject.
	BackchannelLogout, BackchannelLogoutIgnoreSub bool
	// AllowExistingUsers links people to accounts that have their localpart already.
	AllowExistingUsers bool
	// EnableRegistration makes accounts for people who have none.
	EnableRegistration bool
	// Mapping says how claims become an account.
	Mapping UserMapping
	// AttributeRequirements must all be met by those who log in.
	AttributeRequirements []AttributeRequirement
	// AuthorizationParameters are added to the authorization request;
	// PassthroughParameters are taken over from the request of the client.
	AuthorizationParameters map[string]string
	PassthroughParameters   []string

	defaults []string
}

// IsDefault reports whether a key, such as "scopes" or
// "user_mapping_provider.config.subject_template", is not set in the file, so that
// the value is Synapse's.
func (p OIDCProvider) IsDefault(key string) bool { return slices.Contains(p.defaults, key) }

// ClientSecretJWT makes a client secret, as Apple wants it (client_secret_jwt_key).
type ClientSecretJWT struct {
	// Key is the private key, in PEM; KeyFile is the file that has it instead.
	Key     maskit.Secret
	KeyFile string
	// Header and Payload are put into the token.
	Header, Payload map[string]string
}

// UserMapping is a user_mapping_provider.
type UserMapping struct {
	// Module is the Python class.
	Module string
	// Custom says that it is not Synapse's own: then nothing else is known.
	Custom bool
	// The templates, in Jinja, of the claims as "user". Subject is what a link is
	// kept by: MAS must render the very same text. An empty Localpart lets people
	// choose one; an empty DisplayName, Email or Picture gives none.
	Subject, Localpart, DisplayName, Email, Picture Template
	// ConfirmLocalpart lets people change what Localpart proposes.
	ConfirmLocalpart bool
	// ExtraAttributes are templates of what a login tells the client besides.
	ExtraAttributes map[string]string
}

// Template is a template of a [UserMapping].
type Template struct {
	// Text is the template.
	Text string
	// Default says that the file does not set it, so that it is Synapse's.
	Default bool
}

// AttributeRequirement asks for a claim (attribute_requirements).
type AttributeRequirement struct {
	// Attribute is the claim.
	Attribute string
	// OneOf are the values of which it must have one, or contain one if it is a list;
	// empty means any.
	OneOf []string
}
