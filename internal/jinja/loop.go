package jinja

// loopState is where a loop stands. Sized says that the number of turns is known to
// minijinja, which it is not of the characters of a string.
type loopState struct {
	items []value
	index int
	sized bool
}

func (s loop) exec(r *run) error {
	over, err := s.over.eval(r)
	if err != nil {
		return err
	}
	items, err := r.iterate(over)
	if err != nil {
		return err
	}
	_, sized := over.length()
	sized = (sized || over.kind <= kindNone) && over.kind != kindText
	if s.condition != nil {
		sized = true
		if items, err = s.selected(r, items); err != nil {
			return err
		}
	}
	state := &loopState{items: items, sized: sized}
	r.frames = append(r.frames, frame{loop: state})
	err = s.each(r, state)
	r.frames = r.frames[:len(r.frames)-1]
	if err == nil && len(items) == 0 {
		return r.all(s.otherwise)
	}
	return err
}

// each runs the body. What it sets stays set in the next turn (minijinja up to 2.21).
func (s loop) each(r *run, state *loopState) error {
	for i, item := range state.items {
		state.index = i
		if err := s.assign(r, item); err != nil {
			return err
		}
		if err := r.all(s.body); err != nil {
			return err
		}
	}
	return nil
}

// selected are the items that pass the condition, which is asked of all before the first turn.
func (s loop) selected(r *run, items []value) ([]value, error) {
	r.frames = append(r.frames, frame{})
	defer func() { r.frames = r.frames[:len(r.frames)-1] }()
	var chosen []value
	for _, item := range items {
		if err := s.assign(r, item); err != nil {
			return nil, err
		}
		v, err := s.condition.eval(r)
		if err != nil {
			return nil, err
		}
		if v.truth() {
			chosen = append(chosen, item)
		}
	}
	return chosen, nil
}

func (s loop) assign(r *run, item value) error {
	if !s.unpack {
		r.top().set(s.targets[0], item)
		return nil
	}
	if !isItems(item) && item.kind != kindMapping {
		return failed("%v is no list that could be unpacked", item.kind)
	}
	parts, err := r.iterate(item)
	if err != nil {
		return err
	}
	if len(parts) != len(s.targets) {
		return failed("a list of %d is unpacked into %d names", len(parts), len(s.targets))
	}
	for i, name := range s.targets {
		r.top().set(name, parts[i])
	}
	return nil
}

// iterate returns what a loop over the value goes through.
func (r *run) iterate(v value) ([]value, error) {
	var items []value
	switch v.kind {
	case kindUndefined, kindNone:
		return nil, nil
	case kindText:
		items = make([]value, 0, len(v.text))
		for _, c := range v.text {
			items = append(items, textOf(string(c)))
		}
	case kindList, kindIterator:
		return v.items(), r.step()
	case kindMapping:
		items = v.mapping().keys()
	case kindBool, kindInteger, kindFloat, kindBytes, kindLoop:
		return nil, failed("%v has no items", v.kind)
	}
	return items, r.allocateItems(len(items))
}

func (l *loopState) attribute(name string) (value, error) {
	n := len(l.items)
	known := func(count int) value {
		if !l.sized {
			return value{}
		}
		return integerOf(int64(count))
	}
	switch name {
	case "index":
		return integerOf(int64(l.index + 1)), nil
	case "index0":
		return integerOf(int64(l.index)), nil
	case "first":
		return boolOf(l.index == 0), nil
	case "last":
		return boolOf(l.sized && l.index == n-1), nil
	case "length":
		return known(n), nil
	case "revindex":
		return known(n - l.index), nil
	case "revindex0":
		return known(n - l.index - 1), nil
	}
	return value{}, unsupported("loop.%s", name)
}
