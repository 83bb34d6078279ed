package strictyaml

import (
	"math"
	"reflect"
	"strings"

	"github.com/maskit-dev/maskit"
)

// free decodes a value of no particular type.
func (d *decoder) free(at place, n *Node, out reflect.Value) {
	if v := d.any(&trail{base: at.path}, at.pos, n); v != nil {
		out.Set(reflect.ValueOf(v))
	}
}

// any returns nil, a bool, int64, uint64 (above the range of int64), float64,
// string, []any or map[string]any.
func (d *decoder) any(where *trail, pos maskit.Pos, n *Node) any {
	switch n.Kind {
	case Mapping:
		m := make(map[string]any, len(n.Fields))
		for _, f := range n.Fields {
			at := where.child(f.Key)
			m[f.Key] = d.any(&at, f.Pos, f.Value)
		}
		return m
	case Sequence:
		list := make([]any, len(n.Items))
		for i, item := range n.Items {
			at := where.at(i)
			list[i] = d.any(&at, item.Pos, item)
		}
		return list
	case Bool:
		return strings.EqualFold(n.Text, "true")
	case Int, Float:
		return d.number(where, pos, n)
	case String:
		return n.Text
	}
	return nil
}

func (d *decoder) number(where *trail, pos maskit.Pos, n *Node) any {
	if n.Kind == Int {
		if i, ok := toInt64(n.Text); ok {
			return i
		}
		if u, negative, err := parseInteger(n.Text); err == nil && !negative {
			return u
		}
	}
	f, err := parseFloat(n.Text)
	if err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
		d.report(place{path: where.path(), pos: pos}, "out-of-range", "must be a finite number", "")
		return nil
	}
	return f
}
