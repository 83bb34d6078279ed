package adfs

import (
	"slices"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream/internal/check"
)

// problems judges what is AD FS's own; the rest is that of any provider.
func (c Config) problems() maskit.Problems {
	return slices.Concat(
		check.Required("host", c.Host, "the federation service name, such as sts.example.com"),
		check.Host("host", c.Host),
		c.scopeProblems(),
		check.OneOf("token_endpoint_auth_method", c.AuthMethod, mas.AuthClientSecretPost, mas.AuthClientSecretBasic, mas.AuthPrivateKeyJWT),
		c.Claims.Email.Unverifiable(),
	)
}

// scopeProblems: ID tokens have next to nothing in them without the scope.
func (c Config) scopeProblems() maskit.Problems {
	if len(c.Client.Scopes) == 0 || slices.Contains(c.Client.Scopes, "allatclaims") {
		return nil
	}
	return maskit.Problems{{
		Path: "scopes", Code: "thin-token", Severity: maskit.SeverityWarning,
		Message: "lack allatclaims, without which the claims of the application's rules are not in the ID token",
		Hint:    "add allatclaims",
	}}
}
