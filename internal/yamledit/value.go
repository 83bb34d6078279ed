package yamledit

import (
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// Bool makes a boolean, written true or false.
func Bool(b bool) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: strconv.FormatBool(b)}
}

// String makes a string, written in double quotes: no reader takes it for anything else.
func String(s string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Style: yaml.DoubleQuotedStyle, Value: s}
}

// Pair is one entry of a [Map].
type Pair struct {
	Key   string
	Value *yaml.Node
}

// Map makes a mapping, in the given order.
func Map(pairs ...Pair) *yaml.Node {
	n := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
	for _, p := range pairs {
		n.Content = append(n.Content, keyNode(p.Key), p.Value)
	}
	return n
}

// keyNode makes a key, without quotes where it needs none.
func keyNode(key string) *yaml.Node {
	n := String(key)
	if key != "" && strings.Trim(key, "abcdefghijklmnopqrstuvwxyz0123456789_") == "" && resolvePlain(key).Kind == KindString {
		n.Style = 0
	}
	return n
}

// writer renders made nodes as text.
type writer struct {
	newline string
	flow    bool // inside a flow collection
	quote   bool // quotes around every key, as JSON wants them
}

// pair renders an entry at an indentation, without the indentation of its first
// line and without a final line break.
func (w writer) pair(indent string, key, value *yaml.Node) string {
	if value.Kind == yaml.MappingNode && len(value.Content) > 0 && !w.flow {
		return w.key(key) + ":" + w.nested(indent, value)
	}
	return w.key(key) + ": " + w.inline(value)
}

// nested renders the entries of a mapping below a key at an indentation, each after a line break.
func (w writer) nested(indent string, n *yaml.Node) string {
	indent += "  "
	var b strings.Builder
	for i := 0; i+1 < len(n.Content); i += 2 {
		b.WriteString(w.newline + indent + w.pair(indent, n.Content[i], n.Content[i+1]))
	}
	return b.String()
}

// inline renders a node on one line.
func (w writer) inline(n *yaml.Node) string {
	if n.Kind == yaml.ScalarNode {
		return w.scalar(n)
	}
	var parts []string
	for i := 0; i+1 < len(n.Content); i += 2 {
		parts = append(parts, w.key(n.Content[i])+": "+w.inline(n.Content[i+1]))
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

func (w writer) key(n *yaml.Node) string {
	if w.quote {
		return strconv.Quote(n.Value)
	}
	return w.scalar(n)
}

// scalar renders a scalar. Go's escapes of valid UTF-8 mean the same in YAML.
func (w writer) scalar(n *yaml.Node) string {
	if n.Style == 0 {
		return n.Value
	}
	return strconv.Quote(n.Value)
}
