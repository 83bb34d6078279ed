package synapse

import (
	"gopkg.in/yaml.v3"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/yamledit"
)

// maxCopied is how many nodes an overlay repeats of a section: aliases of aliases
// can stand for more than any memory holds.
const maxCopied = 100_000

// copier writes sections out: without aliases, merge keys and duplicates.
type copier struct{ left int }

// without copies what a section holds but for what the findings take out.
func (c config) without(r repair) (*yaml.Node, maskit.Problems) {
	gone := map[string]bool{}
	for _, f := range r.findings {
		gone[f.target()] = true
	}
	copies := copier{left: maxCopied}
	rest := copies.node(r.section.Value)
	if rest == nil {
		return nil, maskit.Problems{r.section.problem("overlay-too-large", "is too large, with its aliases written out, for an overlay to repeat it", "use Patch")}
	}
	kept := rest.Content[:0:0]
	switch rest.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(rest.Content); i += 2 {
			if !gone[r.key+"."+rest.Content[i].Value] {
				kept = append(kept, rest.Content[i], rest.Content[i+1])
			}
		}
	case yaml.SequenceNode:
		for i, item := range c.items(r.section) {
			if !gone[item.Path] {
				kept = append(kept, rest.Content[i])
			}
		}
	}
	rest.Content = kept
	return rest, nil
}

// node copies a node as PyYAML would load it. It is nil if that takes too many nodes.
func (c *copier) node(n *yaml.Node) *yaml.Node {
	n = yamledit.Deref(n)
	if c.left--; c.left < 0 {
		return nil
	}
	made := &yaml.Node{Kind: n.Kind, Tag: n.Tag, Value: n.Value, Style: n.Style &^ yaml.FlowStyle}
	children := n.Content
	if n.Kind == yaml.MappingNode {
		children = c.pairs(n)
	}
	for _, child := range children {
		copied := c.node(child)
		if copied == nil {
			return nil
		}
		made.Content = append(made.Content, copied)
	}
	return made
}

// pairs lists the keys and values that count in a mapping: those of its merge
// keys first, overruled by its own, of which the last counts.
func (c *copier) pairs(n *yaml.Node) []*yaml.Node {
	var all []*yaml.Node
	for i := 0; i+1 < len(n.Content); i += 2 {
		if yamledit.Resolve(n.Content[i]).Kind == yamledit.KindMerge {
			all = append(all, c.merged(n.Content[i+1])...)
		}
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if yamledit.Resolve(n.Content[i]).Kind != yamledit.KindMerge {
			all = append(all, n.Content[i], n.Content[i+1])
		}
	}
	return lastOfEach(all)
}

// merged lists the pairs that a merge key brings: of several mappings, the first counts.
func (c *copier) merged(n *yaml.Node) []*yaml.Node {
	n = yamledit.Deref(n)
	if c.left -= 1 + len(n.Content); c.left < 0 {
		return nil
	}
	if n.Kind == yaml.MappingNode {
		return c.pairs(n)
	}
	var all []*yaml.Node
	for i := len(n.Content) - 1; i >= 0 && n.Kind == yaml.SequenceNode; i-- {
		all = append(all, c.merged(n.Content[i])...)
	}
	return all
}

// lastOfEach keeps of each key the first place and the last value, as a Python
// dictionary does.
func lastOfEach(all []*yaml.Node) []*yaml.Node {
	place := map[yamledit.Scalar]int{}
	kept := make([]*yaml.Node, 0, len(all))
	for i := 0; i+1 < len(all); i += 2 {
		key := yamledit.Resolve(all[i])
		if at, ok := place[key]; ok && key.Kind != yamledit.KindNone {
			kept[at+1] = all[i+1]
			continue
		}
		place[key] = len(kept)
		kept = append(kept, all[i], all[i+1])
	}
	return kept
}
