// Package shibboleth describes a Shibboleth IdP with the plugin OIDC OP to Matrix
// Authentication Service (MAS).
//
//	provider := shibboleth.Config{
//		Issuer: "https://idp.example.edu",
//		Client: oidc.Client{ID: "matrix", Secret: mas.SecretValue{Inline: secret}},
//	}
//	entry, problems := provider.Entry(upstream.Env{Site: site, ID: id})
//
// At Shibboleth, add metadata of a relying party: [Config.SetupSteps] has the values.
//
// # Where the rules come from
//
// The metadata is a document that the operators write: the issuer is what it says, and the
// address ISSUER/.well-known/openid-configuration often needs a rewrite in front of the IdP.
// The claims are what the attribute resolver and the encoders make: there is a
// preferred_username only if one is mapped, best from eduPersonPrincipalName or uid. MAS asks
// the userinfo endpoint, because ID tokens of the plugin are thin by default.
//
// A sub may be pairwise: a new client id then gives everybody a new one.
//
// Not verified on a running Shibboleth: all of it is from its documentation and from samples of
// Synapse and MAS.
//
// # Errors
//
// [Config.Entry] reports every problem at once; see [upstream.Provider].
//
// # What it does not do
//
// It speaks no SAML: MAS cannot. An IdP without the plugin needs Keycloak in between.
package shibboleth
