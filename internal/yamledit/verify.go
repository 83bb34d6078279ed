package yamledit

import (
	"slices"

	"gopkg.in/yaml.v3"
)

// comparison compares the result of edits with what they were meant to do.
type comparison struct {
	*Edits

	values values // of what aliases name
}

// matches reports whether a node of the result is what the edits make of a node
// of the document. What an alias names must have kept its value.
func (e comparison) matches(old, result *yaml.Node) bool {
	if replacement, ok := e.replaced[old]; ok {
		old = replacement
	}
	switch {
	case old.Kind != result.Kind || old.Anchor != result.Anchor:
		return false
	case old.Kind == yaml.ScalarNode:
		return sameScalar(old, result)
	case old.Kind == yaml.AliasNode:
		return old.Value == result.Value && e.values.id(old) == e.values.id(result)
	case old.Style&yaml.TaggedStyle != result.Style&yaml.TaggedStyle || old.ShortTag() != result.ShortTag():
		return false
	}
	return slices.EqualFunc(e.children(old), result.Content, e.matches)
}

func sameScalar(a, b *yaml.Node) bool {
	same := a.Value == b.Value && a.Style == b.Style && a.Tag == b.Tag
	return same || a.Value == b.Value && Resolve(a) == Resolve(b)
}

// itemsLeft are the items that a sequence of the document is to have.
func (e *Edits) itemsLeft(n *yaml.Node) []*yaml.Node {
	items := make([]*yaml.Node, 0, len(n.Content))
	for _, item := range n.Content {
		if !e.removed[item] {
			items = append(items, item)
		}
	}
	return items
}

// children are the children that a node of the document is to have.
func (e *Edits) children(n *yaml.Node) []*yaml.Node {
	switch n.Kind {
	case yaml.MappingNode:
	case yaml.SequenceNode:
		return e.itemsLeft(n)
	default:
		return nil
	}
	children := make([]*yaml.Node, 0, len(n.Content)+len(e.added[n]))
	for i := 0; i+1 < len(n.Content); i += 2 {
		if !e.removed[n.Content[i]] {
			children = append(children, n.Content[i], n.Content[i+1])
		}
	}
	return append(children, e.added[n]...)
}
