package keycloaktest_test

import (
	"context"
	"fmt"
	"net/http/httptest"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/keycloak"
	"github.com/maskit-dev/maskit/keycloak/keycloaktest"
)

// A provisioner makes a realm, while the connection breaks once.
func Example() {
	ctx := context.Background()
	kc := keycloaktest.New(keycloaktest.Options{})
	server := httptest.NewServer(kc)
	defer server.Close()
	kc.Inject(keycloaktest.Fault{Match: keycloaktest.Request.IsWrite, Nth: 1, Cut: keycloaktest.CutAfter})

	p, err := keycloak.New(keycloak.Config{
		AdminURL: server.URL, Auth: keycloak.AdminPassword{User: "admin", Password: maskit.NewSecret("admin")},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	spec := keycloak.Spec{
		Realm:  keycloak.Realm{Name: "staff", Create: true, DisplayName: "Staff"},
		Groups: []keycloak.Group{{Path: "/matrix-users"}},
	}
	plan, err := p.Plan(ctx, spec)
	if err != nil {
		fmt.Println(err)
		return
	}
	if _, err := p.Apply(ctx, plan); err != nil {
		fmt.Println(err)
		return
	}
	plan, err = p.Plan(ctx, spec)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("nothing to do:", plan.Empty())
	for _, r := range kc.Requests() {
		if r.IsWrite() {
			fmt.Println(r, r.Status)
		}
	}
	fmt.Println("unknown:", len(kc.Unknown()))
	// Output:
	// nothing to do: true
	// POST /admin/realms 0
	// POST /admin/realms/staff/groups 201
	// unknown: 0
}
