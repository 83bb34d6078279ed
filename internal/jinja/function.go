package jinja

const maxRange = 100_000

func isFunction(name string) bool {
	switch name {
	case "range", "dict", "namespace", "cycler", "joiner", "debug", "lipsum", "randrange", "random":
		return true
	}
	return false
}

func (p *parser) checkFunction(name string) error {
	switch name {
	case "range", "dict", "namespace":
		return nil
	}
	if isFunction(name) {
		return p.error(ErrUnsupported, "the function %q", name)
	}
	return p.error(ErrName, "MAS knows no function %q", name)
}

func callFunction(name string, a *args) (value, error) {
	switch name {
	case "range":
		return makeRange(a)
	case "dict":
		return makeDict(a)
	}
	return makeNamespace(a)
}

func makeRange(a *args) (value, error) {
	if err := a.take(3); err != nil {
		return value{}, err
	}
	var bounds [3]int
	for i := range bounds {
		v := a.at(i)
		n, ok := v.small()
		if i > 0 && v.kind <= kindNone {
			continue
		}
		if !ok {
			return value{}, failed("%v is no number", v.kind)
		}
		bounds[i] = n
	}
	start, stop, step := 0, bounds[0], 1
	if a.at(1).kind > kindNone {
		start, stop = bounds[0], bounds[1]
	}
	if a.at(2).kind > kindNone {
		step = bounds[2]
	}
	if step <= 0 {
		return value{}, unsupported("steps that do not go forward")
	}
	const sane = 1 << 40
	if max(start, stop, step, -start, -stop) > sane {
		return value{}, unsupported("numbers that large")
	}
	n := max(0, (stop-start+step-1)/step)
	if n > maxRange {
		return value{}, failed("more than %d numbers", maxRange)
	}
	if err := a.run.allocateItems(n); err != nil {
		return value{}, err
	}
	items := make([]value, n)
	for i := range items {
		items[i] = integerOf(int64(start + i*step))
	}
	return iteratorOf(items, true), nil
}

func makeDict(a *args) (value, error) {
	d, err := gather(a)
	return mappingOf(d), err
}

func makeNamespace(a *args) (value, error) {
	d, err := gather(a)
	if err != nil {
		return value{}, err
	}
	return mappingOf(&namespace{dictionary: *d}), nil
}

// gather makes a mapping of the named arguments, or of the one that is a mapping.
func gather(a *args) (*dictionary, error) {
	d := &dictionary{}
	switch {
	case len(a.positional) > 1 || len(a.positional) == 1 && len(a.names) > 0:
		return nil, unsupported("other than named arguments, or one mapping")
	case len(a.positional) == 1 && a.positional[0].kind <= kindNone:
		return nil, unsupported("%v", a.positional[0].kind)
	case len(a.positional) == 1 && a.positional[0].kind != kindMapping:
		return nil, failed("%v is no mapping", a.positional[0].kind)
	case len(a.positional) == 1:
		m := a.positional[0].mapping()
		for _, key := range m.keys() {
			v, _ := m.get(key)
			d.set(key, v)
		}
	}
	for i, name := range a.names {
		d.set(textOf(name), a.named[i])
	}
	return d, a.run.allocateItems(2 * d.size())
}
