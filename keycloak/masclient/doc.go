// Package masclient derives Keycloak's side of a provider of MAS: the client that the
// realm must have, from the same site and id as the provider itself.
//
//	entry, problems := provider.Entry(env)            // for MAS, see upstream/keycloak
//	spec, problems := masclient.Spec(env, provider)   // for Keycloak
//	plan, err := provisioner.Plan(ctx, spec)
//
// What the two must agree on is said once: redirect URI and back-channel logout URL, how
// MAS authenticates, its scopes, and the algorithm of ID tokens. Everything else is the
// safest setting, see [keycloak.Client]. Add to the spec what the realm shall have beside
// that: groups, a second factor, directories.
//
// # Errors
//
// Problems have the paths of the provider's settings. With an error the spec is not to be
// used.
//
// # What it does not do
//
// It reaches no server and makes no secret. A secret that MAS reads from a file is left
// out, since the path is one on MAS's host: set [keycloak.Client].Secret, or let Keycloak
// make one. Settings of the realm are left alone.
package masclient
