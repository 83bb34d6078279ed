package strictyaml

import (
	"fmt"

	"gopkg.in/yaml.v3"

	"github.com/maskit-dev/maskit"
)

// anchor is a node that aliases refer to.
type anchor struct {
	node *Node
	cost cost
	done bool // false while it is being read: an alias to it now is a cycle
}

// cost is what a node amounts to once its aliases are expanded.
type cost struct{ nodes, height int }

func (c *cost) add(child cost) {
	c.nodes += child.nodes
	c.height = max(c.height, child.height+1)
}

// convert turns what the library read into a Node. It returns a null and reports
// once when the document is beyond a limit.
func (l *loader) convert(n *yaml.Node, where *trail, depth int) (*Node, cost) {
	out, total := &Node{Pos: l.pos(n)}, cost{nodes: 1, height: 1}
	if l.fatal || l.exceeded(n, where, depth, total) {
		return out, total
	}
	if n.Kind == yaml.AliasNode {
		return l.alias(n, where, depth)
	}
	if n.Anchor != "" {
		l.anchors[n] = &anchor{}
		defer func() { *l.anchors[n] = anchor{node: out, cost: total, done: true} }()
	}
	switch n.Kind {
	case yaml.MappingNode:
		l.checkTag(n, "!!map", where)
		out.Kind = Mapping
		l.convertFields(n, out, where, depth, &total)
	case yaml.SequenceNode:
		l.checkTag(n, "!!seq", where)
		out.Kind = Sequence
		for i, item := range n.Content {
			at := where.at(i)
			child, spent := l.convert(item, &at, depth+1)
			out.Items = append(out.Items, child)
			total.add(spent)
		}
	default:
		l.convertScalar(n, out, where)
	}
	return out, total
}

// exceeded counts nodes and checks the limits.
func (l *loader) exceeded(n *yaml.Node, where *trail, depth int, spent cost) bool {
	l.nodes += spent.nodes
	switch {
	case depth+spent.height-1 > MaxDepth:
		l.fail(maskit.Problem{Path: where.path(), Code: "too-deep", Message: fmt.Sprintf("is nested deeper than %d levels", MaxDepth), Pos: l.pos(n)})
	case l.nodes > MaxNodes:
		l.fail(maskit.Problem{Path: where.path(), Code: "too-many-values", Message: fmt.Sprintf("the document holds more than %d values, aliases expanded", MaxNodes), Pos: l.pos(n)})
	default:
		return false
	}
	return true
}

func (l *loader) alias(n *yaml.Node, where *trail, depth int) (*Node, cost) {
	target := l.anchors[n.Alias]
	if target == nil || !target.done {
		l.report(maskit.Problem{Path: where.path(), Code: "alias-cycle", Message: "an alias refers to a value that contains it", Pos: l.pos(n)})
		return &Node{Pos: l.pos(n)}, cost{nodes: 1, height: 1}
	}
	if l.exceeded(n, where, depth, target.cost) {
		return &Node{Pos: l.pos(n)}, cost{nodes: 1, height: 1}
	}
	return target.node, target.cost
}

func (l *loader) convertFields(n *yaml.Node, out *Node, where *trail, depth int, total *cost) {
	seen := make(map[string]int, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if key.Kind != yaml.ScalarNode {
			l.report(maskit.Problem{Path: where.path(), Code: "key-not-text", Message: "a key is not a plain word", Hint: "a value that starts with {, [, * or ? must be quoted", Pos: l.pos(key)})
			continue
		}
		child := where.child(key.Value)
		value, spent := l.convert(n.Content[i+1], &child, depth+1)
		total.add(spent)
		if l.mergeKey(key, &child) {
			continue
		}
		field := Field{Key: key.Value, Pos: l.pos(key), Value: value}
		if at, ok := seen[key.Value]; ok {
			l.duplicate(&child, out.Fields[at].Pos, field.Pos)
			out.Fields[at] = field
			continue
		}
		seen[key.Value] = len(out.Fields)
		out.Fields = append(out.Fields, field)
	}
}

func (l *loader) mergeKey(key *yaml.Node, where *trail) bool {
	if key.Value != "<<" || key.Style != 0 {
		return false
	}
	l.report(maskit.Problem{
		Path: where.path(), Code: "merge-key", Pos: l.pos(key),
		Message: "merge keys are ignored: what they name is not there",
		Hint:    "write the keys out; aliases of whole values (*name) work",
	})
	return true
}

func (l *loader) duplicate(where *trail, first, second maskit.Pos) {
	l.report(maskit.Problem{
		Path: where.path(), Code: "duplicate-key", Pos: second,
		Message: fmt.Sprintf("stands twice, first in line %d; all of that one is lost", first.Line),
		Hint:    "keep one of the two",
	})
}

func (l *loader) convertScalar(n *yaml.Node, out *Node, where *trail) {
	kind, ok := scalarKind(n)
	if !ok {
		l.badTag(n, where)
	}
	out.Kind, out.Text = kind, n.Value
}

func (l *loader) checkTag(n *yaml.Node, want string, where *trail) {
	if n.Style&yaml.TaggedStyle != 0 && n.ShortTag() != want {
		l.badTag(n, where)
	}
}

func (l *loader) badTag(n *yaml.Node, where *trail) {
	l.report(maskit.Problem{
		Path: where.path(), Code: "yaml-tag", Pos: l.pos(n),
		Message: "has a YAML tag that is not understood or does not fit the value", Hint: "remove the tag; quote a value that starts with !",
	})
}
