package yamledit

import (
	"bytes"
	"fmt"
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
	if !ok || e.removed[entry.key()] {
		return nil
	}
	entries := e.duplicates(entry, keys[len(keys)-1])
	parent, _ := e.doc.Find(keys[:len(keys)-1]...)
	if len(keys) > 1 && parent.Value == entry.mapping && e.left(entry.mapping) == len(entries) {
		return e.Remove(how, note, keys[:len(keys)-1]...)
	}
	var cuts []splice
	for i, entry := range entries {
		if refusal := e.refusal(entry); refusal != nil {
			return refusal
		}
		removal := how
		if i < len(entries)-1 {
			removal = Delete
		}
		made, ok := e.cut(entry.mapping, entry.index, removal, note)
		if !ok {
			return e.unsafe(entry.Path, entry.Pos)
		}
		cuts = append(cuts, made...)
	}
	for _, entry := range entries {
		e.forget(entry.value())
		e.removed[entry.key()] = true
	}
	e.commit(entry.mapping, cuts)
	return nil
}

// RemoveItem takes an item, counted from zero as in the document before any edit,
// out of the sequence at a key. A key that would be left without items is removed
// as [Edits.Remove] does it. What is not there needs no removal.
func (e *Edits) RemoveItem(how Removal, note string, index int, keys ...string) maskit.Problems {
	entry, ok := e.doc.Find(keys...)
	if !ok || index < 0 || entry.Value.Kind != yaml.SequenceNode || index >= len(entry.Value.Content) {
		return nil
	}
	sequence := entry.Value
	item := sequence.Content[index]
	if e.removed[item] {
		return nil
	}
	if len(e.items(sequence)) == 1 {
		return e.Remove(how, note, keys...)
	}
	entry.shared = entry.shared || entry.value() != sequence || e.doc.isUsedElsewhere(sequence)
	if refusal := e.refuseShared(entry); refusal != nil {
		return refusal
	}
	entry.Path, entry.Pos = fmt.Sprintf("%s[%d]", entry.Path, index), e.doc.Pos(item)
	if refusal := e.refuseAnchors(entry, item); refusal != nil {
		return refusal
	}
	cuts, ok := e.cut(sequence, index, how, note)
	if !ok {
		return e.unsafe(entry.Path, entry.Pos)
	}
	e.forget(item)
	e.removed[item] = true
	e.commit(sequence, cuts)
	return nil
}

// commit takes over the cuts of a collection. Those of a flow collection are
// made once all of them are known.
func (e *Edits) commit(n *yaml.Node, cuts []splice) {
	if n.Style&yaml.FlowStyle != 0 {
		e.flows[n] = true
	}
	e.splices = append(e.splices, cuts...)
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

// cut makes the splices that take the child at an index, a key with its value or
// an item, out of a block collection. It is not ok if the text does not allow that.
func (e *Edits) cut(n *yaml.Node, i int, how Removal, note string) ([]splice, bool) {
	d := e.doc
	if n.Style&yaml.FlowStyle != 0 {
		return nil, d.flowParts(n) != nil
	}
	part := d.itemAt(n, i)
	if n.Kind == yaml.MappingNode {
		p := d.pairAt(n, i)
		part = span{p.key.start, p.end}
	}
	if !part.ok() {
		return nil, false
	}
	start := d.lineStart(part.start)
	switch {
	case len(bytes.Trim(d.text[start:part.start], " ")) > 0:
		return nil, false
	case how == Delete:
		return []splice{{span{start, d.nextLine(part.end)}, "", n.Content[i]}}, true
	}
	return e.comment(n.Content[i], part, note), true
}

// comment makes the splices that turn the lines of a part into comments: one
// insertion each, at the column where the part starts or before it.
func (e *Edits) comment(owner *yaml.Node, part span, note string) []splice {
	d := e.doc
	start := d.lineStart(part.start)
	indent := part.start - start
	splices := []splice{{span{start, start}, strings.Repeat(" ", indent) + "# " + note + d.newline(), owner}}
	for row := d.row(start); row < len(d.rows) && d.rows[row] < part.end; row++ {
		at, limit := d.rows[row], d.rows[row]+indent
		for at < limit && d.text[at] == ' ' {
			at++
		}
		if d.lineEnd(at) > at {
			splices = append(splices, splice{span{at, at}, "# ", owner})
		}
	}
	return splices
}
