package strictyaml

import "slices"

// Doubled is a list that two files contribute to: the second one is appended.
type Doubled struct {
	Path          string
	First, Second *Node
}

// Merge lays over on top of base as MAS merges its files: mappings deeply, lists
// appended, anything else replaced. Neither argument is changed. Each list that is
// appended to another is passed to doubled.
func Merge(base, over *Node, doubled func(Doubled)) *Node {
	return merge(base, over, &trail{}, doubled)
}

func merge(base, over *Node, where *trail, doubled func(Doubled)) *Node {
	switch {
	case base.Kind == Mapping && over.Kind == Mapping:
		return mergeMappings(base, over, where, doubled)
	case base.Kind == Sequence && over.Kind == Sequence:
		if len(base.Items) > 0 && len(over.Items) > 0 {
			doubled(Doubled{Path: where.path(), First: base, Second: over})
		}
		return &Node{Kind: Sequence, Pos: base.Pos, Items: slices.Concat(base.Items, over.Items)}
	}
	return over
}

func mergeMappings(base, over *Node, where *trail, doubled func(Doubled)) *Node {
	out := &Node{Kind: Mapping, Pos: base.Pos, Fields: slices.Clone(base.Fields)}
	at := make(map[string]int, len(base.Fields))
	for i, f := range base.Fields {
		at[f.Key] = i
	}
	for _, f := range over.Fields {
		i, ok := at[f.Key]
		if !ok {
			out.Fields = append(out.Fields, f)
			continue
		}
		at := where.child(f.Key)
		merged := merge(base.Fields[i].Value, f.Value, &at, doubled)
		if merged == f.Value {
			out.Fields[i] = f
		} else {
			out.Fields[i].Value = merged
		}
	}
	return out
}
