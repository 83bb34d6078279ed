package cognito_test

import (
	"fmt"

	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
	"github.com/maskit-dev/maskit/upstream/claims"
	"github.com/maskit-dev/maskit/upstream/cognito"
	"github.com/maskit-dev/maskit/upstream/oidc"
)

func Example() {
	provider := cognito.Config{
		Client:   oidc.Client{ID: "matrix", Secret: mas.SecretValue{File: "/run/secrets/cognito"}},
		UserPool: "eu-central-1_AbCdEf123",
		Claims:   claims.Rules{Require: claims.Require{Groups: []string{"matrix"}}},
	}
	entry, problems := provider.Entry(upstream.Env{ID: "01JSHPZHAXC50QBKH67MH33TNF"})
	if err := problems.Err(); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(entry.Issuer)
	fmt.Println(entry.ClaimsImports.Subject.Template)
	// Output:
	// https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_AbCdEf123
	// {%- if (user['cognito:groups'] is sequence and ('matrix' in user['cognito:groups'])) -%}{{- user.sub -}}{%- endif -%}
}
