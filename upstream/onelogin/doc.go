// Package onelogin describes an OpenID Connect app of OneLogin to Matrix Authentication Service
// (MAS).
//
//	provider := onelogin.Config{
//		Subdomain: "acme",
//		Client:    oidc.Client{ID: "6a1b", Secret: mas.SecretValue{Inline: secret}},
//	}
//	entry, problems := provider.Entry(upstream.Env{Site: site, ID: id})
//
// At OneLogin, add the connector OpenID Connect (OIDC): [Config.SetupSteps] has the values.
//
// # Where the rules come from
//
// The issuer is https://SUBDOMAIN.onelogin.com/oidc/2 (OneLogin's documentation, "Provider
// Configuration"). The authentication method of the token endpoint is a setting of the app.
//
// Not verified on a real tenant: that a user name is an e-mail address, what stands in ID tokens
// (MAS asks the userinfo endpoint, too), how groups come (with the scope groups and a mapped
// parameter: a list, or one text with a separator), PKCE, and the labels of the steps. OneLogin
// documents no back-channel logout.
//
// # Errors
//
// [Config.Entry] reports every problem at once; see [upstream.Provider].
//
// # What it does not do
//
// It sets up nothing at OneLogin.
package onelogin
