package mas

import (
	"cmp"
	"fmt"
	"maps"
	"net/url"
	"reflect"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/strictyaml"
)

// changedValue compares a value with what it was. Either may be nil: absent. A pair
// such as secret and secret_file, and a map, give a field for each key.
func changedValue(old, next *element) []maskit.FieldChange {
	e := cmp.Or(next, old)
	if old != nil && next != nil && equalValue(old.value, next.value, trimmingOf(*next.StructField)) {
		return nil
	}
	switch {
	case e.isPair():
		return append(
			changedKey(e.path, pairPart(old, "Inline"), pairPart(next, "Inline")),
			changedKey(e.filePath, pairPart(old, "File"), pairPart(next, "File"))...)
	case e.value.Kind() == reflect.Map:
		return changedMap(e, old, next)
	case e.Key == "": // a list item that holds nothing, see emptyItems
		return []maskit.FieldChange{{Path: e.path, Before: shownEmpty(old), After: shownEmpty(next)}}
	}
	return changedKey(e.path, rawValue(old), rawValue(next))
}

// changedKey compares one key. What is shown of its values decides nothing: masked, two
// secrets look the same.
func changedKey(path string, before, after reflect.Value) []maskit.FieldChange {
	if sameRaw(before, after) {
		return nil
	}
	return []maskit.FieldChange{{Path: path, Before: shown(before), After: shown(after)}}
}

func sameRaw(a, b reflect.Value) bool {
	if !isPresent(a) || !isPresent(b) {
		return isPresent(a) == isPresent(b)
	}
	return equalValue(a, b, trimNone)
}

func isPresent(v reflect.Value) bool { return v.IsValid() && !strictyaml.IsAbsent(v) }

func pairPart(e *element, name string) reflect.Value {
	if e == nil {
		return reflect.Value{}
	}
	return e.value.FieldByName(name)
}

func rawValue(e *element) reflect.Value {
	if e == nil {
		return reflect.Value{}
	}
	return e.value
}

// shown returns a value as a Change shows it: nil if absent, named strings as
// strings. A Secret stays one, which masks it.
func shown(v reflect.Value) any {
	switch {
	case !isPresent(v):
		return nil
	case strictyaml.IsOptional(v.Type()):
		return v.Field(0).Interface()
	case v.Kind() == reflect.String:
		return shownText(v.String())
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.String:
		items := make([]string, v.Len())
		for i := range items {
			items[i] = fmt.Sprint(shownText(v.Index(i).String()))
		}
		return items
	case v.Type() == reflect.TypeFor[maskit.Secret]():
		return v.Interface()
	case v.Kind() == reflect.Pointer || v.Kind() == reflect.Struct || v.Kind() == reflect.Slice:
		return emptyShown(v.Kind()) // a section, item or list that holds nothing
	}
	return v.Interface()
}

func emptyShown(kind reflect.Kind) string {
	if kind == reflect.Slice {
		return "[]"
	}
	return "{}"
}

// shownText masks what a URL can hold of secrets: user name and password, query and
// fragment. What only looks like a URL is masked as a whole if it could hold one.
func shownText(text string) any {
	const masked = "[redacted]"
	scheme, rest, isURL := strings.Cut(text, "://")
	if !isURL || !strings.ContainsAny(rest, "@?#") {
		return text
	}
	if _, err := url.Parse(text); err != nil || strings.ContainsAny(text, " \t\r\n") {
		return maskit.NewSecret(text)
	}
	authority, path := rest, ""
	if end := strings.IndexAny(rest, "/?#"); end >= 0 {
		authority, path = rest[:end], rest[end:]
	}
	if at := strings.LastIndexByte(authority, '@'); at >= 0 {
		authority = masked + authority[at:]
	}
	if end := strings.IndexAny(path, "?#"); end >= 0 {
		path = path[:end+1] + masked
	}
	return scheme + "://" + authority + path
}

// changedMap compares the keys of maps. Values that may be anything are masked: a
// key set may hold a private key by mistake, policy data a token.
func changedMap(e, old, next *element) []maskit.FieldChange {
	names := map[string]bool{}
	for _, side := range []*element{old, next} {
		if side != nil {
			for _, key := range side.value.MapKeys() {
				names[key.String()] = true
			}
		}
	}
	var fields []maskit.FieldChange
	for _, name := range slices.Sorted(maps.Keys(names)) {
		before, after := entryOf(old, name), entryOf(next, name)
		if before.IsValid() && after.IsValid() && equalValue(before, after, trimNone) {
			continue
		}
		fields = append(fields, maskit.FieldChange{
			Path: strictyaml.ChildPath(e.path, name), Before: shownEntry(before), After: shownEntry(after),
		})
	}
	if len(fields) == 0 { // one of them is empty, the other absent
		return []maskit.FieldChange{{Path: e.path, Before: shownEmpty(old), After: shownEmpty(next)}}
	}
	return fields
}

func entryOf(e *element, name string) reflect.Value {
	if e == nil {
		return reflect.Value{}
	}
	return e.value.MapIndex(reflect.ValueOf(name))
}

func shownEntry(v reflect.Value) any {
	switch {
	case !v.IsValid():
		return nil
	case v.Kind() == reflect.String:
		return shownText(v.String())
	}
	return maskit.NewSecret(fmt.Sprint(v.Interface()))
}

func shownEmpty(e *element) any {
	if e == nil {
		return nil
	}
	return emptyShown(e.value.Kind())
}
