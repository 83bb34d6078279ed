// Package synapse makes a homeserver.yaml delegate authentication to Matrix
// Authentication Service (MAS).
//
//	delegate := synapse.Delegate{Site: site, SecretPath: "/run/secrets/mas/shared-secret"}
//	patched, problems := delegate.Patch([]synapse.File{{Name: "homeserver.yaml", Data: data}})
//	if err := problems.Err(); err != nil {
//		return err // Synapse would not start with these files
//	}
//	fmt.Print(patched.Changes)
//
// Synapse refuses some thirty settings beside matrix_authentication_service, one at
// a time, and ignores a misspelt section in silence. Four functions look at all of
// them at once:
//
//   - [Delegate.Lint] reports what stands in the way, with file, line and reason;
//   - [Delegate.Patch] writes the section and takes everything out that stands in
//     the way, in place; [Revert] puts every byte back;
//   - [Delegate.Overlay] does the same by a file for conf.d, and leaves the others alone;
//   - [Delegate.Convert] moves from experimental_features.msc3861, which Synapse
//     1.157 removed, to the section that replaced it.
//
// The files are those that Synapse loads, all of them and in its order. They are
// edited by byte spans: a line that no change touches keeps every byte. They are
// read as Synapse reads them: by YAML 1.1, in which on and yes are true, and
// merged by top-level key, the last file wins.
//
// # Errors
//
// Each function returns everything that it finds at once, as [maskit.Problems]
// with stable codes. An error among them means that Synapse would refuse to
// start, or would not do what was meant, with the files that come out; they are
// then as far as they could be patched. Only where nothing sensible can be
// written (the Delegate is wrong, a file is no YAML mapping) are there no files.
// [Revert] returns an error that matches [maskit.ErrDrift] for a file that was
// changed since. No problem and no change shows a value that may be a secret.
//
// # What it does not do
//
// It writes no file and starts no Synapse. It moves no settings to MAS: what
// people depend on until MAS does the job, such as Synapse's own identity
// providers, is a warning with the code "moved-to-mas" when it goes. It does not
// see what stands outside of the files: the command line (--enable-registration),
// whether the secret's file exists, and what a module does that it does not know.
package synapse
