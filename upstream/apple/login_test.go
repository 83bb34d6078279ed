package apple_test

import (
	"testing"

	"github.com/maskit-dev/maskit/upstream/internal/vendortest"
)

func TestLogins(t *testing.T) {
	t.Parallel()
	first := map[string]any{"user": `{"name":{"firstName":"Zoë","lastName":"O'Hara"},"email":"z@privaterelay.appleid.com"}`}
	login := func(token string, callback map[string]any, name, email string) vendortest.Login {
		return vendortest.Login{Provider: minimal(), IDToken: token, Callback: callback, Want: vendortest.Registered("000.a", "", name, email)}
	}
	const address = "z@privaterelay.appleid.com"
	vendortest.Logins(t, map[string]vendortest.Login{
		"the first login":        login(`{"sub": "000.a", "email": "`+address+`", "email_verified": true}`, first, "Zoë O'Hara", address),
		"verified as a text":     login(`{"sub": "000.a", "email": "`+address+`", "email_verified": "true"}`, first, "Zoë O'Hara", address),
		"not verified":           login(`{"sub": "000.a", "email": "`+address+`", "email_verified": "false"}`, first, "Zoë O'Hara", ""),
		"a later login":          login(`{"sub": "000.a", "email": "`+address+`", "email_verified": true}`, nil, "", address),
		"one name only":          login(`{"sub": "000.a"}`, map[string]any{"user": `{"name":{"firstName":"Zoë"}}`}, "Zoë", ""),
		"a user without a name":  login(`{"sub": "000.a"}`, map[string]any{"user": `{"email":"` + address + `"}`}, "", ""),
		"names that are nothing": login(`{"sub": "000.a"}`, map[string]any{"user": `{"name":{"firstName":null,"lastName":null}}`}, "", ""),
	})
}
