package yamledit

import (
	"gopkg.in/yaml.v3"
)

// maxLiteral is how many nodes a copy may have that an edit writes out.
const maxLiteral = 20_000

// Literal copies a node as Synapse reads it: aliases and merge keys written out,
// without anchors, of duplicate keys the last. It is nil if the copy would have more
// nodes than the limit: aliases of aliases can stand for more than any memory holds.
// The copy stands nowhere; it is a value for [Edits.Set].
func Literal(n *yaml.Node, limit int) *yaml.Node {
	c := copier{left: limit}
	literal := c.copy(n)
	if c.left < 0 {
		return nil
	}
	return literal
}

type copier struct{ left int }

func (c *copier) copy(n *yaml.Node) *yaml.Node {
	n = Deref(n)
	if c.left--; c.left < 0 {
		return n
	}
	made := &yaml.Node{Kind: n.Kind, Style: n.Style, Tag: n.Tag, Value: n.Value}
	if n.Kind == yaml.ScalarNode && Resolve(n).Kind == KindNull {
		made.Style, made.Value = 0, "null"
	}
	children := n.Content
	if n.Kind == yaml.MappingNode {
		children = Effective(n)
	}
	for _, child := range children {
		made.Content = append(made.Content, c.copy(child))
		if c.left < 0 {
			return made
		}
	}
	return made
}

// Effective lists the keys and values that count in a mapping, with those that it
// merges, in the order in which Python has them. What a document may merge is bounded
// by [Parse].
func Effective(n *yaml.Node) []*yaml.Node {
	if !merges(n) && !hasDuplicates(n) {
		return n.Content
	}
	var all []*yaml.Node
	for i := 0; i+1 < len(n.Content); i += 2 {
		if Resolve(n.Content[i]).Kind == KindMerge {
			all = append(all, merged(n.Content[i+1])...)
		}
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if Resolve(n.Content[i]).Kind != KindMerge {
			all = append(all, n.Content[i], n.Content[i+1])
		}
	}
	return lastOfEach(all)
}

// merged lists the keys and values that the value of a merge key brings: of
// several mappings, the first counts.
func merged(value *yaml.Node) []*yaml.Node {
	value = Deref(value)
	if value.Kind != yaml.SequenceNode {
		return Effective(value)
	}
	var all []*yaml.Node
	for i := len(value.Content) - 1; i >= 0; i-- {
		all = append(all, Effective(Deref(value.Content[i]))...)
	}
	return lastOfEach(all)
}

// lastOfEach keeps, where a key stands first, the value that it has last.
func lastOfEach(all []*yaml.Node) []*yaml.Node {
	at := make(map[Scalar]int, len(all)/2)
	kept := make([]*yaml.Node, 0, len(all))
	for i := 0; i+1 < len(all); i += 2 {
		key := Resolve(all[i]).asKey()
		if first, ok := at[key]; ok {
			kept[first+1] = all[i+1]
			continue
		}
		at[key] = len(kept)
		kept = append(kept, all[i], all[i+1])
	}
	return kept
}

// merges reports whether a mapping has a merge key.
func merges(n *yaml.Node) bool {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if Resolve(n.Content[i]).Kind == KindMerge {
			return true
		}
	}
	return false
}

func hasDuplicates(n *yaml.Node) bool {
	seen := make(map[Scalar]bool, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := Resolve(n.Content[i]).asKey()
		if seen[key] {
			return true
		}
		seen[key] = true
	}
	return false
}
