package mas

import (
	"cmp"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
)

// weakerProtocol reports what protects logins less than before.
func weakerProtocol(old UpstreamProvider, next storedProvider) maskit.Problems {
	var problems maskit.Problems
	for _, rule := range []struct {
		weaker                   bool
		key, code, message, hint string
	}{
		{
			old.PKCEMethod != PKCENever && next.PKCEMethod == PKCENever, "pkce_method", "pkce-weaker",
			"a stolen code can be redeemed, as nothing ties it to the login any more", "keep auto or always, unless the provider refuses PKCE",
		},
		{
			strictness(old) > strictness(next.UpstreamProvider), "discovery_mode", "discovery-weaker",
			"MAS checks less of the provider's metadata than before", "keep oidc, unless its metadata breaks the rules",
		},
		{
			hasOpenID(old) && !hasOpenID(next.UpstreamProvider), "scope", "id-token-gone",
			"without the scope openid there is no ID token: nothing that the provider says is signed, and logout tokens match no new session", "keep openid",
		},
	} {
		if rule.weaker {
			problems = append(problems, maskit.Problem{
				Path: next.path + "." + rule.key, Code: rule.code, Severity: maskit.SeverityWarning, Message: rule.message, Hint: rule.hint,
			})
		}
	}
	return problems
}

// strictness orders the modes by what MAS checks.
func strictness(p UpstreamProvider) int {
	return slices.Index([]DiscoveryMode{DiscoveryDisabled, DiscoveryInsecure, DiscoveryOIDC}, cmp.Or(p.DiscoveryMode, DiscoveryOIDC))
}

// hasOpenID reports whether MAS asks for an ID token; it does where no scope is set.
func hasOpenID(p UpstreamProvider) bool {
	return p.Scope == "" || slices.Contains(strings.Fields(p.Scope), "openid")
}
