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

// under says of an error that it is about what stands at a key, or at "[0]".
func under(step string, err error) error {
	below := (*BuildError)(nil)
	switch {
	case !errors.As(err, &below):
		return &BuildError{step, err}
	case strings.HasPrefix(below.Path, "["):
		return &BuildError{step + below.Path, below.Err}
	}
	return &BuildError{step + "." + below.Path, below.Err}
}

// Build turns a struct into a mapping: the inverse of [Decode]. Keys are in the
// order of the fields, those of Go maps sorted; what is absent is left out.
// Secrets are revealed, but refused where a type does not name them: among the values
// of a map[string]any. The error is a [*BuildError].
func Build(v any) (*Node, error) {
	b := builder{fields: map[reflect.Type][]StructField{}}
	n, err := b.build(reflect.ValueOf(v))
	if err != nil && !errors.As(err, new(*BuildError)) {
		err = &BuildError{Err: err} // of the document itself
	}
	return n, err
}

// builder builds one document.
type builder struct {
	fields map[reflect.Type][]StructField // of the structs met so far
}

func (b *builder) fieldsOf(t reflect.Type) []StructField {
	fields, known := b.fields[t]
	if !known {
		fields = Fields(t)
		b.fields[t] = fields
	}
	return fields
}

func (b *builder) build(v reflect.Value) (*Node, error) {
	switch {
	case (v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface) && v.IsNil():
		return &Node{Kind: Null, Text: "null"}, nil
	case v.Kind() == reflect.Interface:
		return b.buildFree(v.Elem())
	case v.Kind() == reflect.Pointer:
		return b.build(v.Elem())
	case IsOptional(v.Type()):
		return b.build(v.Field(0))
	case IsText(v.Type()):
		return buildText(v)
	case v.Kind() == reflect.Struct:
		return b.buildStruct(v)
	case v.Kind() == reflect.Slice:
		return b.buildList(v)
	case v.Kind() == reflect.Map:
		fields, err := b.buildMap(v)
		return &Node{Kind: Mapping, Fields: fields}, err
	}
	return buildScalar(v)
}

func buildText(v reflect.Value) (*Node, error) {
	if secret, ok := v.Interface().(maskit.Secret); ok {
		return stringNode(secret.Reveal())
	}
	marshaler, ok := v.Interface().(encoding.TextMarshaler)
	if !ok {
		return nil, fmt.Errorf("%s has no MarshalText", v.Type())
	}
	text, err := marshaler.MarshalText()
	if err != nil {
		return nil, err
	}
	return stringNode(string(text))
}

func (b *builder) buildStruct(v reflect.Value) (*Node, error) {
	known := b.fieldsOf(v.Type())
	out := &Node{Kind: Mapping, Fields: make([]Field, 0, min(len(known), 16))}
	for i := range known {
		value := v.FieldByIndex(known[i].Index)
		if known[i].Inline {
			fields, err := b.buildInline(value, known)
			if err != nil {
				return nil, err
			}
			out.Fields = append(out.Fields, fields...)
			continue
		}
		if err := b.buildField(out, value, &known[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// buildField adds the keys of a field to a mapping.
func (b *builder) buildField(out *Node, v reflect.Value, f *StructField) error {
	switch {
	case IsAbsent(v):
		return nil
	case f.FileKey != "":
		if err := b.buildKey(out, v.FieldByName("Inline"), f.Key); err != nil {
			return err
		}
		return b.buildKey(out, v.FieldByName("File"), f.FileKey)
	}
	return b.buildKey(out, v, f.Key)
}

func (b *builder) buildKey(out *Node, v reflect.Value, key string) error {
	if IsAbsent(v) {
		return nil
	}
	value, err := b.build(v)
	if err != nil {
		return under(ChildPath("", key), err)
	}
	out.Fields = append(out.Fields, Field{Key: key, Value: value})
	return nil
}

func (b *builder) buildList(v reflect.Value) (*Node, error) {
	out := &Node{Kind: Sequence}
	for i := range v.Len() {
		item, err := b.build(v.Index(i))
		if err != nil {
			return nil, under(ItemPath("", i), err)
		}
		out.Items = append(out.Items, item)
	}
	return out, nil
}

func (b *builder) buildMap(v reflect.Value) ([]Field, error) {
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return cmp.Compare(a.String(), b.String()) })
	fields := make([]Field, 0, len(keys))
	for _, key := range keys {
		if !utf8.ValidString(key.String()) {
			return nil, fmt.Errorf("a key %w", errNotUTF8)
		}
		value, err := b.build(v.MapIndex(key))
		if err != nil {
			return nil, under(ChildPath("", key.String()), err)
		}
		fields = append(fields, Field{Key: key.String(), Value: value})
	}
	return fields, nil
}

func buildScalar(v reflect.Value) (*Node, error) {
	switch v.Kind() {
	case reflect.String:
		return stringNode(v.String())
	case reflect.Bool:
		return &Node{Kind: Bool, Text: strconv.FormatBool(v.Bool())}, nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return &Node{Kind: Int, Text: strconv.FormatInt(v.Int(), 10)}, nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return &Node{Kind: Int, Text: strconv.FormatUint(v.Uint(), 10)}, nil
	case reflect.Float32, reflect.Float64:
		return floatNode(v.Float())
	}
	return nil, fmt.Errorf("cannot write a %s", v.Type())
}

func stringNode(s string) (*Node, error) {
	if !utf8.ValidString(s) {
		return nil, errNotUTF8
	}
	return &Node{Kind: String, Text: s}, nil
}

// floatNode writes a float so that YAML 1.1 readers too take it for one: with a
// dot, and a signed exponent.
func floatNode(f float64) (*Node, error) {
	if math.IsInf(f, 0) || math.IsNaN(f) {
		return nil, errNotFinite
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
