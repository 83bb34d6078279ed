package yamledit

import (
	"gopkg.in/yaml.v3"
)

// lastEnd is the end of the last child of a collection.
func (d *Document) lastEnd(n *yaml.Node) int {
	last := len(n.Content) - 1
	switch {
	case last < 0:
		return -1
	case n.Kind == yaml.MappingNode:
		return d.pairAt(n, last-1).end
	}
	return d.span(n.Content[last]).end
}

// partAt finds the child of a block collection at an index: an item with its
// dash, or a key with its value.
func (d *Document) partAt(n *yaml.Node, i int) span {
	if n.Kind == yaml.MappingNode {
		return span{d.pairStart(n, i), d.pairAt(n, i).end}
	}
	return d.itemAt(n, i)
}

// itemAt finds an item of a block sequence, with its dash.
func (d *Document) itemAt(n *yaml.Node, i int) span {
	item, dash := d.span(n.Content[i]), d.offset(n.Line, n.Column)
	switch {
	case dash < 0:
		return nowhere()
	case i == 0:
		dash, _ = d.skipProperties(n, dash)
	default:
		dash = d.skipBlank(max(d.span(n.Content[i-1]).end, 0), true)
	}
	if !item.ok() || dash < 0 || dash >= item.start || d.text[dash] != '-' {
		return nowhere()
	}
	return span{dash, item.end}
}

// pair is where the parts of a mapping entry stand. If the value has no text,
// it stands just after the colon.
type pair struct {
	key   span
	colon int // the offset just after it
	value span
	end   int // of the whole; -1 if any part is nowhere
}

// pairAt finds the entry of a mapping whose key is the i-th child.
func (d *Document) pairAt(n *yaml.Node, i int) pair {
	key, value := n.Content[i], n.Content[i+1]
	p := pair{key: d.span(key), colon: -1, value: nowhere(), end: -1}
	if !p.key.ok() {
		return p
	}
	at := d.skipBlank(p.key.end, true)
	if at >= len(d.text) || d.text[at] != ':' {
		if isEmpty(value) { // "? key" or {key}
			p.end = p.key.end
		}
		return p
	}
	p.colon = at + 1
	p.value = span{p.colon, p.colon}
	if !isEmpty(value) {
		p.value = d.span(value)
	}
	p.end = p.value.end
	return p
}

// pairStart is where the entry starts whose key is the i-th child of a mapping:
// at its key, or at the "?" before it.
func (d *Document) pairStart(n *yaml.Node, i int) int {
	key := d.span(n.Content[i]).start
	at := d.offset(n.Line, n.Column)
	switch {
	case key < 0 || at == key:
		return key
	case i > 0:
		at = max(d.pairAt(n, i-2).end, 0)
	default:
		at, _ = d.skipProperties(n, at)
		if d.text[at] == '{' {
			at++
		}
	}
	at = d.skipBlank(at, true)
	if i > 0 && at < key && d.text[at] == ',' {
		at = d.skipBlank(at+1, true)
	}
	if at < key && d.text[at] == '?' {
		return at
	}
	return key
}
