package keycloak

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
)

// Client is the client of MAS in the realm.
//
// With Provider set it is derived from there: every setting below that is left alone
// otherwise gets the value that MAS needs, and the safest one where MAS needs none:
//
//	keycloak.Client{ID: "matrix", Site: site, Provider: id, Secret: secret}
type Client struct {
	// ID is the clientId. Required for anything else here to have an effect; never one
	// of Keycloak's own clients.
	ID string `yaml:"id"`
	// Site is where MAS is: only its account_url matters here. Required with Provider.
	Site maskit.Site `yaml:"site"`
	// Provider is the id of the upstream provider in MAS. The redirect URI and the
	// back-channel logout URL derive from it.
	Provider maskit.ULID `yaml:"provider"`

	// Auth is how MAS authenticates at the token endpoint. With Provider: client-secret.
	Auth ClientAuth `yaml:"auth"`
	// Secret is the client's secret, see [NewSecret]. Without one Keycloak makes one when the
	// client is created, which [Result.ClientSecret] has.
	Secret maskit.Secret `yaml:"secret"`
	// SecretFile holds the secret instead; [Spec.ReadSecrets] reads it.
	SecretFile string `yaml:"secret_file"`
	// JWKSURL is where Keycloak fetches MAS's public keys for client-jwt. With Provider: MAS's.
	JWKSURL string `yaml:"jwks_url"`

	// RedirectURIs are compared letter by letter, but for a final *. With Provider: the
	// callback URL of MAS, and no other.
	RedirectURIs []string `yaml:"redirect_uris"`
	// WebOrigins are the origins of browser applications. With Provider: none.
	WebOrigins []string `yaml:"web_origins"`
	// BaseURL is where a link to the application leads. With Provider: MAS.
	BaseURL Opt[string] `yaml:"base_url"`
	// RootURL is what relative URLs are resolved against. With Provider: MAS.
	RootURL Opt[string] `yaml:"root_url"`
	// AdminURL is the address of an adapter's admin interface. With Provider: empty.
	AdminURL Opt[string] `yaml:"admin_url"`
	// Name is what people read. With Provider: Matrix.
	Name Opt[string] `yaml:"name"`
	// Enabled lets people log in to the client. With Provider: yes.
	Enabled Opt[bool] `yaml:"enabled"`

	// BackchannelLogoutURL is where Keycloak posts logout tokens. With Provider: MAS's.
	BackchannelLogoutURL Opt[string] `yaml:"backchannel_logout_url"`
	// LogoutScope is what a logout token names. With Provider: session.
	LogoutScope LogoutScope `yaml:"logout_scope"`
	// RevokeOfflineTokens asks the client to give up offline access too. With Provider: yes.
	RevokeOfflineTokens Opt[bool] `yaml:"revoke_offline_tokens"`
	// FrontchannelLogout calls the client by the browser instead, and silently switches
	// back-channel logout off. With Provider: no.
	FrontchannelLogout Opt[bool] `yaml:"frontchannel_logout"`

	// PKCE is the code challenge method that is demanded: S256 or plain. With Provider: S256.
	PKCE Opt[string] `yaml:"pkce"`
	// StandardFlow is the authorization code flow. With Provider: yes.
	StandardFlow Opt[bool] `yaml:"standard_flow"`
	// ImplicitFlow hands tokens to browsers. With Provider: no.
	ImplicitFlow Opt[bool] `yaml:"implicit_flow"`
	// DirectGrant takes passwords without a browser, past every flow. With Provider: no.
	DirectGrant Opt[bool] `yaml:"direct_grant"`
	// ServiceAccount gives the client an account of its own. With Provider: no.
	ServiceAccount Opt[bool] `yaml:"service_account"`
	// DeviceGrant is the device authorization grant. With Provider: no.
	DeviceGrant Opt[bool] `yaml:"device_grant"`
	// CIBAGrant is the back-channel authentication grant. With Provider: no.
	CIBAGrant Opt[bool] `yaml:"ciba_grant"`
	// ConsentRequired asks people what the client may know. With Provider: no.
	ConsentRequired Opt[bool] `yaml:"consent_required"`
	// FullScope puts all roles of a user into tokens. With Provider: no.
	FullScope Opt[bool] `yaml:"full_scope"`
	// Public clients have no secret. With Provider: no.
	Public Opt[bool] `yaml:"public"`
	// Attributes are client attributes; the empty string removes one. They may not name
	// one that has a setting above.
	Attributes map[string]string `yaml:"attributes"`

	// RequireGroup is the path of a group whose members, and those of the groups below it,
	// may log in to this client; all others are shown DenyMessage. Other clients of the
	// realm are not affected. The empty string lets everybody in, and removes what an
	// earlier spec made, as deletions of the plan.
	//
	// It is a login flow of the client alone, and a role that the group is given. Who is
	// taken out of the group is refused at the next login, and keeps the sessions that
	// there are: end them. Ways past the flow are closed too: logins at an identity
	// provider, a forgotten password. Those that cannot be closed are problems.
	//
	// The flow asks for what Keycloak's own flow asks for: a session, an identity provider,
	// a password, and a code from those who have set one up. Kerberos and security keys are
	// not in it.
	RequireGroup Opt[string] `yaml:"require_group"`
	// DenyMessage is what those read who may not log in. Default: an English sentence.
	DenyMessage string `yaml:"deny_message"`

	// DefaultScopes are client scopes that every login has. With Provider: basic (which
	// holds the sub claim since Keycloak 25, and is left out before), profile and email.
	DefaultScopes []string `yaml:"default_scopes"`
	// OptionalScopes are client scopes that a login may ask for.
	OptionalScopes []string `yaml:"optional_scopes"`
	// ExactScopes removes scopes that are not listed, as deletions of the plan.
	ExactScopes bool `yaml:"exact_scopes"`
	// Mappers write into the tokens of this client alone.
	Mappers []Mapper `yaml:"mappers"`
	// ExactMappers removes mappers that are not listed, as deletions of the plan.
	ExactMappers bool `yaml:"exact_mappers"`
}

// ClientAuth is how a client authenticates.
type ClientAuth string

// The values of ClientAuth.
const (
	// ClientSecretAuth is a shared secret, in the header or the form.
	ClientSecretAuth ClientAuth = "client-secret"
	// ClientJWTAuth is private_key_jwt with the keys at JWKSURL: no secret to share. Keycloak
	// wants client_id beside the assertion, which MAS 1.22 does not send: its logins fail.
	ClientJWTAuth ClientAuth = "client-jwt"
)

// LogoutScope is what a logout token names, and so what MAS ends.
//
// A logout token is sent when a person logs out, and when an administrator ends a session
// or logs a user out. None is sent when a user is disabled or deleted, when all sessions of
// the realm are ended, when a password is reset by an administrator, and when a session
// expires (tried on Keycloak 24.0, 26.0 and 26.7): log people out first, then disable
// or delete them.
type LogoutScope string

// The values of LogoutScope.
const (
	// LogoutSession names the session: MAS ends what came from that login. When an
	// administrator logs a user out, Keycloak up to 26.0 names one session of each client
	// only; 26.7 names every session. A plan warns where that is so.
	LogoutSession LogoutScope = "session"
	// LogoutUser names the user alone: MAS ends everything of that user, on every
	// version, also when only one of several sessions ended.
	LogoutUser LogoutScope = "user"
)

const (
	attrLogoutURL     = "backchannel.logout.url"
	attrLogoutSession = "backchannel.logout.session.required"
	attrLogoutOffline = "backchannel.logout.revoke.offline.tokens"
	attrPKCE          = "pkce.code.challenge.method"
	attrDevice        = "oauth2.device.authorization.grant.enabled"
	attrCIBA          = "oidc.ciba.grant.enabled"
	attrUseJWKS       = "use.jwks.url"
	attrJWKS          = "jwks.url"
	attrAuthAlg       = "token.endpoint.auth.signing.alg"
)

// attributesWithSettings are those that Attributes may not name.
func attributesWithSettings() []string {
	return []string{
		attrLogoutURL, attrLogoutSession, attrLogoutOffline, attrPKCE, attrDevice, attrCIBA, attrUseJWKS, attrJWKS, attrAuthAlg,
		"client.secret.creation.time", "client.secret.rotated", "client.secret.expiration.time", "client.secret.rotated.expiration.time",
	}
}

// builtInClients exist in every realm.
func builtInClients() []string {
	return []string{"account", "account-console", "admin-cli", "broker", "realm-management", "security-admin-console"}
}

func (c Client) validate() maskit.Problems {
	var ps maskit.Problems
	switch {
	case c.ID == "" && !c.isZero():
		ps = append(ps, missing("id", "the clientId, which MAS's client_id names"))
	case slices.Contains(builtInClients(), c.ID):
		ps = append(ps, maskit.Problem{Path: "id", Code: "built-in-client", Message: "is one of Keycloak's own clients", Hint: "use a client of its own for MAS"})
	}
	ps = append(ps, c.validateProvider()...)
	ps = append(ps, c.validateAuth()...)
	ps = append(ps, c.validateURLs()...)
	switch c.LogoutScope {
	case "", LogoutSession, LogoutUser:
	default:
		ps = append(ps, maskit.Problem{Path: "logout_scope", Code: "unknown-value", Message: "is neither session nor user"})
	}
	if c.PKCE.Valid && !slices.Contains([]string{"", "S256", "plain"}, c.PKCE.V) {
		ps = append(ps, maskit.Problem{Path: "pkce", Code: "unknown-value", Message: "is neither S256 nor plain"})
	}
	for _, name := range slices.Sorted(maps.Keys(c.Attributes)) {
		if slices.Contains(attributesWithSettings(), name) {
			ps = append(ps, maskit.Problem{Path: "attributes." + name, Code: "has-a-setting", Message: "is managed by a setting of its own, or by the server", Hint: "use the setting"})
		}
	}
	for _, name := range c.OptionalScopes {
		if slices.Contains(c.derived().DefaultScopes, name) {
			ps = append(ps, maskit.Problem{Path: "optional_scopes", Code: "duplicate", Message: fmt.Sprintf("%q is a default scope too", name), Hint: "keep it in one list"})
		}
	}
	ps = append(ps, c.validateGroup()...)
	ps = append(ps, validateScopes("default_scopes", c.DefaultScopes)...)
	ps = append(ps, validateScopes("optional_scopes", c.OptionalScopes)...)
	return append(ps, below("mappers", validateMappers(c.Mappers))...)
}

// isZero reports whether nothing of a client is wanted.
func (c Client) isZero() bool {
	return len(c.fields()) == 0 && c.Provider == "" && c.DefaultScopes == nil && c.OptionalScopes == nil && c.Mappers == nil && !c.ExactMappers && !c.ExactScopes && !c.RequireGroup.Valid
}

func (c Client) validateProvider() maskit.Problems {
	var ps maskit.Problems
	if c.Provider == "" {
		return nil
	}
	if err := c.Provider.Validate(); err != nil {
		ps = append(ps, maskit.Problem{Path: "provider", Code: "ulid-invalid", Message: "is not a ULID as MAS writes it", Hint: "take the id of the provider from MAS's configuration"})
	}
	for _, p := range c.Site.Validate() {
		if p.Path == "account_url" {
			p.Path = "site." + p.Path
			ps = append(ps, p)
		}
	}
	return ps
}

func (c Client) validateAuth() maskit.Problems {
	var ps maskit.Problems
	switch c.Auth {
	case "", ClientSecretAuth:
		if c.JWKSURL != "" {
			ps = append(ps, maskit.Problem{Path: "jwks_url", Code: "unused", Message: "is for client-jwt", Hint: "set auth to client-jwt, or remove it"})
		}
	case ClientJWTAuth:
		if c.JWKSURL == "" && c.Provider == "" {
			ps = append(ps, missing("jwks_url", "where MAS publishes its keys: …/oauth2/keys.json"))
		}
		if !c.Secret.IsZero() {
			ps = append(ps, maskit.Problem{Path: "secret", Code: "unused", Message: "is refused by the server for client-jwt", Hint: "remove it"})
		}
	default:
		ps = append(ps, maskit.Problem{Path: "auth", Code: "unknown-value", Message: "is neither client-secret nor client-jwt"})
	}
	if c.Public.Valid && c.Public.V && (!c.Secret.IsZero() || c.Auth != "") {
		ps = append(ps, maskit.Problem{Path: "public", Code: "unused", Message: "a public client has no way to authenticate", Hint: "MAS needs a confidential client"})
	}
	return append(ps, validateSecret(c.Secret)...)
}

func (c Client) validateURLs() maskit.Problems {
	var ps maskit.Problems
	for i, uri := range c.RedirectURIs {
		if strings.Contains(uri, "#") {
			ps = append(ps, maskit.Problem{Path: fmt.Sprintf("redirect_uris[%d]", i), Code: "url-fragment", Message: "has a fragment, which Keycloak refuses", Hint: "remove it"})
		}
	}
	for _, u := range []struct{ path, value string }{{"backchannel_logout_url", c.BackchannelLogoutURL.V}, {"jwks_url", c.JWKSURL}} {
		if u.value == "" {
			continue
		}
		parsed, err := url.Parse(u.value)
		if err != nil || parsed.Host == "" || parsed.Scheme != "http" && parsed.Scheme != "https" {
			ps = append(ps, maskit.Problem{Path: u.path, Code: "url-invalid", Message: "is not an absolute http or https URL", Hint: "such as https://account.example.com/…"})
		}
	}
	return ps
}
