package google_test

import (
	"testing"

	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/google"
	"github.com/maskit-dev/maskit/upstream/internal/vendortest"
)

func TestLogins(t *testing.T) {
	t.Parallel()
	login := func(provider google.Config, token string, want vendortest.Account) vendortest.Login {
		return vendortest.Login{Provider: provider, IDToken: token, Want: want}
	}
	vendortest.Logins(t, map[string]vendortest.Login{
		"anybody": login(minimal(), `{"sub": "1", "name": "Al", "email": "al@gmail.com", "email_verified": true}`,
			vendortest.Registered("1", "", "Al", "al@gmail.com")),
		"anybody, not verified": login(minimal(), `{"sub": "1", "name": "Al", "email": "al@example.com", "email_verified": false}`,
			vendortest.Registered("1", "", "Al", "")),
		"of the organisation": login(workspace(), `{"sub": "1", "hd": "example.com", "name": "Al", "email": "Al@example.com", "email_verified": true}`,
			vendortest.Registered("1", "al", "Al", "Al@example.com")),
		"of another": login(workspace(), `{"sub": "1", "hd": "example.org", "email": "al@example.org", "email_verified": true}`,
			vendortest.Denied()),
		"an address of the domain, but of no organisation": login(workspace(), `{"sub": "1", "email": "al@example.com", "email_verified": true}`,
			vendortest.Denied()),
		"an alias of another domain": login(workspace(), `{"sub": "1", "hd": "example.com", "name": "Al", "email": "al@example.net", "email_verified": true}`,
			vendortest.Account{Outcome: upstream.OutcomeClaimRequired, Subject: "1"}),
		"one of two organisations": login(full(), `{"sub": "1", "hd": "example.org", "name": "Al", "email": "al@example.org", "email_verified": true}`,
			vendortest.Registered("1", "al", "Al", "al@example.org")),
	})
}
