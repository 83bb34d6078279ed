package upstream_test

import (
	"fmt"

	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/upstream"
)

// What becomes of somebody who has no name at the provider.
func ExampleExplain() {
	entry := upstream.Entry{ClaimsImports: mas.ClaimsImports{
		Localpart:   mas.LocalpartImport{Action: mas.ImportRequire},
		Displayname: mas.ClaimImport{Action: mas.ImportForce, Template: "{{ user.name or '' }}"},
	}}
	token, err := upstream.ParseClaims([]byte(`{"sub": "f-1", "preferred_username": "alice", "name": null}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	explanation, problems := upstream.Explain(entry, upstream.Claims{IDToken: token})
	if err := problems.Err(); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(explanation)
	// Output:
	// outcome:      registered: a new account is created
	// subject:      "f-1", stored
	// localpart:    "alice", forced
	// displayname:  asked, is empty: user.name is null
	// shown:        a page to confirm the account
	// shown:        a step that asks for a display name
}
