package yamledit_test

import (
	"math"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/maskit-dev/maskit/internal/yamledit"
)

// valueOf is what a document says: maps, lists, and scalars as "kind text". It is
// not ok if aliases make it too large to be written out.
func valueOf(doc *yamledit.Document) (value any, ok bool) {
	literal := yamledit.Literal(doc.Root(), 20_000)
	if literal == nil {
		return nil, false
	}
	return nodeValue(literal), true
}

func nodeValue(n *yaml.Node) any {
	switch n.Kind {
	case yaml.SequenceNode:
		list := []any{}
		for _, item := range n.Content {
			list = append(list, nodeValue(item))
		}
		return list
	case yaml.MappingNode:
		object := map[string]any{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			object[keyText(n.Content[i])] = nodeValue(n.Content[i+1])
		}
		return object
	}
	return scalarText(yamledit.Resolve(n))
}

func scalarText(s yamledit.Scalar) string {
	switch s.Kind {
	case yamledit.KindNull:
		return "null"
	case yamledit.KindBool:
		return "bool " + s.Text
	case yamledit.KindInt:
		return "int " + s.Text
	case yamledit.KindFloat:
		f, _ := strconv.ParseFloat(s.Text, 64)
		if math.IsNaN(f) {
			return "float nan"
		}
		return "float " + strconv.FormatUint(math.Float64bits(f), 16)
	case yamledit.KindTimestamp:
		return "timestamp"
	}
	return "str " + s.Text
}

// keyText is one text for keys that are one to Python, in which 1 == 1.0 == True.
func keyText(n *yaml.Node) string {
	switch s := yamledit.Resolve(n); s.Kind {
	case yamledit.KindBool:
		return map[string]string{"true": "int 1", "false": "int 0"}[s.Text]
	case yamledit.KindFloat:
		if f, err := strconv.ParseFloat(s.Text, 64); err == nil && f == math.Trunc(f) && !math.IsInf(f, 0) {
			return "int " + strconv.FormatFloat(f+0, 'f', -1, 64)
		}
		return scalarText(s)
	case yamledit.KindInvalid:
		return "str " + s.Text // a plain "="
	case yamledit.KindTimestamp:
		return "timestamp " + s.Text
	default:
		return scalarText(s)
	}
}

// edit is one change of a document: of the document itself, and of its value.
type edit struct {
	name  string
	keys  []string
	index int
	how   yamledit.Removal
	value *yaml.Node
}

func (e edit) String() string {
	return e.name + " " + strings.Join(e.keys, ".") + " " + strconv.Itoa(e.index)
}

// make makes the change of a document. It is nil if it was refused.
func (e edit) make(doc *yamledit.Document) *yamledit.Document {
	edits := doc.Edit()
	problems := e.addTo(edits)
	if problems {
		return nil
	}
	result, _ := edits.Apply()
	return result
}

func (e edit) addTo(edits *yamledit.Edits) (refused bool) {
	switch e.name {
	case "remove":
		return len(edits.Remove(e.how, note, e.keys...)) > 0
	case "item":
		return len(edits.RemoveItem(e.how, note, e.index, e.keys...)) > 0
	case "append":
		return len(edits.Append(note, e.keys[0], e.value)) > 0
	}
	return len(edits.Set(e.value, e.keys...)) > 0
}

// intend makes the change of a value.
func (e edit) intend(value any) any {
	keys := make([]string, len(e.keys))
	for i, key := range e.keys {
		keys[i] = "str " + key
	}
	switch e.name {
	case "remove":
		without(value, keys)
	case "item":
		withoutItem(value, keys, e.index)
	default:
		with(value, keys, nodeValue(e.value))
	}
	return value
}

// without removes a key, and each mapping that it leaves empty. It reports whether the value is empty then.
func without(value any, keys []string) (empty bool) {
	object, ok := value.(map[string]any)
	if !ok {
		return false
	}
	below, ok := object[keys[0]]
	if !ok {
		return false
	}
	if len(keys) == 1 || without(below, keys[1:]) {
		delete(object, keys[0])
		return len(object) == 0
	}
	return false
}

func withoutItem(value any, keys []string, index int) {
	at := value
	for i, key := range keys {
		object, ok := at.(map[string]any)
		if !ok {
			return
		}
		list, ok := object[key].([]any)
		switch {
		case i < len(keys)-1 || !ok || index < 0 || index >= len(list):
			at = object[key]
		case len(list) == 1:
			without(value, keys)
			return
		default:
			object[key] = append(append([]any{}, list[:index]...), list[index+1:]...)
			return
		}
	}
}

func with(value any, keys []string, to any) {
	object, ok := value.(map[string]any)
	switch {
	case !ok:
	case len(keys) == 1:
		object[keys[0]] = to
	default:
		with(object[keys[0]], keys[1:], to)
	}
}

// someEdits lists every edit of the keys of the first two levels, some of items below, at most limit.
func someEdits(doc *yamledit.Document, limit int) []edit {
	var edits []edit
	add := func(keys []string, value *yaml.Node) {
		nested := append(keys[:len(keys):len(keys)], "new")
		edits = append(edits,
			edit{name: "remove", keys: keys, how: yamledit.Delete}, edit{name: "remove", keys: keys, how: yamledit.CommentOut},
			edit{name: "set", keys: keys, value: yamledit.String("v")}, edit{name: "set", keys: keys, value: sampleMap()},
		)
		if value.Kind == yaml.MappingNode {
			edits = append(edits, edit{name: "set", keys: nested, value: yamledit.Bool(true)})
		}
		for i := range min(len(value.Content), 4) {
			if value.Kind == yaml.SequenceNode {
				edits = append(edits, edit{name: "item", keys: keys, index: i, how: yamledit.Removal(i % 2)})
			}
		}
	}
	for _, outer := range doc.Entries("", doc.Root()) {
		key := outer.Path
		add([]string{key}, outer.Value)
		for _, inner := range doc.Entries("", outer.Value) {
			add([]string{key, inner.Path}, inner.Value)
		}
	}
	if _, ok := doc.Find("new"); !ok {
		edits = append(edits, edit{name: "append", keys: []string{"new"}, value: sampleMap()})
	}
	if len(edits) > limit {
		step := len(edits)/limit + 1
		var some []edit
		for i := 0; i < len(edits); i += step {
			some = append(some, edits[i])
		}
		return some
	}
	return edits
}
