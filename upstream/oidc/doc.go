// Package oidc describes any OpenID Connect provider, and plain OAuth 2.0 providers,
// to Matrix Authentication Service (MAS). The vendor modules build on it.
//
//	provider := oidc.Config{
//		Client:     oidc.Client{ID: "matrix", Secret: mas.SecretValue{Inline: secret}, HumanName: "Example"},
//		Issuer:     "https://sso.example.com",
//		AuthMethod: mas.AuthClientSecretBasic,
//	}
//	entry, problems := provider.Entry(upstream.Env{Site: site, ID: id})
//
// An OAuth 2.0 provider without discovery names its endpoints, asks for userinfo, and
// says which claim identifies a person:
//
//	oidc.Config{
//		Client:     oidc.Client{ID: "matrix", Secret: secret, HumanName: "Forge", Scopes: []string{"read:user"}},
//		AuthMethod: mas.AuthClientSecretPost,
//		Discovery:  mas.DiscoveryDisabled,
//		Endpoints: oidc.Endpoints{
//			Authorization: "https://forge.example.com/login/oauth/authorize",
//			Token:         "https://forge.example.com/login/oauth/access_token",
//			Userinfo:      "https://forge.example.com/api/user",
//		},
//		FetchUserinfo: true,
//		Claims:        claims.Rules{Subject: "id", Localpart: claims.Localpart{Claim: "login"}},
//	}
//
// # Errors
//
// [Config.Entry] reports every problem at once; see [upstream.Provider]. The rules
// are those that MAS 1.22 applies to upstream_oauth2.providers, and those whose
// breach it notices only when somebody logs in.
//
// # What it does not do
//
// It does not fetch the provider's metadata, so it cannot tell whether the provider
// offers what is asked of it. MAS has no pushed authorization requests, no signed
// request objects, no DPoP and no mutual TLS: a provider that insists on one of
// them cannot be used. Sign in with Apple has an authentication method of its own,
// which is refused here, unless package upstream/apple asks.
package oidc
