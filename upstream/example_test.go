package upstream_test

import (
	"fmt"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/oidc"
)

// acme is a provider of one's own: a typed configuration over the generic module.
type acme struct {
	Client oidc.Client `yaml:",inline"`
	Tenant string      `yaml:"tenant"`
}

func (acme) Kind() string { return "acme" }

func (a acme) Entry(env upstream.Env) (upstream.Entry, maskit.Problems) {
	return oidc.Preset{
		Config: oidc.Config{
			Client:     a.Client.WithHumanName("Acme"),
			Issuer:     "https://" + a.Tenant + ".acme.example",
			AuthMethod: mas.AuthClientSecretPost,
		},
		Problems: a.problems(),
		Derived:  []string{"issuer"},
	}.Entry(env)
}

func (a acme) problems() maskit.Problems {
	if a.Tenant != "" {
		return nil
	}
	return maskit.Problems{{
		Path: "tenant", Code: "required", Message: "is missing", Hint: "the first part of your address at Acme",
	}}
}

func ExampleProvider() {
	env := upstream.Env{
		Site: maskit.Site{AccountURL: "https://account.example.com/"},
		ID:   "01JSHPZHAXC50QBKH67MH33TNF",
	}
	client := oidc.Client{ID: "matrix", Secret: mas.SecretValue{File: "/run/secrets/acme"}}
	_, problems := acme{Client: client}.Entry(env)
	fmt.Println(problems)

	provider := acme{Tenant: "example", Client: client}
	entry, problems := provider.Entry(env)
	fmt.Println(entry.Issuer, problems.Err())
	fmt.Println(upstream.SetupSteps(provider, env)[0])
	// Output:
	// error: tenant: is missing [required] (fix: the first part of your address at Acme)
	// https://example.acme.example <nil>
	// Register MAS as a client
	//   Redirect URI: https://account.example.com/upstream/callback/01JSHPZHAXC50QBKH67MH33TNF
	//   Back-channel logout URI: https://account.example.com/upstream/backchannel-logout/01JSHPZHAXC50QBKH67MH33TNF
	//   The redirect URI is compared exactly: no wildcard is needed.
}
