package yamledit

import (
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/maskit-dev/maskit"
)

// RemoveItem takes an item out of the sequence at a key. Items count from zero as
// in the document before any edit. A key that would be left without items is
// removed as [Edits.Remove] does it. What is not there needs no removal.
func (e *Edits) RemoveItem(how Removal, note string, index int, keys ...string) maskit.Problems {
	return e.attempt(keys, func() maskit.Problems {
		path := strings.Join(keys, "\x00")
		n, at := e.item(path, index, keys)
		switch {
		case n == nil:
			return nil
		case len(n.Content)-e.lost[n] == 1:
			return e.remove(how, note, keys)
		case !e.own(keys):
			return e.shared(keys...)
		}
		items := func() []*yaml.Node {
			n, at = e.item(path, index, keys)
			return []*yaml.Node{n.Content[at]}
		}
		if !e.release(items) {
			return e.anchored(keys...)
		}
		n, at = e.item(path, index, keys)
		cuts, ok := e.cut(n, at, how, note)
		if !ok {
			return e.unsafe(keys...)
		}
		e.forget(n.Content[at])
		e.drop(n, at, cuts)
		e.items[path] = append(e.items[path], index)
		return nil
	})
}

// item finds an item by the index that it had before any edit: the sequence and
// the index that the item has there. The sequence is nil if there is no such item.
func (e *Edits) item(path string, index int, keys []string) (*yaml.Node, int) {
	entry, ok := e.doc.Find(keys...)
	at := index
	for _, gone := range e.gone[path] {
		if gone == index {
			return nil, 0
		}
		if gone < index {
			at--
		}
	}
	if !ok || entry.Value.Kind != yaml.SequenceNode || at < 0 || at >= len(entry.Value.Content) || e.removed[entry.Value.Content[at]] {
		return nil, 0
	}
	return entry.Value, at
}
