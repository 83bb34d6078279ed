// Package facebook describes Facebook Login to Matrix Authentication Service (MAS).
//
//	provider := facebook.Config{
//		Client:       oidc.Client{ID: "1234567890", Secret: mas.SecretValue{Inline: secret}},
//		GraphVersion: "v24.0",
//	}
//	entry, problems := provider.Entry(upstream.Env{Site: site, ID: id})
//
// At Meta, create an app: [Config.SetupSteps] has the values.
//
// # Where the rules come from
//
// Meta's documentation: "Facebook Login for the web, OIDC tokens with manual flow" and the Graph
// API changelog. The published metadata has no token endpoint (reported in public issues), so
// discovery is off and the addresses are fixed, but for the version: the sample in MAS's own
// documentation has v11.0, which is long retired. The claim sub is scoped to the app: another
// app has others. There is no claim email_verified, and no address of people who registered with
// a phone number; Microsoft's documentation, too, counts Facebook's addresses as unverified.
//
// Not verified on a real app: that an ID token needs PKCE in the code flow, the numbers of
// errors that [Config.Classify] reads, and the labels of the steps.
//
// # Errors
//
// [Config.Entry] reports every problem at once; see [upstream.Provider].
//
// # What it does not do
//
// Facebook sends no user name and no groups, and tells nobody about logouts. Without discovery,
// MAS never learns of a change of its addresses.
package facebook
