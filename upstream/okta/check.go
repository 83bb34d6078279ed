package okta

import (
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream/internal/check"
)

// problems judges what is Okta's own; the rest is that of any provider.
func (c Config) problems() maskit.Problems {
	return slices.Concat(
		c.domainProblems(),
		c.serverProblems(),
		c.scopeProblems(),
		check.OneOf("token_endpoint_auth_method", c.AuthMethod,
			mas.AuthClientSecretBasic, mas.AuthClientSecretPost, mas.AuthClientSecretJWT, mas.AuthPrivateKeyJWT),
	)
}

// domainProblems knows the address of the admin console, which is what browsers show.
func (c Config) domainProblems() maskit.Problems {
	const path = "domain"
	if c.Domain == "" {
		return check.Required(path, "", "the host of the organisation, such as example.okta.com")
	}
	if problems := check.Host(path, c.Domain); problems != nil {
		return problems
	}
	for _, suffix := range []string{".okta.com", ".oktapreview.com", ".okta-emea.com"} {
		if strings.HasSuffix(c.Domain, "-admin"+suffix) {
			return maskit.Problems{{
				Path: path, Code: "host-not-login", Message: "is the host of the admin console, not that on which people sign in",
				Hint: "write it without -admin",
			}}
		}
	}
	return nil
}

// serverProblems allows what can be an id of an authorization server.
func (c Config) serverProblems() maskit.Problems {
	illegal := func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	}
	if strings.ContainsFunc(c.AuthorizationServer, illegal) {
		return maskit.Problems{{
			Path: "authorization_server", Code: "server-invalid", Message: "is not the id of an authorization server",
			Hint: "default, or the last part of the issuer URI under Security, API; leave it out for the organisation's own",
		}}
	}
	return nil
}

// scopeProblems: the organisation's own server knows no custom scopes.
func (c Config) scopeProblems() maskit.Problems {
	problems := check.OpenID("scopes", c.Client.Scopes)
	switch {
	case c.GroupsScope == "":
	case c.AuthorizationServer == "":
		problems = append(problems, maskit.Problem{
			Path: "groups_scope", Code: "scope-unsupported", Message: "is a custom scope, which the organisation's own server does not know",
			Hint: "remove it, and set the group claim filter of the app; or name a custom authorization_server",
		})
	case strings.ContainsAny(c.GroupsScope, " \"\\") || check.Text("groups_scope", c.GroupsScope) != nil:
		problems = append(problems, maskit.Problem{
			Path: "groups_scope", Code: "scope-invalid", Message: "is not one scope", Hint: "such as groups",
		})
	}
	return problems
}
