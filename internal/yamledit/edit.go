package yamledit

import (
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
	origin *Document // the one that was given
	doc    *Document // that the pending changes are of
	pending

	gone  map[string][]int // items of a sequence that are no longer in doc, by the path
	steps int              // how often the document was read anew
}

// pending are changes that are not made yet.
type pending struct {
	splices  map[*yaml.Node][]splice     // by the node that they are about: moot once it goes as a whole
	flows    map[*yaml.Node][]span       // flow collections that lose or get children, and where those stand
	removed  map[*yaml.Node]bool         // keys whose entries go, and items
	lost     map[*yaml.Node]int          // how many entries or items a collection loses
	replaced map[*yaml.Node]*yaml.Node   // values that become others
	added    map[*yaml.Node][]*yaml.Node // keys and values that a mapping gets at its end
	items    map[string][]int            // removed items of a sequence, by the path
	count    int                         // of splices
}

func nothingPending() pending {
	return pending{
		splices:  map[*yaml.Node][]splice{},
		flows:    map[*yaml.Node][]span{},
		removed:  map[*yaml.Node]bool{},
		lost:     map[*yaml.Node]int{},
		replaced: map[*yaml.Node]*yaml.Node{},
		added:    map[*yaml.Node][]*yaml.Node{},
		items:    map[string][]int{},
	}
}

func (p *pending) isEmpty() bool { return len(p.splices)+len(p.flows) == 0 }

func (p *pending) add(owner *yaml.Node, splices ...splice) {
	for _, s := range splices {
		p.count++
		s.order = p.count
		p.splices[owner] = append(p.splices[owner], s)
	}
}

// forget drops all changes of a node and of what stands below it.
func (p *pending) forget(n *yaml.Node) {
	delete(p.splices, n)
	delete(p.flows, n)
	for _, child := range n.Content {
		p.forget(child)
	}
}

// Edit starts a collection of changes.
func (d *Document) Edit() *Edits {
	return &Edits{origin: d, doc: d, pending: nothingPending(), gone: map[string][]int{}}
}

// Empty reports whether there is nothing to apply.
func (e *Edits) Empty() bool { return e.doc == e.origin && e.isEmpty() }

// Apply makes all changes and returns the new document. The result was parsed,
// and holds exactly the old values and the intended changes; where that fails
// the document is nil and there is an error among the problems. Without changes
// it is the old document.
func (e *Edits) Apply() (*Document, maskit.Problems) {
	if e.isEmpty() {
		return e.doc, nil
	}
	var splices []splice
	for _, made := range e.splices {
		splices = append(splices, made...)
	}
	for n, parts := range e.flows {
		splices = append(splices, e.flowSplices(n, parts)...)
	}
	text, ok := e.doc.spliced(splices)
	if !ok {
		return nil, e.unsafe()
	}
	result := e.doc.reread(text, splices)
	compared := comparison{e, newValues()}
	if result == nil || !compared.matches(e.doc.root, result.root) {
		return nil, e.unsafe()
	}
	return result, nil
}

// flush makes the pending changes, so that others can build on them.
func (e *Edits) flush() bool {
	e.steps++
	result, _ := e.Apply()
	if result == nil || e.steps > maxSteps {
		return false
	}
	gone := maps.Clone(e.gone)
	for path, items := range e.items {
		gone[path] = slices.Concat(gone[path], items)
	}
	e.doc, e.pending, e.gone = result, nothingPending(), gone
	return true
}

// attempt makes an edit wholly or not at all.
func (e *Edits) attempt(keys []string, edit func() maskit.Problems) maskit.Problems {
	saved := *e
	var problems maskit.Problems
	if e.touches(keys) && !e.flush() {
		problems = e.unsafe(keys...)
	} else {
		problems = edit()
	}
	if len(problems) > 0 {
		saved.steps = e.steps
		*e = saved
	}
	return problems
}

// touches reports whether a pending change is about something that the keys pass.
func (e *Edits) touches(keys []string) bool {
	if e.isEmpty() {
		return false
	}
	n := e.doc.root
	for _, key := range keys {
		added := e.added[n]
		for i := 0; i+1 < len(added); i += 2 {
			if added[i].Value == key {
				return true
			}
		}
		entry, ok := e.doc.lookup(n, key, nil)
		if !ok {
			return false
		}
		if e.removed[entry.key()] || e.replaced[entry.value()] != nil {
			return true
		}
		n = entry.Value
	}
	return false
}
