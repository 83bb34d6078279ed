// Package adfs describes Active Directory Federation Services (AD FS) to Matrix Authentication
// Service (MAS).
//
//	provider := adfs.Config{
//		Client: oidc.Client{ID: "…", Secret: mas.SecretValue{Inline: secret}},
//		Host:   "sts.example.com",
//		Claims: claims.Rules{Email: claims.Email{Trust: claims.TrustDirectory}},
//	}
//	entry, problems := provider.Entry(upstream.Env{Site: site, ID: id})
//
// In AD FS, add an application group: [Config.SetupSteps] has the values.
//
// # Where the rules come from
//
// Microsoft's documentation, "AD FS OpenID Connect/OAuth concepts" and "Customize claims to be
// emitted in id_token": the scope allatclaims, and a web API whose identifier is the client id,
// bring claims into the ID token; the userinfo endpoint has sub alone. There is no
// email_verified.
//
// Nothing here is verified on a real server: the issuer, the authentication methods, that PKCE
// is offered from Windows Server 2019 on, and the labels of the steps. A list of one name may
// come as a text; who has one group only is then refused by a gate on groups, so that a gate
// should be tried with such a person.
//
// # Errors
//
// [Config.Entry] reports every problem at once; see [upstream.Provider].
//
// # What it does not do
//
// AD FS tells MAS nothing about logouts: disable people in MAS too. Its parameter resource is not
// sent; set Client.AuthorizationParameters if a server asks for it.
package adfs
