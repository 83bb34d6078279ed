package yamledit

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// splice replaces text[start:end].
type splice struct {
	span

	text  string
	depth int // the indentation of whole lines: of those at one place the deepest come first, and before all else
	order int // of the edits
}

// spliced makes the text with all splices, which it sorts. It is not ok if two of them touch the same text.
func (d *Document) spliced(splices []splice) ([]byte, bool) {
	slices.SortFunc(splices, func(a, b splice) int {
		return cmp.Or(a.start-b.start, a.end-b.end, b.depth-a.depth, a.order-b.order)
	})
	var out bytes.Buffer
	out.Grow(len(d.text) + 4096)
	at := 0
	for _, s := range splices {
		if s.start < at {
			return nil, false
		}
		out.Write(d.text[at:s.start])
		out.WriteString(s.text)
		at = s.end
	}
	out.Write(d.text[at:])
	return out.Bytes(), true
}

// growth is by how many bytes a splice makes the text longer.
func (s splice) growth() int { return len(s.text) - (s.end - s.start) }

// writer renders values as the document writes those of a collection.
func (d *Document) writer(n *yaml.Node) writer {
	w := writer{newline: d.newline(), flow: n.Style&yaml.FlowStyle != 0}
	w.quote = w.flow && n.Kind == yaml.MappingNode && len(n.Content) > 0 && n.Content[0].Style&yaml.DoubleQuotedStyle != 0
	return w
}

// setValue replaces the value of the entry whose key is the i-th child of a mapping.
func (d *Document) setValue(mapping *yaml.Node, i int, value *yaml.Node) []splice {
	p, w := d.pairAt(mapping, i), d.writer(mapping)
	switch {
	case isNested(value) && !w.flow:
		return []splice{
			{span: span{p.colon, p.end}, text: properties(value)},
			d.linesBehind(p.end, len(d.indent(mapping))+2, w.nested(d.indent(mapping)+"  ", value)),
		}
	case p.value.start > p.colon && d.row(p.value.start) == d.row(p.colon):
		return []splice{{span: p.value, text: w.inline(value)}}
	default: // no value, or one that starts on the next line
		return []splice{{span: span{p.colon, p.end}, text: " " + w.inline(value)}}
	}
}

// linesBehind inserts lines, each led by a line break, behind the line that holds
// an offset. The indentation is that of the first.
func (d *Document) linesBehind(at, indent int, lines string) splice {
	at = d.lineEnd(at)
	if at < len(d.text) {
		newline := d.newline()
		at = d.nextLine(at)
		lines = lines[len(newline):] + newline
	}
	return splice{span: span{at, at}, text: lines, depth: indent + 1}
}

// indent is the indentation of the entries of a block mapping.
func (d *Document) indent(n *yaml.Node) string {
	if len(n.Content) == 0 {
		return ""
	}
	return strings.Repeat(" ", d.posAt(max(d.pairStart(n, 0), 0)).Column-1)
}
