package gitlab

import (
	"slices"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream/internal/check"
)

// problems judges what is GitLab's own; the rest is that of any provider.
func (c Config) problems() maskit.Problems {
	return slices.Concat(
		check.Server("url", c.URL),
		check.OpenID("scopes", c.Client.Scopes),
		c.emailScopeProblems(),
		check.OneOf("token_endpoint_auth_method", c.AuthMethod, mas.AuthClientSecretPost, mas.AuthClientSecretBasic),
	)
}

// emailScopeProblems: without its scope, the claim email is another address.
func (c Config) emailScopeProblems() maskit.Problems {
	if len(c.Client.Scopes) == 0 || slices.Contains(c.Client.Scopes, "email") || c.Claims.Email.Action == mas.ImportIgnore {
		return nil
	}
	return maskit.Problems{{
		Path: "scopes", Code: "scope-no-email", Severity: maskit.SeverityWarning,
		Message: "lack email, without which GitLab sends the public address of the profile instead of the primary one",
		Hint:    "add email, or set claims.email.action to ignore",
	}}
}
