package yamledit

import (
	"bytes"
	"maps"
	"slices"

	"gopkg.in/yaml.v3"

	"github.com/maskit-dev/maskit"
)

// Edits collects changes of one document. Nothing happens before [Edits.Apply].
//
// Each method refuses, by a problem, an edit whose effect it cannot confine, and
// then leaves the collection as it was.
type Edits struct {
	doc      *Document
	splices  []splice
	lines    []splice                    // inserted lines, which come first where others are inserted at the same place
	flows    map[*yaml.Node]bool         // flow collections that lose or get children
	removed  map[*yaml.Node]bool         // keys whose entries go, and items
	replaced map[*yaml.Node]*yaml.Node   // keys and values that become others
	added    map[*yaml.Node][]*yaml.Node // keys and values that a mapping gets at its end
}

// splice replaces text[start:end]. It is moot once its owner goes as a whole.
type splice struct {
	span

	text  string
	owner *yaml.Node
}

// Edit starts a collection of changes.
func (d *Document) Edit() *Edits {
	return &Edits{
		doc:      d,
		flows:    map[*yaml.Node]bool{},
		removed:  map[*yaml.Node]bool{},
		replaced: map[*yaml.Node]*yaml.Node{},
		added:    map[*yaml.Node][]*yaml.Node{},
	}
}

// Empty reports whether there is nothing to apply.
func (e *Edits) Empty() bool { return len(e.splices)+len(e.lines)+len(e.flows) == 0 }

// Apply makes all changes and returns the new document. The result was parsed,
// and holds exactly the old values and the intended changes; where that fails
// the document is nil and there is an error among the problems. Without changes
// it is the old document.
func (e *Edits) Apply() (*Document, maskit.Problems) {
	if e.Empty() {
		return e.doc, nil
	}
	text, problems := e.splice()
	if problems != nil {
		return nil, problems
	}
	result, _ := Parse(e.doc.name, text)
	if result == nil || !e.matches(e.doc.root, result.root) {
		return nil, e.unsafe("", maskit.Pos{})
	}
	return result, nil
}

// unsafe reports a change that the text does not bear.
func (e *Edits) unsafe(path string, pos maskit.Pos) maskit.Problems {
	p := e.doc.problem("yaml-edit-unsafe", pos, "the change cannot be made without touching something else")
	p.Path, p.Hint = path, "make it by hand"
	return maskit.Problems{*p}
}

func (e *Edits) splice() ([]byte, maskit.Problems) {
	splices := slices.Concat(e.lines, e.splices)
	for n := range e.flows {
		splices = append(splices, e.flowSplices(n)...)
	}
	slices.SortStableFunc(splices, func(a, b splice) int {
		if a.start != b.start {
			return a.start - b.start
		}
		return a.end - b.end
	})
	var out bytes.Buffer
	at := 0
	for _, s := range splices {
		if s.start < at {
			return nil, maskit.Problems{*e.doc.problem("yaml-edit-overlap", e.doc.posAt(s.start), "two changes touch the same text")}
		}
		out.Write(e.doc.text[at:s.start])
		out.WriteString(s.text)
		at = s.end
	}
	out.Write(e.doc.text[at:])
	return out.Bytes(), nil
}

// forget drops all changes of a node and of what stands below it.
func (e *Edits) forget(n *yaml.Node) {
	if e.Empty() {
		return
	}
	gone := map[*yaml.Node]bool{}
	collect(gone, n)
	isGone := func(s splice) bool { return gone[s.owner] }
	e.lines = slices.DeleteFunc(e.lines, isGone)
	e.splices = slices.DeleteFunc(e.splices, isGone)
	maps.DeleteFunc(e.flows, func(n *yaml.Node, _ bool) bool { return gone[n] })
}

// writer renders values as the document writes those of a mapping.
func (e *Edits) writer(mapping *yaml.Node) writer {
	w := writer{newline: e.doc.newline(), flow: mapping.Style&yaml.FlowStyle != 0}
	w.quote = w.flow && len(mapping.Content) > 0 && mapping.Content[0].Style&yaml.DoubleQuotedStyle != 0
	return w
}

// refusal says why an entry cannot lose its key or value; nil if it can.
func (e *Edits) refusal(entry Entry) maskit.Problems {
	if refusal := e.refuseShared(entry); refusal != nil {
		return refusal
	}
	return e.refuseAnchors(entry, entry.key(), entry.value())
}

// refuseAnchors says why nodes of an entry cannot go; nil if they can.
func (e *Edits) refuseAnchors(entry Entry, nodes ...*yaml.Node) maskit.Problems {
	gone := map[*yaml.Node]bool{}
	for _, n := range nodes {
		collect(gone, n)
	}
	for _, alias := range e.doc.aliases {
		if gone[alias.Alias] && !gone[alias] {
			p := e.doc.problem("yaml-anchor-in-use", entry.Pos, "holds an anchor that line %d uses", alias.Line)
			p.Path, p.Hint = entry.Path, "write the value out where the alias stands, then try again"
			return maskit.Problems{*p}
		}
	}
	return nil
}

// refuseShared says why the text of an entry cannot be edited; nil if it can.
func (e *Edits) refuseShared(entry Entry) maskit.Problems {
	p := e.doc.pairAt(entry.mapping, entry.index)
	switch {
	case entry.shared:
		problem := e.doc.problem("yaml-shared", entry.Pos, "comes from an alias or a merge key, or has an anchor that makes it count elsewhere too")
		problem.Path, problem.Hint = entry.Path, "write the section out without anchors and aliases, then try again"
		return maskit.Problems{*problem}
	case p.end < 0 || p.colon < 0 || e.isExplicit(p.key.start):
		return e.unsafe(entry.Path, entry.Pos)
	}
	return nil
}

// isExplicit reports whether a "?" marks the key that starts at an offset.
func (e *Edits) isExplicit(at int) bool {
	before := bytes.TrimRight(e.doc.text[e.doc.lineStart(at):at], " \t")
	return bytes.HasSuffix(before, []byte("?"))
}

// collect gathers a node and all that stands below it, without following aliases.
func collect(nodes map[*yaml.Node]bool, n *yaml.Node) {
	nodes[n] = true
	for _, child := range n.Content {
		collect(nodes, child)
	}
}
