package google_test

import (
	"fmt"

	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/claims"
	"github.com/maskit-dev/maskit/upstream/google"
	"github.com/maskit-dev/maskit/upstream/oidc"
)

// The people of one Workspace organisation, and nobody else.
func Example() {
	provider := google.Config{
		Client: oidc.Client{ID: "42.apps.googleusercontent.com", Secret: mas.SecretValue{File: "/run/secrets/google"}},
		Claims: claims.Rules{Require: claims.Require{Domains: []string{"example.com"}}},
	}
	entry, problems := provider.Entry(upstream.Env{ID: "01JSHPZHAXC50QBKH67MH33TNF"})
	if err := problems.Err(); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(entry.ClaimsImports.Subject.Template)
	fmt.Println(entry.ClaimsImports.Localpart.Action, entry.AdditionalAuthorizationParameters)
	// Output:
	// {%- if (user.hd in ['example.com']) -%}{{- user.sub -}}{%- endif -%}
	// require map[hd:example.com]
}
