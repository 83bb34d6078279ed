package yamledit

import (
	"bytes"

	"gopkg.in/yaml.v3"

	"github.com/maskit-dev/maskit"
)

// checkText refuses what yaml.v3 reads otherwise than PyYAML without a trace in
// the nodes: a tab between two tokens, and the tag "!" of a quoted scalar.
func (d *Document) checkText() *maskit.Problem {
	hasTab := bytes.IndexByte(d.text, '\t') >= 0
	if !hasTab && !d.mayHaveBareTag() {
		return nil
	}
	texts := texts{doc: d}
	texts.collect(d.root)
	switch at := -1; {
	case texts.bareTag != nil:
		p := d.problem("yaml-refused", d.Pos(texts.bareTag), "the tag ! makes a string anything")
		p.Hint = "remove the tag"
		return p
	case hasTab:
		if at = texts.tabBetween(); at < 0 {
			return nil
		}
		p := d.problem("yaml-syntax", d.posAt(at), "a tab stands where only spaces may stand, and Synapse does not read the file")
		p.Hint = "write spaces"
		return p
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
	at := 0
	for _, text := range append(t.spans, span{len(t.doc.text), len(t.doc.text)}) {
		for at < text.start {
			switch {
			case t.doc.text[at] == '\t':
				return at
			case t.doc.text[at] == '#' && (at == 0 || bytes.IndexByte([]byte(" \t\r\n\"'"), t.doc.text[at-1]) >= 0):
				at = t.doc.lineEnd(at)
			default:
				at++
			}
		}
		at = max(at, text.end)
	}
	return -1
}
