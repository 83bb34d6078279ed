package synapse

import (
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/maskit-dev/maskit/internal/yamledit"
)

// node is the value that a text of ours says.
func node(text string) *yaml.Node {
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil || len(doc.Content) == 0 {
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Value: "null"}
	}
	return doc.Content[0]
}

// blockText writes a filled collection below a key.
func blockText(n *yaml.Node) string {
	var b strings.Builder
	b.WriteString("\n")
	writeBlock(&b, n, "  ")
	return b.String()
}

// writeBlock writes the entries or items of a collection, one a line, at an indentation.
func writeBlock(b *strings.Builder, n *yaml.Node, indent string) {
	step := 1
	if n.Kind == yaml.MappingNode {
		step = 2
	}
	for i := 0; i < len(n.Content); i += step {
		b.WriteString(indent)
		if step == 1 {
			b.WriteString("-")
		} else {
			b.WriteString(keyText(n.Content[i]) + ":")
		}
		value := n.Content[i+step-1]
		switch {
		case value.Kind == yaml.ScalarNode || len(value.Content) == 0:
			b.WriteString(" " + flowText(value) + "\n")
		case step == 1: // the first line of the item goes behind the dash
			var item strings.Builder
			writeBlock(&item, value, indent+"  ")
			b.WriteString(" " + strings.TrimPrefix(item.String(), indent+"  "))
		default:
			b.WriteString("\n")
			writeBlock(b, value, indent+"  ")
		}
	}
}

// keyText writes a key, without quotes where it needs none.
func keyText(n *yaml.Node) string {
	plain := yaml.Node{Kind: yaml.ScalarNode, Value: n.Value}
	isWord := n.Kind == yaml.ScalarNode && n.Value != "" && strings.Trim(n.Value, "abcdefghijklmnopqrstuvwxyz0123456789_") == ""
	if isWord && yamledit.Resolve(n).Kind == yamledit.KindString && yamledit.Resolve(&plain).Kind == yamledit.KindString {
		return n.Value
	}
	return flowText(n)
}

// flowText writes a node on one line.
func flowText(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		parts := make([]string, 0, len(n.Content)/2)
		for i := 0; i+1 < len(n.Content); i += 2 {
			parts = append(parts, flowText(n.Content[i])+": "+flowText(n.Content[i+1]))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case yaml.SequenceNode:
		parts := make([]string, 0, len(n.Content))
		for _, item := range n.Content {
			parts = append(parts, flowText(item))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	return scalarText(n)
}

// scalarText writes a scalar so that PyYAML reads what it read before: strings in
// double quotes, whose escapes in Go mean the same in YAML, everything else as it
// stood.
func scalarText(n *yaml.Node) string {
	s := yamledit.Resolve(n)
	isTagged := n.Style&yaml.TaggedStyle != 0
	switch {
	case isTagged && n.ShortTag() != "!!str":
		return n.ShortTag() + " " + strconv.Quote(n.Value)
	case s.Kind == yamledit.KindString:
		return strconv.Quote(s.Text)
	case s.Kind == yamledit.KindNull:
		return "null"
	}
	return n.Value
}
