package okta_test

import (
	"fmt"

	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/claims"
	"github.com/maskit-dev/maskit/upstream/oidc"
	"github.com/maskit-dev/maskit/upstream/okta"
)

// A custom authorization server sends groups where a scope asks for them.
func Example() {
	provider := okta.Config{
		Client:              oidc.Client{ID: "0oa1example", Secret: mas.SecretValue{File: "/run/secrets/okta"}},
		Domain:              "example.okta.com",
		AuthorizationServer: "default",
		Claims:              claims.Rules{Require: claims.Require{Groups: []string{"matrix"}}},
	}
	entry, problems := provider.Entry(upstream.Env{ID: "01JSHPZHAXC50QBKH67MH33TNF"})
	if err := problems.Err(); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(entry.Issuer)
	fmt.Println(entry.Scope)
	fmt.Println(entry.ClaimsImports.Subject.Template)
	// Output:
	// https://example.okta.com/oauth2/default
	// openid profile email groups
	// {%- if (user.groups is sequence and ('matrix' in user.groups)) -%}{{- user.sub -}}{%- endif -%}
}
