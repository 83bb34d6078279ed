// Package discord describes Discord to Matrix Authentication Service (MAS).
//
//	provider := discord.Config{
//		Client: oidc.Client{ID: "1234567890", Secret: mas.SecretValue{Inline: secret}},
//	}
//	entry, problems := provider.Entry(upstream.Env{Site: site, ID: id})
//
// At Discord, create an application: [Config.SetupSteps] has the values.
//
// # Where the rules come from
//
// Discord's published metadata: the issuer is https://discord.com, and only its OAuth metadata
// lists PKCE, so that it is always used. The profile comes from "Get Current User" of Discord's
// API documentation, as in MAS's sample, because the userinfo endpoint lacks global_name, which
// may be null, and verified, which says whether the address is. The claim sub is the user's
// number for good; user names are unique, but can be changed and taken by somebody else: they
// are suggested, and linking by them is refused until it is acknowledged.
//
// Not verified on a real application: the labels of the steps.
//
// # Errors
//
// [Config.Entry] reports every problem at once; see [upstream.Provider].
//
// # What it does not do
//
// It cannot tell members of a server (guild) from others. Discord tells nobody about logouts.
package discord
