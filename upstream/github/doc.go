// Package github describes GitHub to Matrix Authentication Service (MAS): github.com,
// GitHub Enterprise Server, and GitHub Enterprise Cloud with data residency (ghe.com).
//
//	provider := github.Config{
//		Client: oidc.Client{ID: "Iv1.0123456789abcdef", Secret: mas.SecretValue{Inline: secret}},
//	}
//	entry, problems := provider.Entry(upstream.Env{Site: site, ID: id})
//
// At GitHub, register an OAuth app: [Config.SetupSteps] has the values.
//
// # Where the rules come from
//
// GitHub signs people in by OAuth 2.0 alone, without discovery and ID token
// (docs.github.com, "Authorizing OAuth apps"), so the endpoints are fixed and the claims are
// the answer of "Get the authenticated user". PKCE is accepted since July 2025 (GitHub
// changelog), and always used. MAS cannot read an answer with an empty scope, so some are
// always asked for. The profile's address may be null: it is what people made public, and MAS
// cannot ask for the private ones. Who has no verified primary address cannot sign in
// ("unverified_user_email", docs.github.com, "Troubleshooting authorization request errors").
//
// Logins can be renamed and given to somebody else. They are suggested, never trusted:
// linking by them is refused until it is acknowledged. The number id stays.
//
// Not verified on a real tenant: the API host of ghe.com, the labels of the steps, and that a
// public address is always a verified one.
//
// # Errors
//
// [Config.Entry] reports every problem at once; see [upstream.Provider].
//
// # What it does not do
//
// It cannot tell members of an organisation or a team from others, because that takes
// requests that MAS does not make: put Dex with its github connector in between. GitHub
// tells nobody about logouts.
package github
