package strictyaml

import (
	"encoding"
	"reflect"
	"strings"
)

// StructField is a field of a struct that stands for a key, or for two.
type StructField struct {
	Key     string // empty if Inline
	FileKey string // the key of the File part; empty for most
	Inline  bool   // takes the keys that are left
	Null    bool   // a YAML null means absent
	Index   int
	Type    reflect.Type
	Tag     reflect.StructTag
}

// Fields returns the fields of a struct type that stand for keys, in their order;
// none for any other type.
func Fields(t reflect.Type) []StructField {
	if t.Kind() != reflect.Struct {
		return nil
	}
	fields := make([]StructField, 0, t.NumField())
	for i := range t.NumField() {
		f := t.Field(i)
		key, ok := f.Tag.Lookup("yaml")
		if !ok {
			continue
		}
		name, option, _ := strings.Cut(key, ",")
		fields = append(fields, StructField{
			Key: name, FileKey: f.Tag.Get("file"), Inline: option == "inline",
			Null: f.Tag.Get("null") == "absent", Index: i, Type: f.Type, Tag: f.Tag,
		})
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
	if z, ok := v.Interface().(interface{ IsZero() bool }); ok {
		return z.IsZero()
	}
	return v.IsZero()
}
