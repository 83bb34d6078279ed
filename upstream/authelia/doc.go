// Package authelia describes Authelia to Matrix Authentication Service (MAS).
//
//	provider := authelia.Config{
//		URL:    "https://auth.example.com",
//		Client: oidc.Client{ID: "matrix", Secret: mas.SecretValue{Inline: secret}},
//	}
//	entry, problems := provider.Entry(upstream.Env{Site: site, ID: id})
//
// In Authelia's configuration, add a client: [Config.SetupSteps] has its keys.
//
// # Where the rules come from
//
// The issuer is the address of Authelia without a final slash. Since 4.39 ID tokens hold no
// claims of the profile unless a claims policy adds them (Authelia's documentation, "OpenID
// Connect 1.0 Claims"), so MAS asks the userinfo endpoint, which works with every release. A
// client authenticates by exactly the method that it is registered with. Authelia says of every
// address that it was verified, for the time being, so an address is worth what the user
// database is. There is no logout of any kind.
//
// Not verified on a running Authelia: all of it is from its documentation and source.
//
// # Errors
//
// [Config.Entry] reports every problem at once; see [upstream.Provider].
//
// # What it does not do
//
// It writes no configuration of Authelia. MAS cannot push authorization requests: the client
// must not require them. To say who may log in, Authelia's own authorization_policy is better
// than claims.require, because people get a page that explains it.
package authelia
