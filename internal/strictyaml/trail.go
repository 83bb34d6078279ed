package strictyaml

// trail is where a node stands. Its path is written out only when a problem needs it: of
// a hostile document all paths together are many times as long as the document.
type trail struct {
	above *trail // nil: the document, or what base names
	base  string
	key   string
	index int
	item  bool // of a list, at index; else the value of key
}

func (t *trail) child(key string) trail { return trail{above: t, key: key} }

func (t *trail) at(index int) trail { return trail{above: t, index: index, item: true} }

// path writes the trail out; "" for the document.
func (t *trail) path() string {
	switch {
	case t.above == nil:
		return t.base
	case t.item:
		return ItemPath(t.above.path(), t.index)
	}
	return ChildPath(t.above.path(), t.key)
}
