// Package pingone describes an application of PingOne to Matrix Authentication Service (MAS).
//
//	provider := pingone.Config{
//		Region:      pingone.Europe,
//		Environment: "0c9b6d3a-3c0e-4a55-9f5e-5f4e1d0f7a11",
//		Client:      oidc.Client{ID: "5b1f", Secret: mas.SecretValue{Inline: secret}},
//	}
//	entry, problems := provider.Entry(upstream.Env{Site: site, ID: id})
//
// At PingOne, add an application of the type OIDC Web App: [Config.SetupSteps] has the values.
//
// # Where the rules come from
//
// The issuer is https://auth.pingone.REGION/ENVIRONMENT/as, or that of a custom domain. Each
// application has one authentication method (PingOne's API documentation,
// tokenEndpointAuthMethod: client_secret_basic, client_secret_post, client_secret_jwt or
// private_key_jwt) and may require PKCE with S256.
//
// Not verified on a real tenant: what the metadata says of PKCE, which claims there are without
// attribute mappings, back-channel logout (MAS is told to ignore it), and the labels of the
// steps.
//
// # Errors
//
// [Config.Entry] reports every problem at once; see [upstream.Provider].
//
// # What it does not do
//
// It sets up nothing at PingOne. PingFederate, which one runs oneself, is package
// upstream/pingfederate.
package pingone
