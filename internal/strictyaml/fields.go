package strictyaml

import (
	"encoding"
	"reflect"
	"slices"
	"strings"
)

// StructField is a field of a struct that stands for a key, or for two.
type StructField struct {
	Key     string // empty if Inline
	FileKey string // the key of the File part; empty for most
	Inline  bool   // a map that takes the keys that are left
	Index   []int  // see [reflect.Value.FieldByIndex]
	Type    reflect.Type
	Tag     reflect.StructTag
}

// NullIsAbsent reports whether a YAML null means that the key is absent.
func (f *StructField) NullIsAbsent() bool { return f.Tag.Get("null") == "absent" }

// Fields returns the fields of a struct type that stand for keys, in their order, those of
// inlined structs where the struct stands; none for any other type.
func Fields(t reflect.Type) []StructField {
	if t.Kind() != reflect.Struct {
		return nil
	}
	fields := make([]StructField, 0, t.NumField())
	for i := range t.NumField() {
		f := t.Field(i)
		key, ok := f.Tag.Lookup("yaml")
		if !ok || key == "-" {
			continue
		}
		name, option, _ := strings.Cut(key, ",")
		if option == "inline" && f.Type.Kind() == reflect.Struct {
			fields = append(fields, inlined(f)...)
			continue
		}
		field := StructField{Key: name, Inline: option == "inline", Index: f.Index, Type: f.Type, Tag: f.Tag}
		if f.Type.Kind() == reflect.Struct { // no other type has two parts
			field.FileKey = f.Tag.Get("file")
		}
		fields = append(fields, field)
	}
	return fields
}

// inlined are the fields of a struct whose keys stand among those of the struct around it.
func inlined(outer reflect.StructField) []StructField {
	fields := Fields(outer.Type)
	for i := range fields {
		fields[i].Index = append(slices.Clone(outer.Index), fields[i].Index...)
	}
	return fields
}

// IsOptional reports whether a type has the shape of [database/sql.Null]: V and Valid.
func IsOptional(t reflect.Type) bool {
	return t.Kind() == reflect.Struct && t.NumField() == 2 && t.Field(0).Name == "V" && t.Field(1).Name == "Valid"
}

// IsText reports whether values of the type are read from text by a method of their own.
func IsText(t reflect.Type) bool {
	return reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}

// IsAbsent reports whether a value stands for a key that is not there.
func IsAbsent(v reflect.Value) bool {
	if v.Kind() == reflect.Slice || v.Kind() == reflect.Map {
		return v.IsNil()
	}
	if v.IsZero() {
		return true
	}
	if v.Kind() != reflect.Struct {
		return false
	}
	if v.CanAddr() {
		v = v.Addr() // has the same method, and takes no copy
	}
	if z, ok := v.Interface().(interface{ IsZero() bool }); ok {
		return z.IsZero()
	}
	return false
}
