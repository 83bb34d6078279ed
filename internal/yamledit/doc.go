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
// # What Synapse reads
//
// Synapse reads with PyYAML 6's SafeLoader. Scalars are read as it does, by YAML
// 1.1 (see [Resolve]), and [Parse] refuses what it refuses: tabs between tokens,
// the same anchor twice, tags that it does not know, dates that there are not,
// keys that are collections. The tests compare both on whole documents and on
// edited ones.
//
// # What an entry spans
//
// An entry of a block mapping spans the lines from its key to the last line of
// its value, with the comments in between and behind it on those lines; an item,
// the lines from its dash. Comments and blank lines before and after belong to
// nobody: they stay. The blank lines at the end of a block scalar that keeps them
// ("|+") belong to the value.
//
// # Aliases, merge keys and anchors
//
// An edit counts where its keys lead, and nowhere else. So what stands there only
// by an alias or a merge key is written out in that place first; and where the
// text is used elsewhere too, by its anchor, the first such place gets the anchor
// and a copy of the value. Each of these steps is proven to change no value.
//
// # What it refuses
//
// Files over [MaxSize], text that is not UTF-8, several documents in one file, a
// document that is no mapping, merge keys that bring very many entries, and an
// edit that the text does not bear. Aliases are never expanded without a limit,
// so the work is linear in the size of the file.
package yamledit
