package yamledit

import (
	"bytes"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/maskit-dev/maskit"
)

// Removal says what becomes of the text of a removed entry.
type Removal int

const (
	// CommentOut turns the lines of the entry into comments, below a comment that
	// says why. An entry that shares its lines with others, as in {a: 1, b: 2}, is
	// deleted instead. The zero value.
	CommentOut Removal = iota
	// Delete drops the text.
	Delete
)

// Remove takes a key out of the mapping where it counts, with every duplicate
// of it there. A mapping that would be left empty is removed as well, because
// "key:" alone is null and no mapping. The note becomes the comment of [CommentOut];
// duplicates never counted, and are deleted.
func (e *Edits) Remove(how Removal, note string, keys ...string) maskit.Problems {
	entry, ok := e.doc.Find(keys...)
	if !ok {
		return nil
	}
	entries := e.duplicates(entry, keys[len(keys)-1])
	parent, _ := e.doc.Find(keys[:len(keys)-1]...)
	if len(keys) > 1 && parent.Value == entry.mapping && e.left(entry.mapping) == len(entries) {
		return e.Remove(how, note, keys[:len(keys)-1]...)
	}
	splices := make([]splice, 0, 2*len(entries))
	for i, entry := range entries {
		if refusal := e.refusal(entry); refusal != nil {
			return refusal
		}
		removal := how
		if i < len(entries)-1 {
			removal = Delete
		}
		made := e.cut(entry, removal, note)
		if made == nil {
			return e.unsafe(entry.Path, entry.Pos)
		}
		splices = append(splices, made...)
	}
	for _, entry := range entries {
		e.removed[entry.key()] = true
	}
	e.splices = append(e.splices, splices...)
	return nil
}

// duplicates lists all entries of the key in the mapping of an entry.
func (e *Edits) duplicates(entry Entry, key string) []Entry {
	var entries []Entry
	for i := 0; i+1 < len(entry.mapping.Content); i += 2 {
		if n := entry.mapping.Content[i]; isKey(n, key) {
			entry.index, entry.Pos = i, e.doc.Pos(n)
			entries = append(entries, entry)
		}
	}
	return entries
}

// left counts the entries that a mapping will have.
func (e *Edits) left(n *yaml.Node) int { return len(e.children(n)) / 2 }

// cut makes the splices that take an entry out; nil if the text does not allow it.
func (e *Edits) cut(entry Entry, how Removal, note string) []splice {
	d, p := e.doc, e.doc.pairAt(entry.mapping, entry.index)
	if entry.mapping.Style&yaml.FlowStyle != 0 {
		cut := e.flowCut(entry, p)
		if !cut.ok() {
			return nil
		}
		return []splice{{cut, ""}}
	}
	start := d.lineStart(p.key.start)
	if len(bytes.Trim(d.text[start:p.key.start], " ")) > 0 {
		return nil
	}
	if how == Delete {
		return []splice{{span{start, d.nextLine(p.end)}, ""}}
	}
	return e.comment(start, p, note)
}

// comment makes the splices that turn the lines of an entry into comments: one
// insertion each, at the column of the key or before it.
func (e *Edits) comment(start int, p pair, note string) []splice {
	d := e.doc
	indent := p.key.start - start
	splices := []splice{{span{start, start}, strings.Repeat(" ", indent) + "# " + note + d.newline()}}
	for row := d.row(start); row < len(d.rows) && d.rows[row] < p.end; row++ {
		at, limit := d.rows[row], d.rows[row]+indent
		for at < limit && d.text[at] == ' ' {
			at++
		}
		if d.lineEnd(at) > at {
			splices = append(splices, splice{span{at, at}, "# "})
		}
	}
	return splices
}

// flowCut is the span of an entry of a flow mapping, with the comma and the
// blanks that part it from its neighbour. A comma that a comment follows stays:
// a flow mapping may end in one.
func (e *Edits) flowCut(entry Entry, p pair) span {
	n, i := entry.mapping, entry.index
	if i+2 < len(n.Content) {
		return span{p.key.start, e.doc.pairAt(n, i+2).key.start}
	}
	cut := span{p.key.start, p.end}
	if i == 0 {
		return cut
	}
	before := e.doc.pairAt(n, i-2).end
	if before >= 0 && len(bytes.Trim(e.doc.text[before:cut.start], blanks+",")) == 0 {
		cut.start = before
	}
	return cut
}
