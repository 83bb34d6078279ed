package mas

import (
	"reflect"

	"github.com/maskit-dev/maskit/internal/strictyaml"
)

// element is one key that a Config holds, as walk visits it.
type element struct {
	strictyaml.StructField
	path     string        // of the key; of a pair such as secret and secret_file, that of the inline key
	filePath string        // of a pair, that of the file key
	value    reflect.Value // settable
	inList   bool          // below a list item
}

// isPair reports whether the element is a pair such as secret and secret_file.
func (e element) isPair() bool { return e.FileKey != "" }

// walk visits everything that is present in c, in the order of the fields: a
// section before what it holds. Keys of inlined maps are not visited.
func (c *Config) walk(visit func(element)) {
	walkStruct(reflect.ValueOf(c).Elem(), "", false, visit)
}

func walkStruct(v reflect.Value, path string, inList bool, visit func(element)) {
	for _, f := range strictyaml.Fields(v.Type()) {
		value := v.Field(f.Index)
		if f.Inline || strictyaml.IsAbsent(value) {
			continue
		}
		e := element{StructField: f, path: strictyaml.ChildPath(path, f.Key), value: value, inList: inList}
		if f.FileKey != "" {
			e.filePath = strictyaml.ChildPath(path, f.FileKey)
		}
		visit(e)
		walkValue(value, e.path, inList, visit)
	}
}

// walkValue descends into structs that mirror YAML mappings, and lists of them.
func walkValue(v reflect.Value, path string, inList bool, visit func(element)) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			walkValue(v.Elem(), path, inList, visit)
		}
	case reflect.Slice:
		for i := range v.Len() {
			walkValue(v.Index(i), strictyaml.ItemPath(path, i), true, visit)
		}
	case reflect.Struct:
		walkStruct(v, path, inList, visit)
	}
}
