package cognito_test

import (
	"testing"

	"github.com/maskit-dev/maskit/upstream/internal/vendortest"
)

func TestLogins(t *testing.T) {
	t.Parallel()
	vendortest.Logins(t, map[string]vendortest.Login{
		"a name of the pool": {
			Provider: minimal(), IDToken: `{"sub": "u-1", "cognito:username": "Al", "email": "al@example.com", "email_verified": true}`,
			Want: vendortest.Registered("u-1", "al", "Al", "al@example.com"),
		},
		"verified as a text": {
			Provider: minimal(), IDToken: `{"sub": "u-1", "cognito:username": "al", "name": "Al", "email": "al@example.com", "email_verified": "true"}`,
			Want: vendortest.Registered("u-1", "al", "Al", "al@example.com"),
		},
		"an address that was just changed": {
			Provider: minimal(), IDToken: `{"sub": "u-1", "cognito:username": "al", "email": "victim@example.com", "email_verified": "false"}`,
			Want: vendortest.Registered("u-1", "al", "al", ""),
		},
		"in the group": {
			Provider: full(), IDToken: `{"sub": "u-1", "cognito:username": "9f1c", "cognito:groups": ["matrix"], "name": "Al", "email": "al@example.com", "email_verified": true}`,
			Want: vendortest.Registered("u-1", "al", "Al", "al@example.com"),
		},
		"in no group, which has no claim": {Provider: full(), IDToken: `{"sub": "u-1", "email": "al@example.com", "email_verified": true}`, Want: vendortest.Denied()},
		"in the group, of another domain": {Provider: full(), IDToken: `{"sub": "u-1", "cognito:groups": ["matrix"], "email": "al@example.net", "email_verified": true}`, Want: vendortest.Denied()},
	})
}
