package adfs_test

import (
	"testing"

	"github.com/maskit-dev/maskit/upstream/internal/vendortest"
)

func TestLogins(t *testing.T) {
	t.Parallel()
	const alice = `"sub": "hash=", "upn": "Alice@example.com", "unique_name": "EXAMPLE\\alice", "email": "alice@example.com"`
	vendortest.Logins(t, map[string]vendortest.Login{
		"no rule for the name": {Provider: minimal(), IDToken: `{` + alice + `}`, Want: vendortest.Registered("hash=", "alice", `EXAMPLE\alice`, "")},
		"nothing but sub":      {Provider: minimal(), IDToken: `{"sub": "hash="}`, Want: vendortest.Registered("hash=", "", "", "")},
		"staff": {
			Provider: full(), IDToken: `{` + alice + `, "name": "Alice", "groups": ["Matrix Users", "x"], "roles": ["matrix"]}`,
			Want: vendortest.Registered("hash=", "alice", "Alice", "alice@example.com"),
		},
		"without the role": {Provider: full(), IDToken: `{` + alice + `, "groups": ["Matrix Users"]}`, Want: vendortest.Denied()},
		"of another domain": {
			Provider: full(), IDToken: `{"sub": "hash=", "upn": "al@example.net", "groups": ["Matrix Users"], "roles": ["matrix"]}`,
			Want: vendortest.Denied(),
		},
		"one group, as a text": {Provider: full(), IDToken: `{` + alice + `, "groups": "Matrix Users", "roles": ["matrix"]}`, Want: vendortest.Denied()},
	})
}
