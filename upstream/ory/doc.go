// Package ory describes Ory Network and Ory Hydra to Matrix Authentication Service (MAS).
//
//	provider := ory.Config{
//		Project: "happy-lamb-1x2y3z",
//		Client:  oidc.Client{ID: "8f2c", Secret: mas.SecretValue{Inline: secret}},
//	}
//	entry, problems := provider.Entry(upstream.Env{Site: site, ID: id})
//
// At Ory, create an OAuth 2.0 client: [Config.SetupSteps] has the values.
//
// # Where the rules come from
//
// The issuer of a project of Ory Network is https://SLUG.projects.oryapis.com, or the project's
// custom domain; that of a Hydra of one's own is its URLS_SELF_ISSUER, byte for byte. A client
// authenticates by exactly the method that it was created with; another one is refused with
// invalid_client (Hydra's source). Hydra sends logout tokens, and its metadata says so.
//
// Claims come from the consent application, or from the traits of identities at Ory Network,
// where the scopes profile and email select them: whether there is a preferred_username or any
// group is for that application to say.
//
// Not verified on a running Hydra or a project of Ory Network: all of it is from documentation
// and source.
//
// # Errors
//
// [Config.Entry] reports every problem at once; see [upstream.Provider].
//
// # What it does not do
//
// It creates no client, and no consent application.
package ory
