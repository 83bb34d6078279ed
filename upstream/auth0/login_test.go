package auth0_test

import (
	"testing"

	"github.com/maskit-dev/maskit/upstream/internal/vendortest"
)

func TestLogins(t *testing.T) {
	t.Parallel()
	gated := minimal()
	gated.ClaimNamespace = "https://example.com/"
	gated.Claims.Require.Roles = []string{"it's"}
	vendortest.Logins(t, map[string]vendortest.Login{
		"a database user": {
			Provider: minimal(), IDToken: `{"sub": "auth0|1", "nickname": "al.x", "name": "al.x@example.com", "email": "al.x@example.com", "email_verified": true}`,
			Want: vendortest.Registered("auth0|1", "al.x", "al.x@example.com", "al.x@example.com"),
		},
		"a nickname in another script": {
			Provider: minimal(), IDToken: `{"sub": "github|2", "nickname": "Жанна", "name": null, "email": null, "email_verified": null}`,
			Want: vendortest.Registered("github|2", "", "Жанна", ""),
		},
		"a nickname of digits": {
			Provider: minimal(), IDToken: `{"sub": "sms|3", "nickname": "12345"}`,
			Want: vendortest.Registered("sms|3", "u12345", "12345", ""),
		},
		"with the role": {
			Provider: gated, IDToken: `{"sub": "auth0|1", "nickname": "al", "https://example.com/roles": ["it's"]}`,
			Want: vendortest.Registered("auth0|1", "al", "al", ""),
		},
		"with a role outside the namespace": {Provider: gated, IDToken: `{"sub": "auth0|1", "nickname": "al", "roles": ["it's"]}`, Want: vendortest.Denied()},
	})
}
