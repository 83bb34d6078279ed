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
	Tenant       string          `yaml:"tenant"`
	ClientID     string          `yaml:"client_id"`
	ClientSecret mas.SecretValue `yaml:"client_secret" file:"client_secret_file"`
}

func (acme) Kind() string { return "acme" }

func (a acme) Entry(env upstream.Env) (upstream.Entry, maskit.Problems) {
	if a.Tenant == "" {
		return upstream.Entry{}, maskit.Problems{{
			Path: "tenant", Code: "required", Message: "is missing", Hint: "the first part of your address at Acme",
		}}
	}
	return oidc.Config{
		Issuer:       "https://" + a.Tenant + ".acme.example",
		HumanName:    "Acme",
		ClientID:     a.ClientID,
		ClientSecret: a.ClientSecret,
		AuthMethod:   mas.AuthClientSecretPost,
	}.Entry(env)
}

func ExampleProvider() {
	env := upstream.Env{
		Site: maskit.Site{AccountURL: "https://account.example.com/"},
		ID:   "01JSHPZHAXC50QBKH67MH33TNF",
	}
	_, problems := acme{}.Entry(env)
	fmt.Println(problems)

	provider := acme{Tenant: "example", ClientID: "matrix", ClientSecret: mas.SecretValue{File: "/run/secrets/acme"}}
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
