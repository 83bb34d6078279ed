package yamledit

import (
	"gopkg.in/yaml.v3"

	"github.com/maskit-dev/maskit"
)

// Set gives a key another value, where it counts. A key that its mapping does not
// have, or only merges, is appended to the mapping, which must exist. A filled
// mapping takes a line for each key, except inside brackets.
func (e *Edits) Set(value *yaml.Node, keys ...string) maskit.Problems {
	value = inLines(value)
	return e.attempt(keys, func() maskit.Problems {
		if len(keys) == 0 || !e.own(keys[:len(keys)-1]) {
			return e.shared(keys...)
		}
		mapping, i := e.find(keys)
		if i < 0 {
			return e.insert(mapping, value, keys)
		}
		if !e.release(func() []*yaml.Node { return e.nodesOf(keys, 1) }) {
			return e.anchored(keys...)
		}
		mapping, i = e.find(keys)
		if p := e.doc.pairAt(mapping, i); p.end < 0 || p.colon < 0 {
			return e.unsafe(keys...)
		}
		old := mapping.Content[i+1]
		e.forget(old)
		e.replaced[old] = value
		e.add(old, e.doc.setValue(mapping, i, value)...)
		return nil
	})
}

// inLines copies a value so that its mappings are written without braces.
func inLines(n *yaml.Node) *yaml.Node {
	if n.Kind != yaml.MappingNode {
		return n
	}
	made := *n
	made.Style &^= yaml.FlowStyle
	made.Content = make([]*yaml.Node, len(n.Content))
	for i, child := range n.Content {
		made.Content[i] = inLines(child)
	}
	return &made
}

// find is the mapping that holds the last of the keys by itself, and the index of
// that key there; -1 if it does not have it.
func (e *Edits) find(keys []string) (*yaml.Node, int) {
	mapping := e.doc.root
	if len(keys) > 1 {
		parent, _ := e.doc.Find(keys[:len(keys)-1]...)
		mapping = parent.Value
	}
	return mapping, lookupOwn(mapping, keys[len(keys)-1])
}

// insert appends an entry to a mapping.
func (e *Edits) insert(mapping, value *yaml.Node, keys []string) maskit.Problems {
	if mapping == nil || mapping.Kind != yaml.MappingNode {
		return e.unsafe(keys...)
	}
	key := keyNode(keys[len(keys)-1])
	if mapping.Style&yaml.FlowStyle != 0 {
		if !e.changeFlow(mapping) {
			return e.unsafe(keys...)
		}
	} else {
		splice, ok := e.doc.addEntry(mapping, key, value)
		if !ok {
			return e.unsafe(keys...)
		}
		e.add(mapping, splice)
	}
	e.added[mapping] = append(e.added[mapping], key, value)
	return nil
}

// addEntry writes an entry behind the last one of a block mapping.
func (d *Document) addEntry(mapping, key, value *yaml.Node) (splice, bool) {
	at := d.lastEnd(mapping)
	if at < 0 {
		return splice{}, false
	}
	w, indent := d.writer(mapping), d.indent(mapping)
	return d.linesBehind(at, len(indent), w.newline+indent+w.pair(indent, key, value)), true
}
