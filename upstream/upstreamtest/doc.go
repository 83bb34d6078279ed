// Package upstreamtest checks that a provider module keeps to the contract of
// [upstream.Provider]. Call it from the module's tests:
//
//	func TestConformance(t *testing.T) {
//		upstreamtest.Run(t, upstreamtest.Config{
//			New: func() upstream.Provider {
//				return acme.Config{Tenant: "example", Client: oidc.Client{ID: "matrix", Secret: secret}}
//			},
//			Golden: "testdata/entry.yaml",
//		})
//	}
//
// Run asks for nothing but a valid value. It looks at the fields of the struct by
// reflection, puts hostile strings into each in turn, and checks what comes out: the
// module either refuses the value, or the templates of the entry do what they did
// before and the entry survives being written and read. It renders the templates with
// what providers have sent: whatever a claim holds, there is a legal user name or none, no
// null becomes a text, and nothing that people can edit tells them apart.
//
// # A provider to log in at
//
// [NewIDP] starts an OpenID provider over TLS, with any of the [Quirk]s that real
// vendors have, for tests of whatever talks to a provider:
//
//	idp := upstreamtest.NewIDP(t, upstreamtest.NoNonce)
//	idp.PutUser(upstreamtest.User{Name: "alice", Claims: map[string]any{"name": "Alice"}})
//	idp.PutClient(upstreamtest.ClientFor(entry, env))
//	callback, err := idp.LogIn(ctx, authorizationURL, "alice")
//	deliveries, err := idp.LogOut(ctx, "alice") // posts logout tokens
//
// # Errors
//
// Everything is reported through testing.T. The subtests have fixed names, so that
// one can be run by -run.
//
// # What it does not do
//
// Run reaches no provider: whether the claims exist and the endpoints answer is beyond
// it. It does not see whether Entry opens a connection. The provider of NewIDP is no
// reference for security: a name is all that a login takes.
package upstreamtest
