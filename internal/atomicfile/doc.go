// Package atomicfile replaces files so that a reader, a crash or a full disk
// never sees half of one.
//
// [Write] replaces one file, [WriteAll] several, and [Bundle] keeps a directory
// of files that one program writes again and again: it leaves unchanged files
// alone and never overwrites a file that it did not write.
//
//	bundle := atomicfile.Bundle{Dir: "maskit-bundle"}
//	plan, err := bundle.Plan(files)
//	if err != nil {
//		return err
//	}
//	show(plan.Changes, plan.Problems)
//	return plan.Apply()
//
// # What is guaranteed
//
// A file is written to a temporary file beside its target, synced, renamed over
// the target, and the directory is synced. So at any instant, also after a kill
// or a power cut, a target holds either the whole old or the whole new content.
//
// Of several files, all temporary files are written and synced before the first
// rename: a full disk, a missing permission or an unusable target leaves every
// old file as it was. What remains is a failure between two renames. Then some
// files are new, the others old, each of them whole, the error says how many,
// and the same call mends it.
//
// A temporary file that a killed process left behind has the permissions of its
// target, and the next write to that target removes it, as does the next
// [Plan.Apply] that has nothing else to do. For the same reason one process at a time
// may write to a directory: Plan.Apply locks it where the system can (not on Windows),
// and fails with [ErrBusy] when another process has; else one of the two fails. Whole
// files are left in any case.
//
// # Errors
//
// Names that are no plain relative paths, and targets that are directories,
// symbolic links or devices, are reported all at once, before anything is
// written. A file that would be overwritten against the rules of [Bundle] is a
// [maskit.Problem], not an error.
//
// # What it does not do
//
// It does not keep the owner, the extended attributes or the hard links of a
// file that it replaces. On Windows it keeps only the read-only attribute of a
// mode, and does not sync directories, which that system does not offer.
package atomicfile
