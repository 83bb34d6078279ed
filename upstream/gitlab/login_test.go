package gitlab_test

import (
	"testing"

	"github.com/maskit-dev/maskit/upstream/internal/vendortest"
)

func TestLogins(t *testing.T) {
	t.Parallel()
	gated := minimal()
	gated.Claims.Require.Groups = []string{"acme/staff"}
	const token = `{"sub": "42", "sub_legacy": "x", "email": "al@example.com", "email_verified": true, "groups_direct": []}`
	const rest = `"sub": "42", "name": "Al", "nickname": "Al_x"`
	vendortest.Logins(t, map[string]vendortest.Login{
		"an older release": {
			Provider: minimal(), IDToken: token, Userinfo: `{` + rest + `}`,
			Want: vendortest.Registered("42", "al_x", "Al", "al@example.com"),
		},
		"a current one": {
			Provider: minimal(), IDToken: `{` + rest + `, "preferred_username": "Al_x"}`, Userinfo: `{` + rest + `}`,
			Want: vendortest.Registered("42", "al_x", "Al", ""),
		},
		"in an inherited group": {
			Provider: gated, IDToken: token, Userinfo: `{` + rest + `, "groups": ["acme", "acme/staff"]}`,
			Want: vendortest.Registered("42", "al_x", "Al", "al@example.com"),
		},
		"in the group above": {Provider: gated, IDToken: token, Userinfo: `{` + rest + `, "groups": ["acme"]}`, Want: vendortest.Denied()},
	})
}
