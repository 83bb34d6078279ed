package jinja

import "math"

func (e constant) eval(*run) (value, error) { return e.value, nil }

func (e variable) eval(r *run) (value, error) {
	if isFunction(e.name) {
		return value{}, unsupported("the function %q that is not called", e.name)
	}
	return r.lookup(e.name), r.step()
}

func (e attribute) eval(r *run) (value, error) {
	of, err := e.of.eval(r)
	if err != nil {
		return value{}, err
	}
	if l, ok := of.ref.(*loopState); ok {
		return l.attribute(e.name)
	}
	return r.member(of, textOf(e.name), e.path)
}

func (e item) eval(r *run) (value, error) {
	of, err := e.of.eval(r)
	if err != nil {
		return value{}, err
	}
	key, err := e.key.eval(r)
	if err != nil {
		return value{}, err
	}
	if key.kind == kindInteger || key.kind == kindBool || key.kind == kindFloat {
		return r.index(of, key)
	}
	return r.member(of, key, e.path)
}

// member looks a key up. What is missing in something that is there is undefined; what
// is missing in something undefined is an error.
func (r *run) member(of, key value, path string) (value, error) {
	var v value
	switch of.kind {
	case kindUndefined:
		if path != "" {
			return value{}, failed("%s is read, but what it is a part of is missing", path)
		}
		return value{}, failed("a part of something undefined is read")
	case kindMapping:
		v, _ = of.mapping().get(key)
	case kindLoop:
		return value{}, unsupported("the loop")
	case kindNone, kindBool, kindInteger, kindFloat, kindText, kindBytes, kindList, kindIterator:
	}
	r.note(path, v)
	return v, r.step()
}

// index looks up by a number.
func (r *run) index(of, key value) (value, error) {
	switch of.kind {
	case kindUndefined, kindMapping, kindLoop:
		return r.member(of, key, "")
	case kindNone, kindBool, kindInteger, kindFloat:
		return value{}, r.step()
	case kindBytes:
		return value{}, unsupported("a single byte")
	case kindIterator:
		return value{}, unsupported("a place in an iterator: write | list before it")
	case kindText, kindList:
	}
	if key.kind == kindFloat {
		return value{}, unsupported("a place that is a float")
	}
	items, err := r.iterate(of)
	if err != nil {
		return value{}, err
	}
	n, ok := key.small()
	if n < 0 {
		n += len(items)
	}
	if !ok || n < 0 || n >= len(items) {
		return value{}, nil
	}
	return items[n], nil
}

func (e list) eval(r *run) (value, error) {
	items := make([]value, len(e.items))
	for i, one := range e.items {
		v, err := one.eval(r)
		if err != nil {
			return value{}, err
		}
		items[i] = v
	}
	return listOf(items), r.allocateItems(len(items))
}

func (e pairs) eval(r *run) (value, error) {
	d := &dictionary{}
	for i := range e.keys {
		key, err := e.keys[i].eval(r)
		if err != nil {
			return value{}, err
		}
		if key.kind >= kindList {
			return value{}, unsupported("a key that is %v", key.kind)
		}
		v, err := e.values[i].eval(r)
		if err != nil {
			return value{}, err
		}
		d.set(key, v)
	}
	return mappingOf(d), r.allocateItems(2 * len(e.keys))
}

func (e not) eval(r *run) (value, error) {
	v, err := e.of.eval(r)
	return boolOf(!v.truth()), err
}

func (e minus) eval(r *run) (value, error) {
	v, err := e.of.eval(r)
	if err != nil {
		return value{}, err
	}
	return negate(v)
}

func (e choice) eval(r *run) (value, error) {
	v, err := e.left.eval(r)
	if err != nil || v.truth() == e.or {
		return v, err
	}
	return e.right.eval(r)
}

func (e conditional) eval(r *run) (value, error) {
	condition, err := e.condition.eval(r)
	switch {
	case err != nil:
		return value{}, err
	case condition.truth():
		return e.then.eval(r)
	case e.otherwise == nil:
		return value{}, nil
	}
	return e.otherwise.eval(r)
}

func (e binary) eval(r *run) (value, error) {
	left, err := e.left.eval(r)
	if err != nil {
		return value{}, err
	}
	right, err := e.right.eval(r)
	if err != nil {
		return value{}, err
	}
	if err := r.read(left, right); err != nil {
		return value{}, err
	}
	if left.kind == kindLoop || right.kind == kindLoop {
		return value{}, unsupported("the loop as an operand")
	}
	switch e.op {
	case "==":
		return boolOf(r.equal(left, right)), r.err
	case "!=":
		return boolOf(!r.equal(left, right)), r.err
	case "<", "<=", ">", ">=":
		return r.ordered(e.op, left, right)
	case "in":
		found, err := r.contains(right, left)
		return boolOf(found), err
	case "~":
		return r.join(left, right)
	}
	return r.calculate(e.op, left, right)
}

func (r *run) join(left, right value) (value, error) {
	a, err := r.show(left)
	if err != nil {
		return value{}, err
	}
	b, err := r.show(right)
	if err != nil {
		return value{}, err
	}
	return textOf(a + b), r.allocate(len(a) + len(b))
}

// ordered refuses to compare what only minijinja's inner order of kinds tells apart.
func (r *run) ordered(op string, left, right value) (value, error) {
	if left.kind >= kindList || right.kind >= kindList {
		return value{}, unsupported("%q of %v and %v", op, left.kind, right.kind)
	}
	if left.kind != right.kind && isNumeric(left) && isNumeric(right) && math.Max(math.Abs(lossy(left)), math.Abs(lossy(right))) >= 1<<53 {
		return value{}, unsupported("a large integer beside a float")
	}
	c := order(left, right)
	switch op {
	case "<":
		return boolOf(c < 0), nil
	case "<=":
		return boolOf(c <= 0), nil
	case ">":
		return boolOf(c > 0), nil
	}
	return boolOf(c >= 0), nil
}
