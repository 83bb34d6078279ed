package yamledit

import (
	"bytes"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/maskit-dev/maskit"
)

// Set gives a key another value, where it counts. A key that does not exist is
// appended to its mapping, which must exist.
func (e *Edits) Set(value *yaml.Node, keys ...string) maskit.Problems {
	entry, ok := e.doc.Find(keys...)
	if !ok {
		return e.insert(value, keys)
	}
	if refusal := e.refusal(entry); refusal != nil {
		return refusal
	}
	e.forget(entry.value())
	e.replaced[entry.value()] = value
	e.replaceValue(entry, value)
	return nil
}

func (e *Edits) replaceValue(entry Entry, value *yaml.Node) {
	d, p, w := e.doc, e.doc.pairAt(entry.mapping, entry.index), e.writer(entry.mapping)
	replace := func(s span, text string) {
		e.splices = append(e.splices, splice{s, text, entry.value()})
	}
	isBlock := value.Kind == yaml.MappingNode && len(value.Content) > 0 && !w.flow
	switch {
	case isBlock:
		replace(span{p.colon, p.end}, "")
		e.addLines(entry.value(), p.end, w.nested(e.indent(entry.mapping), value))
	case p.value.start > p.colon && d.row(p.value.start) == d.row(p.colon):
		replace(p.value, w.inline(value))
	default: // no value, or one that starts on the next line
		replace(span{p.colon, p.end}, " "+w.inline(value))
	}
}

// Append adds a top-level entry at the end of the document, below a comment
// unless that is empty. The key must not exist.
func (e *Edits) Append(comment, key string, value *yaml.Node) maskit.Problems {
	d, n, root := e.doc, keyNode(key), e.doc.root
	w, indent := e.writer(root), e.indent(root)
	if w.flow {
		return e.insert(value, []string{key})
	}
	if comment != "" {
		comment = indent + "# " + comment + w.newline
	}
	at := d.contentEnd()
	text := comment + indent + w.pair(indent, n, value) + w.newline
	if len(bytes.TrimSpace(d.text[:at])) > 0 {
		text = d.separator(at) + text
	}
	e.splices = append(e.splices, splice{span{at, at}, text, root})
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
		if line := d.text[d.rows[row]:]; bytes.HasPrefix(line, []byte("...")) && (len(line) == 3 || bytes.ContainsAny(line[3:4], " \t\r\n")) {
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

// insert appends an entry to the mapping that the keys but the last name.
func (e *Edits) insert(value *yaml.Node, keys []string) maskit.Problems {
	parent, mapping := Entry{}, e.doc.root
	if len(keys) > 1 {
		var ok bool
		if parent, ok = e.doc.Find(keys[:len(keys)-1]...); !ok || !parent.IsMapping() {
			return e.unsafe(strings.Join(keys, "."), maskit.Pos{})
		}
		mapping = parent.Value
		parent.shared = parent.shared || parent.value() != mapping || e.doc.isUsedElsewhere(mapping)
		if refusal := e.refuseShared(parent); refusal != nil {
			return refusal
		}
	}
	key, w := keyNode(keys[len(keys)-1]), e.writer(mapping)
	if w.flow {
		if e.doc.flowParts(mapping) == nil {
			return e.unsafe(strings.Join(keys, "."), parent.Pos)
		}
		e.flows[mapping] = true
	} else {
		at := e.doc.lastEnd(mapping)
		if at < 0 {
			return e.unsafe(strings.Join(keys, "."), parent.Pos)
		}
		indent := e.indent(mapping)
		e.addLines(mapping, at, w.newline+indent+w.pair(indent, key, value))
	}
	e.added[mapping] = append(e.added[mapping], key, value)
	return nil
}

// addLines inserts lines, each led by a line break, behind the line that holds an offset.
func (e *Edits) addLines(owner *yaml.Node, at int, lines string) {
	at = e.doc.lineEnd(at)
	if at < len(e.doc.text) {
		newline := e.doc.newline()
		at = e.doc.nextLine(at)
		lines = lines[len(newline):] + newline
	}
	e.lines = append(e.lines, splice{span{at, at}, lines, owner})
}

// indent is the indentation of the entries of a block mapping.
func (e *Edits) indent(n *yaml.Node) string {
	if len(n.Content) == 0 {
		return ""
	}
	return string(bytes.Repeat([]byte(" "), n.Content[0].Column-1))
}
