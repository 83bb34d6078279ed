package mas

import (
	"net/url"
	"strings"

	"github.com/maskit-dev/maskit"
)

// clients checks the section clients: configuration reference of MAS 1.22, "clients".
func (c *checker) clients() {
	const at place = "clients"
	seen := map[string]bool{}
	for i, client := range c.config.Clients {
		here := at.at(i)
		if c.ulid(here.key("client_id"), client.ClientID) {
			c.once(here.key("client_id"), client.ClientID, seen)
		}
		c.clientAuth(here, client)
		for j, uri := range client.RedirectURIs {
			c.redirectURI(here.key("redirect_uris").at(j), uri)
		}
		if client.ClientURI != "" {
			c.webURL(here.key("client_uri"), client.ClientURI)
		}
	}
}

// once reports an id that stands in a list twice: MAS keeps the last entry.
func (c *checker) once(at place, id maskit.ULID, seen map[string]bool) {
	if seen[string(id)] {
		c.fail(at, "duplicate", "is the id of an earlier entry, which this one would overwrite", "give every entry an id of its own")
	}
	seen[string(id)] = true
}

func (c *checker) clientAuth(at place, client Client) {
	method := client.ClientAuthMethod
	switch method {
	case "":
		c.required(at.key("client_auth_method"), "how the client authenticates: client_secret_basic, client_secret_post, client_secret_jwt, private_key_jwt or none")
		return
	case AuthSignInWithApple:
		c.fail(at.key("client_auth_method"), "unknown-value", "is for upstream providers only", "use client_secret_basic, or another method of OAuth 2.0")
		return
	}
	c.secretForMethod(at, client.ClientSecret, method)
	if method == AuthPrivateKeyJWT {
		c.clientKeys(at, client)
		return
	}
	if client.JWKS != nil {
		c.misplaced(at.key("jwks"), "with "+string(method))
	}
	if client.JWKSURI != "" {
		c.misplaced(at.key("jwks_uri"), "with "+string(method))
	}
}

// secretForMethod checks that there is a client secret where the method needs one,
// and nowhere else.
func (c *checker) secretForMethod(at place, v SecretValue, method AuthMethod) {
	if !method.usesSecret() {
		if !v.IsZero() {
			c.misplaced(at.key("client_secret"), "with "+string(method))
		}
		return
	}
	if v.IsZero() {
		c.required(at.key("client_secret"), "set client_secret or client_secret_file, which "+string(method)+" needs")
		return
	}
	if secret, ok := c.value(at.key("client_secret")); ok {
		c.clientSecretText(secret.at, secret.value)
	}
}

func (m AuthMethod) usesSecret() bool {
	return m == AuthClientSecretBasic || m == AuthClientSecretPost || m == AuthClientSecretJWT
}

// clientSecretText checks the characters: RFC 6749, appendix A.2, allows printable ASCII.
func (c *checker) clientSecretText(at place, value maskit.Secret) {
	text := value.Reveal()
	if strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r > '~' }) {
		c.fail(at, "secret-control-character", "holds a newline or another character that is not printable ASCII", "generate a secret without any")
	} else if strings.TrimSpace(text) != text {
		c.warn(at, "secret-space", "starts or ends with white space, which is a part of it here and is dropped from a file", "remove the white space")
	}
}

func (c *checker) clientKeys(at place, client Client) {
	switch {
	case client.JWKS == nil && client.JWKSURI == "":
		c.required(at.key("jwks"), "set jwks or jwks_uri, which private_key_jwt needs")
	case client.JWKS != nil && client.JWKSURI != "":
		c.fail(at.key("jwks"), "both-set", "stands beside jwks_uri", "keep one of the two")
	case client.JWKSURI != "":
		if u, ok := c.webURL(at.key("jwks_uri"), client.JWKSURI); ok {
			c.https(at.key("jwks_uri"), u)
		}
	default:
		c.jwks(at.key("jwks"), client.JWKS)
	}
}

// redirectURI checks RFC 6749, section 3.1.2: absolute, without fragment, and
// compared as a whole.
func (c *checker) redirectURI(at place, raw string) {
	u, err := url.Parse(raw)
	switch {
	case err != nil || u.Scheme == "" || strings.TrimSpace(raw) != raw || isWeb(u) && u.Hostname() == "":
		c.fail(at, "url-invalid", "is not an absolute URI", "such as https://app.example.com/callback")
	case strings.Contains(raw, "#"):
		c.fail(at, "url-fragment", "has a fragment", "remove everything from the # on")
	case strings.Contains(raw, "*"):
		c.fail(at, "redirect-wildcard", "holds a *, which is taken literally", "list every redirect URI")
	case isWeb(u):
		c.https(at, u)
	}
}

func isWeb(u *url.URL) bool { return u.Scheme == "http" || u.Scheme == "https" }
