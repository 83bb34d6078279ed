package strictyaml

import (
	"reflect"

	"github.com/maskit-dev/maskit"
)

// DecodeCopy decodes into a copy of a struct, and returns it: for callers who know its type
// at run time only. A pointer to a struct is decoded into.
func DecodeCopy(n *Node, value any, o Options) (any, map[string]maskit.Pos, maskit.Problems) {
	if reflect.TypeOf(value).Kind() == reflect.Pointer {
		positions, problems := Decode(n, value, o)
		return value, positions, problems
	}
	target := reflect.New(reflect.TypeOf(value))
	target.Elem().Set(reflect.ValueOf(value))
	positions, problems := Decode(n, target.Interface(), o)
	return target.Elem().Interface(), positions, problems
}
