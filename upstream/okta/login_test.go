package okta_test

import (
	"testing"

	"github.com/maskit-dev/maskit/upstream/internal/vendortest"
)

func TestLogins(t *testing.T) {
	t.Parallel()
	gated := minimal()
	gated.Claims.Require.Groups = []string{"matrix", "staff"}
	const profile = `{"sub": "00u1", "preferred_username": "Zoë.Ann@example.com", "name": "Zoë", "email": "zoe@example.com", "email_verified": true}`
	vendortest.Logins(t, map[string]vendortest.Login{
		"a thin ID token": {
			Provider: minimal(), IDToken: `{"sub": "00u1"}`, Userinfo: profile,
			Want: vendortest.Registered("00u1", "zo.ann", "Zoë", "zoe@example.com"),
		},
		"not verified": {
			Provider: minimal(), IDToken: `{"sub": "00u1", "email_verified": false}`, Userinfo: profile,
			Want: vendortest.Registered("00u1", "zo.ann", "Zoë", ""),
		},
		"in a group": {
			Provider: gated, IDToken: `{"sub": "00u1", "groups": ["Everyone", "staff"]}`, Userinfo: profile,
			Want: vendortest.Registered("00u1", "zo.ann", "Zoë", "zoe@example.com"),
		},
		"in none":                {Provider: gated, IDToken: `{"sub": "00u1", "groups": ["Everyone"]}`, Userinfo: profile, Want: vendortest.Denied()},
		"no claim groups":        {Provider: gated, IDToken: `{"sub": "00u1"}`, Userinfo: profile, Want: vendortest.Denied()},
		"groups as a text":       {Provider: gated, IDToken: `{"sub": "00u1", "groups": "no-matrix-staff"}`, Userinfo: profile, Want: vendortest.Denied()},
		"groups that are null":   {Provider: gated, IDToken: `{"sub": "00u1", "groups": null}`, Userinfo: profile, Want: vendortest.Denied()},
		"a name in another case": {Provider: gated, IDToken: `{"sub": "00u1", "groups": ["Staff"]}`, Userinfo: profile, Want: vendortest.Denied()},
	})
}
