// Package zitadel describes an application of ZITADEL to Matrix Authentication Service (MAS).
//
//	provider := zitadel.Config{
//		URL:    "https://acme-a1b2c3.zitadel.cloud",
//		Client: oidc.Client{ID: "280983745@matrix", Secret: mas.SecretValue{Inline: secret}},
//	}
//	entry, problems := provider.Entry(upstream.Env{Site: site, ID: id})
//
// At ZITADEL, create a web application in a project: [Config.SetupSteps] has the values.
//
// # Where the rules come from
//
// The issuer is the domain of the instance, the one that people use where it has several. A
// login name is often name@organisation.domain: what stands before the @ is suggested as user
// name. ID tokens hold no claims of the profile unless the application says so, so MAS asks the
// userinfo endpoint. Roles come as a mapping from role to organisations, if the project asserts
// roles on authentication; ZITADEL can refuse people without a role by itself (ZITADEL's
// documentation, "Claims" and "Projects"). Back-channel logout is a beta behind a feature flag.
//
// Not verified on a running ZITADEL: all of it is from its documentation; the labels of the
// steps are from memory.
//
// # Errors
//
// [Config.Entry] reports every problem at once; see [upstream.Provider].
//
// # What it does not do
//
// It sets up nothing at ZITADEL. It cannot require groups, which ZITADEL does not have: require
// roles.
package zitadel
