package gitlab_test

import (
	"fmt"

	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/claims"
	"github.com/maskit-dev/maskit/upstream/gitlab"
	"github.com/maskit-dev/maskit/upstream/oidc"
)

func Example() {
	provider := gitlab.Config{
		Client: oidc.Client{ID: "matrix", Secret: mas.SecretValue{File: "/run/secrets/gitlab"}},
		URL:    "https://git.example.com/",
		Claims: claims.Rules{Require: claims.Require{Groups: []string{"acme/staff"}}},
	}
	entry, problems := provider.Entry(upstream.Env{ID: "01JSHPZHAXC50QBKH67MH33TNF"})
	if err := problems.Err(); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(entry.Issuer)
	fmt.Println(entry.ClaimsImports.Subject.Template)
	// Output:
	// https://git.example.com
	// {%- if (user.groups is sequence and ('acme/staff' in user.groups)) -%}{{- user.sub -}}{%- endif -%}
}
