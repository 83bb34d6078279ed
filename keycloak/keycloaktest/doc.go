// Package keycloaktest is an in-memory Keycloak for tests: an [http.Handler] with state
// that answers as Keycloak 26.7 does.
//
// It lets a test put a provisioner, a relying party or a whole deployment in front of a
// Keycloak without Java:
//
//	kc := keycloaktest.New(keycloaktest.Options{})
//	server := httptest.NewServer(kc)
//	defer server.Close()
//	err := kc.Admin(ctx, "POST", "/realms", map[string]any{"realm": "staff", "enabled": true}, nil)
//	// server.URL, or any address for a client whose Transport is kc, is what a keycloak.Config wants as AdminURL; the administrator is admin,
//	// whose password is admin
//	kc.Inject(keycloaktest.Fault{Match: keycloaktest.Request.IsWrite, Nth: 3, Cut: keycloaktest.CutAfter})
//	// … and afterwards
//	kc.Requests() // who asked what
//	kc.Unknown()  // what this package does not serve
//
// # What it serves
//
//   - the admin API: realms, clients with scopes, mappers, roles and secrets, client scopes,
//     groups, users, the user profile, authentication flows, required actions, identity
//     providers, components (LDAP), client policies, sessions, and claims without a login
//   - the token endpoint: passwords, client credentials, private_key_jwt, codes with PKCE,
//     and refresh tokens; tokens are signed with RS256
//   - metadata, keys, userinfo, and logout, with logout tokens to the clients
//   - logins in a browser, whose forms have Keycloak's ids: password, one-time code, its
//     setup, new password, profile. The flow of the client is carried out, as far as it is
//     made of cookies, passwords, codes, levels of authentication, conditions by role and
//     by client scope, and authenticators that allow or deny
//
// It keeps the rules of the real server, also those that surprise: an absent field is
// unchanged in most writes and reset in some, attributes of a realm that are not sent are
// deleted, scopes sent with a client are ignored, a masked secret is stored, an execution
// without its priority moves. Each rule stands in testdata/rules as a conversation that was
// recorded from a Keycloak 26.7.0, and is held against both servers.
//
// # Errors
//
// Refusals have the status and the words of Keycloak. An address that Keycloak does not
// know is 404, a wrong method 405, and what exists there but not here is 501, so that no
// test takes silence for an answer; [Server.Unknown] lists all three.
//
// # What it does not do
//
// Identity providers and LDAP are data: nobody can log in by them. Mails, offline sessions,
// consent, self-registration, forgotten passwords, events, brute force detection,
// organizations and SAML are missing. It is no reference for security: use it in tests only.
package keycloaktest
