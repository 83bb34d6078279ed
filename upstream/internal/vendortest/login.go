package vendortest

import (
	"testing"

	"github.com/maskit-dev/maskit/upstream"
)

// Login is what a vendor sends of one person, as JSON, and what MAS makes of it.
type Login struct {
	Provider upstream.Provider
	IDToken  string
	Userinfo string
	// Callback are the parameters of the callback beside code and state.
	Callback map[string]any
	Want     Account
}

// Account is the outcome of a login with the values that MAS imports; empty are those that it
// does not.
type Account struct {
	Outcome                         upstream.Outcome
	Subject, Localpart, Name, Email string
}

// Logins runs each login through [upstream.Explain].
func Logins(t *testing.T, logins map[string]Login) {
	t.Helper()
	for name, login := range logins {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			claims := upstream.Claims{CallbackParameters: login.Callback}
			claims.IDToken = parse(t, login.IDToken)
			claims.Userinfo = parse(t, login.Userinfo)
			got, problems := upstream.Explain(Entry(t, login.Provider), claims)
			if err := problems.Err(); err != nil {
				t.Fatal(err)
			}
			account := Account{
				Outcome: got.Outcome, Subject: imported(got.Subject), Localpart: imported(got.Localpart),
				Name: imported(got.DisplayName), Email: imported(got.Email),
			}
			if account != login.Want {
				t.Errorf("got  %+v\nwant %+v\n%s", account, login.Want, got)
			}
		})
	}
}

func parse(t *testing.T, text string) map[string]any {
	t.Helper()
	if text == "" {
		return nil
	}
	claims, err := upstream.ParseClaims([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return claims
}

// imported is the value if anything comes of it.
func imported(f upstream.Field) string {
	switch f.Use {
	case upstream.UseForced, upstream.UsePrefilled, upstream.UseStored:
		return f.Value
	}
	return ""
}

// Registered is a new account.
func Registered(subject, localpart, name, email string) Account {
	return Account{Outcome: upstream.OutcomeRegistered, Subject: subject, Localpart: localpart, Name: name, Email: email}
}

// Denied is a login that the gate refuses, or that has nobody in it.
func Denied() Account { return Account{Outcome: upstream.OutcomeDenied} }
