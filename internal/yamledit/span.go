package yamledit

import (
	"bytes"
	"strings"

	"gopkg.in/yaml.v3"
)

// span is a range of bytes: text[start:end].
type span struct{ start, end int }

// nowhere is the span of a node whose text cannot be told; edits of it are refused.
func nowhere() span { return span{-1, -1} }

func (s span) ok() bool { return s.start >= 0 && s.end >= s.start }

// span finds the text of a node, with its anchor and tag.
func (d *Document) span(n *yaml.Node) span {
	start := d.offset(n.Line, n.Column)
	if start < 0 {
		return nowhere()
	}
	end := d.end(n, start)
	return span{start, end}
}

// end finds the offset just after the last byte of the node that starts at an
// offset; -1 if the text is not what the node says. For a block scalar that is
// the end of its last line, without the line break.
func (d *Document) end(n *yaml.Node, start int) int {
	if d.isPair(n) {
		return d.pairAt(n, 0).end
	}
	content, propertiesEnd := d.skipProperties(n, start)
	switch {
	case n.Kind == yaml.AliasNode:
		return start + len("*") + len(n.Value)
	case n.Kind == yaml.ScalarNode && isPlain(n) && n.Value == "":
		return propertiesEnd
	case content >= len(d.text):
		return -1
	case n.Kind == yaml.ScalarNode:
		return d.scalarEnd(n, content)
	case n.Style&yaml.FlowStyle != 0:
		return d.flowEnd(n, content)
	}
	return d.lastEnd(n)
}

// isPair recognises the mapping of one pair in a flow sequence, [a: b], which
// has no braces: it starts where its key starts, or at the "?" before it.
func (d *Document) isPair(n *yaml.Node) bool {
	if n.Kind != yaml.MappingNode || n.Style&yaml.FlowStyle == 0 || len(n.Content) != 2 {
		return false
	}
	if n.Content[0].Line == n.Line && n.Content[0].Column == n.Column {
		return true
	}
	at := d.offset(n.Line, n.Column)
	return at >= 0 && at < len(d.text) && d.text[at] == '?'
}

// skipProperties passes over an anchor and a tag. It returns where the content
// starts and where the last property ended; both are start if there is none.
func (d *Document) skipProperties(n *yaml.Node, start int) (content, end int) {
	content, end = start, start
	for range 2 {
		switch {
		case content < len(d.text) && d.text[content] == '&' && n.Anchor != "":
			end = content + len("&") + len(n.Anchor)
		case content < len(d.text) && d.text[content] == '!':
			end = d.tagEnd(content)
		default:
			return content, end
		}
		content = d.skipBlank(end, true)
	}
	return content, end
}

func (d *Document) tagEnd(at int) int {
	if bytes.HasPrefix(d.text[at:], []byte("!<")) {
		return at + bytes.IndexByte(d.text[at:], '>') + 1
	}
	for at < len(d.text) && breakAt(d.text, at) == 0 && !strings.ContainsRune(" \t,[]{}", rune(d.text[at])) {
		at++
	}
	return at
}

// flowEnd finds the closing bracket of the collection that opens at an offset.
func (d *Document) flowEnd(n *yaml.Node, open int) int {
	want := byte(']')
	if n.Kind == yaml.MappingNode {
		want = '}'
	}
	if d.text[open] != want-2 { // '[' and '{' stand two before their partners
		return -1
	}
	at := open + 1
	if len(n.Content) > 0 {
		at = d.lastEnd(n)
	}
	for at >= 0 && at < len(d.text) {
		at = d.skipBlank(at, true)
		switch {
		case at >= len(d.text):
		case d.text[at] == ',':
			at++
		case d.text[at] == want:
			return at + 1
		default:
			return -1
		}
	}
	return -1
}

func isPlain(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Style&quoted == 0 }

// isEmpty reports whether a node has no text at all: the null of "key:".
func isEmpty(n *yaml.Node) bool {
	return isPlain(n) && n.Value == "" && n.Anchor == "" && n.Style&yaml.TaggedStyle == 0
}
