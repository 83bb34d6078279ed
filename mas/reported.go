package mas

import (
	"reflect"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/strictyaml"
)

// reports are the errors of Parse. They hold for as long as the value that they
// are about stays what it was.
type reports struct {
	found  map[[2]string]bool       // by path and code
	values map[string]reflect.Value // what stood at each path; nothing of what could not be read
}

// reportsOf keeps what Parse has said of the configuration that it returns.
func reportsOf(problems maskit.Problems, c *Config) reports {
	r := reports{found: map[[2]string]bool{}}
	for _, p := range problems.Only(maskit.SeverityError) {
		r.found[[2]string{p.Path, p.Code}] = true
	}
	r.values = c.valuesAt(r.paths())
	for path, v := range r.values {
		r.values[path] = cloneValue(v)
	}
	return r
}

func (r reports) paths() map[string]bool {
	paths := make(map[string]bool, len(r.found))
	for said := range r.found {
		paths[said[0]] = true
	}
	return paths
}

// holding returns the errors that are still about what stands in c.
func (r reports) holding(c *Config) reports {
	if len(r.found) == 0 {
		return r
	}
	now := c.valuesAt(r.paths())
	out := reports{found: map[[2]string]bool{}, values: r.values}
	for said := range r.found {
		before, after := r.values[said[0]], now[said[0]]
		if before.IsValid() == after.IsValid() && (!before.IsValid() || equalValue(before, after, trimNone)) {
			out.found[said] = true
		}
	}
	return out
}

// unreadable are the paths of values that Parse had to leave out.
func (r reports) unreadable() paths {
	out := paths{}
	for path := range r.paths() {
		if v := r.values[path]; !v.IsValid() || v.IsZero() {
			out[path] = true
		}
	}
	return out
}

// paths is a set of paths.
type paths map[string]bool

// covers reports whether the set has the path, or one above it.
func (ps paths) covers(path string) bool {
	for path != "" {
		if ps[path] {
			return true
		}
		path = parentPath(path)
	}
	return false
}

// parentPath returns the path of what holds the value at path.
func parentPath(path string) string {
	return path[:max(strings.LastIndexAny(path, ".["), 0)]
}

// valuesAt returns the values at some paths, those that are present. Of a pair such as
// secret and secret_file each key has a value.
func (c *Config) valuesAt(wanted paths) map[string]reflect.Value {
	f := finder{wanted: wanted, found: map[string]reflect.Value{}}
	if len(wanted) > 0 {
		f.keys(reflect.ValueOf(c).Elem(), "")
	}
	return f.found
}

type finder struct {
	wanted paths
	found  map[string]reflect.Value
}

func (f finder) keys(v reflect.Value, path string) {
	for _, field := range strictyaml.Fields(v.Type()) {
		value := v.FieldByIndex(field.Index)
		switch {
		case field.Inline:
			f.entries(value, path)
		case field.FileKey != "":
			f.value(value.FieldByName("Inline"), strictyaml.ChildPath(path, field.Key))
			f.value(value.FieldByName("File"), strictyaml.ChildPath(path, field.FileKey))
		default:
			f.value(value, strictyaml.ChildPath(path, field.Key))
		}
	}
}

func (f finder) value(v reflect.Value, path string) {
	if strictyaml.IsAbsent(v) {
		return
	}
	if f.wanted[path] {
		f.found[path] = v
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		f.below(v.Elem(), path)
	default:
		f.below(v, path)
	}
}

// below visits what a value holds. A list item is there even if it is zero.
func (f finder) below(v reflect.Value, path string) {
	switch v.Kind() {
	case reflect.Struct:
		f.keys(v, path)
	case reflect.Slice:
		for i := range v.Len() {
			at := strictyaml.ItemPath(path, i)
			if f.wanted[at] {
				f.found[at] = v.Index(i)
			}
			f.below(v.Index(i), at)
		}
	case reflect.Map:
		f.entries(v, path)
	}
}

func (f finder) entries(m reflect.Value, path string) {
	for _, key := range m.MapKeys() {
		f.value(m.MapIndex(key), strictyaml.ChildPath(path, key.String()))
	}
}
