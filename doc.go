// Package maskit is the vocabulary that every maskit package speaks: addresses,
// versions, identifiers, secrets, findings and changes.
//
// maskit puts Matrix Authentication Service (MAS) with enterprise single
// sign-on in front of a Synapse homeserver. This package holds only data and the
// rules about that data; it imports the standard library and nothing else. The work
// is done by the packages below it:
//
//   - [github.com/maskit-dev/maskit/mas] builds, checks and renders the MAS configuration,
//   - [github.com/maskit-dev/maskit/upstream] describes identity providers,
//   - [github.com/maskit-dev/maskit/synapse] patches homeserver.yaml,
//   - [github.com/maskit-dev/maskit/keycloak] plans and applies what MAS needs in a realm,
//   - [github.com/maskit-dev/maskit/migrate] moves the users of Synapse to MAS,
//   - [github.com/maskit-dev/maskit/scale] sizes the deployment.
//
// A value that two systems share exists once, usually in a [Site], and is
// derived everywhere else:
//
//	site := maskit.Site{
//		ServerName:   "example.com",
//		AccountURL:   "https://account.example.com/",
//		ClientAPIURL: "https://matrix.example.com/",
//		SynapseURL:   "http://synapse-main.matrix.svc.cluster.local:8008/",
//		MASURL:       "http://mas.matrix-auth.svc.cluster.local:8080/",
//	}
//	if err := site.Validate().Err(); err != nil {
//		return err
//	}
//
// # Errors
//
// Functions that judge input return [Problems]: everything that is wrong, at
// once, each with its path, a stable code and a fix. An error value means that
// something could not be read or reached. [Problems.Err] turns the former into
// the latter; the result matches [ErrInvalid].
//
// # What it does not do
//
// It opens no connection, reads no clock, and draws no randomness.
package maskit
