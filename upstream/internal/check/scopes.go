package check

import (
	"slices"

	"github.com/maskit-dev/maskit"
)

// OpenID reports scopes that lack openid, for providers that are asked for userinfo, too: of
// others, oidc.Preset sees by itself that no claims are left. No scopes at all stand for a
// module's own, which have it.
func OpenID(path string, scopes []string) maskit.Problems {
	if len(scopes) == 0 || slices.Contains(scopes, "openid") {
		return nil
	}
	return problem(path, "scope-no-openid", "lacks openid, without which there is no ID token", "add openid")
}
