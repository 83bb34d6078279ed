// Package okta describes Okta to Matrix Authentication Service (MAS): the server of an
// organisation, and its custom authorization servers.
//
//	provider := okta.Config{
//		Client: oidc.Client{ID: "0oa…", Secret: mas.SecretValue{Inline: secret}},
//		Domain: "example.okta.com",
//	}
//	entry, problems := provider.Entry(upstream.Env{Site: site, ID: id})
//
// At Okta, create an app integration: [Config.SetupSteps] has the values.
//
// # Where the rules come from
//
// Okta's developer documentation: "Authorization servers" (the organisation's own server has
// no custom scopes; the others need an access policy with a rule, or every login fails),
// "Add a groups claim" (a filter of the app on the former, a claim of the server on the
// latter), "Single Logout" (front channel only, so logouts do not reach MAS).
//
// Not verified on a real tenant: which authentication methods an app accepts beyond
// client_secret_basic, that the issuer mode of an app decides on the host in the issuer, that
// ID tokens can lack profile claims, for which userinfo is asked too, and the labels of the
// steps.
//
// # Errors
//
// [Config.Entry] reports every problem at once; see [upstream.Provider].
//
// # What it does not do
//
// Okta's Universal Logout is a protocol of its own, which MAS does not speak: disable people
// in MAS too. Roles have no claim of their own; use groups.
package okta
