package strictyaml

import (
	"slices"
	"strconv"

	"github.com/maskit-dev/maskit"
)

// Kind is what a [Node] is.
type Kind uint8

// The kinds.
const (
	Null Kind = iota
	Bool
	Int
	Float
	String
	Mapping
	Sequence
)

// String returns the kind as messages name it.
func (k Kind) String() string {
	switch k {
	case Null:
		return "null"
	case Bool:
		return "a boolean"
	case Int:
		return "an integer"
	case Float:
		return "a number with a fraction"
	case String:
		return "a string"
	case Mapping:
		return "a mapping"
	case Sequence:
		return "a list"
	}
	return "kind " + strconv.Itoa(int(k))
}

// Node is a value of a document: aliases are resolved, scalars have their type,
// and every part knows where it stands. Nodes may be shared and are never written
// to once made.
type Node struct {
	Kind   Kind
	Text   string  // scalars: their text; for a [String] its value
	Fields []Field // mappings: in the order of the file, no key twice
	Items  []*Node // sequences
	Pos    maskit.Pos
}

// Field is one entry of a mapping.
type Field struct {
	Key   string
	Pos   maskit.Pos // of the key
	Value *Node
}

// Get returns the value of a key of a mapping, nil if there is none.
func (n *Node) Get(key string) *Node {
	if i := n.index(key); i >= 0 {
		return n.Fields[i].Value
	}
	return nil
}

// Only returns a mapping of some of the keys of a mapping.
func (n *Node) Only(keys ...string) *Node { return n.filter(keys, true) }

// Without returns a mapping of the other keys of a mapping.
func (n *Node) Without(keys ...string) *Node { return n.filter(keys, false) }

func (n *Node) filter(keys []string, keep bool) *Node {
	out := *n
	out.Fields = slices.DeleteFunc(slices.Clone(n.Fields), func(f Field) bool { return slices.Contains(keys, f.Key) != keep })
	return &out
}

func (n *Node) index(key string) int {
	for i := range n.Fields {
		if n.Fields[i].Key == key {
			return i
		}
	}
	return -1
}

// maxKeyShown bounds how much of a key a path shows.
const maxKeyShown = 64

// ChildPath returns the path of a key below a path: "matrix" and "kind" give "matrix.kind".
// A key that is no plain word is quoted, and cut when it is long.
func ChildPath(path, key string) string {
	if len(key) > maxKeyShown {
		key = key[:maxKeyShown] + "…"
	}
	if !plainWord(key) {
		key = strconv.Quote(key)
	}
	if path == "" {
		return key
	}
	return path + "." + key
}

// ItemPath returns the path of a list item: "clients" and 0 give "clients[0]".
func ItemPath(path string, index int) string {
	return path + "[" + strconv.Itoa(index) + "]"
}

func plainWord(s string) bool {
	for i := range len(s) {
		c := s[i]
		if c != '_' && c != '-' && (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z') {
			return false
		}
	}
	return s != ""
}
