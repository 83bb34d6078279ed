package strictyaml

import (
	"bytes"
	"fmt"
	"strings"

	"gopkg.in/yaml.v3"
)

// writeByLibrary writes any document. [Write] does for the usual ones.
func writeByLibrary(n *Node, header string) ([]byte, error) {
	var out bytes.Buffer
	root := toYAML(n)
	if header != "" {
		root = &yaml.Node{Kind: yaml.DocumentNode, HeadComment: header, Content: []*yaml.Node{root}}
	}
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	if err := encoder.Encode(root); err != nil {
		return nil, fmt.Errorf("strictyaml: write: %w", err)
	}
	if err := encoder.Close(); err != nil {
		return nil, fmt.Errorf("strictyaml: write: %w", err)
	}
	return out.Bytes(), nil
}

func toYAML(n *Node) *yaml.Node {
	switch n.Kind {
	case Mapping:
		out := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Content: make([]*yaml.Node, 0, 2*len(n.Fields))}
		for _, f := range n.Fields {
			key := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: f.Key, Style: keyStyle(f.Key)}
			out.Content = append(out.Content, key, toYAML(f.Value))
		}
		return out
	case Sequence:
		out := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Content: make([]*yaml.Node, len(n.Items))}
		for i, item := range n.Items {
			out.Content[i] = toYAML(item)
		}
		return out
	case String:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: n.Text, Style: stringStyle(n.Text)}
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: scalarTag(n.Kind), Value: n.Text}
}

func scalarTag(k Kind) string {
	switch k {
	case Bool:
		return "!!bool"
	case Int:
		return "!!int"
	case Float:
		return "!!float"
	}
	return "!!null"
}

// textByLibrary writes a quoted string whose characters need the knowledge of YAML.
func (w *writer) textByLibrary(s string) error {
	n := &Node{Kind: String, Text: s}
	var text bytes.Buffer
	encoder := yaml.NewEncoder(&text)
	if err := encoder.Encode(toYAML(n)); err != nil {
		return fmt.Errorf("strictyaml: write: %w", err)
	}
	if err := encoder.Close(); err != nil {
		return fmt.Errorf("strictyaml: write: %w", err)
	}
	w.out.WriteString(strings.TrimSuffix(text.String(), "\n"))
	return nil
}
