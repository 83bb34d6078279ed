package synapse

import (
	"fmt"
	"slices"

	"gopkg.in/yaml.v3"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/yamledit"
)

// Limits of a merged configuration. Aliases of aliases can stand for more than any
// memory holds; mas-cli reads no deeper than 128 levels, Python little more.
const (
	maxMerged = 200_000
	maxDepth  = 100
)

// datum is a value of the merged configuration as Python holds it: scalars are
// resolved, aliases and merge keys are written out, duplicates are gone.
type datum struct {
	path    string
	pos     maskit.Pos      // of its key, or of itself in a list
	scalar  yamledit.Scalar // of KindNone for a mapping or a list
	isList  bool
	items   []*datum // of a list
	entries []entry  // of a mapping
	gone    bool     // left out when it is written
}

// entry is one key of a mapping.
type entry struct {
	key   yamledit.Scalar
	value *datum
}

// merge loads the files over each other as Synapse does: by top-level key, the
// last file that has it gives the whole value. It is nil if a file has what
// Synapse or syn2mas cannot read.
func merge(docs config) (*datum, maskit.Problems) {
	whole := &datum{}
	b := treeBuilder{left: maxMerged}
	index := map[yamledit.Scalar]int{}
	for _, doc := range docs {
		b.doc = doc
		for _, e := range b.build(doc.Root(), &datum{}, 0).entries {
			i, ok := index[e.key]
			if !ok {
				i, index[e.key] = len(whole.entries), len(whole.entries)
				whole.entries = append(whole.entries, e)
			}
			whole.entries[i] = e
		}
	}
	if b.left < 0 {
		b.refuse(&datum{}, "too-large", "the configuration is too large with its aliases written out", "write fewer aliases")
	}
	if b.problems.Err() != nil {
		return nil, b.problems
	}
	return whole, b.problems
}

// treeBuilder turns the nodes of one file after the other into values.
type treeBuilder struct {
	left     int // how many more values it may make
	doc      *yamledit.Document
	problems maskit.Problems
}

func (b *treeBuilder) refuse(d *datum, code, message, hint string) {
	if b.problems.Err() == nil { // one is enough: what follows comes of it
		b.problems = append(b.problems, maskit.Problem{Path: d.path, Pos: d.pos, Code: code, Message: message, Hint: hint})
	}
}

// build fills in a value, whose path and place are set.
func (b *treeBuilder) build(n *yaml.Node, d *datum, depth int) *datum {
	n = yamledit.Deref(n)
	if b.left--; b.left < 0 || b.problems.Err() != nil {
		return d
	}
	switch {
	case depth > maxDepth:
		b.refuse(d, "too-deep", fmt.Sprintf("is nested more than %d levels deep", maxDepth), "no setting of Synapse is: what is it for?")
	case n.Kind == yaml.ScalarNode:
		d.scalar = plain(yamledit.Resolve(n))
	case n.Kind == yaml.SequenceNode:
		d.isList = true
		for i, item := range n.Content {
			at := &datum{path: fmt.Sprintf("%s[%d]", d.path, i), pos: b.doc.Pos(item)}
			d.items = append(d.items, b.build(item, at, depth+1))
		}
	case n.Kind == yaml.MappingNode:
		b.mapping(n, d, depth)
	}
	return d
}

func (b *treeBuilder) mapping(n *yaml.Node, d *datum, depth int) {
	pairs := yamledit.Effective(n)
	for i := 0; i+1 < len(pairs); i += 2 {
		key := plain(yamledit.Resolve(pairs[i]))
		at := &datum{path: joinPath(d.path, key.Text), pos: b.doc.Pos(pairs[i])}
		d.entries = append(d.entries, entry{key, b.build(pairs[i+1], at, depth+1)})
	}
}

// plain makes a string of a date, which it is for every reader but Python's;
// Synapse, too, makes a string of it where it reads one.
func plain(s yamledit.Scalar) yamledit.Scalar {
	if s.Kind == yamledit.KindTimestamp {
		s.Kind = yamledit.KindString
	}
	return s
}

func joinPath(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// at looks a value up by its keys; nil if there is none. Of nothing it finds nothing.
func (d *datum) at(keys ...string) *datum {
	for _, key := range keys {
		if d == nil {
			return nil
		}
		i := slices.IndexFunc(d.entries, func(e entry) bool { return e.key.IsString(key) })
		if i < 0 {
			return nil
		}
		d = d.entries[i].value
	}
	return d
}

// setText gives a key that is a string a value, at the end.
func (d *datum) setText(key string, value *datum) {
	d.entries = slices.DeleteFunc(d.entries, func(e entry) bool { return e.key.IsString(key) })
	d.entries = append(d.entries, entry{yamledit.Scalar{Kind: yamledit.KindString, Text: key}, value})
}

func (d *datum) isNull() bool { return d == nil || d.scalar.Kind == yamledit.KindNull }

func (d *datum) isMapping() bool { return d != nil && d.scalar.Kind == yamledit.KindNone && !d.isList }

// truthy reports whether Python would take the value for true. Nothing is false.
func (d *datum) truthy() bool {
	switch {
	case d == nil:
		return false
	case d.scalar.Kind != yamledit.KindNone:
		return d.scalar.Truthy()
	}
	return len(d.items)+len(d.entries) > 0
}

// truthyOr is truthy, with a default for a key that is not there.
func (d *datum) truthyOr(absent bool) bool {
	if d == nil {
		return absent
	}
	return d.truthy()
}

// text is a string; empty if the value is none.
func (d *datum) text() string {
	if d == nil || d.scalar.Kind != yamledit.KindString {
		return ""
	}
	return d.scalar.Text
}

// switched reads a registration switch as Synapse does: as [truth] does an entry.
func (d *datum) switched() (value, ok bool) {
	if d == nil {
		return false, false
	}
	return strtobool(d.scalar)
}
