package oidc

import (
	"fmt"
	"slices"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/internal/check"
)

// problems judges the settings, with their defaults, but for the claims.
func (c Config) problems(env upstream.Env) maskit.Problems {
	return slices.Concat(
		c.issuerProblems(),
		c.textProblems(),
		c.authProblems(),
		c.algProblems(),
		c.scopeProblems(),
		check.OneOf("discovery_mode", c.Discovery, mas.DiscoveryOIDC, mas.DiscoveryInsecure, mas.DiscoveryDisabled),
		check.OneOf("pkce_method", c.PKCE, mas.PKCEAuto, mas.PKCEAlways, mas.PKCENever),
		check.OneOf("response_mode", c.ResponseMode, mas.ResponseQuery, mas.ResponseFormPost),
		c.endpointProblems(),
		c.userinfoProblems(),
		c.logoutProblems(),
		c.parameterProblems(env),
	)
}

func (c Config) textProblems() maskit.Problems {
	problems := check.Required("client_id", c.ClientID, "the id under which MAS is registered at the provider")
	if c.Issuer == "" && c.Discovery == mas.DiscoveryDisabled {
		problems = append(problems, check.Required("human_name", c.HumanName, "the login page has nothing else to show without an issuer")...)
	}
	for _, field := range []struct{ path, value string }{
		{"human_name", c.HumanName},
		{"brand_name", c.BrandName},
		{"client_id", c.ClientID},
		{"synapse_idp_id", c.SynapseIDPID},
	} {
		problems = append(problems, check.Text(field.path, field.value)...)
	}
	return problems
}

// scopeProblems applies the grammar of RFC 6749, section 3.3. MAS splits the scope at
// single spaces and does not start with a part that is empty or out of grammar.
func (c Config) scopeProblems() maskit.Problems {
	var problems maskit.Problems
	for i, scope := range c.Scopes {
		path := fmt.Sprintf("scopes[%d]", i)
		switch {
		case !isScope(scope):
			problems = append(problems, maskit.Problem{
				Path: path, Code: "scope-invalid", Message: "is not one scope",
				Hint: "one scope per list item: visible ASCII characters without spaces, quotes and backslashes",
			})
		case slices.Contains(c.Scopes[:i], scope):
			problems = append(problems, maskit.Problem{
				Path: path, Code: "scope-duplicate", Message: "is listed twice", Hint: "remove one",
			})
		}
	}
	return problems
}

func isScope(s string) bool {
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c > '~' || c == '"' || c == '\\' {
			return false
		}
	}
	return s != ""
}

// userinfoProblems sees to it that there are claims at all: they come from an ID token,
// which needs the scope openid, or from userinfo.
func (c Config) userinfoProblems() maskit.Problems {
	switch {
	case !c.FetchUserinfo && c.UserinfoAlg != "":
		return maskit.Problems{{
			Path: "userinfo_signed_response_alg", Code: "userinfo-unused", Message: "is set, but userinfo is not fetched",
			Hint: "set fetch_userinfo, or remove it",
		}}
	case !c.FetchUserinfo && !c.wantsIDToken():
		return maskit.Problems{{
			Path: "fetch_userinfo", Code: "no-claims", Message: "there are no claims: no ID token without the scope openid, and no userinfo",
			Hint: "add openid to scopes, or set fetch_userinfo",
		}}
	}
	return nil
}

func (c Config) logoutProblems() maskit.Problems {
	const path = "on_backchannel_logout"
	problems := check.OneOf(path, c.BackchannelLogout, mas.LogoutDoNothing, mas.LogoutBrowserOnly, mas.LogoutAll)
	acts := c.BackchannelLogout != "" && c.BackchannelLogout != mas.LogoutDoNothing
	if acts && !c.canCheckLogoutTokens() {
		problems = append(problems, maskit.Problem{
			Path: path, Code: "logout-unchecked",
			Message: "MAS cannot tell whose logout tokens to believe: that takes an issuer and the scope openid",
			Hint:    "remove it, or set both",
		})
	}
	return problems
}
