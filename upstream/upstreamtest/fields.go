package upstreamtest

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/strictyaml"
	"github.com/maskit-dev/maskit/upstream"
)

// field is a place in a provider's configuration that holds a string or a secret.
type field struct {
	path   string
	secret bool
	set    func(value string)
}

// stringFields finds the fields of the provider; setting one changes that provider.
// Lists get an item more, maps a value for each key and a key more.
func stringFields(p upstream.Provider) []field {
	_, fields := editable(p)
	return fields
}

// with returns a new provider in which the field that has the same path is set.
func (c Config) with(f field, value string) upstream.Provider {
	target, fields := editable(c.New())
	for _, candidate := range fields {
		if candidate.path == f.path {
			candidate.set(value)
		}
	}
	provider, _ := target.Interface().(upstream.Provider) // it was made from one
	return provider
}

// editable returns a settable copy of the provider, or what it points to, and its fields.
func editable(p upstream.Provider) (reflect.Value, []field) {
	target := reflect.New(reflect.TypeOf(p)).Elem()
	target.Set(reflect.ValueOf(p))
	w := &walker{}
	w.walk("", target)
	return target, w.fields
}

type walker struct{ fields []field }

func (w *walker) add(path string, set func(string)) {
	w.fields = append(w.fields, field{path: path, set: set})
}

func (w *walker) walk(path string, v reflect.Value) {
	if v.Type() == reflect.TypeFor[maskit.Secret]() {
		w.fields = append(w.fields, field{path: path, secret: true, set: func(s string) {
			v.Set(reflect.ValueOf(maskit.NewSecret(s)))
		}})
		return
	}
	switch v.Kind() {
	case reflect.String:
		w.add(path, v.SetString)
	case reflect.Struct:
		w.walkStruct(path, v)
	case reflect.Pointer, reflect.Interface:
		if v.Kind() == reflect.Pointer && !v.IsNil() {
			w.walk(path, v.Elem())
		}
	case reflect.Slice:
		w.walkSlice(path, v)
	case reflect.Map:
		w.walkMap(path, v)
	default: // numbers and booleans hold no string
	}
}

func (w *walker) walkStruct(path string, v reflect.Value) {
	for i := range v.NumField() {
		if f := v.Type().Field(i); f.IsExported() || f.Anonymous && f.Type.Kind() == reflect.Struct {
			w.walk(strings.TrimPrefix(path+"."+f.Name, "."), v.Field(i))
		}
	}
}

func (w *walker) walkSlice(path string, v reflect.Value) {
	for i := range v.Len() {
		w.walk(fmt.Sprintf("%s[%d]", path, i), v.Index(i))
	}
	if v.Type().Elem().Kind() == reflect.String {
		w.add(path+"[+]", func(s string) {
			item := reflect.New(v.Type().Elem()).Elem()
			item.SetString(s)
			v.Set(reflect.Append(v, item))
		})
	}
}

func (w *walker) walkMap(path string, v reflect.Value) {
	if v.Type().Key().Kind() != reflect.String || v.Type().Elem().Kind() != reflect.String {
		return
	}
	put := func(key, value string) {
		next := map[string]string{}
		for iter := v.MapRange(); iter.Next(); {
			next[iter.Key().String()] = iter.Value().String()
		}
		next[key] = value
		v.Set(reflect.MakeMapWithSize(v.Type(), len(next)))
		for k, text := range next {
			v.SetMapIndex(reflect.ValueOf(k).Convert(v.Type().Key()), reflect.ValueOf(text).Convert(v.Type().Elem()))
		}
	}
	keys := map[string]bool{"x-new": true}
	for _, key := range v.MapKeys() {
		keys[key.String()] = true
	}
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		w.add(path+"."+key, func(s string) { put(key, s) })
	}
	w.add(path+".{key}", func(s string) { put(s, "x") })
}

// yamlKeys are the top-level keys of the provider's configuration; nil if its fields
// have no YAML tags.
func yamlKeys(p upstream.Provider) map[string]bool {
	t := reflect.TypeOf(p)
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return nil
	}
	keys := map[string]bool{}
	for _, f := range strictyaml.Fields(t) {
		for _, name := range []string{f.Key, f.FileKey} {
			if name != "" && name != "-" {
				keys[name] = true
			}
		}
	}
	if len(keys) == 0 {
		return nil
	}
	keys["id"] = true // which stands for Env.ID
	return keys
}
