package entra_test

import (
	"testing"

	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/claims"
	"github.com/maskit-dev/maskit/upstream/entra"
	"github.com/maskit-dev/maskit/upstream/internal/vendortest"
)

func TestLogins(t *testing.T) {
	t.Parallel()
	plain := minimal()
	staff := minimal()
	staff.Claims = claims.Rules{
		Require:   claims.Require{Roles: []string{"Matrix.User"}},
		Localpart: claims.Localpart{Domains: []string{"example.com"}, MembersOnly: true},
	}
	required := minimal()
	required.Claims.Localpart.Action = mas.ImportRequire
	const alice = `"sub": "pairwise", "oid": "o-1", "tid": "` + tenant + `", "name": "Alice", "preferred_username": "Alice@example.com", "email": "alice@example.com"`
	login := func(provider entra.Config, token string, want vendortest.Account) vendortest.Login {
		return vendortest.Login{Provider: provider, IDToken: token, Want: want}
	}
	vendortest.Logins(t, map[string]vendortest.Login{
		"domain of the tenant": login(plain, `{`+alice+`, "xms_edov": true}`, vendortest.Registered("o-1", "alice", "Alice", "alice@example.com")),
		"edov as a number":     login(plain, `{`+alice+`, "xms_edov": 1}`, vendortest.Registered("o-1", "alice", "Alice", "alice@example.com")),
		"edov as a text":       login(plain, `{`+alice+`, "xms_edov": "1"}`, vendortest.Registered("o-1", "alice", "Alice", "alice@example.com")),
		"foreign domain":       login(plain, `{`+alice+`, "xms_edov": false}`, vendortest.Registered("o-1", "alice", "Alice", "")),
		"no optional claims":   login(plain, `{`+alice+`}`, vendortest.Registered("o-1", "alice", "Alice", "")),
		"a guest":              login(plain, `{"sub": "p", "oid": "o-2", "name": "Alice G", "preferred_username": "alice@gmail.com"}`, vendortest.Registered("o-2", "alice", "Alice G", "")),
		"no user name":         login(plain, `{"sub": "p", "oid": "o-3", "name": null}`, vendortest.Registered("o-3", "", "", "")),
		"no user name where it is required": login(required, `{"sub": "p", "oid": "o-3", "name": "Bob"}`,
			vendortest.Account{Outcome: upstream.OutcomeClaimRequired, Subject: "o-3"}),
		"a telephone number": login(plain, `{"sub": "p", "oid": "o-4", "preferred_username": "+491701"}`, vendortest.Registered("o-4", "+491701", "+491701", "")),
		"staff":              login(staff, `{`+alice+`, "acct": 0, "roles": ["Matrix.User"]}`, vendortest.Registered("o-1", "alice", "Alice", "")),
		"staff without role": login(staff, `{`+alice+`, "acct": 0}`, vendortest.Denied()),
		"guest with the role and a name of the domain": login(staff, `{`+alice+`, "acct": 1, "roles": ["Matrix.User"]}`,
			vendortest.Registered("o-1", "", "Alice", "")),
		"guest of another domain": login(staff, `{"sub": "p", "oid": "o-2", "acct": 0, "preferred_username": "alice@gmail.com", "roles": ["Matrix.User"]}`,
			vendortest.Registered("o-2", "", "alice@gmail.com", "")),
		"two signs": login(staff, `{"sub": "p", "oid": "o-5", "acct": 0, "preferred_username": "alice@x@example.com", "roles": ["Matrix.User"]}`,
			vendortest.Registered("o-5", "", "alice@x@example.com", "")),
		"a tenant of the list": login(many(), `{`+alice+`}`, vendortest.Registered(tenant+".o-1", "alice", "Alice", "")),
		"a tenant beside it":   login(many(), `{"sub": "p", "oid": "o-1", "tid": "44444444-4444-4444-4444-444444444444", "preferred_username": "alice@example.com"}`, vendortest.Denied()),
		"no tenant":            login(many(), `{"sub": "p", "oid": "o-1"}`, vendortest.Denied()),
		"no id":                login(many(), `{"sub": "p", "tid": "`+tenant+`"}`, vendortest.Denied()),
	})
}
