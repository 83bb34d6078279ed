package yamledit

import (
	"bytes"

	"gopkg.in/yaml.v3"

	"github.com/maskit-dev/maskit"
)

// checkText refuses what yaml.v3 reads otherwise than PyYAML without a trace in
// the nodes: a tab between two tokens, and the tag "!" of a quoted scalar.
func (d *Document) checkText() *maskit.Problem {
	if p := d.checkDirectives(); p != nil {
		return p
	}
	hasTab := bytes.IndexByte(d.text, '\t') >= 0
	if !hasTab && !d.mayHaveBareTag() {
		return nil
	}
	texts := texts{doc: d}
	texts.collect(d.root)
	if n := texts.bareTag; n != nil {
		p := d.problem("yaml-refused", d.Pos(n), "the tag ! makes a string anything")
		p.Hint = "remove the tag"
		return p
	}
	if at := texts.tabBetween(); at >= 0 {
		p := d.problem("yaml-syntax", d.posAt(at), "a tab stands where only spaces may stand, and Synapse does not read the file")
		p.Hint = "write spaces"
		return p
	}
	return nil
}

// checkDirectives refuses "%YAML 1.1#", a comment that joins a directive.
func (d *Document) checkDirectives() *maskit.Problem {
	for _, at := range d.rows {
		line := d.text[at:d.lineEnd(at)]
		switch {
		case len(bytes.TrimSpace(line)) == 0, line[0] == '#':
		case line[0] != '%':
			return nil
		case bytes.Contains(line, []byte("#")) && !bytes.Contains(line, []byte(" #")):
			p := d.problem("yaml-syntax", d.posAt(at), "a comment joins a directive, and Synapse does not read the file")
			p.Hint = "put a blank before the #"
			return p
		}
	}
	return nil
}

// mayHaveBareTag reports whether a "!" ends a word.
func (d *Document) mayHaveBareTag() bool {
	for _, end := range []string{" ", "\n", "\r", "\t"} {
		if bytes.Contains(d.text, []byte("!"+end)) {
			return true
		}
	}
	return false
}

// isHeader reports whether a blank or a line break ends the header of a scalar, if
// that is a block scalar.
func (d *Document) isHeader(n *yaml.Node) bool {
	if n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) == 0 {
		return true
	}
	start := d.offset(n.Line, n.Column)
	if start < 0 {
		return false
	}
	at, _ := d.skipProperties(n, start)
	for at++; at < len(d.text); at++ {
		if c := d.text[at]; c != '+' && c != '-' && !isDigit(c) {
			return c == ' ' || c == '\t' || breakAt(d.text, at) > 0
		}
	}
	return true
}

// texts are the scalars that may hold tabs: quoted ones and block scalars.
type texts struct {
	doc     *Document
	spans   []span
	bareTag *yaml.Node
}

func (t *texts) collect(n *yaml.Node) {
	for _, child := range n.Content {
		t.collect(child)
	}
	if n.Kind != yaml.ScalarNode || n.Style&quoted == 0 {
		return
	}
	s := t.doc.span(n)
	if !s.ok() {
		return
	}
	content, end := t.doc.skipProperties(n, s.start)
	if n.Style&yaml.TaggedStyle == 0 && bytes.IndexByte(t.doc.text[s.start:end], '!') >= 0 {
		t.bareTag = n
	}
	if n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		content = t.doc.lineEnd(content)
	}
	t.spans = append(t.spans, span{content, s.end})
}

// tabBetween is the offset of a tab that stands in no text and no comment; -1 if there is none.
func (t *texts) tabBetween() int {
	start := t.doc.rows[0]
	at := start
	for _, text := range append(t.spans, span{len(t.doc.text), len(t.doc.text)}) {
		for at < text.start {
			switch {
			case t.doc.text[at] == '\t':
				return at
			case t.doc.text[at] == '#' && (at == start || bytes.IndexByte([]byte(" \t\r\n\"'"), t.doc.text[at-1]) >= 0):
				at = t.doc.lineEnd(at)
			default:
				at++
			}
		}
		at = max(at, text.end)
	}
	return -1
}
