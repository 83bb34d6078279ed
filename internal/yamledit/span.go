package yamledit

import (
	"bytes"
	"strings"
	"unicode/utf8"

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

func (d *Document) scalarEnd(n *yaml.Node, at int) int {
	switch {
	case n.Style&yaml.DoubleQuotedStyle != 0:
		return d.quoteEnd(at, '"')
	case n.Style&yaml.SingleQuotedStyle != 0:
		return d.quoteEnd(at, '\'')
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return d.blockScalarEnd(n.Value, at)
	}
	return d.match(n.Value, at)
}

func (d *Document) quoteEnd(at int, quote byte) int {
	if d.text[at] != quote {
		return -1
	}
	for at++; at < len(d.text); at++ {
		switch {
		case quote == '"' && d.text[at] == '\\':
			at++
		case d.text[at] != quote:
		case quote == '\'' && at+1 < len(d.text) && d.text[at+1] == quote:
			at++
		default:
			return at + 1
		}
	}
	return -1
}

// blockScalarEnd finds the end of a literal or folded scalar, whose header
// stands at an offset: that of the line with its last character, and of the
// blank lines behind it that belong to the value.
func (d *Document) blockScalarEnd(value string, header int) int {
	if d.text[header] != '|' && d.text[header] != '>' {
		return -1
	}
	end := d.lineEnd(header)
	tail := value
	if content := strings.TrimRight(value, blanks); content != "" {
		if end = d.match(content, end); end < 0 {
			return -1
		}
		end = d.lineEnd(end)
		tail = cutLine(value[len(content):])
	}
	for lines := lineCount(tail); lines > 0 && end < len(d.text); lines-- {
		next := end + breakAt(d.text, end)
		end = d.lineEnd(next)
		if d.skipBlank(next, false) != end {
			return -1
		}
	}
	return end
}

// breaks are the line breaks that a value can have.
const breaks = "\n\u2028\u2029"

// cutLine drops the first line of a text.
func cutLine(text string) string {
	for i, r := range text {
		if strings.ContainsRune(breaks, r) {
			return text[i+utf8.RuneLen(r):]
		}
	}
	return ""
}

// lineCount is the number of lines of a text, the last of which may have no end.
func lineCount(text string) int {
	count := 0
	for ; text != ""; text = cutLine(text) {
		count++
	}
	return count
}

// blanks are the characters that folding may change.
const blanks = " \t\r\n\u0085\u2028\u2029"

// match walks over the characters of a value that has no escapes, and returns
// the offset after the last. Blanks may differ: lines were folded.
func (d *Document) match(value string, at int) int {
	for _, r := range value {
		if strings.ContainsRune(blanks, r) {
			continue
		}
		for at < len(d.text) && strings.ContainsRune(blanks, d.runeAt(at)) {
			at += utf8.RuneLen(d.runeAt(at))
		}
		if at >= len(d.text) || d.runeAt(at) != r {
			return -1
		}
		at += utf8.RuneLen(r)
	}
	return at
}

func (d *Document) runeAt(at int) rune {
	r, _ := utf8.DecodeRune(d.text[at:])
	return r
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

func isPlain(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Style&quoted == 0 }

// isEmpty reports whether a node has no text at all: the null of "key:".
func isEmpty(n *yaml.Node) bool {
	return isPlain(n) && n.Value == "" && n.Anchor == "" && n.Style&yaml.TaggedStyle == 0
}
