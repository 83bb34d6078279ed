package upstreamtest

// Quirk is a way in which a provider differs from what MAS can do. Each was seen at a
// real vendor, which its comment names, together with what MAS 1.22 makes of it.
type Quirk string

// The quirks. They can be combined.
const (
	// IssuerSlash ends the issuer in a slash, in the metadata and in tokens, as Auth0,
	// authentik, JumpCloud and Rauthy since 0.35 do. MAS compares byte for byte: without
	// the slash in the configuration, discovery fails in the mode oidc, and every login
	// fails at the claim iss in the mode insecure.
	IssuerSlash Quirk = "IssuerSlash"
	// IssuerPlaceholder has the text {tenantid} in the issuer of the metadata, and the
	// id of the tenant in that of tokens, as Microsoft Entra ID does at /common and
	// /organizations. MAS can use it without an issuer only, with discovery disabled.
	IssuerPlaceholder Quirk = "IssuerPlaceholder"
	// StringEmailVerified sends email_verified as "true" or "false", as Amazon Cognito
	// does in userinfo and Apple at times. A template that takes it for a condition
	// takes "false" for yes.
	StringEmailVerified Quirk = "StringEmailVerified"
	// NoNonce leaves the nonce out of ID tokens, as LinkedIn does. MAS refuses them.
	NoNonce Quirk = "NoNonce"
	// HS256 signs ID tokens by the secret of the client and publishes no key, as
	// authentik does without a signing key, and Auth0 in applications that are set to
	// it. MAS cannot verify them.
	HS256 Quirk = "HS256"
	// EdDSAOnly signs ID tokens by an Ed25519 key, as Rauthy does by default. MAS
	// cannot verify them.
	EdDSAOnly Quirk = "EdDSAOnly"
	// OneBadJWK has a post-quantum key of the type AKP beside the good one, which newer
	// servers publish. MAS then reads none of the keys.
	OneBadJWK Quirk = "OneBadJWK"
	// ThinIDToken keeps the claims about people out of the ID token: userinfo alone has
	// them. Authelia since 4.39, Zitadel and Okta do so. MAS imports nothing unless
	// fetch_userinfo is on.
	ThinIDToken Quirk = "ThinIDToken"
	// UserinfoOnly is plain OAuth 2.0, as GitHub and X have it: neither metadata nor
	// keys nor ID tokens. MAS needs the endpoints, and discovery disabled.
	UserinfoOnly Quirk = "UserinfoOnly"
	// Error200 gives errors of the token endpoint the status 200 and names of its own, as
	// GitHub does: bad_verification_code, incorrect_client_credentials. MAS fails all the same; a check that looks at the status alone takes them for success.
	Error200 Quirk = "Error200"
	// EmptyBody401 refuses a client that does not authenticate with an empty body, as
	// Kanidm does. MAS fails all the same; the page says nothing of the reason.
	EmptyBody401 Quirk = "EmptyBody401"
	// UnauthorizedClient calls a wrong secret unauthorized_client rather than
	// invalid_client, and invalid_request at the endpoint for pushed requests, as
	// Keycloak does.
	UnauthorizedClient Quirk = "UnauthorizedClient"
	// NoPKCEList understands PKCE and does not say so in the metadata, as Entra ID,
	// Amazon Cognito and Discord do. MAS uses none then, unless pkce_method is always.
	NoPKCEList Quirk = "NoPKCEList"
	// RequirePAR takes only authorization requests that were pushed (RFC 9126), as
	// Keycloak and Authelia do for clients that are set to it. MAS cannot push.
	RequirePAR Quirk = "RequirePAR"
	// HTMLDiscovery answers every unknown address, that of the metadata too, by a page
	// with the status 200, as web applications do whose issuer has another path. MAS
	// fails to read it.
	HTMLDiscovery Quirk = "HTMLDiscovery"
	// LogoutTokenWithoutExp leaves the expiry out of logout tokens, as Keycloak did
	// before 24.0. MAS refuses them, and nobody is logged out.
	LogoutTokenWithoutExp Quirk = "LogoutTokenWithoutExp"
)

// Quirks are all of them, in the order of their declaration.
func Quirks() []Quirk {
	return []Quirk{
		IssuerSlash, IssuerPlaceholder, StringEmailVerified, NoNonce, HS256, EdDSAOnly, OneBadJWK, ThinIDToken, UserinfoOnly,
		Error200, EmptyBody401, UnauthorizedClient, NoPKCEList, RequirePAR, HTMLDiscovery, LogoutTokenWithoutExp,
	}
}
