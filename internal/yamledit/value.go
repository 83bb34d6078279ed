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
