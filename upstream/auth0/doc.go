// Package auth0 describes Auth0 to Matrix Authentication Service (MAS).
//
//	provider := auth0.Config{
//		Client: oidc.Client{ID: "…", Secret: mas.SecretValue{Inline: secret}},
//		Domain: "example.eu.auth0.com",
//	}
//	entry, problems := provider.Entry(upstream.Env{Site: site, ID: id})
//
// At Auth0, create a Regular Web Application: [Config.SetupSteps] has the values.
//
// # Where the rules come from
//
// The issuer is the domain with a final slash, and it is the domain on which people sign in:
// with a custom domain, that one. Auth0's documentation: "Create custom claims" (names have to
// be URLs), "Signing algorithms" (an application can be on HS256, which MAS does not verify),
// "OIDC Back-Channel Logout" (Enterprise plan, one URL per application), "User profile
// structure" (nickname is made from the address; sub is connection|id, no user name).
//
// Not verified on a real tenant: that client_secret_post is what a Regular Web Application is
// created with, and the labels of the steps.
//
// # Errors
//
// [Config.Entry] reports every problem at once; see [upstream.Provider].
//
// # What it does not do
//
// It does not write the Action that adds groups or roles. Nicknames are neither unique nor
// lasting, so that linking existing accounts by them is refused until it is acknowledged.
package auth0
