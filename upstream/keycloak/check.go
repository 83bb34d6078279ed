package keycloak

import (
	"net/url"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream/internal/check"
)

// problems judges what is Keycloak's own; the rest is that of any provider.
func (c Config) problems() maskit.Problems {
	return slices.Concat(
		c.baseProblems(),
		c.publicProblems(),
		c.realmProblems(),
		c.authProblems(),
		check.OpenID("scopes", c.Client.Scopes),
		c.hintProblems(),
		c.gateProblems(),
	)
}

func (c Config) baseProblems() maskit.Problems {
	const path = "base_url"
	if c.BaseURL == "" {
		return check.Required(path, "", "the address of Keycloak, such as https://sso.example.com")
	}
	problems := addressProblems(path, c.BaseURL)
	if problems == nil && c.PublicURL == "" {
		problems = c.issuerProblems(path, c.BaseURL)
	}
	return problems
}

func (c Config) publicProblems() maskit.Problems {
	const path = "public_url"
	if c.PublicURL == "" {
		return nil
	}
	problems := addressProblems(path, c.PublicURL)
	if problems == nil {
		problems = c.issuerProblems(path, c.PublicURL)
	}
	return problems
}

// addressProblems judges an address of the server.
func addressProblems(path, value string) maskit.Problems {
	if problems := check.URL(path, value); problems != nil {
		return problems
	}
	u, _ := url.Parse(value) // check.URL has parsed it
	segments := strings.Split(u.Path, "/")
	switch {
	case strings.Contains(value, "?"):
		return maskit.Problems{{Path: path, Code: "url-query", Message: "has a query", Hint: "remove everything from the ? on"}}
	case slices.Contains(segments, "realms") || slices.Contains(segments, "admin"):
		return maskit.Problems{{
			Path: path, Code: "url-is-realm", Message: "is an address inside Keycloak, not of Keycloak",
			Hint: "remove everything from /realms or /admin on; the realm has a setting of its own",
		}}
	}
	return nil
}

// issuerProblems judges the address that the issuer is made of.
func (c Config) issuerProblems(path, value string) maskit.Problems {
	u, err := url.Parse(value)
	if err != nil {
		return nil // addressProblems has reported it
	}
	var problems maskit.Problems
	if u.Scheme == "http" && !c.InsecureHTTP {
		problems = append(problems, maskit.Problem{
			Path: path, Code: "url-not-https", Message: "is plain http, with which MAS refuses every login",
			Hint: "use https, or set insecure_http for a test",
		})
	}
	port := u.Port()
	if u.Scheme == "https" && port == "443" || u.Scheme == "http" && port == "80" || strings.ToLower(u.Host) != u.Host || !strings.HasPrefix(value, u.Scheme+":") {
		problems = append(problems, maskit.Problem{
			Path: path, Code: "issuer-spelling", Severity: maskit.SeverityWarning,
			Message: "is not spelled as Keycloak spells its issuer, and MAS compares byte for byte",
			Hint:    "write scheme and host in lower case, and leave the default port out",
		})
	}
	return problems
}

// reservedInRealm are the characters that Keycloak refuses in the name of a realm, and
// braces, which it takes for a template in its own addresses (error 500 in 26.7).
const reservedInRealm = ":/?#@!$&()*+,;=[]{}\\"

func (c Config) realmProblems() maskit.Problems {
	const path = "realm"
	if problems := check.Text(path, c.Realm); problems != nil {
		return problems
	}
	switch {
	case c.Realm == "":
		return check.Required(path, "", "the name of the realm, in its exact case")
	case c.Realm == "master":
		return maskit.Problems{{
			Path: path, Code: "realm-master", Message: "is the realm whose users administer Keycloak",
			Hint: "create a realm for people",
		}}
	case c.Realm == ".", c.Realm == "..", len(c.Realm) > 255, strings.ContainsAny(c.Realm, reservedInRealm):
		return maskit.Problems{{
			Path: path, Code: "realm-invalid", Message: "is not a name that Keycloak accepts",
			Hint: "at most 255 characters, none of " + reservedInRealm,
		}}
	}
	return nil
}

func (c Config) authProblems() maskit.Problems {
	const path = "token_endpoint_auth_method"
	switch c.AuthMethod {
	case mas.AuthNone:
		return maskit.Problems{{
			Path: path, Code: "client-public", Message: "makes MAS a public client, which anybody can pose as",
			Hint: `switch "Client authentication" on in Keycloak, and use client_secret_basic`,
		}}
	case mas.AuthPrivateKeyJWT, mas.AuthClientSecretJWT:
		return c.assertionProblems(path)
	}
	return nil
}

// assertionProblems refuses what fails at the first login: MAS 1.22 names itself in the
// assertion alone, which RFC 7523 allows, and Keycloak looks for client_id beside it (seen
// with 26.7.0, 401, and 26.0.8, 400).
func (c Config) assertionProblems(path string) maskit.Problems {
	problems := maskit.Problems{{
		Path: path, Code: "assertion-without-client",
		Message: "does not work: MAS sends no client_id beside the assertion, and Keycloak then refuses every login with invalid_client",
		Hint:    "use client_secret_basic; acknowledge it only for a MAS or a Keycloak in which that was changed",
	}}
	if c.PublicURL != "" {
		problems = append(problems, maskit.Problem{
			Path: path, Code: "audience-internal", Severity: maskit.SeverityWarning,
			Message: "signs for the internal token endpoint, which Keycloak accepts only if it knows itself by that address",
			Hint:    "set hostname-backchannel-dynamic=true in Keycloak, or use client_secret_basic",
		})
	}
	return problems
}

func (c Config) hintProblems() maskit.Problems {
	problems := check.Text(hintParameter, c.IDPHint)
	if _, twice := c.Client.AuthorizationParameters[hintParameter]; twice && c.IDPHint != "" {
		problems = append(problems, maskit.Problem{
			Path: "authorization_parameters." + hintParameter, Code: "both-set",
			Message: "is set by " + hintParameter, Hint: "remove one of them",
		})
	}
	return problems
}
