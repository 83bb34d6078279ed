// Package dex describes Dex to Matrix Authentication Service (MAS): the bridge to LDAP
// directories and to vendors that MAS cannot use by itself.
//
//	provider := dex.Config{
//		Issuer: "https://dex.example.com/dex",
//		Client: oidc.Client{ID: "matrix", Secret: mas.SecretValue{Inline: secret}},
//	}
//	entry, problems := provider.Entry(upstream.Env{Site: site, ID: id})
//
// In Dex's configuration, add a static client: [Config.SetupSteps] has its keys.
//
// # Where the rules come from
//
// Tokens carry the issuer of Dex's configuration byte for byte, with or without a final slash
// (Dex's source). Tokens are signed with RS256 unless the configuration says ES256. Back-channel
// logout comes with sessions, which are in Dex's main branch and have to be switched on; where
// they are off, no token comes.
//
// The claims depend on the connector. preferred_username is sent by ldap, github, gitlab,
// microsoft and oidc, and by none else: set claims.localpart.claim to name or email there. The
// claim email_verified is always true behind ldap, saml, microsoft and github, whatever they
// know, so an address is worth what the directory is: set claims.email.trust to never if
// people can write their own. The subject is made of the connector's id and the user's id:
// renaming a connector takes everybody's account away.
//
// Not verified on a running Dex: all of it is from its source.
//
// # Errors
//
// [Config.Entry] reports every problem at once; see [upstream.Provider].
//
// # What it does not do
//
// It configures no connector. The saml connector is unmaintained, and its authors warn of it:
// put Keycloak in between for SAML.
package dex
