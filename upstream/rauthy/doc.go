// Package rauthy describes Rauthy to Matrix Authentication Service (MAS).
//
//	provider := rauthy.Config{
//		URL:    "https://sso.example.com",
//		Client: oidc.Client{ID: "matrix", Secret: mas.SecretValue{Inline: secret}},
//	}
//	entry, problems := provider.Entry(upstream.Env{Site: site, ID: id})
//
// At Rauthy, create a client: [Config.SetupSteps] has the values.
//
// # Where the rules come from
//
// The issuer is the address of Rauthy with /auth/v1/ after it; the final slash came with 0.35
// (Rauthy's changelog, a breaking change), and MAS compares byte for byte. A client's ID tokens
// are signed with EdDSA unless it is set to RS256, and MAS verifies no EdDSA. Its metadata lists
// client_secret_basic, client_secret_post, S256 and back-channel logout (Rauthy's source).
// The claim preferred_username is optional for every user.
//
// Not verified on a running Rauthy: all of it is from its source and changelog; the labels of
// the steps are from memory.
//
// # Errors
//
// [Config.Entry] reports every problem at once; see [upstream.Provider].
//
// # What it does not do
//
// It sets up nothing at Rauthy, and finds out nothing about its release.
package rauthy
