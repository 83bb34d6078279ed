package oidc

import (
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/strictyaml"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/internal/check"
)

// problems judges the settings, with their defaults, by what MAS's rules do not say
// about the entry, or cannot say as well.
func (c Config) problems(env upstream.Env) maskit.Problems {
	return slices.Concat(
		c.issuerProblems(),
		c.textProblems(),
		c.methodProblems(),
		c.scopeProblems(),
		c.subjectProblems(),
		c.logoutProblems(),
		c.parameterProblems(env),
	)
}

// subjectProblems asks for the claim that identifies a person where OpenID Connect
// does not settle it.
func (c Config) subjectProblems() maskit.Problems {
	if c.wantsIDToken() || !c.FetchUserinfo || c.Claims.Subject != "" {
		return nil
	}
	return check.Required("claims.subject", "", "the claim of the userinfo answer that identifies a person for good, such as id; without the scope openid nothing promises a sub")
}

const wellKnown = "/.well-known/openid-configuration"

// issuerProblems catches the address of the metadata, which is what people copy.
func (c Config) issuerProblems() maskit.Problems {
	const path = "issuer"
	if problems := check.URL(path, c.Issuer); problems != nil {
		return problems
	}
	u, err := url.Parse(c.Issuer)
	if err != nil || !strings.HasSuffix(u.Path, wellKnown) {
		return nil
	}
	return maskit.Problems{{
		Path: path, Code: "issuer-is-metadata", Message: "is the address of the metadata, not the issuer",
		Hint: "remove " + wellKnown + ", and keep a final slash only if the metadata has one",
	}}
}

func (c Config) textProblems() maskit.Problems {
	var problems maskit.Problems
	if c.Issuer == "" && c.Discovery == mas.DiscoveryDisabled {
		problems = check.Required("human_name", c.Client.HumanName, "the login page has nothing else to show without an issuer")
	}
	for _, field := range []struct{ path, value string }{
		{"human_name", c.Client.HumanName},
		{"brand_name", c.BrandName},
		{"client_id", c.Client.ID},
		{"client_secret_file", c.Client.Secret.File},
		{"synapse_idp_id", c.Client.SynapseIDPID},
	} {
		problems = append(problems, check.Text(field.path, field.value)...)
	}
	for _, field := range []struct{ path, value string }{
		{"endpoints.authorization", c.Endpoints.Authorization},
		{"endpoints.token", c.Endpoints.Token},
		{"endpoints.userinfo", c.Endpoints.Userinfo},
		{"endpoints.jwks", c.Endpoints.JWKS},
	} {
		problems = append(problems, check.URL(field.path, field.value)...)
	}
	return problems
}

// methodProblems refuses the method that takes a key this module has no setting for.
func (c Config) methodProblems() maskit.Problems {
	if c.AuthMethod != mas.AuthSignInWithApple || c.SignInWithApple != nil {
		return nil
	}
	return maskit.Problems{{
		Path: "token_endpoint_auth_method", Code: "unknown-value", Message: "is for Apple only, and needs Apple's key",
		Hint: "use a method that the provider lists in token_endpoint_auth_methods_supported",
	}}
}

// scopeProblems applies the grammar of RFC 6749, section 3.3, item by item.
func (c Config) scopeProblems() maskit.Problems {
	var problems maskit.Problems
	for i, scope := range c.Client.Scopes {
		path := strictyaml.ItemPath("scopes", i)
		switch {
		case !isScope(scope):
			problems = append(problems, maskit.Problem{
				Path: path, Code: "scope-invalid", Message: "is not one scope",
				Hint: "one scope per list item: visible ASCII characters without spaces, quotes and backslashes",
			})
		case slices.Contains(c.Client.Scopes[:i], scope):
			problems = append(problems, maskit.Problem{
				Path: path, Code: "duplicate", Message: "is listed twice", Hint: "remove one",
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

func (c Config) logoutProblems() maskit.Problems {
	acts := c.BackchannelLogout == mas.LogoutBrowserOnly || c.BackchannelLogout == mas.LogoutAll
	if !acts || c.canCheckLogoutTokens() {
		return nil
	}
	return maskit.Problems{{
		Path: "on_backchannel_logout", Code: "logout-unchecked",
		Message: "MAS cannot tell whose logout tokens to believe: that takes an issuer and the scope openid",
		Hint:    "remove it, or set both",
	}}
}

// parameterProblems judges the additional authorization parameters. A parameter that
// comes twice makes the request invalid (RFC 6749, section 3.1).
func (c Config) parameterProblems(env upstream.Env) maskit.Problems {
	var problems maskit.Problems
	for _, name := range slices.Sorted(maps.Keys(c.Client.AuthorizationParameters)) {
		problems = append(problems, c.parameterProblem(name, c.Client.AuthorizationParameters[name])...)
	}
	if c.Client.ReauthenticateAfterLogout && !env.MASAtLeast(loggedOutParameter()) {
		problems = append(problems, maskit.Problem{
			Path: "reauthenticate_after_logout", Code: "unsupported-by-version",
			Message: "needs MAS " + loggedOutParameter().String() + ", which first tells the template that somebody has logged out",
			Hint:    "remove it, or upgrade MAS",
		})
	}
	return problems
}

func (c Config) parameterProblem(name, value string) maskit.Problems {
	const section = "authorization_parameters"
	if !isScope(name) || strings.ContainsAny(name, "&=#.[") {
		return maskit.Problems{{
			Path: section, Code: "parameter-invalid", Message: "has a name that no parameter has",
			Hint: "names such as acr_values",
		}}
	}
	path := section + "." + name
	if name == "login_hint" && c.Client.ForwardLoginHint || name == "prompt" && c.Client.ReauthenticateAfterLogout {
		return maskit.Problems{{
			Path: path, Code: "both-set", Message: "is set by a switch of its own, too", Hint: "keep one of the two",
		}}
	}
	return slices.Concat(check.Required(path, value, "MAS sends no empty parameter: remove it"), check.Text(path, value))
}
