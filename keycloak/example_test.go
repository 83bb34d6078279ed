package keycloak_test

import (
	"context"
	"fmt"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/keycloak"
)

// What MAS needs at Keycloak is planned, applied, and then there is nothing left to do.
func Example() {
	server := newStub() // your Keycloak
	defer server.Close()
	ctx := context.Background()

	p, err := keycloak.New(keycloak.Config{
		AdminURL: server.URL,
		Auth:     keycloak.ServiceAccount{Realm: "staff", ClientID: "provisioner", Secret: maskit.NewSecret("of-the-provisioner")},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	spec := keycloak.Spec{
		Realm: keycloak.Realm{Name: "staff"},
		Client: keycloak.Client{
			ID:       "matrix",
			Site:     maskit.Site{AccountURL: "https://account.example.com/"},
			Provider: "01JSHPZHAXC50QBKH67MH33TNF",
			Secret:   maskit.NewSecret("made-once-by-NewSecret-and-stored"),
		},
		Groups: []keycloak.Group{{Path: "/matrix-users"}},
	}
	plan, err := p.Plan(ctx, spec)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, change := range plan.Changes {
		fmt.Println(change.Action, change.Subject)
	}
	result, err := p.Apply(ctx, plan)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(result.Writes, "writes")

	plan, err = p.Plan(ctx, spec)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(plan)
	// Output:
	// create client matrix
	// update scopes of client matrix
	// create group /matrix-users
	// 2 writes
	// realm staff: nothing to do (3 requests)
}
