// Package google describes Google accounts and Google Workspace to Matrix Authentication
// Service (MAS).
//
//	provider := google.Config{
//		Client: oidc.Client{ID: "….apps.googleusercontent.com", Secret: mas.SecretValue{Inline: secret}},
//		Claims: claims.Rules{Require: claims.Require{Domains: []string{"example.com"}}}, // Workspace
//	}
//	entry, problems := provider.Entry(upstream.Env{Site: site, ID: id})
//
// At Google, create an OAuth client: [Config.SetupSteps] has the values.
//
// # Where the rules come from
//
// Google's guide "OpenID Connect": the issuer has no final slash, hd is there for Workspace
// accounts only, and the request parameter of that name is a hint that has to be checked
// against the claim. Accounts have no preferred_username and no groups. The claim sub stays.
//
// Not verified on a real tenant: that email_verified is authoritative only for gmail.com and
// where hd is there; that whoever buys a lapsed domain gets its addresses and its hd, with
// other subs, which is why nobody is told apart by an address; and the labels of the steps.
//
// # Errors
//
// [Config.Entry] reports every problem at once; see [upstream.Provider].
//
// # What it does not do
//
// It cannot tell groups of a Workspace: put Dex with its google connector in between. Google
// tells MAS nothing about logouts: disable people in MAS too.
package google
