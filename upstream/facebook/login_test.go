package facebook_test

import (
	"testing"

	"github.com/maskit-dev/maskit/upstream/internal/vendortest"
)

func TestLogins(t *testing.T) {
	t.Parallel()
	vendortest.Logins(t, map[string]vendortest.Login{
		"an address that nobody verified": {
			Provider: minimal(), IDToken: `{"sub": "10", "name": "Al", "email": "victim@example.com"}`,
			Want: vendortest.Registered("10", "", "Al", ""),
		},
		"addresses believed": {
			Provider: full(), IDToken: `{"sub": "10", "name": "Al", "email": "al@example.com"}`,
			Want: vendortest.Registered("10", "", "Al", "al@example.com"),
		},
		"no address": {
			Provider: full(), IDToken: `{"sub": "10", "name": null}`,
			Want: vendortest.Registered("10", "", "", ""),
		},
	})
}
