package yamledit

import (
	"fmt"

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
	shared  bool       // other places of the document use the same text
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
		found, ok := d.lookup(parent.Value, key, map[*yaml.Node]bool{})
		if !ok {
			return Entry{}, false
		}
		entry = found
		entry.Path = join(parent.Path, key)
		entry.shared = parent.shared || found.shared || d.isUsedElsewhere(entry.mapping)
		if parent.mapping != nil {
			entry.shared = entry.shared || parent.value().Kind == yaml.AliasNode
		}
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
		items[i] = Entry{Path: fmt.Sprintf("%s[%d]", e.Path, i), Pos: d.Pos(n), Value: Deref(n), shared: true}
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
	seen[n] = true
	for i := len(n.Content) - 2; i >= 0; i -= 2 {
		if isKey(n.Content[i], key) {
			return Entry{Pos: d.Pos(n.Content[i]), Value: Deref(n.Content[i+1]), mapping: n, index: i}, true
		}
	}
	for i := len(n.Content) - 2; i >= 0; i -= 2 {
		if Resolve(n.Content[i]).Kind != KindMerge {
			continue
		}
		sources := []*yaml.Node{n.Content[i+1]}
		if merged := Deref(n.Content[i+1]); merged.Kind == yaml.SequenceNode {
			sources = merged.Content
		}
		for _, source := range sources {
			if e, ok := d.lookup(source, key, seen); ok {
				e.shared = true
				return e, true
			}
		}
	}
	return Entry{}, false
}

func isKey(n *yaml.Node, key string) bool {
	n = Deref(n)
	return n.Kind == yaml.ScalarNode && n.Value == key && Resolve(n).Kind == KindString
}

// Entries lists the keys of a mapping that are strings, in the order of the
// file, without those that it merges. The path is that of the mapping.
func (d *Document) Entries(path string, n *yaml.Node) []Entry {
	n = Deref(n)
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	var entries []Entry
	for i := 0; i+1 < len(n.Content); i += 2 {
		if name := Resolve(n.Content[i]); name.Kind == KindString {
			entries = append(entries, Entry{
				Path: join(path, name.Text), Pos: d.Pos(n.Content[i]), Value: Deref(n.Content[i+1]), mapping: n, index: i,
			})
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
