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
// The files are edited by byte spans: a line that no change touches keeps every
// byte. Files are read as Synapse reads them: by YAML 1.1, in which on and yes
// are true, and merged by top-level key, the last file wins.
//
// # Errors
//
// [Delegate.Patch] returns everything that it finds at once, as
// [maskit.Problems] with stable codes. An error among them means that Synapse
// would refuse to start, or would not do what was meant, with the files that
// come out; they are then as far as they could be patched. Only where nothing
// sensible can be written (the Delegate is wrong, a file is no YAML mapping) are
// there no files. [Revert] returns an error that matches [maskit.ErrDrift] for a
// file that was changed since.
//
// # What it does not do
//
// It reads and writes no file, expands no directory and starts no Synapse. It
// moves no settings to MAS: what Synapse may no longer do, such as its own
// identity providers, is reported and left in place, because removing it before
// MAS does the job would lock people out.
package synapse
