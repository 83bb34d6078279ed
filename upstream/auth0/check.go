package auth0

import (
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream/internal/check"
)

// problems judges what is Auth0's own; the rest is that of any provider.
func (c Config) problems() maskit.Problems {
	return slices.Concat(
		check.Required("domain", c.Domain, "the host of the tenant, such as example.eu.auth0.com"),
		c.domainProblems(),
		c.namespaceProblems(),
		check.OneOf("token_endpoint_auth_method", c.AuthMethod, mas.AuthClientSecretPost, mas.AuthClientSecretBasic, mas.AuthPrivateKeyJWT),
	)
}

// domainProblems knows the address of the dashboard, which is what browsers show.
func (c Config) domainProblems() maskit.Problems {
	const path = "domain"
	if problems := check.Host(path, c.Domain); problems != nil {
		return problems
	}
	if c.Domain == "manage.auth0.com" || c.Domain == "auth0.com" {
		return maskit.Problems{{
			Path: path, Code: "host-not-login", Message: "is no tenant",
			Hint: "the Domain in the settings of the application, or the custom domain",
		}}
	}
	return nil
}

func (c Config) namespaceProblems() maskit.Problems {
	const path = "claim_namespace"
	if problems := check.URL(path, c.ClaimNamespace); problems != nil || c.ClaimNamespace == "" {
		return problems
	}
	if !strings.HasSuffix(c.ClaimNamespace, "/") {
		return maskit.Problems{{
			Path: path, Code: "namespace-invalid", Message: "has no final slash, so that the claim would be named without one",
			Hint: "such as https://example.com/, which makes https://example.com/groups",
		}}
	}
	return nil
}
