package yamledit

import (
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// writer renders made nodes as text. Aliases it does not know.
type writer struct {
	newline string
	flow    bool // inside a flow collection
	quote   bool // quotes around every key, as JSON wants them
}

// pair renders an entry at an indentation, without the indentation of its first
// line and without a final line break.
func (w writer) pair(indent string, key, value *yaml.Node) string {
	return w.key(key) + ":" + w.value(indent, value)
}

// value renders what stands behind a "key:" or "-" at an indentation.
func (w writer) value(indent string, n *yaml.Node) string {
	if w.flow || !isNested(n) {
		return " " + w.inline(n)
	}
	return properties(n) + w.nested(indent+"  ", n)
}

// isNested reports whether a node takes lines of its own.
func isNested(n *yaml.Node) bool {
	return len(n.Content) > 0 && n.Style&yaml.FlowStyle == 0
}

// nested renders the entries or items of a collection, each after a line break.
func (w writer) nested(indent string, n *yaml.Node) string {
	var b strings.Builder
	if n.Kind == yaml.MappingNode {
		for i := 0; i+1 < len(n.Content); i += 2 {
			b.WriteString(w.newline + indent + w.pair(indent, n.Content[i], n.Content[i+1]))
		}
		return b.String()
	}
	for _, item := range n.Content {
		b.WriteString(w.newline + indent + "-" + w.item(indent, item))
	}
	return b.String()
}

// item renders what stands behind a dash. The first line of a collection joins it.
func (w writer) item(indent string, n *yaml.Node) string {
	text := w.value(indent, n)
	if first, ok := strings.CutPrefix(text, w.newline+indent+"  "); ok {
		return " " + first
	}
	return text
}

// inline renders a node on one line.
func (w writer) inline(n *yaml.Node) string {
	if n.Kind == yaml.ScalarNode {
		return strings.TrimPrefix(properties(n)+" "+w.scalar(n), " ")
	}
	w.flow = true
	var parts []string
	if n.Kind == yaml.MappingNode {
		for i := 0; i+1 < len(n.Content); i += 2 {
			parts = append(parts, w.pair("", n.Content[i], n.Content[i+1]))
		}
		return strings.TrimPrefix(properties(n)+" {"+strings.Join(parts, ", ")+"}", " ")
	}
	for _, item := range n.Content {
		parts = append(parts, w.inline(item))
	}
	return strings.TrimPrefix(properties(n)+" ["+strings.Join(parts, ", ")+"]", " ")
}

func (w writer) key(n *yaml.Node) string {
	if w.quote && Resolve(n).Kind == KindString {
		return strconv.Quote(n.Value)
	}
	return strings.TrimPrefix(properties(n)+" "+w.scalar(n), " ")
}

// properties renders the anchor and the tag, each after a blank.
func properties(n *yaml.Node) string {
	text := ""
	if n.Anchor != "" {
		text = " &" + n.Anchor
	}
	if n.Kind == yaml.ScalarNode && n.Style&yaml.TaggedStyle != 0 && Resolve(n).Kind != KindString {
		text += " " + n.ShortTag()
	}
	return text
}

// scalar renders a scalar. Go's escapes of valid UTF-8 mean the same in YAML.
func (w writer) scalar(n *yaml.Node) string {
	switch {
	case n.Style == 0 && Resolve(n).Kind != KindString: // always one word or two
		return n.Value
	case n.Style != 0, strings.ContainsAny(n.Value, "\n\u0085\u2028\u2029"), w.flow && strings.ContainsAny(n.Value, ",[]{}:?"):
		return strconv.Quote(n.Value)
	}
	return n.Value
}
