// Package apple describes Sign in with Apple to Matrix Authentication Service (MAS).
//
//	provider := apple.Config{
//		Client:     oidc.Client{ID: "com.example.matrix"}, // the Services ID
//		TeamID:     "A1B2C3D4E5",
//		KeyID:      "F6G7H8I9J0",
//		PrivateKey: mas.SecretValue{File: "/run/secrets/apple.p8"},
//	}
//	entry, problems := provider.Entry(upstream.Env{Site: site, ID: id})
//
// At Apple, register a Services ID and a key: [Config.SetupSteps] has the values.
//
// # Where the rules come from
//
// MAS's configuration reference (sign_in_with_apple) and its source: it signs the client
// secret with ES256 for each login, valid for a minute. Apple's documentation, "Request an
// authorization to the Sign in with Apple server": the answer comes by form_post where name or
// email are asked for, and the name comes as JSON in the parameter user of the callback, at the
// first login only and unsigned, so that it is for display alone. The claim sub is that of the
// team: a transfer of the app to another team changes it.
//
// Not verified on a real tenant: that email_verified may come as a text (both are understood),
// the mail relay, and the labels of the steps.
//
// # Errors
//
// [Config.Entry] reports every problem at once; see [upstream.Provider]. A key in a file of
// MAS's host is not read.
//
// # What it does not do
//
// Apple sends no user name, no groups, and no logout tokens: its notifications about revoked
// accounts have a form that MAS does not read.
package apple
