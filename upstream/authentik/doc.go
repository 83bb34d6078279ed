// Package authentik describes an application of authentik to Matrix Authentication Service
// (MAS).
//
//	provider := authentik.Config{
//		URL:         "https://sso.example.com",
//		Application: "matrix",
//		Client:      oidc.Client{ID: "4Fp0", Secret: mas.SecretValue{Inline: secret}},
//	}
//	entry, problems := provider.Entry(upstream.Env{Site: site, ID: id})
//
// At authentik, create an application with an OAuth2/OpenID provider: [Config.SetupSteps] has
// the values.
//
// # Where the rules come from
//
// Every application is an issuer of its own, which ends with a slash (authentik's
// documentation, "OAuth 2.0 provider"). The provider needs an RSA signing key, without which
// it signs with the client secret, and no encryption key: MAS verifies no HS256 and reads no
// encrypted tokens (Synapse's documentation, openid.md, says so of the first). Groups come with
// the scope profile. Back-channel logout is in authentik since 2025.8.
//
// The claim email_verified is true for everybody before 2025.10 and false for everybody since
// (release notes of 2025.10): authentik has no source for it. So by default no address is
// imported from a newer one. Set claims.email.trust to directory if only administrators, or a
// directory behind authentik, set addresses; or give the scope email a mapping of your own.
//
// Not verified on a running authentik: the issuer mode of a bare host, and the labels of the
// steps.
//
// # Errors
//
// [Config.Entry] reports every problem at once; see [upstream.Provider].
//
// # What it does not do
//
// It sets up nothing at authentik. The subject mode of the provider has to stay as it is:
// another one gives everybody a new subject, and so nobody their account.
package authentik
