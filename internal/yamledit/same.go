package yamledit

import (
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// sameValues reports whether two documents say the same to Synapse, however they
// say it. Each value is looked at once, however many aliases name it.
func sameValues(a, b *Document) bool {
	v := newValues()
	return v.id(a.root) == v.id(b.root)
}

// values numbers values: equal values have the same number.
type values struct {
	ids   map[string]int
	known map[*yaml.Node]int
}

func newValues() values { return values{ids: map[string]int{}, known: map[*yaml.Node]int{}} }

func (v *values) id(n *yaml.Node) int {
	n = Deref(n)
	if id, ok := v.known[n]; ok {
		return id
	}
	text := v.text(n)
	id, ok := v.ids[text]
	if !ok {
		id = len(v.ids)
		v.ids[text] = id
	}
	v.known[n] = id
	return id
}

// text describes a value by the numbers of its parts.
func (v *values) text(n *yaml.Node) string {
	var parts []string
	switch n.Kind {
	case yaml.ScalarNode:
		s := Resolve(n)
		return strconv.Itoa(int(s.Kind)) + " " + s.Text
	case yaml.SequenceNode:
		for _, item := range n.Content {
			parts = append(parts, strconv.Itoa(v.id(item)))
		}
		return "[" + strings.Join(parts, " ")
	}
	pairs := Effective(n)
	for i := 0; i+1 < len(pairs); i += 2 {
		parts = append(parts, strconv.Itoa(v.id(pairs[i]))+":"+strconv.Itoa(v.id(pairs[i+1])))
	}
	slices.Sort(parts)
	return "{" + strings.Join(parts, " ")
}
