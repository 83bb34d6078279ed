// Package keycloak brings a Keycloak realm to what Matrix Authentication Service (MAS)
// needs there, and keeps it so: what is wanted is compared with what there is, shown
// as a plan, applied, and verified.
//
//	p, err := keycloak.New(keycloak.Config{
//		AdminURL: "https://sso.example.com",
//		Auth:     keycloak.ServiceAccount{ClientID: "provisioner", Secret: adminSecret},
//	})
//	…
//	spec := keycloak.Spec{
//		Realm:  keycloak.Realm{Name: "staff"},
//		Client: keycloak.Client{ID: "matrix", Site: site, Provider: id, Secret: secret},
//	}
//	plan, err := p.Plan(ctx, spec) // reads only
//	…
//	result, err := p.Apply(ctx, plan)
//
// The addresses that Keycloak and MAS must agree on derive from the same
// [maskit.Site] and the id of the provider. The realm's other clients, scopes, mappers,
// users and settings are never touched, nor are the fields of managed objects that the
// spec does not name. A plan of a realm that is as it should be has no changes, and takes
// the same few requests whatever the size of the realm.
//
// # Errors
//
// An invalid spec gives an error that matches [maskit.ErrInvalid]. An answer that
// Keycloak refused a request with is a [*maskit.StatusError]; [maskit.ErrUnauthorized]
// and [maskit.ErrForbidden] match when the account cannot log in, or lacks a role.
// [maskit.ErrDrift] means that something changed since the plan was made: make a new
// one. After a failure [Result] says what was done; making a new plan continues from
// there.
//
// # Rights
//
// The account needs these roles of the client realm-management of the realm (or of
// the client {realm}-realm of the realm master): manage-clients for the client, its
// scopes and mappers; view-realm to see and manage-realm to change settings of the
// realm, brute force, password policy, events, the user profile and directories;
// manage-users for groups and users; manage-identity-providers for identity providers and
// their mappers; all of these for a required group and for one-time codes; view-users to
// verify claims; view-realm, view-clients and view-identity-providers to export. To create
// realms it needs create-realm of the realm master. An account without view-realm is told
// what it cannot find out.
//
// # What it does not do
//
// It does not install or configure the server, touch the realm master or Keycloak's
// own clients, delete realms, clients, groups, users, directories or identity providers,
// or change users that exist.
package keycloak
