package entra_test

import (
	"fmt"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/claims"
	"github.com/maskit-dev/maskit/upstream/entra"
	"github.com/maskit-dev/maskit/upstream/oidc"
)

func Example() {
	provider := entra.Config{
		Client: oidc.Client{
			ID:     "11111111-1111-1111-1111-111111111111",
			Secret: mas.SecretValue{Inline: maskit.NewSecret("from the vault")},
		},
		Tenant: "22222222-2222-2222-2222-222222222222",
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
	fmt.Println(entry.Issuer)
	fmt.Println(upstream.SetupSteps(provider, env)[0])
	// Output:
	// https://login.microsoftonline.com/22222222-2222-2222-2222-222222222222/v2.0
	// Register an application (App registrations, New registration)
	//   Supported account types: Accounts in this organizational directory only (Single tenant)
	//   Redirect URI, platform: Web
	//   Redirect URI: https://account.example.com/upstream/callback/01JSHPZHAXC50QBKH67MH33TNF
	//   Front-channel logout URL: (none)
	//   ID tokens (implicit and hybrid flows): Off
	//   Application (client) ID: 11111111-1111-1111-1111-111111111111
	//   Directory (tenant) ID: 22222222-2222-2222-2222-222222222222
	//   Compare the last two with the overview page of the app.
	//   (labels as in the vendor's documentation, not seen on a real tenant)
}

// An app for many tenants says which: the gate is part of the subject, at every login.
func Example_manyTenants() {
	provider := entra.Config{
		Client: oidc.Client{ID: "11111111-1111-1111-1111-111111111111", Secret: mas.SecretValue{File: "/run/secrets/entra"}},
		Tenant: "organizations",
	}
	env := upstream.Env{ID: "01JSHPZHAXC50QBKH67MH33TNF"}
	_, problems := provider.Entry(env)
	fmt.Println(problems[0].Path, problems[0].Code)

	provider.Claims.Require = claims.Require{Tenants: []string{"22222222-2222-2222-2222-222222222222"}}
	entry, problems := provider.Entry(env)
	fmt.Println(problems.Err())
	fmt.Println(entry.ClaimsImports.Subject.Template)
	// Output:
	// claims.require.tenants tenants-missing
	// <nil>
	// {%- if (user.tid in ['22222222-2222-2222-2222-222222222222']) -%}{{- (user.tid ~ '.' ~ user.oid if user.tid and user.oid else '') -}}{%- endif -%}
}
