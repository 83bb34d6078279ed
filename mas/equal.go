package mas

import (
	"fmt"
	"maps"
	"reflect"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/strictyaml"
)

// Equal reports whether both hold the same configuration. Secrets are compared by
// [maskit.Secret.Equal], PEM texts without the white space around them, which means
// nothing in them. Where the values stood in files does not count. A key that is
// absent differs from one that holds MAS's default.
func (c *Config) Equal(other *Config) bool {
	if c == nil || other == nil {
		return c == other
	}
	return equalValue(reflect.ValueOf(c).Elem(), reflect.ValueOf(other).Elem(), trimNone)
}

func equalValue(a, b reflect.Value, t trimming) bool {
	if secret, ok := a.Interface().(maskit.Secret); ok {
		return equalSecret(secret, b.Interface().(maskit.Secret), t)
	}
	switch a.Kind() {
	case reflect.Pointer:
		if a.IsNil() || b.IsNil() {
			return a.IsNil() && b.IsNil()
		}
		return equalValue(a.Elem(), b.Elem(), t)
	case reflect.Slice:
		return equalList(a, b)
	case reflect.Map:
		return equalMap(a, b)
	case reflect.Struct:
		return equalStruct(a, b, t)
	case reflect.Interface:
		return equalFree(a.Interface(), b.Interface())
	case reflect.String:
		if t == trimPEM {
			return t.apply(a.String()) == t.apply(b.String())
		}
		return a.String() == b.String()
	}
	return a.Interface() == b.Interface()
}

func equalSecret(a, b maskit.Secret, t trimming) bool {
	if t == trimPEM && !a.IsZero() && !b.IsZero() {
		return maskit.NewSecret(t.apply(a.Reveal())).Equal(maskit.NewSecret(t.apply(b.Reveal())))
	}
	return a.Equal(b)
}

func equalStruct(a, b reflect.Value, t trimming) bool {
	fields := strictyaml.Fields(a.Type())
	if strictyaml.IsOptional(a.Type()) && strictyaml.IsAbsent(a) && strictyaml.IsAbsent(b) {
		return true // whatever V holds
	}
	if len(fields) == 0 { // an Opt, or a pair of Inline and File
		for i := range a.NumField() {
			if !equalValue(a.Field(i), b.Field(i), t) {
				return false
			}
		}
		return true
	}
	for _, f := range fields {
		if !equalValue(a.FieldByIndex(f.Index), b.FieldByIndex(f.Index), trimmingOf(f)) {
			return false
		}
	}
	return true
}

func equalList(a, b reflect.Value) bool {
	if a.IsNil() != b.IsNil() || a.Len() != b.Len() {
		return false
	}
	for i := range a.Len() {
		if !equalValue(a.Index(i), b.Index(i), trimNone) {
			return false
		}
	}
	return true
}

func equalMap(a, b reflect.Value) bool {
	if a.IsNil() != b.IsNil() || a.Len() != b.Len() {
		return false
	}
	for _, key := range a.MapKeys() {
		other := b.MapIndex(key)
		if !other.IsValid() || !equalValue(a.MapIndex(key), other, trimNone) {
			return false
		}
	}
	return true
}

// equalFree compares values of policy data and key sets, where a number may have
// come from YAML, JSON or Go.
func equalFree(a, b any) bool {
	if x, ok := a.(map[string]any); ok {
		y, ok := b.(map[string]any)
		return ok && maps.EqualFunc(x, y, equalFree)
	}
	if x, ok := a.(maskit.Secret); ok {
		y, ok := b.(maskit.Secret)
		return ok && x.Equal(y)
	}
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	x, y := reflect.ValueOf(a), reflect.ValueOf(b)
	switch {
	case x.Kind() == reflect.Slice && y.Kind() == reflect.Slice:
		if x.Len() != y.Len() {
			return false
		}
		for i := range x.Len() {
			if !equalFree(x.Index(i).Interface(), y.Index(i).Interface()) {
				return false
			}
		}
		return true
	case x.CanInt() && y.CanInt():
		return x.Int() == y.Int()
	case isWhole(x) && isWhole(y):
		return wholeText(x) == wholeText(y)
	case isNumber(x) && isNumber(y):
		return toFloat(x) == toFloat(y)
	}
	return reflect.DeepEqual(a, b)
}

func isWhole(v reflect.Value) bool { return v.CanInt() || v.CanUint() }

func wholeText(v reflect.Value) string { return fmt.Sprint(v.Interface()) }

func isNumber(v reflect.Value) bool { return v.CanInt() || v.CanUint() || v.CanFloat() }

func toFloat(v reflect.Value) float64 {
	switch {
	case v.CanInt():
		return float64(v.Int())
	case v.CanUint():
		return float64(v.Uint())
	}
	return v.Float()
}
