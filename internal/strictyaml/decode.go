package strictyaml

import (
	"fmt"
	"reflect"

	"github.com/maskit-dev/maskit"
)

// MaxProblems is how many problems of one document are reported; more are cut off
// with a last one that says so.
const MaxProblems = 500

// Options tell [Decode] what the types cannot.
type Options struct {
	// Enum returns the values that a string type may have; nil for any. Optional.
	Enum func(reflect.Type) []string
}

// Decode fills out, a pointer to a struct, from a mapping. What cannot be read is
// reported and left at its zero value. It returns where every key and list item
// stands, those that could not be read included, by path.
func Decode(n *Node, out any, o Options) (map[string]maskit.Pos, maskit.Problems) {
	d := decoder{Options: o, positions: map[string]maskit.Pos{}, structs: map[reflect.Type]*structInfo{}}
	d.value(place{pos: n.Pos}, n, reflect.ValueOf(out).Elem())
	if d.cut {
		d.problems = append(d.problems, maskit.Problem{
			Code: "too-many-problems", Message: fmt.Sprintf("more than %d problems: the rest is not shown", MaxProblems),
			Hint: "is this the right file?", Pos: maskit.Pos{File: n.Pos.File},
		})
	}
	return d.positions, d.problems
}

type decoder struct {
	Options
	positions map[string]maskit.Pos
	structs   map[reflect.Type]*structInfo
	problems  maskit.Problems
	cut       bool
}

// structInfo is what a struct type says about keys.
type structInfo struct {
	fields []StructField
	byKey  map[string]*StructField // by Key and FileKey
	known  []string
	inline *StructField
}

// place is where a value stands. The position is that of its key, or of the list item.
type place struct {
	path string
	pos  maskit.Pos
	null bool // a null means absent
}

func (d *decoder) report(at place, code, message, hint string) {
	if len(d.problems) >= MaxProblems {
		d.cut = true
		return
	}
	d.problems = append(d.problems, maskit.Problem{Path: at.path, Code: code, Message: message, Hint: hint, Pos: at.pos})
}

func (d *decoder) value(at place, n *Node, out reflect.Value) {
	t := out.Type()
	switch {
	case n.Kind == Null && t.Kind() != reflect.Interface:
		d.null(at, t)
	case t.Kind() == reflect.Pointer:
		d.pointer(at, n, out)
	case IsOptional(t):
		d.optional(at, n, out)
	case IsText(t):
		d.text(at, n, out)
	case t.Kind() == reflect.Struct:
		d.fields(at, n, out)
	case t.Kind() == reflect.Slice:
		d.list(at, n, out)
	case t.Kind() == reflect.Map:
		d.mapping(at, n, out)
	case t.Kind() == reflect.Interface:
		d.free(at, n, out)
	default:
		d.scalar(at, n, out)
	}
}

func (d *decoder) null(at place, t reflect.Type) {
	if at.null || at.path == "" {
		return
	}
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case IsOptional(t) || IsText(t):
	case t.Kind() == reflect.Struct || t.Kind() == reflect.Slice || t.Kind() == reflect.Map:
		d.report(at, "null-section", "is empty, which is not the same as absent: it cannot be loaded", "remove the key, or give it something to hold")
		return
	}
	d.report(at, "null-value", "has no value", "remove the key, or give it a value")
}

func (d *decoder) pointer(at place, n *Node, out reflect.Value) {
	target := reflect.New(out.Type().Elem())
	before := len(d.problems)
	d.value(at, n, target.Elem())
	if len(d.problems) > before && target.Elem().IsZero() && n.Kind != Mapping {
		return // nothing could be read: the section stays absent
	}
	out.Set(target)
}

func (d *decoder) optional(at place, n *Node, out reflect.Value) {
	before := len(d.problems)
	d.value(at, n, out.Field(0))
	out.Field(1).SetBool(len(d.problems) == before)
}

func (d *decoder) list(at place, n *Node, out reflect.Value) {
	if !d.expect(at, n, Sequence) {
		return
	}
	list := reflect.MakeSlice(out.Type(), len(n.Items), len(n.Items))
	for i, item := range n.Items {
		child := place{path: ItemPath(at.path, i), pos: item.Pos}
		d.positions[child.path] = child.pos
		d.value(child, item, list.Index(i))
	}
	out.Set(list)
}

func (d *decoder) mapping(at place, n *Node, out reflect.Value) {
	if !d.expect(at, n, Mapping) {
		return
	}
	m := reflect.MakeMapWithSize(out.Type(), len(n.Fields))
	for _, f := range n.Fields {
		d.entry(at, f, m)
	}
	out.Set(m)
}

// entry decodes one entry of a Go map.
func (d *decoder) entry(at place, f Field, m reflect.Value) {
	child := place{path: ChildPath(at.path, f.Key), pos: f.Pos}
	d.positions[child.path] = child.pos
	value := reflect.New(m.Type().Elem()).Elem()
	before := len(d.problems)
	d.value(child, f.Value, value)
	if len(d.problems) == before {
		m.SetMapIndex(reflect.ValueOf(f.Key).Convert(m.Type().Key()), value)
	}
}

func (d *decoder) fields(at place, n *Node, out reflect.Value) {
	if !d.expect(at, n, Mapping) {
		return
	}
	info := d.info(out.Type())
	for _, f := range n.Fields {
		child := place{path: ChildPath(at.path, f.Key), pos: f.Pos}
		field := info.byKey[f.Key]
		switch {
		case field != nil:
			d.positions[child.path] = child.pos
			child.null = f.Value.Kind == Null && field.NullIsAbsent()
			d.value(child, f.Value, fieldValue(out.FieldByIndex(field.Index), field, f.Key))
		case info.inline != nil:
			d.inline(at, f, out.FieldByIndex(info.inline.Index))
		default:
			d.unknown(child, f.Key, info.known)
		}
	}
}

// fieldValue is what a key sets: the field, or one half of a pair.
func fieldValue(v reflect.Value, field *StructField, key string) reflect.Value {
	switch {
	case field.FileKey == "":
		return v
	case field.FileKey == key:
		return v.FieldByName("File")
	}
	return v.FieldByName("Inline")
}

func (d *decoder) inline(at place, f Field, out reflect.Value) {
	if out.IsNil() {
		out.Set(reflect.MakeMap(out.Type()))
	}
	d.entry(at, f, out)
}

func (d *decoder) unknown(at place, key string, known []string) {
	if d.cut || len(d.problems) >= MaxProblems {
		d.cut = true
		return
	}
	hint := "remove it"
	if meant := Closest(key, known); meant != "" {
		hint = fmt.Sprintf("did you mean %q?", meant)
	}
	d.report(at, "unknown-key", "is not a known key, and would be ignored in silence", hint)
}

func (d *decoder) info(t reflect.Type) *structInfo {
	if info, ok := d.structs[t]; ok {
		return info
	}
	info := &structInfo{fields: Fields(t), byKey: map[string]*StructField{}}
	for i := range info.fields {
		f := &info.fields[i]
		if f.Inline {
			info.inline = f
			continue
		}
		for _, key := range []string{f.Key, f.FileKey} {
			if key != "" {
				info.byKey[key] = f
				info.known = append(info.known, key)
			}
		}
	}
	d.structs[t] = info
	return info
}

// expect reports a value of another kind than the wanted one.
func (d *decoder) expect(at place, n *Node, want Kind) bool {
	if n.Kind == want {
		return true
	}
	d.report(at, "wrong-type", fmt.Sprintf("must be %s, is %s", want, n.Kind), expectHint(want, n.Kind))
	return false
}

func expectHint(want, have Kind) string {
	switch {
	case want == Sequence && have == Mapping:
		return `start each entry with "- "`
	case want == Sequence && have != Mapping:
		return `write it as a list: a line that starts with "- " for each value`
	case want == String && (have == Int || have == Float || have == Bool):
		return "put it in quotes"
	case want == Bool:
		return "write true or false, without quotes"
	}
	return ""
}
