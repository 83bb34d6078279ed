// Package yamledit changes single entries of a YAML file and leaves every other
// byte as it is: comments, order, blank lines, line ends, quoting.
//
//	doc, problems := yamledit.Parse("homeserver.yaml", data)
//	if doc == nil {
//		return problems.Err()
//	}
//	edits := doc.Edit()
//	problems = edits.Remove(yamledit.CommentOut, "replaced by matrix_authentication_service", "enable_registration")
//	problems = append(problems, edits.Append("", "report_stats", yamledit.Bool(false))...)
//	doc, more := edits.Apply()
//
// gopkg.in/yaml.v3 gives the place where a node starts, but not where it ends;
// this package finds the end in the text, so that an edit is a replaced span of
// bytes. [Edits.Apply] makes all edits of a document at once, reads the result
// again and compares it, node by node, with what the edits were meant to do. A
// result that says anything else is an error and is never returned.
//
// Scalars are read as Synapse reads them, by YAML 1.1; see [Resolve].
//
// # What an entry spans
//
// An entry of a block mapping spans the lines from its key to the last line of
// its value, with the comments in between and behind it on those lines. Comments
// and blank lines before its key and after its value belong to nobody: they stay.
// The blank lines at the end of a block scalar that keeps them ("|+") belong to
// the value.
//
// # What it refuses
//
// Files over [MaxSize], text that is not UTF-8, several documents in one file,
// a document that is no mapping, and each edit whose effect would not be
// confined to its entry: of an entry that is reached through an alias or a merge
// key, or that holds an anchor which is used elsewhere. Aliases are never
// expanded, so the work is linear in the size of the file.
package yamledit
