// Package masclient derives Keycloak's side of a provider of MAS, from the same site, id and
// settings as the provider itself: the client, who may log in to it, and the claims that
// it is sent.
//
//	entry, problems := provider.Entry(env)                  // for MAS, see upstream/keycloak
//	spec, problems := masclient.Spec(env, provider)         // for Keycloak
//	spec, problems = masclient.Extend(rest, env, provider)  // with the rest of the realm
//	plan, err := provisioner.Plan(ctx, spec)
//
// The two sides agree because each thing is said once:
//
//   - redirect URI, back-channel logout URL, how MAS authenticates, the scopes it asks for,
//     and the algorithm of ID tokens, which is RS256 even if the realm has another default;
//   - the group that people have to be in. It is asked for by a login flow at Keycloak, with
//     a page that says so, or by MAS, or by both, as the Gate of package upstream/keycloak says, and is made if
//     there is none. The mapper writes groups with their paths, so that /a/x and /b/x differ;
//   - the realm roles that MAS asks for, for which the client gets its full scope, and
//     one-time codes where it asks for the acr mfa;
//   - every claim that the templates of the entry read: by a client scope where Keycloak has
//     one that sends it, else by a mapper of the user attribute of the same name, which is
//     declared. Those that decide about accounts can be set by administrators only.
//
// Everything else is the safest setting, see [keycloak.Client].
//
// # Errors
//
// Problems have the paths of the provider's settings. Those with the code "disagrees" are
// about the spec that is extended, and have the paths of the spec. With an error the spec is
// not to be used.
//
// # What it does not do
//
// It reaches no server and makes no secret. A secret that MAS reads from a file is left
// out, since the path is one on MAS's host: set [keycloak.Client].Secret or SecretFile, or
// let Keycloak make one. It makes no keys: of those that are not RSA Keycloak makes one when
// it first signs with it, before which upstream.Check finds none. It does not know the identity providers of the realm, so it does
// not look for that of kc_idp_hint. Settings of the realm are left alone.
package masclient
