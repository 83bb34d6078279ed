package oidc

import (
	"maps"
	"slices"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/internal/check"
)

// parameterProblems judges the additional authorization parameters. MAS appends them
// to its own, and a parameter that comes twice makes the request invalid (RFC 6749,
// section 3.1).
func (c Config) parameterProblems(env upstream.Env) maskit.Problems {
	var problems maskit.Problems
	for _, name := range slices.Sorted(maps.Keys(c.AuthorizationParameters)) {
		if bad := check.Text("authorization_parameters", name); bad != nil {
			problems = append(problems, bad...)
			continue
		}
		path := "authorization_parameters." + name
		problems = append(problems, check.Required(path, c.AuthorizationParameters[name], "MAS sends no empty parameter: remove it")...)
		problems = append(problems, check.Text(path, c.AuthorizationParameters[name])...)
		if owner := c.parameterOwner(name); owner != "" {
			problems = append(problems, maskit.Problem{
				Path: path, Code: "parameter-reserved", Message: "is set by " + owner, Hint: "remove it",
			})
		}
	}
	if c.ReauthenticateAfterLogout && !env.MASAtLeast(templatedParameters()) {
		problems = append(problems, maskit.Problem{
			Path: "reauthenticate_after_logout", Code: "unsupported-by-version",
			Message: "needs MAS " + templatedParameters().String() + ", which first renders parameters as templates",
			Hint:    "remove it, or upgrade MAS",
		})
	}
	return problems
}

// parameterOwner says who else sets the parameter; "" if nobody does.
func (c Config) parameterOwner(name string) string {
	switch name {
	case "":
		return "nobody, since it has no name"
	case "response_type", "client_id", "redirect_uri", "scope", "state", "nonce", "response_mode",
		"code_challenge", "code_challenge_method", "request", "request_uri":
		return "MAS itself"
	case "login_hint":
		if c.ForwardLoginHint {
			return "forward_login_hint"
		}
	case "prompt":
		if c.ReauthenticateAfterLogout {
			return "reauthenticate_after_logout"
		}
	}
	return ""
}
