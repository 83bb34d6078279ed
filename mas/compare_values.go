package mas

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/strictyaml"
)

// changedValue compares a value with what it was. Either may be nil: absent. A pair
// such as secret and secret_file, and a map, give a field for each key.
func changedValue(old, next *element) []maskit.FieldChange {
	shown := next
	if next == nil {
		shown = old
	}
	if old != nil && next != nil && equalValue(old.value, next.value, trimmingOf(next.StructField)) {
		return nil
	}
	switch {
	case shown.isPair():
		return append(
			changedKey(shown.path, pairPart(old, "Inline"), pairPart(next, "Inline")),
			changedKey(shown.filePath, pairPart(old, "File"), pairPart(next, "File"))...)
	case shown.value.Kind() == reflect.Map:
		return changedMap(shown, old, next)
	}
	return changedKey(shown.path, shownValue(old), shownValue(next))
}

func changedKey(path string, before, after any) []maskit.FieldChange {
	if sameShown(before, after) {
		return nil
	}
	return []maskit.FieldChange{{Path: path, Before: before, After: after}}
}

func sameShown(a, b any) bool {
	if x, ok := a.(maskit.Secret); ok {
		y, ok := b.(maskit.Secret)
		return ok && x.Equal(y)
	}
	return reflect.DeepEqual(a, b)
}

func pairPart(e *element, name string) any {
	if e == nil {
		return nil
	}
	return plain(e.value.FieldByName(name))
}

func shownValue(e *element) any {
	if e == nil {
		return nil
	}
	return plain(e.value)
}

// plain returns a value as a Change shows it: nil if absent, named strings as
// strings. A Secret stays one, which masks it.
func plain(v reflect.Value) any {
	switch {
	case strictyaml.IsAbsent(v):
		return nil
	case strictyaml.IsOptional(v.Type()):
		return v.Field(0).Interface()
	case v.Kind() == reflect.String:
		return shownText(v.String())
	case v.Kind() == reflect.Slice:
		items := make([]string, v.Len())
		for i := range items {
			items[i] = v.Index(i).String()
		}
		return items
	}
	return v.Interface()
}

// shownText masks a URL with a user name or password: some keys, such as the endpoint
// of telemetry, take one.
func shownText(text string) any {
	_, rest, isURL := strings.Cut(text, "://")
	authority, _, _ := strings.Cut(rest, "/")
	if isURL && strings.Contains(authority, "@") {
		return maskit.NewSecret(text)
	}
	return text
}

// changedMap compares the keys of maps. Values that may be anything are masked: a
// key set may hold a private key by mistake, policy data a token.
func changedMap(shown, old, next *element) []maskit.FieldChange {
	before, after := mapOf(old), mapOf(next)
	names := maps.Clone(before)
	maps.Copy(names, after)
	var fields []maskit.FieldChange
	for _, name := range slices.Sorted(maps.Keys(names)) {
		fields = append(fields, changedKey(strictyaml.ChildPath(shown.path, name), before[name], after[name])...)
	}
	return fields
}

func mapOf(e *element) map[string]any {
	out := map[string]any{}
	if e == nil {
		return out
	}
	for _, key := range e.value.MapKeys() {
		value := e.value.MapIndex(key)
		if value.Kind() == reflect.String {
			out[key.String()] = shownText(value.String())
		} else {
			out[key.String()] = maskit.NewSecret(fmt.Sprint(value.Interface()))
		}
	}
	return out
}
