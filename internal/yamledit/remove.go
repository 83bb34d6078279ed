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
	return e.attempt(keys, func() maskit.Problems { return e.remove(how, note, keys) })
}

func (e *Edits) remove(how Removal, note string, keys []string) maskit.Problems {
	_, ok := e.doc.Find(keys...)
	switch {
	case !ok:
		return nil
	case len(keys) > 1 && e.isAlone(keys):
		return e.remove(how, note, keys[:len(keys)-1])
	case !e.own(keys[:len(keys)-1]) || !e.unmerge(keys):
		return e.shared(keys...)
	case !e.release(func() []*yaml.Node { return e.nodesOf(keys, 2) }):
		return e.anchored(keys...)
	}
	mapping, _ := e.find(keys)
	entries := duplicates(mapping, keys[len(keys)-1])
	cuts := make([][]splice, len(entries))
	for n, i := range entries {
		removal, ok := how, false
		if n < len(entries)-1 {
			removal = Delete
		}
		if cuts[n], ok = e.cut(mapping, i, removal, note); !ok {
			return e.unsafe(keys...)
		}
	}
	for n, i := range entries {
		e.forget(mapping.Content[i+1])
		e.drop(mapping, i, cuts[n])
	}
	return nil
}

// drop notes that a child of a collection goes, by the cuts that were made for it.
func (e *Edits) drop(n *yaml.Node, i int, cuts []splice) {
	e.removed[n.Content[i]] = true
	e.lost[n]++
	e.add(n.Content[i], cuts...)
}

// isAlone reports whether a mapping will hold nothing but the last of the keys.
func (e *Edits) isAlone(keys []string) bool {
	parent, _ := e.doc.Find(keys[:len(keys)-1]...)
	return len(e.added[parent.Value]) == 0 && !e.keepsOther(parent.Value.Content, keys[len(keys)-1]) &&
		!e.keepsOther(Effective(parent.Value), keys[len(keys)-1])
}

// keepsOther reports whether one of the pairs stays that has another key.
func (e *Edits) keepsOther(pairs []*yaml.Node, key string) bool {
	for i := 0; i+1 < len(pairs); i += 2 {
		if !e.removed[pairs[i]] && !isKey(pairs[i], key) && Resolve(pairs[i]).Kind != KindMerge {
			return true
		}
	}
	return false
}

// duplicates lists the indexes of a key in a mapping.
func duplicates(mapping *yaml.Node, key string) []int {
	var indexes []int
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if isKey(mapping.Content[i], key) {
			indexes = append(indexes, i)
		}
	}
	return indexes
}

// cut makes the splices that take the child at an index, a key with its value or
// an item, out of a block collection. It is not ok if the text does not allow that.
func (e *Edits) cut(n *yaml.Node, i int, how Removal, note string) ([]splice, bool) {
	d := e.doc
	if n.Style&yaml.FlowStyle != 0 { // made once all cuts are known
		return nil, e.changeFlow(n)
	}
	part := d.partAt(n, i)
	if !part.ok() {
		return nil, false
	}
	start := d.lineStart(part.start)
	switch {
	case len(bytes.Trim(d.text[start:part.start], " ")) > 0:
		return nil, false
	case how == Delete:
		return []splice{{span: span{start, d.nextLine(part.end)}}}, true
	}
	return d.comment(part, note), true
}

// comment makes the splices that turn the lines of a part into comments: one
// insertion each, at the column where the part starts or before it.
func (d *Document) comment(part span, note string) []splice {
	start := d.lineStart(part.start)
	indent := part.start - start
	splices := []splice{{span: span{start, start}, text: strings.Repeat(" ", indent) + "# " + note + d.newline()}}
	for row := d.row(start); row < len(d.rows) && d.rows[row] < part.end; row++ {
		at, limit := d.rows[row], d.rows[row]+indent
		for at < limit && d.text[at] == ' ' {
			at++
		}
		if d.lineEnd(at) > at {
			splices = append(splices, splice{span: span{at, at}, text: "# "})
		}
	}
	return splices
}
