package strictyaml

import (
	"errors"
	"reflect"

	"github.com/maskit-dev/maskit"
)

// Why a value of no particular type, such as one of a map[string]any, is refused.
var (
	errFreeSecret = errors.New("is a maskit.Secret among free values, where nothing keeps it apart from what is public")
	errFreeType   = errors.New("is neither a text, a number, a boolean, a list nor a map with texts for keys")
	errFieldKey   = errors.New("is a key that has a field of its own")
)

// buildFree builds what an interface holds. Only what [Decode] can give back is taken:
// anything else would lose something, or reveal it.
func (b *builder) buildFree(v reflect.Value) (*Node, error) {
	if err := checkFree(v.Type()); err != nil {
		return nil, err
	}
	return b.build(v)
}

func checkFree(t reflect.Type) error {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Map {
		if t.Kind() == reflect.Map && t.Key().Kind() != reflect.String {
			return errFreeType
		}
		t = t.Elem()
	}
	switch {
	case t == reflect.TypeFor[maskit.Secret]():
		return errFreeSecret
	case t.Kind() == reflect.Struct && !IsText(t):
		return errFreeType
	}
	return nil
}

// buildInline builds the keys that no field has.
func (b *builder) buildInline(v reflect.Value, known []StructField) ([]Field, error) {
	for _, f := range known {
		for _, key := range []string{f.Key, f.FileKey} {
			if key != "" && v.MapIndex(reflect.ValueOf(key)).IsValid() {
				return nil, under(ChildPath("", key), errFieldKey)
			}
		}
	}
	return b.buildMap(v)
}
