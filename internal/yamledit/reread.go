package yamledit

import (
	"bytes"
	"sort"

	"gopkg.in/yaml.v3"
)

// reread parses the text that splices made of the document. It is nil if the text
// cannot be parsed.
//
// Most edits touch few of many top-level entries. The lines from the one at which
// a top-level key starts to the next such line say by themselves what they say in
// the document, as long as there are no anchors. So only what is touched is
// parsed; the rest is taken over, at its new lines.
func (d *Document) reread(text []byte, splices []splice) *Document {
	if r := newRereader(d, text); r != nil && r.read(splices) {
		return r.made
	}
	result, _ := Parse(d.name, text)
	return result
}

// rereader makes the new document of an old one.
type rereader struct {
	old, made *Document
	starts    []int  // of the first line of each top-level entry in the old text; last, its end
	touched   []bool // entries; last, what comes behind them
	copies    []yaml.Node
	growth    []int // of the text of each, in bytes
}

// newRereader is nil if the document does not consist of lines of top-level entries.
func newRereader(d *Document, text []byte) *rereader {
	root := d.root
	if d.anchors || len(root.Content) == 0 || root.Style&yaml.FlowStyle != 0 || len(text) > MaxSize {
		return nil
	}
	count := len(root.Content)/2 + 1
	r := &rereader{old: d, starts: make([]int, 0, count), touched: make([]bool, count), growth: make([]int, count)}
	for i := 0; i < len(root.Content); i += 2 {
		if root.Content[i].Column != 1 {
			return nil // indented, or an explicit key
		}
		r.starts = append(r.starts, d.rows[root.Content[i].Line-1])
	}
	r.starts = append(r.starts, len(d.text))
	r.made = &Document{name: d.name, text: text, rows: lineStarts(text)}
	r.made.long = longLines(text, r.made.rows)
	r.made.root = &yaml.Node{Kind: yaml.MappingNode, Tag: root.Tag, Style: root.Style, Line: root.Line, Column: root.Column}
	return r
}

// read fills the new document. It fails if that must be parsed as a whole.
func (r *rereader) read(splices []splice) bool {
	for _, s := range splices {
		if !r.touch(s) {
			return false
		}
	}
	last, shift := len(r.touched)-1, 0
	for i := 0; i <= last; i++ {
		start := r.starts[i] + shift
		if !r.touched[i] {
			if i < last && !r.takeOver(i, start) {
				return false
			}
			continue
		}
		shift += r.growth[i]
		for i < last && r.touched[i+1] {
			i++
			shift += r.growth[i]
		}
		if !r.parse(start, r.starts[min(i+1, last)]+shift) {
			return false
		}
	}
	if len(r.made.root.Content) == 0 {
		return false
	}
	if old := r.old.root; old.Line == old.Content[0].Line { // else it starts with a tag, above
		r.made.root.Line = r.made.root.Content[0].Line
	}
	return true
}

// touch notes which entries a splice is about. It fails if that is none.
func (r *rereader) touch(s splice) bool {
	tail := len(r.starts) - 1
	first := sort.SearchInts(r.starts, s.start+1) - 1
	isBehind := s.depth > 1 || s.start == len(r.old.text) && r.old.rows[r.old.row(s.start)] != s.start
	if s.start == s.end && isBehind && first >= 0 && s.start == r.starts[first] {
		first-- // lines of the entry above
	}
	if first < 0 {
		return false
	}
	end := first
	if s.end > s.start {
		end = max(sort.SearchInts(r.starts, s.end)-1, first)
	}
	for i := first; i <= min(end, tail); i++ {
		r.touched[i] = true
	}
	r.growth[first] += s.growth()
	return true
}

// takeOver copies an untouched entry to where it starts now.
func (r *rereader) takeOver(i, start int) bool {
	row := r.made.row(start)
	if r.made.rows[row] != start {
		return false
	}
	for _, n := range r.old.root.Content[2*i : 2*i+2] {
		r.made.root.Content = append(r.made.root.Content, r.moved(n, row+1-r.old.root.Content[2*i].Line))
	}
	return true
}

// moved copies a node to so many lines further down.
func (r *rereader) moved(n *yaml.Node, lines int) *yaml.Node {
	if lines == 0 {
		return n
	}
	if len(r.copies) == cap(r.copies) {
		r.copies = make([]yaml.Node, 0, 512)
	}
	r.copies = append(r.copies, *n)
	made := &r.copies[len(r.copies)-1]
	made.Line += lines
	if len(n.Content) > 0 {
		made.Content = make([]*yaml.Node, len(n.Content))
		for i, child := range n.Content {
			made.Content[i] = r.moved(child, lines)
		}
	}
	return made
}

// parse reads a part of the new text. It fails if that says something else by
// itself, or might do so.
func (r *rereader) parse(start, end int) bool {
	text, row := r.made.text[start:end], r.made.row(start)
	if len(text) == 0 {
		return true
	}
	isLast := end == len(r.made.text)
	isBlank := text[0] == ' ' || breakAt(text, 0) > 0
	switch {
	case r.made.rows[row] != start, !isLast && r.made.rows[r.made.row(end)] != end:
		return false
	case isBlank && lastLeaf(r.made.root).Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0: // to which it might belong
		return false
	case text[0] == '%', hasMarker(text, "---"), !isLast && hasMarker(text, "..."):
		return false
	}
	part, _ := Parse(r.made.name, text)
	if part == nil || part.anchors || part.root.Style&yaml.FlowStyle != 0 {
		return false
	}
	for i, n := range part.root.Content {
		if i%2 == 0 && n.Column != 1 {
			return false
		}
		r.made.root.Content = append(r.made.root.Content, r.moved(n, row))
	}
	return true
}

// hasMarker reports whether a line might start with a marker.
func hasMarker(text []byte, marker string) bool {
	for {
		at := bytes.Index(text, []byte(marker))
		if at < 0 {
			return false
		}
		if at == 0 || text[at-1] < ' ' || text[at-1] >= 0x80 {
			return true
		}
		text = text[at+1:]
	}
}
