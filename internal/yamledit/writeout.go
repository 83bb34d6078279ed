package yamledit

import (
	"bytes"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// writeOut writes a value in the place of an alias; nil if it cannot stand there.
func (d *Document) writeOut(alias, value *yaml.Node) []splice {
	parent, i := d.parent(d.root, alias)
	if value == nil || parent == nil {
		return nil
	}
	w, at := d.writer(parent), d.span(alias)
	switch {
	case parent.Kind == yaml.MappingNode && i%2 == 1:
		if d.pairAt(parent, i-1).colon < 0 {
			return nil
		}
		return d.setValue(parent, i-1, value)
	case parent.Kind == yaml.MappingNode:
		return []splice{{span: at, text: w.key(value)}}
	case w.flow:
		return []splice{{span: at, text: w.inline(value)}}
	}
	item := d.itemAt(parent, i)
	if !item.ok() {
		return nil
	}
	indent := strings.Repeat(" ", item.start-d.lineStart(item.start))
	return []splice{{span: span{item.start + len("-"), item.end}, text: w.item(indent, value)}}
}

// parent finds the collection that holds a node below another, and its index there.
func (d *Document) parent(below, n *yaml.Node) (*yaml.Node, int) {
	if i := slices.Index(below.Content, n); i >= 0 {
		return below, i
	}
	for _, child := range below.Content {
		if parent, i := d.parent(child, n); parent != nil {
			return parent, i
		}
	}
	return nil, 0
}

// moveAnchor makes the first alias of a node the place that defines its anchor.
func (d *Document) moveAnchor(n *yaml.Node) []splice {
	value, anchor := Literal(n, maxLiteral), d.anchorAt(n)
	if value == nil || !anchor.ok() {
		return nil
	}
	value.Anchor = n.Anchor
	for _, alias := range d.aliases {
		if alias.Alias == n {
			if written := d.writeOut(alias, value); written != nil {
				return append(written, splice{span: anchor})
			}
			return nil
		}
	}
	return nil
}

// anchorAt is the text of the anchor of a node, with the blanks on one side.
func (d *Document) anchorAt(n *yaml.Node) span {
	at := d.offset(n.Line, n.Column)
	if at >= 0 && at < len(d.text) && d.text[at] == '!' {
		at = d.skipBlank(d.tagEnd(at), true)
	}
	anchor := span{at, at + len("&") + len(n.Anchor)}
	if at < 0 || anchor.end > len(d.text) || string(d.text[at:anchor.end]) != "&"+n.Anchor {
		return nowhere()
	}
	if end := d.skipBlank(anchor.end, false); end > anchor.end && end < len(d.text) && breakAt(d.text, end) == 0 {
		return span{at, end}
	}
	before := bytes.TrimRight(d.text[d.lineStart(at):at], " ")
	return span{d.lineStart(at) + len(before), anchor.end}
}

// writeOutMerged gives a mapping an entry of its own for a key that it merges.
func (d *Document) writeOutMerged(mapping *yaml.Node, key string, value *yaml.Node) []splice {
	literal := Literal(value, maxLiteral)
	if literal == nil {
		return nil
	}
	if mapping.Style&yaml.FlowStyle == 0 {
		added, ok := d.addEntry(mapping, keyNode(key), literal)
		if !ok {
			return nil
		}
		return []splice{added}
	}
	parts := d.flowParts(mapping)
	if len(parts) < 2 {
		return nil
	}
	at := parts[len(parts)-2].end
	return []splice{{span: span{at, at}, text: ", " + d.writer(mapping).pair("", keyNode(key), literal)}}
}

// writeOutMerge replaces the merge key at an index by the entries that count of those that it brings.
func (d *Document) writeOutMerge(mapping *yaml.Node, i int) []splice {
	w, indent := d.writer(mapping), d.indent(mapping)
	whole := span{d.pairStart(mapping, i), d.pairAt(mapping, i).end}
	if !whole.ok() {
		return nil
	}
	var texts []string
	for pairs := merged(mapping.Content[i+1]); len(pairs) > 0; pairs = pairs[2:] {
		value := Literal(pairs[1], maxLiteral)
		if value == nil {
			return nil
		}
		if !d.overrules(mapping, i, pairs[0]) {
			texts = append(texts, w.pair(indent, Literal(pairs[0], maxLiteral), value))
		}
	}
	switch {
	case len(texts) == 0: // all that it brings is overruled
		edits := d.Edit()
		cuts, ok := edits.cut(mapping, i, Delete, "")
		if edits.removed[mapping.Content[i]] = true; ok && w.flow {
			return edits.flowSplices(mapping, edits.flows[mapping])
		}
		return cuts
	case w.flow:
		return []splice{{span: whole, text: strings.Join(texts, ", ")}}
	}
	return []splice{{span: whole, text: strings.Join(texts, w.newline+indent)}}
}

// overrules reports whether a mapping has a key that the merge key at an index
// brings otherwise: by itself, or by a later merge key.
func (d *Document) overrules(mapping *yaml.Node, merge int, key *yaml.Node) bool {
	name := Resolve(key).asKey()
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		own := Resolve(mapping.Content[i])
		if own.asKey() == name {
			return true
		}
		if own.Kind != KindMerge || i <= merge {
			continue
		}
		for later := merged(mapping.Content[i+1]); len(later) > 0; later = later[2:] {
			if Resolve(later[0]).asKey() == name {
				return true
			}
		}
	}
	return false
}
