package strictyaml

import (
	"bytes"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// Encode writes a struct as YAML: [Build], then [Write] without a header.
func Encode(v any) ([]byte, error) {
	n, err := Build(v)
	if err != nil {
		return nil, err
	}
	return Write(n, "")
}

// Write writes a mapping as a YAML document, below a comment if header is not
// empty. The same node gives the same bytes. Strings that any YAML 1.1 or 1.2
// reader could take for something else are quoted.
func Write(n *Node, header string) ([]byte, error) {
	if !hasPlainKeys(n) {
		return writeByLibrary(n, header)
	}
	var out bytes.Buffer
	out.Grow(size(n, 0))
	if header != "" {
		out.WriteString("# " + strings.ReplaceAll(header, "\n", "\n# ") + "\n\n")
	}
	w := writer{out: &out}
	if err := w.document(n); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// writer writes in the layout of yaml.v3 with an indent of two, and faster: a test compares
// the bytes of the two, and BenchmarkWrite the time.
type writer struct{ out *bytes.Buffer }

func (w *writer) document(n *Node) error {
	if n.Kind == Mapping && len(n.Fields) > 0 {
		return w.mapping(n, 0)
	}
	return w.value(n, 0)
}

// mapping writes the fields, the first of them where the cursor stands.
func (w *writer) mapping(n *Node, indent int) error {
	for i, f := range n.Fields {
		if i > 0 {
			w.indent(indent)
		}
		if keyStyle(f.Key) == 0 {
			w.out.WriteString(f.Key)
		} else {
			w.quoted(f.Key)
		}
		w.out.WriteByte(':')
		if err := w.below(f.Value, indent); err != nil {
			return err
		}
	}
	return nil
}

// maxKey is the longest key that yaml.v3 writes on the line of its value.
const maxKey = 128

// size is about how many bytes a node takes: less than it does if much has to be escaped.
func size(n *Node, indent int) int {
	total := len(n.Text) + len("\"\"\n")
	for _, f := range n.Fields {
		total += indent + len(f.Key) + len(": ") + size(f.Value, indent+2)
	}
	for _, item := range n.Items {
		total += indent + len("- ") + size(item, indent+2)
	}
	return total
}

// hasPlainKeys reports whether every key is short and printable.
func hasPlainKeys(n *Node) bool {
	for _, f := range n.Fields {
		if len(f.Key) > maxKey || !isASCII(f.Key) || !hasPlainKeys(f.Value) {
			return false
		}
	}
	return !slices.ContainsFunc(n.Items, func(item *Node) bool { return !hasPlainKeys(item) })
}

// below writes the value of a key.
func (w *writer) below(n *Node, indent int) error {
	switch {
	case n.Kind == Mapping && len(n.Fields) > 0:
		w.out.WriteByte('\n')
		w.indent(indent + 2)
		return w.mapping(n, indent+2)
	case n.Kind == Sequence && len(n.Items) > 0:
		w.out.WriteByte('\n')
		w.indent(indent + 2)
		return w.sequence(n, indent+2)
	}
	w.out.WriteByte(' ')
	return w.value(n, indent)
}

func (w *writer) sequence(n *Node, indent int) error {
	for i, item := range n.Items {
		if i > 0 {
			w.indent(indent)
		}
		w.out.WriteString("- ")
		if err := w.item(item, indent); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) item(n *Node, indent int) error {
	switch {
	case n.Kind == Mapping && len(n.Fields) > 0:
		return w.mapping(n, indent+2)
	case n.Kind == Sequence && len(n.Items) > 0:
		return w.sequence(n, indent+2)
	}
	return w.value(n, indent)
}

// value writes what fits on the line, or a block of text, and ends the line.
func (w *writer) value(n *Node, indent int) error {
	switch n.Kind {
	case Mapping:
		w.out.WriteString("{}")
	case Sequence:
		w.out.WriteString("[]")
	case String:
		style := stringStyle(n.Text)
		if style == yaml.LiteralStyle {
			w.block(n.Text, indent+2)
			return nil
		}
		if err := w.text(n.Text, style); err != nil {
			return err
		}
	default:
		w.out.WriteString(n.Text)
	}
	w.out.WriteByte('\n')
	return nil
}

// block writes lines as a literal block.
func (w *writer) block(text string, indent int) {
	body, clipped := strings.CutSuffix(text, "\n")
	w.out.WriteByte('|')
	if !clipped {
		w.out.WriteByte('-')
	}
	w.out.WriteByte('\n')
	for line := range strings.SplitSeq(body, "\n") {
		if line != "" {
			w.indent(indent)
			w.out.WriteString(line)
		}
		w.out.WriteByte('\n')
	}
}

// text writes a string on the line.
func (w *writer) text(s string, style yaml.Style) error {
	switch {
	case style == 0:
		w.out.WriteString(s)
	case isASCII(s):
		w.quoted(s)
	default:
		return w.textByLibrary(s)
	}
	return nil
}

// isASCII reports whether a string is printable ASCII.
func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

func (w *writer) quoted(s string) {
	w.out.WriteByte('"')
	for rest := s; rest != ""; {
		end := strings.IndexAny(rest, `"\`)
		if end < 0 {
			w.out.WriteString(rest)
			break
		}
		w.out.WriteString(rest[:end])
		w.out.WriteByte('\\')
		w.out.WriteByte(rest[end])
		rest = rest[end+1:]
	}
	w.out.WriteByte('"')
}

func (w *writer) indent(n int) {
	for range n {
		w.out.WriteByte(' ')
	}
}
