// Package cognito describes an Amazon Cognito user pool to Matrix Authentication Service (MAS).
//
//	provider := cognito.Config{
//		Client:   oidc.Client{ID: "…", Secret: mas.SecretValue{Inline: secret}},
//		UserPool: "eu-central-1_AbCdEf123",
//	}
//	entry, problems := provider.Entry(upstream.Env{Site: site, ID: id})
//
// At AWS, give the pool a domain and an app client: [Config.SetupSteps] has the values.
//
// # Where the rules come from
//
// Amazon Cognito Developer Guide: "Understanding the identity (ID) token" (issuer,
// cognito:username, cognito:groups), "User pool endpoints and managed login reference" (the
// issuer is on one host, the endpoints are on the domain of the pool), "Using PKCE in
// authorization code grants" (supported; the metadata does not list it, so that it is always
// used). The claim sub is an id for good. Where the pool's domain is one of yours, tell
// [upstream.Check] of it (SecretHosts), which otherwise sends no secret to another domain than
// the issuer's.
//
// Not verified on a real pool: that userinfo has email_verified as a text (both are
// understood), regions in China, and the labels of the steps.
//
// # Errors
//
// [Config.Entry] reports every problem at once; see [upstream.Provider].
//
// # What it does not do
//
// Cognito tells nobody about logouts: disable people in MAS too. It cannot see whether the
// pool lets people register themselves; then an on_conflict other than fail is a way into
// other people's accounts.
package cognito
