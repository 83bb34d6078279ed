package google

import (
	"fmt"
	"slices"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/upstream/claims"
	"github.com/maskit-dev/maskit/upstream/internal/check"
)

// problems judges what is Google's own; the rest is that of any provider.
func (c Config) problems() maskit.Problems {
	return slices.Concat(
		c.domainProblems(),
		c.parameterProblems(),
		c.emailProblems(),
	)
}

// domainProblems wants names of domains; accounts of Google's own mail are of no organisation.
func (c Config) domainProblems() maskit.Problems {
	var problems maskit.Problems
	for i, domain := range c.Claims.Require.Domains {
		path := fmt.Sprintf("claims.require.domains[%d]", i)
		problems = append(problems, check.Host(path, domain)...)
		if domain == "gmail.com" || domain == "googlemail.com" {
			problems = append(problems, maskit.Problem{
				Path: path, Code: "domain-consumer",
				Message: "is no Workspace domain: such accounts have no claim hd, so that nobody could log in",
				Hint:    "remove it; without domains anybody with a Google account can log in",
			})
		}
	}
	return problems
}

func (c Config) parameterProblems() maskit.Problems {
	_, set := c.Client.AuthorizationParameters[domainParameter]
	switch {
	case !set:
		return nil
	case len(c.Claims.Require.Domains) == 0:
		return maskit.Problems{{
			Path: "authorization_parameters.hd", Code: "gate-hint-only",
			Message: "keeps nobody out: it is a hint for Google's page, which people can remove from the address",
			Hint:    "set claims.require.domains, which sends the hint too",
		}}
	case len(c.Claims.Require.Domains) == 1:
		return maskit.Problems{{
			Path: "authorization_parameters.hd", Code: "both-set", Message: "is set by claims.require.domains, too", Hint: "remove it",
		}}
	}
	return nil
}

// emailProblems: the claim email_verified says all that is known.
func (c Config) emailProblems() maskit.Problems {
	if c.Claims.Email.Trust != claims.TrustDirectory || len(c.Claims.Require.Domains) > 0 {
		return nil
	}
	return maskit.Problems{{
		Path: "claims.email.trust", Code: "email-unverified", Message: "believes addresses of anybody's account that Google has not verified",
		Hint: "remove it: the claim email_verified says which are",
	}}
}
