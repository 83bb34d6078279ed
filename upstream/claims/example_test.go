package claims_test

import (
	"fmt"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream/claims"
)

// A directory whose administrators set names and addresses: existing Matrix users may
// be linked by their name, which has to be acknowledged.
func ExampleRules_Imports() {
	rules := claims.Rules{
		Localpart: claims.Localpart{Action: mas.ImportRequire, OnConflict: mas.ConflictSet},
		Email:     claims.Email{Trust: claims.TrustDirectory},
	}
	imports, problems := rules.Imports(claims.StandardSources())
	fmt.Println(problems[0].Code)
	fmt.Println(problems.Accept(maskit.Ack{Code: "links-by-name"}).Err())
	fmt.Println(imports.Email.Template)
	// Output:
	// links-by-name
	// <nil>
	// {%- if user.email is string and '@' in user.email -%}{{- user.email -}}{%- endif -%}
}

// Text makes a fixed value safe where MAS expects a template.
func ExampleText() {
	fmt.Println(claims.Text("staff"))
	fmt.Println(claims.Text("{{staff}}"))
	// Output:
	// staff
	// {{ '\u007b\u007bstaff\u007d\u007d' }}
}
