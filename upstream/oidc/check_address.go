package oidc

import (
	"net/url"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream/internal/check"
)

const wellKnown = "/.well-known/openid-configuration"

// issuerProblems applies OpenID Connect Discovery 1.0, section 3, which MAS enforces
// at the first login in discovery mode oidc.
func (c Config) issuerProblems() maskit.Problems {
	const path = "issuer"
	if c.Issuer == "" {
		if c.Discovery == mas.DiscoveryDisabled {
			return nil
		}
		return check.Required(path, "", "the value of issuer in the provider's "+wellKnown)
	}
	if problems := check.URL(path, c.Issuer); problems != nil {
		return problems
	}
	u, _ := url.Parse(c.Issuer) // check.URL has parsed it
	switch {
	case strings.HasSuffix(u.Path, wellKnown):
		return maskit.Problems{{
			Path: path, Code: "issuer-is-metadata", Message: "is the address of the metadata, not the issuer",
			Hint: "remove " + wellKnown + ", and keep a final slash only if the metadata has one",
		}}
	case u.RawQuery != "" || u.ForceQuery:
		return maskit.Problems{{Path: path, Code: "url-query", Message: "has a query", Hint: "remove everything from the ? on"}}
	case u.Scheme == "http" && c.Discovery == mas.DiscoveryOIDC:
		return maskit.Problems{{
			Path: path, Code: "url-not-https", Message: "is plain http, which the discovery mode oidc refuses at every login",
			Hint: "use https, or for a test set discovery_mode to insecure",
		}}
	}
	return nil
}

// endpointProblems judges the overrides, and what takes the place of the metadata.
func (c Config) endpointProblems() maskit.Problems {
	e, disabled := c.Endpoints, c.Discovery == mas.DiscoveryDisabled
	var problems maskit.Problems
	for _, field := range []struct {
		path, value string
		required    bool
	}{
		{"endpoints.authorization", e.Authorization, disabled},
		{"endpoints.token", e.Token, disabled},
		{"endpoints.userinfo", e.Userinfo, disabled && c.FetchUserinfo},
		{"endpoints.jwks", e.JWKS, disabled && c.wantsIDToken()},
	} {
		if field.required && field.value == "" {
			problems = append(problems, check.Required(field.path, "", "there is no metadata to take it from")...)
		}
		problems = append(problems, check.URL(field.path, field.value)...)
	}
	return problems
}
