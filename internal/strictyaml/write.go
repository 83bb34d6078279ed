package strictyaml

import (
	"bytes"
	"fmt"

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
