package yamledit

import (
	"fmt"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/maskit-dev/maskit"
)

const (
	// maxDuplicates is how many duplicate keys are reported.
	maxDuplicates = 100
	// maxDepth is how deep collections may nest. PyYAML fails near 490, at the depth of Python's stack.
	maxDepth = 200
	// maxMerged is how many entries all merge keys together may bring.
	maxMerged = 100_000
)

// place is where a node stands, up to the top of the document.
type place struct {
	up    *place
	key   string
	index int // of an item, if there is no key
}

// path is the YAML path of a key of the mapping that stands there.
func (p *place) path(key string) string { return join(p.String(), key) }

func (p *place) String() string {
	switch {
	case p == nil:
		return ""
	case p.key != "":
		return join(p.up.String(), p.key)
	}
	return fmt.Sprintf("%s[%d]", p.up, p.index)
}

// inspector walks over a document once, in the order of the file.
type inspector struct {
	doc      *Document
	anchors  map[string]*yaml.Node
	open     map[*yaml.Node]bool // anchored collections that the walk is in
	merged   map[*yaml.Node]int  // how many entries a mapping has with what it merges, if it merges
	total    int
	warnings maskit.Problems
	refusal  *maskit.Problem
}

// inspect collects the aliases, reports duplicate keys, and refuses what PyYAML refuses.
func (d *Document) inspect() (*Document, maskit.Problems) {
	i := inspector{doc: d, anchors: map[string]*yaml.Node{}, open: map[*yaml.Node]bool{}, merged: map[*yaml.Node]int{}}
	i.collection(d.root, nil, 0)
	if i.refusal == nil {
		i.refusal = d.checkText()
	}
	if i.refusal != nil {
		return nil, maskit.Problems{*i.refusal}
	}
	return d, i.warnings
}

// refuse keeps the first reason for which PyYAML does not load the document.
func (i *inspector) refuse(n *yaml.Node, hint, format string, args ...any) {
	if i.refusal == nil {
		i.refusal = i.doc.problem("yaml-refused", i.doc.Pos(n), format+", and Synapse does not read the file", args...)
		i.refusal.Hint = hint
	}
}

// leaf visits a node that has nothing below it. It reports whether it is one.
func (i *inspector) leaf(n *yaml.Node) bool {
	if n.Anchor != "" {
		i.anchor(n)
	}
	switch n.Kind {
	case yaml.ScalarNode:
		i.scalar(n)
	case yaml.AliasNode:
		i.doc.aliases = append(i.doc.aliases, n)
		if i.open[n.Alias] {
			i.refuse(n, "write the value out", "the alias stands inside the value that it names")
		}
	default:
		return false
	}
	return true
}

func (i *inspector) collection(n *yaml.Node, at *place, depth int) {
	if i.refusal != nil {
		return
	}
	tag := "!!seq"
	if n.Kind == yaml.MappingNode {
		tag = "!!map"
	}
	if n.Style&yaml.TaggedStyle != 0 && n.ShortTag() != tag {
		i.refuse(n, "remove the tag", "the tag is not known")
	}
	if depth++; depth > maxDepth {
		i.refuse(n, "is this the right file?", "more than %d collections stand inside each other", maxDepth)
	}
	if n.Anchor != "" {
		i.open[n] = true
		defer delete(i.open, n)
	}
	if n.Style&yaml.FlowStyle != 0 {
		i.flow(n)
	}
	if n.Kind == yaml.SequenceNode {
		i.sequence(n, at, depth)
	} else {
		i.mapping(n, at, depth)
	}
}

// anchor remembers an anchor. yaml.v3 takes the same name twice, PyYAML does not.
func (i *inspector) anchor(n *yaml.Node) {
	if first, ok := i.anchors[n.Anchor]; ok {
		i.refuse(n, "give one of them another name", "the anchor stands at line %d already", first.Line)
	}
	i.anchors[n.Anchor], i.doc.anchors = n, true
}

func (i *inspector) sequence(n *yaml.Node, at *place, depth int) {
	for index, item := range n.Content {
		if !i.leaf(item) {
			i.collection(item, &place{up: at, index: index}, depth)
		}
	}
}

func (i *inspector) mapping(n *yaml.Node, at *place, depth int) {
	seen := make(map[Scalar]int, len(n.Content)/2)
	count, merges := 0, false
	for index := 0; index+1 < len(n.Content); index += 2 {
		key, value := n.Content[index], n.Content[index+1]
		name := i.key(key)
		i.duplicate(seen, name, at, key)
		if !i.leaf(value) {
			i.collection(value, &place{up: at, key: key.Value}, depth)
		}
		if name.Kind == KindMerge {
			merges = true
			count += i.merge(value)
		}
		count++
	}
	if merges {
		i.merged[n] = count
		if i.total += count; i.total > maxMerged {
			i.refuse(n, "write the sections out", "the merge keys bring more than %d entries", maxMerged)
		}
	}
}

// key visits a key, which must be a scalar that has a value.
func (i *inspector) key(key *yaml.Node) Scalar {
	switch key.Kind {
	case yaml.ScalarNode:
		if key.Anchor != "" {
			i.anchor(key)
		}
	case yaml.AliasNode:
		i.doc.aliases = append(i.doc.aliases, key)
	}
	name := Resolve(key)
	switch {
	case !i.doc.isHeader(key):
		i.refuseHeader(key)
	case name.Kind == KindNone:
		i.refuse(key, "make it a text", "a key is a collection")
	case name.Kind == KindInvalid && key.Style == 0 && key.Value == "=":
		name.Kind = KindString
	case name.Kind == KindInvalid, name.Kind == KindMerge && key.Kind == yaml.AliasNode:
		i.refuse(key, "put it in quotes, without a tag", "a key is no value of its type")
	}
	return name
}

// duplicate reports a key that its mapping has already.
func (i *inspector) duplicate(seen map[Scalar]int, name Scalar, at *place, key *yaml.Node) {
	if name.Kind == KindMerge {
		return
	}
	first, found := seen[name.asKey()]
	seen[name.asKey()] = key.Line
	if !found || len(i.warnings) == maxDuplicates {
		return
	}
	i.warnings = append(i.warnings, maskit.Problem{
		Path: at.path(key.Value), Code: "duplicate-key", Severity: maskit.SeverityWarning, Pos: i.doc.Pos(key),
		Message: fmt.Sprintf("the key stands at line %d already; the last one counts", first),
		Hint:    "remove all but the last",
	})
}

// merge counts the entries that the value of a merge key brings.
func (i *inspector) merge(value *yaml.Node) int {
	count := 0
	for _, source := range mergeSources(value) {
		n := Deref(source)
		if n.Kind != yaml.MappingNode {
			i.refuse(source, "name a mapping, or a list of mappings, by an alias", "a merge key brings something that is no mapping")
			continue
		}
		if merged, ok := i.merged[n]; ok {
			count += merged
		} else {
			count += len(n.Content) / 2
		}
	}
	return min(count, maxMerged+1)
}

// scalar refuses what has no value, as !!int x, 2001-02-30, a plain "=" or "<<",
// and a header that yaml.v3 takes and PyYAML does not.
func (i *inspector) scalar(n *yaml.Node) {
	switch kind := Resolve(n).Kind; {
	case kind == KindInvalid, kind == KindMerge:
		i.refuse(n, "put it in quotes, without a tag", "it is no value of its type")
	case !i.doc.isHeader(n):
		i.refuseHeader(n)
	}
}

func (i *inspector) refuseHeader(n *yaml.Node) {
	i.refuse(n, "put a blank before the #", "a comment joins the mark of a block of text")
}

// flow refuses [a:] and {a:}, in which yaml.v3 reads a text "a:", and PyYAML a
// key; and a key without a text, which PyYAML takes only sometimes.
func (i *inspector) flow(n *yaml.Node) {
	for at, child := range n.Content {
		switch {
		case !isPlain(child):
		case strings.HasSuffix(child.Value, ":") && i.refusal == nil:
			i.refusal = i.doc.problem("yaml-ambiguous", i.doc.Pos(child), "what the colon before a bracket or comma means depends on the reader")
			i.refusal.Hint = "put a blank behind the colon"
		case n.Kind == yaml.MappingNode && at%2 == 0 && isEmpty(child):
			i.refuse(child, "write null, or leave it out", "a key in brackets has no text")
		}
	}
}
