package mas

import (
	"reflect"

	"github.com/maskit-dev/maskit/internal/strictyaml"
)

// element is one key that a Config holds, as walk visits it.
type element struct {
	*strictyaml.StructField
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
	w := walker{visit: visit, fields: map[reflect.Type][]strictyaml.StructField{}}
	w.keys(reflect.ValueOf(c).Elem(), "", false)
}

// elements are what walk visits, in its order, for those who look at it more than once.
func (c *Config) elements() []element {
	all := make([]element, 0, 64)
	c.walk(func(e element) { all = append(all, e) })
	return all
}

// elementsOf are those of the provider at a path.
func elementsOf(p *UpstreamProvider, path string) []element {
	all := make([]element, 0, 32)
	w := walker{visit: func(e element) { all = append(all, e) }, fields: map[reflect.Type][]strictyaml.StructField{}}
	w.keys(reflect.ValueOf(p).Elem(), path, true)
	return all
}

type walker struct {
	visit  func(element)
	fields map[reflect.Type][]strictyaml.StructField // by type, read once per walk
}

func (w *walker) fieldsOf(t reflect.Type) []strictyaml.StructField {
	fields, ok := w.fields[t]
	if !ok {
		fields = strictyaml.Fields(t)
		w.fields[t] = fields
	}
	return fields
}

func (w *walker) keys(v reflect.Value, path string, inList bool) {
	fields := w.fieldsOf(v.Type())
	for i := range fields {
		f := &fields[i]
		value := v.FieldByIndex(f.Index)
		if f.Inline || strictyaml.IsAbsent(value) {
			continue
		}
		e := element{StructField: f, path: strictyaml.ChildPath(path, f.Key), value: value, inList: inList}
		if f.FileKey != "" {
			e.filePath = strictyaml.ChildPath(path, f.FileKey)
		}
		w.visit(e)
		w.value(value, e.path, inList)
	}
}

// value descends into structs that mirror YAML mappings, and lists of them.
func (w *walker) value(v reflect.Value, path string, inList bool) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			w.value(v.Elem(), path, inList)
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() != reflect.Struct {
			return
		}
		for i := range v.Len() {
			w.value(v.Index(i), strictyaml.ItemPath(path, i), true)
		}
	case reflect.Struct:
		w.keys(v, path, inList)
	}
}
