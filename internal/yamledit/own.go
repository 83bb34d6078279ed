package yamledit

import (
	"slices"

	"gopkg.in/yaml.v3"
)

// maxSteps is how often the edits of one document may read it anew on their way:
// for each anchor and alias that is written out, and for edits of what others changed.
const maxSteps = 100

// own makes the collection that the keys name a text of its own, which no alias
// and no merge key shares: step by step from the top, each of which is proven to
// change no value. It fails if a step cannot be made.
func (e *Edits) own(keys []string) bool {
	for {
		step := e.doc.sharing(keys)
		if step == nil {
			return true
		}
		if !e.make(step) {
			return false
		}
	}
}

// step rewrites a document so that it says the same in other words. It is nil if
// the text does not allow that.
type step func(d *Document) []splice

// make makes a step, on top of all pending changes. With such, it makes them
// first, and leaves the step to the next round.
func (e *Edits) make(s step) bool {
	if !e.isEmpty() {
		return e.flush()
	}
	e.steps++
	splices := s(e.doc)
	text, ok := e.doc.spliced(splices)
	if len(splices) == 0 || !ok || e.steps > maxSteps {
		return false
	}
	result, _ := Parse(e.doc.name, text)
	if result == nil || !sameValues(e.doc, result) {
		return false
	}
	e.doc = result
	return true
}

// sharing is the first step that the keys need; nil if they need none.
func (d *Document) sharing(keys []string) step {
	at := d.root
	for _, key := range keys {
		i := lookupOwn(at, key)
		if i < 0 {
			merged, ok := d.lookup(at, key, nil)
			if !ok {
				return nil
			}
			mapping := at
			return func(d *Document) []splice { return d.writeOutMerged(mapping, key, merged.Value) }
		}
		value := at.Content[i+1]
		switch {
		case value.Kind == yaml.AliasNode:
			return func(d *Document) []splice { return d.writeOut(value, Literal(value, maxLiteral)) }
		case value.Kind != yaml.ScalarNode && d.isUsedElsewhere(value):
			return func(d *Document) []splice { return d.moveAnchor(value) }
		}
		at = value
	}
	return nil
}

// unmerge makes sure that no merge key brings the last of the keys. The mapping that holds it must be own.
func (e *Edits) unmerge(keys []string) bool {
	for {
		mapping, _ := e.find(keys)
		at := mergeThatBrings(e.doc, mapping, keys[len(keys)-1])
		if at < 0 {
			return true
		}
		if !e.isEmpty() { // whose changes move the merge key
			if !e.flush() {
				return false
			}
			continue
		}
		if !e.release(func() []*yaml.Node {
			mapping, _ := e.find(keys)
			return []*yaml.Node{mapping.Content[at+1]}
		}) {
			return false
		}
		mapping, _ = e.find(keys)
		if !e.make(func(d *Document) []splice { return d.writeOutMerge(mapping, at) }) {
			return false
		}
	}
}

// mergeThatBrings is the index of the last merge key that brings a key; -1 if there is none.
func mergeThatBrings(d *Document, mapping *yaml.Node, key string) int {
	for i := len(mapping.Content) - 2; i >= 0; i -= 2 {
		if Resolve(mapping.Content[i]).Kind != KindMerge {
			continue
		}
		for _, source := range mergeSources(mapping.Content[i+1]) {
			if _, ok := d.lookup(source, key, nil); ok {
				return i
			}
		}
	}
	return -1
}

// release makes sure that nothing in the nodes, which are looked up anew for each
// step, is named by an alias elsewhere.
func (e *Edits) release(nodes func() []*yaml.Node) bool {
	for {
		if len(e.doc.aliases) == 0 {
			return true
		}
		anchored := e.doc.anchorInUse(nodes())
		if anchored == nil {
			return true
		}
		if !e.make(func(d *Document) []splice { return d.moveAnchor(anchored) }) {
			return false
		}
	}
}

// anchorInUse is the first of the nodes and what stands below them that an alias elsewhere names.
func (d *Document) anchorInUse(nodes []*yaml.Node) *yaml.Node {
	if !slices.ContainsFunc(nodes, hasAnchor) {
		return nil
	}
	gone := map[*yaml.Node]bool{}
	for _, n := range nodes {
		collect(gone, n)
	}
	for _, alias := range d.aliases {
		if gone[alias.Alias] && !gone[alias] {
			return alias.Alias
		}
	}
	return nil
}

func hasAnchor(n *yaml.Node) bool { return n.Anchor != "" || slices.ContainsFunc(n.Content, hasAnchor) }

// collect gathers a node and all that stands below it, without following aliases.
func collect(nodes map[*yaml.Node]bool, n *yaml.Node) {
	nodes[n] = true
	for _, child := range n.Content {
		collect(nodes, child)
	}
}

// nodesOf are the values of all entries of a key, and also the keys if parts is 2.
func (e *Edits) nodesOf(keys []string, parts int) []*yaml.Node {
	mapping, _ := e.find(keys)
	var nodes []*yaml.Node
	for _, i := range duplicates(mapping, keys[len(keys)-1]) {
		nodes = append(nodes, mapping.Content[i+2-parts:i+2]...)
	}
	return nodes
}
