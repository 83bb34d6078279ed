package yamledit

import (
	"bytes"
	"strings"

	"gopkg.in/yaml.v3"
)

// flowParts are the spans of the children of a flow collection: of its entries
// or items. The last one, after them, is that of the closing bracket. It is nil if any cannot be told.
func (d *Document) flowParts(n *yaml.Node) []span {
	var parts []span
	step := 1
	if n.Kind == yaml.MappingNode {
		step = 2
	}
	for i := 0; i < len(n.Content); i += step {
		part := d.span(n.Content[i])
		if n.Kind == yaml.MappingNode {
			part = span{d.pairStart(n, i), d.pairAt(n, i).end}
		}
		if !part.ok() {
			return nil
		}
		parts = append(parts, part)
	}
	whole := d.span(n)
	if !whole.ok() || d.isPair(n) {
		return nil
	}
	return append(parts, span{whole.end - 1, whole.end})
}

// changeFlow notes that a flow collection changes. It fails if its parts cannot be told.
func (e *Edits) changeFlow(n *yaml.Node) bool {
	if e.flows[n] == nil {
		parts := e.doc.flowParts(n)
		if parts == nil {
			return false
		}
		e.flows[n] = parts
	}
	return true
}

// flowSplices takes the removed children out of a flow collection, whose parts
// are given, and writes the added ones.
func (e *Edits) flowSplices(n *yaml.Node, parts []span) []splice {
	closing := parts[len(parts)-1].start
	parts = parts[:len(parts)-1]
	gone := func(i int) bool {
		return e.removed[n.Content[i*len(n.Content)/len(parts)]]
	}
	var splices []splice
	last := -1 // that stays
	for i := 0; i < len(parts); i++ {
		if !gone(i) {
			last = i
			continue
		}
		first := i
		for i+1 < len(parts) && gone(i+1) {
			i++
		}
		cut := span{parts[first].start, parts[i].end}
		switch {
		case i+1 < len(parts):
			cut.end = parts[i+1].start
		case first > 0:
			cut.start = e.beforeComma(parts[first-1].end, cut.start)
		default:
			cut.end = e.afterComma(cut.end)
		}
		splices = append(splices, splice{span: cut})
	}
	return append(splices, e.flowInsert(n, last, parts, closing)...)
}

// beforeComma is where the cut of the last children starts: just after what
// stays, so that the comma goes. A comma that a comment follows stays: a flow
// collection may end in one.
func (e *Edits) beforeComma(end, start int) int {
	if len(bytes.Trim(e.doc.text[end:start], blanks+",")) == 0 {
		return end
	}
	return start
}

// afterComma is where the cut of all children ends: no comma may be left.
func (e *Edits) afterComma(end int) int {
	if at := e.doc.skipBlank(end, true); e.doc.text[at] == ',' {
		return at + 1
	}
	return end
}

// flowInsert writes the added entries of a flow mapping behind the last part
// that stays, if there is one.
func (e *Edits) flowInsert(n *yaml.Node, last int, parts []span, closing int) []splice {
	added, w := e.added[n], e.doc.writer(n)
	if len(added) == 0 {
		return nil
	}
	var texts []string
	for i := 0; i+1 < len(added); i += 2 {
		texts = append(texts, w.pair("", added[i], added[i+1]))
	}
	at, text := closing, strings.Join(texts, ", ")
	switch {
	case last >= 0:
		at, text = parts[last].end, ", "+text
	case len(parts) > 0:
		at = parts[0].start
	}
	return []splice{{span: span{at, at}, text: text}}
}
