package discord_test

import (
	"testing"

	"github.com/maskit-dev/maskit/upstream/internal/vendortest"
)

func TestLogins(t *testing.T) {
	t.Parallel()
	login := func(profile string, want vendortest.Account) vendortest.Login {
		return vendortest.Login{Provider: minimal(), IDToken: `{"sub": "80351110224678912"}`, Userinfo: profile, Want: want}
	}
	const id = "80351110224678912"
	vendortest.Logins(t, map[string]vendortest.Login{
		"everything": login(`{"id": "80351110224678912", "username": "al.x", "global_name": "Al", "email": "al@example.com", "verified": true}`,
			vendortest.Registered(id, "al.x", "Al", "al@example.com")),
		"no global name": login(`{"id": "80351110224678912", "username": "al.x", "global_name": null, "email": "al@example.com", "verified": false}`,
			vendortest.Registered(id, "al.x", "al.x", "")),
		"a bot's old name": login(`{"username": "Nelly Bot", "global_name": " ", "email": null}`,
			vendortest.Registered(id, "nellybot", "Nelly Bot", "")),
		"an underscore": login(`{"username": "__", "email": null}`, vendortest.Registered(id, "", "__", "")),
	})
}
