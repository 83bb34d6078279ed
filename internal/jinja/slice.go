package jinja

import "strings"

// eval supports steps forward only.
func (e slice) eval(r *run) (value, error) {
	of, err := e.of.eval(r)
	if err != nil {
		return value{}, err
	}
	var bounds [3]*int
	for i, part := range []expression{e.start, e.stop, e.step} {
		if part == nil {
			continue
		}
		v, err := part.eval(r)
		if err != nil {
			return value{}, err
		}
		if v.kind == kindNone {
			continue
		}
		n, ok := v.small()
		if !ok {
			return value{}, failed("a slice by %v", v.kind)
		}
		bounds[i] = &n
	}
	step := 1
	if bounds[2] != nil {
		step = *bounds[2]
	}
	switch {
	case step == 0:
		return value{}, failed("a slice by steps of 0")
	case step < 0:
		return value{}, unsupported("a slice by steps backwards")
	}
	return r.slice(of, bounds[0], bounds[1], step)
}

func (r *run) slice(of value, start, stop *int, step int) (value, error) {
	switch of.kind {
	case kindUndefined, kindNone:
		return listOf(nil), nil
	case kindText, kindList:
	case kindIterator, kindBytes:
		return value{}, unsupported("a slice of %v", of.kind)
	case kindBool, kindInteger, kindFloat, kindMapping, kindLoop:
		return value{}, failed("a slice of %v", of.kind)
	}
	items, err := r.iterate(of)
	if err != nil {
		return value{}, err
	}
	if start != nil && *start < -len(items) {
		return value{}, unsupported("a slice from before the start")
	}
	from, to := bound(start, 0, len(items)), bound(stop, len(items), len(items))
	var chosen []value
	for i := from; i < to; i += step {
		chosen = append(chosen, items[i])
	}
	if of.kind == kindList {
		return iteratorOf(chosen, true), r.allocateItems(len(chosen))
	}
	var b strings.Builder
	for _, c := range chosen {
		b.WriteString(c.text)
	}
	return textOf(b.String()), r.allocate(b.Len())
}

// bound is an end of a slice: counted from the end if it is negative.
func bound(at *int, otherwise, n int) int {
	if at == nil {
		return otherwise
	}
	i := *at
	if i < 0 {
		i += n
	}
	return max(0, min(i, n))
}
