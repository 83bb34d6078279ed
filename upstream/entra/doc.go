// Package entra describes Microsoft Entra ID, formerly Azure AD, to Matrix Authentication
// Service (MAS): one tenant, or many by an allow-list, in the public and national clouds.
//
//	provider := entra.Config{
//		Client: oidc.Client{ID: "11111111-…", Secret: mas.SecretValue{Inline: secret}},
//		Tenant: "22222222-2222-2222-2222-222222222222",
//		Claims: claims.Rules{Localpart: claims.Localpart{Domains: []string{"example.com"}}},
//	}
//	entry, problems := provider.Entry(upstream.Env{Site: site, ID: id})
//
// At Microsoft, register an app: [Config.SetupSteps] has the values.
//
// # Many tenants
//
// The metadata of organizations and common has no issuer that an ID token could have, so MAS
// runs without one, with fixed endpoints, and the claim tid in the subject says who may log
// in: anybody else sees "Subject is empty". Where there is a choice, make one provider of each
// tenant instead.
//
//	entra.Config{
//		Client: client, Tenant: "organizations",
//		Claims: claims.Rules{Require: claims.Require{Tenants: []string{"22222222-…", "33333333-…"}}},
//	}
//
// # Guests, and names that two people have
//
// Guest alice@gmail.com and employee alice@example.com both have alice before the @. So do
// addresses of two domains of one tenant. Names are suggested only, and a name that is taken
// is never handed over; Localpart.Domains gives names to one domain alone, and
// Localpart.MembersOnly (optional claim acct) to no guest.
//
// # Where the rules come from
//
// Microsoft's documentation: "ID token claims reference" (sub is pairwise, email and
// preferred_username are not for authorization, groups overage), "Optional claims reference"
// (xms_edov, acct), "National clouds" (hosts), "Migrate away from using email claims"
// (xms_edov, nOAuth), "OpenID Connect on the Microsoft identity platform" (front-channel
// logout only). PKCE is always used: it works, and the metadata does not list it. The secret
// goes in the body, because generated ones hold characters that HTTP Basic encodes.
//
// Not verified on a real tenant: that single-tenant metadata passes MAS's strict mode (its
// source says so), custom signing keys (AppSigningKey), External ID, and the labels of the
// steps. That a certificate (private_key_jwt) cannot be used, because Entra wants a thumbprint
// in the assertion that MAS does not send, is read in the source and documentation only.
//
// # Errors
//
// [Config.Entry] reports every problem at once; see [upstream.Provider].
//
// # What it does not do
//
// It does not look up a tenant by its domain, and knows no Azure AD B2C, whose issuers differ
// by policy. Entra tells nobody about logouts on the back channel: disable people in MAS too.
// MAS cannot fetch groups that are too many for a token.
package entra
