// Package keycloak describes a Keycloak realm to Matrix Authentication Service (MAS).
// It is usually imported as upkc, because package keycloak of this module, which
// configures the Keycloak server itself, has the same name.
//
//	provider := upkc.Config{
//		BaseURL: "https://sso.example.com",
//		Realm:   "staff",
//		Client:  oidc.Client{ID: "matrix", Secret: mas.SecretValue{Inline: secret}},
//	}
//	entry, problems := provider.Entry(upstream.Env{Site: site, ID: id})
//
// The defaults fit a realm that administrators fill: the user name in Keycloak is the
// Matrix user name, and a login whose name is not a legal one fails; an address is
// imported once Keycloak has verified it; and a logout in Keycloak ends everything.
//
// Keycloak sends a logout token when a session is ended or a user is logged out. It
// sends none when a user is disabled or deleted, when all sessions of the realm are
// ended, and when a session expires (Keycloak 26.7): log people out first, then
// disable or delete them. Logout tokens that MAS accepts need Keycloak 24, or a
// release of 22 and 23 from 2024 on.
//
// # Errors
//
// [Config.Entry] reports every problem at once; see [upstream.Provider].
//
// # What it does not do
//
// It does not create the client: package keycloak/masclient has that done, with the login
// flow that a required group needs, and [Config.SetupSteps] says what to enter in the admin
// console instead. It cannot see whether the realm lets people register themselves or edit
// their user names; either makes an on_conflict other than fail a way into other
// people's accounts.
package keycloak
