package strictyaml

import (
	"cmp"
	"encoding"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/maskit-dev/maskit"
)

// errNotUTF8 says that a text cannot be written as YAML.
var errNotUTF8 = errors.New("is not UTF-8, which YAML cannot hold")

// errNotFinite says that a number cannot be read back.
var errNotFinite = errors.New("is not a finite number")

// BuildError says which value cannot be written as YAML, and why. It does not hold the value.
type BuildError struct {
	Path string
	Err  error
}

// Error implements error.
func (e *BuildError) Error() string { return fmt.Sprintf("strictyaml: build %s: %v", e.Path, e.Err) }

// Unwrap returns the reason.
func (e *BuildError) Unwrap() error { return e.Err }

// Build turns a struct into a mapping: the inverse of [Decode]. Keys are in the
// order of the fields, those of Go maps sorted; what is absent is left out.
// Secrets are revealed, but refused where a type does not name them: among the values
// of a map[string]any. The error is a [*BuildError].
func Build(v any) (*Node, error) {
	return build(reflect.ValueOf(v), "")
}

func build(v reflect.Value, path string) (*Node, error) {
	switch {
	case (v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface) && v.IsNil():
		return &Node{Kind: Null, Text: "null"}, nil
	case v.Kind() == reflect.Interface:
		return buildFree(v.Elem(), path)
	case v.Kind() == reflect.Pointer:
		return build(v.Elem(), path)
	case IsOptional(v.Type()):
		return build(v.Field(0), path)
	case IsText(v.Type()):
		return buildText(v, path)
	case v.Kind() == reflect.Struct:
		return buildStruct(v, path)
	case v.Kind() == reflect.Slice:
		return buildList(v, path)
	case v.Kind() == reflect.Map:
		fields, err := buildMap(v, path)
		return &Node{Kind: Mapping, Fields: fields}, err
	}
	return buildScalar(v, path)
}

func buildText(v reflect.Value, path string) (*Node, error) {
	if secret, ok := v.Interface().(maskit.Secret); ok {
		return stringNode(secret.Reveal(), path)
	}
	marshaler, ok := v.Interface().(encoding.TextMarshaler)
	if !ok {
		return nil, &BuildError{path, fmt.Errorf("%s has no MarshalText", v.Type())}
	}
	text, err := marshaler.MarshalText()
	if err != nil {
		return nil, &BuildError{path, err}
	}
	return stringNode(string(text), path)
}

func buildStruct(v reflect.Value, path string) (*Node, error) {
	out := &Node{Kind: Mapping}
	known := Fields(v.Type())
	for _, f := range known {
		fields, err := buildField(v.FieldByIndex(f.Index), f, known, path)
		if err != nil {
			return nil, err
		}
		out.Fields = append(out.Fields, fields...)
	}
	return out, nil
}

func buildField(v reflect.Value, f StructField, known []StructField, path string) ([]Field, error) {
	switch {
	case f.Inline:
		return buildInline(v, known, path)
	case f.FileKey != "":
		inline, err := buildKey(v.FieldByName("Inline"), f.Key, path)
		if err != nil {
			return nil, err
		}
		file, err := buildKey(v.FieldByName("File"), f.FileKey, path)
		return append(inline, file...), err
	}
	return buildKey(v, f.Key, path)
}

func buildKey(v reflect.Value, key, path string) ([]Field, error) {
	if IsAbsent(v) {
		return nil, nil
	}
	value, err := build(v, ChildPath(path, key))
	return []Field{{Key: key, Value: value}}, err
}

func buildList(v reflect.Value, path string) (*Node, error) {
	out := &Node{Kind: Sequence}
	for i := range v.Len() {
		item, err := build(v.Index(i), ItemPath(path, i))
		if err != nil {
			return nil, err
		}
		out.Items = append(out.Items, item)
	}
	return out, nil
}

func buildMap(v reflect.Value, path string) ([]Field, error) {
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return cmp.Compare(a.String(), b.String()) })
	fields := make([]Field, 0, len(keys))
	for _, key := range keys {
		if !utf8.ValidString(key.String()) {
			return nil, &BuildError{path, fmt.Errorf("a key %w", errNotUTF8)}
		}
		value, err := build(v.MapIndex(key), ChildPath(path, key.String()))
		if err != nil {
			return nil, err
		}
		fields = append(fields, Field{Key: key.String(), Value: value})
	}
	return fields, nil
}

func buildScalar(v reflect.Value, path string) (*Node, error) {
	switch v.Kind() {
	case reflect.String:
		return stringNode(v.String(), path)
	case reflect.Bool:
		return &Node{Kind: Bool, Text: strconv.FormatBool(v.Bool())}, nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return &Node{Kind: Int, Text: strconv.FormatInt(v.Int(), 10)}, nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return &Node{Kind: Int, Text: strconv.FormatUint(v.Uint(), 10)}, nil
	case reflect.Float32, reflect.Float64:
		return floatNode(v.Float(), path)
	}
	return nil, &BuildError{path, fmt.Errorf("cannot write a %s", v.Type())}
}

func stringNode(s, path string) (*Node, error) {
	if !utf8.ValidString(s) {
		return nil, &BuildError{path, errNotUTF8}
	}
	return &Node{Kind: String, Text: s}, nil
}

// floatNode writes a float so that YAML 1.1 readers too take it for one: with a
// dot, and a signed exponent.
func floatNode(f float64, path string) (*Node, error) {
	if math.IsInf(f, 0) || math.IsNaN(f) {
		return nil, &BuildError{path, errNotFinite}
	}
	format := byte('f')
	if size := math.Abs(f); size != 0 && (size < 1e-15 || size >= 1e15) {
		format = 'e'
	}
	text := strconv.FormatFloat(f, format, -1, 64)
	if !strings.Contains(text, ".") {
		mantissa, exponent, found := strings.Cut(text, "e")
		text = mantissa + ".0"
		if found {
			text += "e" + exponent
		}
	}
	return &Node{Kind: Float, Text: text}, nil
}
