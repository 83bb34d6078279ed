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
// before and the entry survives being written and read.
//
// # Errors
//
// Everything is reported through testing.T. The subtests have fixed names, so that
// one can be run by -run.
//
// # What it does not do
//
// It renders no template and reaches no provider: whether the claims exist and the
// endpoints answer is beyond it.
package upstreamtest
