package github

import (
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/upstream/internal/check"
)

// problems judges what is GitHub's own; the rest is that of any provider.
func (c Config) problems() maskit.Problems {
	return slices.Concat(c.hostProblems(), c.scopeProblems(), c.Claims.Email.Unverifiable())
}

func (c Config) hostProblems() maskit.Problems {
	const path = "host"
	if problems := check.Host(path, c.Host); problems != nil {
		return problems
	}
	switch {
	case c.Host == "ghe.com", c.Host == "www.github.com", strings.HasPrefix(c.Host, "api.") && !c.isServer(), c.Host == "api.github.com":
		return maskit.Problems{{
			Path: path, Code: "host-not-login", Message: "is not the host on which people sign in",
			Hint: "leave it out for github.com, or write the host of the server or SUB.ghe.com",
		}}
	}
	return nil
}

// scopeProblems refuses openid: GitHub issues no ID token for it, so MAS would wait for a
// claim that never comes.
func (c Config) scopeProblems() maskit.Problems {
	if !slices.Contains(c.Client.Scopes, "openid") {
		return nil
	}
	return maskit.Problems{{
		Path: "scopes", Code: "scope-unsupported", Message: "has openid, but GitHub knows no OpenID Connect for logins",
		Hint: "remove it; read:user and user:email are what MAS needs",
	}}
}
