package auth0_test

import (
	"fmt"

	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/auth0"
	"github.com/maskit-dev/maskit/upstream/claims"
	"github.com/maskit-dev/maskit/upstream/oidc"
)

func Example() {
	provider := auth0.Config{
		Client:         oidc.Client{ID: "matrix", Secret: mas.SecretValue{File: "/run/secrets/auth0"}},
		Domain:         "example.eu.auth0.com",
		ClaimNamespace: "https://example.com/",
		Claims:         claims.Rules{Require: claims.Require{Roles: []string{"matrix"}}},
	}
	entry, problems := provider.Entry(upstream.Env{ID: "01JSHPZHAXC50QBKH67MH33TNF"})
	if err := problems.Err(); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(entry.Issuer)
	fmt.Println(entry.ClaimsImports.Subject.Template)
	// Output:
	// https://example.eu.auth0.com/
	// {%- if (user['https://example.com/roles'] is sequence and ('matrix' in user['https://example.com/roles'])) -%}{{- user.sub -}}{%- endif -%}
}
