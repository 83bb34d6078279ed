// Package pingfederate describes PingFederate to Matrix Authentication Service (MAS).
//
//	provider := pingfederate.Config{
//		URL:    "https://sso.example.com:9031",
//		Client: oidc.Client{ID: "matrix", Secret: mas.SecretValue{Inline: secret}},
//	}
//	entry, problems := provider.Entry(upstream.Env{Site: site, ID: id})
//
// At PingFederate, create a client: [Config.SetupSteps] has the values.
//
// # Where the rules come from
//
// The issuer is the base URL of PingFederate, often with the port 9031. The metadata is a
// template file that operators edit (PingFederate's documentation, "OpenID Provider
// configuration endpoint"), so a value of a wrong type is possible, at which MAS reads none of
// it: check with upstream.Check. It lists PKCE with S256. Which claims there are is for the
// OpenID Connect policy to say.
//
// Not verified on a running PingFederate: all of it is from its documentation; the labels of the
// steps are from memory.
//
// # Errors
//
// [Config.Entry] reports every problem at once; see [upstream.Provider].
//
// # What it does not do
//
// It sets up nothing at PingFederate. PingOne, the service, is package upstream/pingone.
package pingfederate
