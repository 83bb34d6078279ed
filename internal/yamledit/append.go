package yamledit

import (
	"bytes"

	"gopkg.in/yaml.v3"

	"github.com/maskit-dev/maskit"
)

// Append adds a top-level entry at the end of the document, below a comment
// unless that is empty. The key must not exist.
func (e *Edits) Append(comment, key string, value *yaml.Node) maskit.Problems {
	d, n, root := e.doc, keyNode(key), e.doc.root
	value = inLines(value)
	w, indent := d.writer(root), d.indent(root)
	if w.flow {
		return e.insert(root, value, []string{key})
	}
	if comment != "" {
		comment = indent + "# " + comment + w.newline
	}
	at := d.contentEnd()
	text := comment + indent + w.pair(indent, n, value) + w.newline
	if len(bytes.TrimSpace(d.text[:at])) > 0 {
		text = d.separator(at) + text
	}
	e.add(root, splice{span: span{at, at}, text: text})
	if d.rows[d.row(at)] != at {
		e.add(lastLeaf(root), d.strip(lastLeaf(root))...)
	}
	e.added[root] = append(e.added[root], n, value)
	return nil
}

// contentEnd is the end of the text, or the place of the "..." that ends the document.
func (d *Document) contentEnd() int {
	at := 0
	if len(d.root.Content) > 0 {
		at = max(d.lastEnd(d.root), 0)
	}
	for row := d.row(at); row < len(d.rows); row++ {
		if line := d.text[d.rows[row]:]; bytes.HasPrefix(line, []byte("...")) && (len(line) == 3 || line[3] == ' ' || breakAt(line, 3) > 0) {
			return d.rows[row]
		}
	}
	return len(d.text)
}

// separator ends the last line before an offset, if it has no end, and adds a
// blank line, if there is none and it could not become part of a block scalar.
func (d *Document) separator(at int) string {
	newline := d.newline()
	row := d.row(at)
	switch {
	case d.rows[row] != at:
		newline += d.newline()
	case row > 0 && d.skipBlank(d.rows[row-1], false) == d.lineEnd(d.rows[row-1]):
		return ""
	}
	if d.keepsBlankLines(lastLeaf(d.root)) {
		return newline[:len(newline)-len(d.newline())]
	}
	return newline
}

// strip makes a block scalar that ends with the text, without a line break, keep
// that value once the line is ended: "|" becomes "|-".
func (d *Document) strip(n *yaml.Node) []splice {
	start := d.offset(n.Line, n.Column)
	if n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) == 0 || start < 0 {
		return nil
	}
	at, _ := d.skipProperties(n, start)
	for end := at + 1; end < d.lineEnd(at); end++ {
		switch c := d.text[end]; {
		case c == '-':
			return nil
		case c == '+':
			return []splice{{span: span{end, end + 1}, text: "-"}}
		case !isDigit(c):
			return []splice{{span: span{end, end}, text: "-"}}
		}
	}
	return []splice{{span: span{d.lineEnd(at), d.lineEnd(at)}, text: "-"}}
}

// keepsBlankLines reports whether a node is a block scalar to which the blank
// lines behind it belong: "|+" or ">+". A plus in a comment on that line counts too.
func (d *Document) keepsBlankLines(n *yaml.Node) bool {
	start := d.offset(n.Line, n.Column)
	return n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 && start >= 0 && bytes.Contains(d.text[start:d.lineEnd(start)], []byte("+"))
}

func lastLeaf(n *yaml.Node) *yaml.Node {
	for len(n.Content) > 0 {
		n = n.Content[len(n.Content)-1]
	}
	return n
}
