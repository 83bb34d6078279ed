package oidc_test

import (
	"fmt"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/oidc"
)

func Example() {
	provider := oidc.Config{
		Client: oidc.Client{
			HumanName: "Example",
			ID:        "matrix",
			Secret:    mas.SecretValue{File: "/run/secrets/sso"},
		},
		Issuer:     "https://sso.example.com",
		AuthMethod: mas.AuthClientSecretBasic,
	}
	env := upstream.Env{
		Site: maskit.Site{AccountURL: "https://account.example.com/"},
		ID:   "01JSHPZHAXC50QBKH67MH33TNF",
	}
	entry, problems := provider.Entry(env)
	if err := problems.Err(); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(entry.Issuer, entry.Scope, entry.PKCEMethod, entry.OnBackchannelLogout)
	fmt.Println("register:", env.CallbackURL())
	// Output:
	// https://sso.example.com openid profile email auto logout_all
	// register: https://account.example.com/upstream/callback/01JSHPZHAXC50QBKH67MH33TNF
}
