package migrate

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
)

// client says how MAS proves itself to the provider.
func (c *converter) client() {
	c.to.TokenEndpointAuthMethod = mas.AuthMethod(c.from.AuthMethod)
	c.to.ClientSecret = mas.SecretValue{Inline: c.from.ClientSecret, File: c.from.ClientSecretPath}
	switch {
	case c.from.ClientSecretJWT != nil:
		c.appleKey()
	case c.to.TokenEndpointAuthMethod == mas.AuthNone:
		c.to.ClientSecret = mas.SecretValue{}
	case c.from.ClientSecretPath != "":
		c.note("client_secret_path", "secret-file", maskit.SeverityInfo, "becomes client_secret_file", "give MAS the file under the same path, or change it")
	}
	c.algorithm()
}

// appleKey takes over the key that Synapse makes the secret with; MAS does so for Apple alone.
func (c *converter) appleKey() {
	jwt := c.from.ClientSecretJWT
	c.to.ClientSecret = mas.SecretValue{}
	if c.from.Issuer != "https://appleid.apple.com" {
		c.note("client_secret_jwt_key", "client-secret-jwt", maskit.SeverityError,
			"makes the client secret from a key, which MAS does for Apple alone", "use a client secret, or private_key_jwt if the provider takes it")
		return
	}
	c.to.TokenEndpointAuthMethod = mas.AuthSignInWithApple
	c.to.SignInWithApple = &mas.SignInWithApple{
		PrivateKey: mas.SecretValue{Inline: jwt.Key, File: jwt.KeyFile}, TeamID: jwt.Payload["iss"], KeyID: jwt.Header["kid"],
	}
	if jwt.Payload["iss"] == "" || jwt.Header["kid"] == "" {
		c.note("client_secret_jwt_key", "apple-ids", maskit.SeverityError, "names no team (jwt_payload.iss) or no key (jwt_header.kid)", "set both, in MAS as team_id and key_id")
	}
}

// algorithm picks the one algorithm that MAS takes of id tokens.
func (c *converter) algorithm() {
	verified := []mas.SigningAlg{mas.AlgRS256, mas.AlgRS384, mas.AlgRS512, mas.AlgPS256, mas.AlgPS384, mas.AlgPS512, mas.AlgES256, mas.AlgES384, mas.AlgES256K}
	var usable []mas.SigningAlg
	for _, name := range c.from.SigningAlgorithms {
		if alg := mas.SigningAlg(name); slices.Contains(verified, alg) {
			usable = append(usable, alg)
		}
	}
	const key = "id_token_signing_alg_values_supported"
	switch {
	case len(c.from.SigningAlgorithms) == 0 || slices.Contains(usable, mas.AlgRS256):
		return // MAS's default
	case len(usable) == 0:
		c.note(key, "signing-algorithm", maskit.SeverityError, "has no algorithm that MAS can verify", "let the provider sign with RS256 or ES256")
		return
	case len(usable) > 1:
		c.note(key, "signing-algorithm", maskit.SeverityWarning, fmt.Sprintf("MAS takes one algorithm, and %s was chosen", usable[0]), "look which one the provider uses for this client")
	}
	c.to.IDTokenSignedResponseAlg = usable[0]
}

// endpoints says where they are, and what is fetched.
func (c *converter) endpoints() {
	c.to.AuthorizationEndpoint, c.to.TokenEndpoint = c.from.AuthorizationEndpoint, c.from.TokenEndpoint
	c.to.UserinfoEndpoint, c.to.JWKSURI = c.from.UserinfoEndpoint, c.from.JWKSURI
	c.responseMode()
	switch {
	case !c.from.Discover:
		c.to.DiscoveryMode = mas.DiscoveryDisabled
	case c.from.SkipVerification:
		c.to.DiscoveryMode = mas.DiscoveryInsecure
	default:
		c.to.DiscoveryMode = mas.DiscoveryOIDC
	}
	// Synapse's auto asks the userinfo endpoint where there is no ID token (handlers/oidc.py).
	c.to.FetchUserinfo = c.from.UserProfileMethod == "userinfo_endpoint" || !c.hasIDToken()
}

// responseMode takes the mode out of the authorization endpoint, where Synapse's
// documentation puts it for Apple: MAS has a key for it, and asks twice otherwise.
func (c *converter) responseMode() {
	endpoint, err := url.Parse(c.to.AuthorizationEndpoint)
	if err != nil {
		return // mas.Config.Validate says so
	}
	query := endpoint.Query()
	if mode := mas.ResponseMode(query.Get("response_mode")); mode == mas.ResponseQuery || mode == mas.ResponseFormPost {
		query.Del("response_mode")
		endpoint.RawQuery = query.Encode()
		c.to.AuthorizationEndpoint, c.to.ResponseMode = endpoint.String(), mode
	}
}

func (c *converter) hasIDToken() bool { return slices.Contains(c.from.Scopes, "openid") }

// scopes writes them as one text, which MAS splits at single spaces (RFC 6749, 3.3).
func (c *converter) scopes() {
	for _, scope := range c.from.Scopes {
		if scope == "" || strings.ContainsFunc(scope, func(r rune) bool { return r <= ' ' || r > '~' || r == '"' || r == '\\' }) {
			c.note("scopes", "scope-invalid", maskit.SeverityError, "has a scope with characters that MAS refuses, and MAS does not start with it", "write each scope as an item of its own")
			return
		}
	}
	c.to.Scope = strings.Join(c.from.Scopes, " ")
}

// parameters takes over what is added to the authorization request.
func (c *converter) parameters() {
	const key = "additional_authorization_parameters"
	parameters := maps.Clone(c.from.AuthorizationParameters)
	for name, value := range c.from.AuthorizationParameters {
		if strings.Contains(value, "{{") || strings.Contains(value, "{%") || strings.Contains(value, "{#") {
			delete(parameters, name)
			c.note(key+"."+name, "parameter-template", maskit.SeverityError, "has braces, which MAS 1.20 and newer render as a template", "write the value as a template, by hand")
		}
	}
	if mode := mas.ResponseMode(parameters["response_mode"]); mode == mas.ResponseQuery || mode == mas.ResponseFormPost {
		c.to.ResponseMode = mode
		delete(parameters, "response_mode")
	}
	if slices.Contains(c.from.PassthroughParameters, "login_hint") && parameters["login_hint"] == "" {
		if parameters == nil {
			parameters = map[string]string{}
		}
		parameters["login_hint"] = "{{ params.login_hint }}"
	}
	if others := slices.DeleteFunc(slices.Clone(c.from.PassthroughParameters), func(s string) bool { return s == "login_hint" }); len(others) > 0 {
		c.note("passthrough_authorization_parameters", "passthrough-parameters", maskit.SeverityWarning,
			"MAS takes login_hint over from the request of the client, and nothing else", "tell those who use "+strings.Join(others, ", "))
	}
	if len(parameters) > 0 {
		c.to.AdditionalAuthorizationParameters = parameters
	}
}
