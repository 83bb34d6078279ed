package yamledit

import (
	"fmt"
	"slices"

	"gopkg.in/yaml.v3"

	"github.com/maskit-dev/maskit"
)

// Entry is one key of a mapping, and its value.
type Entry struct {
	// Path is the YAML path: "password_config.enabled".
	Path string
	// Pos is where the key stands.
	Pos maskit.Pos
	// Value is the value; if the file has an alias, it is what the alias names.
	Value *yaml.Node

	mapping *yaml.Node // that holds the entry
	index   int        // of the key among the mapping's children
}

// Scalar resolves the value; KindNone if it is a mapping or a sequence.
func (e Entry) Scalar() Scalar { return Resolve(e.Value) }

// IsNull reports whether the value is null.
func (e Entry) IsNull() bool { return e.Scalar().Kind == KindNull }

// IsMapping reports whether the value is a mapping.
func (e Entry) IsMapping() bool { return e.Value.Kind == yaml.MappingNode }

// Truthy reports whether Python would take the value for true.
func (e Entry) Truthy() bool {
	if e.Value.Kind == yaml.ScalarNode {
		return e.Scalar().Truthy()
	}
	return len(e.Value.Content) > 0
}

func (e Entry) key() *yaml.Node   { return e.mapping.Content[e.index] }
func (e Entry) value() *yaml.Node { return e.mapping.Content[e.index+1] }

// Deref returns what an alias names, and any other node as it is.
func Deref(n *yaml.Node) *yaml.Node {
	if n != nil && n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

// Find looks up the entry that counts for a path of keys: the last of duplicate
// keys, an explicit key before one that a merge key ("<<") brings, the first of
// several merged mappings.
func (d *Document) Find(keys ...string) (Entry, bool) {
	return d.FindBelow(Entry{Value: d.root}, keys...)
}

// FindBelow is [Document.Find] from the value of an entry on.
func (d *Document) FindBelow(entry Entry, keys ...string) (Entry, bool) {
	for _, key := range keys {
		parent := entry
		found, ok := d.lookup(parent.Value, key, nil)
		if !ok {
			return Entry{}, false
		}
		entry = found
		entry.Path = join(parent.Path, key)
	}
	return entry, len(keys) > 0
}

// Items lists the items of a sequence, for reading; [Edits.RemoveItem] takes one out.
func (d *Document) Items(e Entry) []Entry {
	if e.Value.Kind != yaml.SequenceNode {
		return nil
	}
	items := make([]Entry, len(e.Value.Content))
	for i, n := range e.Value.Content {
		items[i] = Entry{Path: fmt.Sprintf("%s[%d]", e.Path, i), Pos: d.Pos(n), Value: Deref(n)}
	}
	return items
}

// lookup finds a key in one mapping and in what it merges. A mapping that was
// searched in vain is not searched again, so merges of merges cost no more than their text.
func (d *Document) lookup(n *yaml.Node, key string, seen map[*yaml.Node]bool) (Entry, bool) {
	n = Deref(n)
	if n == nil || n.Kind != yaml.MappingNode || seen[n] {
		return Entry{}, false
	}
	if i := lookupOwn(n, key); i >= 0 {
		return Entry{Pos: d.Pos(n.Content[i]), Value: Deref(n.Content[i+1]), mapping: n, index: i}, true
	}
	for i := len(n.Content) - 2; i >= 0; i -= 2 {
		if Resolve(n.Content[i]).Kind != KindMerge {
			continue
		}
		if seen == nil {
			seen = map[*yaml.Node]bool{}
		}
		seen[n] = true
		for _, source := range mergeSources(n.Content[i+1]) {
			if e, ok := d.lookup(source, key, seen); ok {
				return e, true
			}
		}
	}
	return Entry{}, false
}

// lookupOwn is the index of a key that a mapping itself has, of duplicates the
// last; -1 if it has none.
func lookupOwn(n *yaml.Node, key string) int {
	if n == nil || n.Kind != yaml.MappingNode {
		return -1
	}
	for i := len(n.Content) - 2; i >= 0; i -= 2 {
		if isKey(n.Content[i], key) {
			return i
		}
	}
	return -1
}

// mergeSources lists the mappings that the value of a merge key names.
func mergeSources(value *yaml.Node) []*yaml.Node {
	if n := Deref(value); n.Kind == yaml.SequenceNode {
		return n.Content
	}
	return []*yaml.Node{value}
}

func isKey(n *yaml.Node, key string) bool {
	n = Deref(n)
	return n.Kind == yaml.ScalarNode && n.Value == key && Resolve(n).Kind == KindString
}

// Entries lists the keys of a mapping that are strings, in the order of the
// file, with duplicates; then those that only a merge key brings. The path is that of the mapping.
func (d *Document) Entries(path string, n *yaml.Node) []Entry {
	n = Deref(n)
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	pairs := n.Content
	if merges(n) {
		pairs = slices.Clone(pairs)
		for brought := Effective(n); len(brought) > 0; brought = brought[2:] {
			if !slices.Contains(n.Content, brought[0]) && lookupOwn(n, brought[0].Value) < 0 {
				pairs = append(pairs, brought[0], brought[1])
			}
		}
	}
	var entries []Entry
	for i := 0; i+1 < len(pairs); i += 2 {
		if name := Resolve(pairs[i]); name.Kind == KindString {
			entries = append(entries, Entry{Path: join(path, name.Text), Pos: d.Pos(pairs[i]), Value: Deref(pairs[i+1])})
		}
	}
	return entries
}

// isUsedElsewhere reports whether an alias names the node.
func (d *Document) isUsedElsewhere(n *yaml.Node) bool {
	if n.Anchor == "" {
		return false
	}
	for _, alias := range d.aliases {
		if alias.Alias == n {
			return true
		}
	}
	return false
}
