// Package kanidm describes Kanidm to Matrix Authentication Service (MAS).
//
//	provider := kanidm.Config{
//		URL:    "https://idm.example.com",
//		Client: oidc.Client{ID: "matrix", Secret: mas.SecretValue{Inline: secret}},
//	}
//	entry, problems := provider.Entry(upstream.Env{Site: site, ID: id})
//
// At Kanidm, create a client with its command line: [Config.SetupSteps] has the commands.
//
// # Where the rules come from
//
// Every client has an issuer of its own, which ends with the client's name. ID tokens are signed
// with ES256 unless the client's legacy crypto is on (RS256), and PKCE with S256 is demanded
// (Kanidm's book, "OAuth2"). The claim preferred_username is name@domain unless the client
// prefers short names; by default, what stands before the @ becomes the user name, which is
// the same for all people of one Kanidm. The scope groups sends groups as name@domain and as
// UUID. Kanidm sends no logout tokens, as far as its source shows.
//
// Not verified on a running Kanidm: all of it is from its book and source.
//
// # Errors
//
// [Config.Entry] reports every problem at once; see [upstream.Provider].
//
// # What it does not do
//
// It sets up nothing at Kanidm. Groups of a scope map are Kanidm's own way to say who may log
// in, and give people a better page than claims.require.
package kanidm
