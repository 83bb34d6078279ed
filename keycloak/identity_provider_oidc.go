package keycloak

import (
	"net/url"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
)

// OIDCProvider is where an OpenID provider is, and what is asked of it. What its discovery
// document says belongs here: Keycloak reads it never.
type OIDCProvider struct {
	// Issuer is compared with the tokens.
	Issuer string `yaml:"issuer"`
	// AuthorizationURL is where people log in. A new provider needs it.
	AuthorizationURL string `yaml:"authorization_url"`
	// TokenURL is where Keycloak redeems codes. A new provider needs it.
	TokenURL string `yaml:"token_url"`
	// UserinfoURL is where Keycloak asks for more about people.
	UserinfoURL string `yaml:"userinfo_url"`
	// LogoutURL ends the session there too when people log out here.
	LogoutURL Opt[string] `yaml:"logout_url"`
	// JWKSURL has the keys of its tokens, which are checked with them then.
	JWKSURL string `yaml:"jwks_url"`
	// Auth is how this realm proves who it is.
	Auth OIDCClientAuth `yaml:"auth"`
	// Scopes are what is asked for; openid is always among them.
	Scopes []string `yaml:"scopes"`
	// PKCE is S256, plain, or empty for none.
	PKCE Opt[string] `yaml:"pkce"`
}

// OIDCClientAuth is how a client proves who it is at the token endpoint (OpenID Connect
// Core 1.0, section 9).
type OIDCClientAuth string

// The values of OIDCClientAuth.
const (
	OIDCSecretBasic   OIDCClientAuth = "client_secret_basic"
	OIDCSecretPost    OIDCClientAuth = "client_secret_post"
	OIDCSecretJWT     OIDCClientAuth = "client_secret_jwt"
	OIDCPrivateKeyJWT OIDCClientAuth = "private_key_jwt"
)

func oidcClientAuths() []string {
	return []string{string(OIDCSecretBasic), string(OIDCSecretPost), string(OIDCSecretJWT), string(OIDCPrivateKeyJWT)}
}

func (o OIDCProvider) isZero() bool {
	return o.Scopes == nil && o.Issuer+o.AuthorizationURL+o.TokenURL+o.UserinfoURL+o.JWKSURL+string(o.Auth) == "" && !o.LogoutURL.Valid && !o.PKCE.Valid
}

func (o OIDCProvider) validate() maskit.Problems {
	var ps maskit.Problems
	for _, u := range []struct{ path, value string }{
		{"authorization_url", o.AuthorizationURL},
		{"token_url", o.TokenURL},
		{"userinfo_url", o.UserinfoURL},
		{"logout_url", o.LogoutURL.V},
		{"jwks_url", o.JWKSURL},
	} {
		ps = append(ps, checkWebURL(u.path, u.value)...)
	}
	if o.Auth != "" && !slices.Contains(oidcClientAuths(), string(o.Auth)) {
		ps = append(ps, maskit.Problem{Path: "auth", Code: "unknown-value", Message: "is none of " + strings.Join(oidcClientAuths(), ", ")})
	}
	if !slices.Contains([]string{"", "S256", "plain"}, o.PKCE.V) {
		ps = append(ps, maskit.Problem{Path: "pkce", Code: "unknown-value", Message: "is none of S256, plain and the empty text"})
	}
	return ps
}

// checkWebURL accepts http, too: realms of tests and internal networks use it, and
// Keycloak refuses it by ssl_required.
func checkWebURL(path, value string) maskit.Problems {
	if value == "" {
		return nil
	}
	u, err := url.Parse(value)
	if err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.User == nil {
		return nil
	}
	return maskit.Problems{{Path: path, Code: "url-invalid", Message: "is not an address of the web", Hint: "write https://…, without a user"}}
}

func (o OIDCProvider) fields() []field {
	f := settings{}
	f.text(o.Issuer, "config", "issuer")
	f.text(o.AuthorizationURL, "config", "authorizationUrl")
	f.text(o.TokenURL, "config", "tokenUrl")
	f.text(o.UserinfoURL, "config", "userInfoUrl")
	f.optional(o.LogoutURL, "config", "logoutUrl")
	if o.JWKSURL != "" {
		f.own(o.JWKSURL, "config", "jwksUrl")
		f.own("true", "config", "useJwksUrl")
		f.own("true", "config", "validateSignature")
	}
	f.text(string(o.Auth), "config", "clientAuthMethod")
	if o.Scopes != nil {
		f = append(f, field{path: []string{"config", "defaultScope"}, want: strings.Join(o.Scopes, " "), same: sameWords})
	}
	if o.PKCE.Valid {
		f.flagText(Set(o.PKCE.V != ""), "config", "pkceEnabled")
		f.own(o.PKCE.V, "config", "pkceMethod")
	}
	return f
}

// sameWords compares two texts as sets of words.
func sameWords(have, want any) bool {
	words := func(v any) []string {
		s, _ := v.(string)
		list := strings.Fields(strings.ReplaceAll(s, ",", " "))
		slices.Sort(list)
		return list
	}
	return slices.Equal(words(have), words(want))
}
