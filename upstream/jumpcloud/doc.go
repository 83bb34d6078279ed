// Package jumpcloud describes an SSO application of JumpCloud to Matrix Authentication Service
// (MAS).
//
//	provider := jumpcloud.Config{
//		Client: oidc.Client{ID: "4b7e", Secret: mas.SecretValue{Inline: secret}},
//	}
//	entry, problems := provider.Entry(upstream.Env{Site: site, ID: id})
//
// At JumpCloud, add a custom OIDC application: [Config.SetupSteps] has the values.
//
// # Where the rules come from
//
// Nothing here was verified on a real tenant: the issuer https://oauth.id.jumpcloud.com/ with its
// final slash, the authentication method of each application, claims, groups, and the labels of
// the steps are what is commonly known. Run upstream.Check before anybody logs in: it says what
// the metadata has instead. Other regions have another issuer. Back-channel logout is not known
// to exist, so MAS is told to ignore it.
//
// # Errors
//
// [Config.Entry] reports every problem at once; see [upstream.Provider].
//
// # What it does not do
//
// It sets up nothing at JumpCloud.
package jumpcloud
