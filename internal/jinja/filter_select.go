package jinja

import (
	"strconv"
	"strings"
)

// filterMap applies a filter to each item, or takes an attribute of each.
func filterMap(v value, a *args) (value, error) {
	items, err := a.run.iterate(v)
	if err != nil {
		return value{}, err
	}
	each, err := mapper(a)
	if err != nil {
		return value{}, err
	}
	out := make([]value, len(items))
	for i, item := range items {
		if out[i], err = each(item); err != nil {
			return value{}, err
		}
	}
	return listOf(out), a.run.allocateItems(len(out))
}

func mapper(a *args) (func(value) (value, error), error) {
	if path, ok := a.name("attribute"); ok {
		if len(a.names) > 1 || len(a.positional) > 0 {
			return nil, unsupported("arguments beside attribute")
		}
		name, err := strict(path)
		return func(item value) (value, error) { return a.run.path(item, name) }, err
	}
	if len(a.names) > 0 {
		return nil, unsupported("the argument %q", a.names[0])
	}
	name, err := a.text(0)
	if err != nil {
		return nil, err
	}
	f, err := (&parser{tokens: []token{{}}}).findFilter(name)
	rest := &args{run: a.run, positional: a.positional[1:]}
	return func(item value) (value, error) { return f(item, rest) }, err
}

// path looks up names with dots between.
func (r *run) path(v value, path string) (value, error) {
	var err error
	for name := range strings.SplitSeq(path, ".") {
		if _, number := strconv.Atoi(name); number == nil {
			return value{}, unsupported("a number in the path of an attribute")
		}
		if v, err = r.member(v, textOf(name), ""); err != nil {
			return value{}, err
		}
	}
	return v, nil
}

// filterSelect keeps the items that pass a test, or that count as true.
func filterSelect(keep, attribute bool) filterFunc {
	return func(v value, a *args) (value, error) {
		path := ""
		rest := a.positional
		if attribute {
			var err error
			if path, err = a.text(0); err != nil {
				return value{}, err
			}
			rest = rest[1:]
		}
		if len(a.names) > 0 {
			return value{}, unsupported("the argument %q", a.names[0])
		}
		passes, err := condition(&args{run: a.run, positional: rest})
		if err != nil {
			return value{}, err
		}
		items, err := a.run.iterate(v)
		if err != nil {
			return value{}, err
		}
		var out []value
		for _, item := range items {
			tested := item
			if attribute {
				if tested, err = a.run.path(item, path); err != nil {
					return value{}, err
				}
			}
			passed, err := passes(tested)
			if err != nil {
				return value{}, err
			}
			if passed == keep {
				out = append(out, item)
			}
		}
		return listOf(out), a.run.allocateItems(len(out))
	}
}

// condition is a test by its name, which the first argument is.
func condition(a *args) (func(value) (bool, error), error) {
	name, given, err := a.optionalText(0)
	if err != nil {
		return nil, err
	}
	if !given {
		return func(v value) (bool, error) { return v.truth(), a.run.step() }, nil
	}
	test, err := (&parser{tokens: []token{{}}}).findTest(name)
	rest := &args{run: a.run, positional: a.positional[1:]}
	return func(v value) (bool, error) { return test(v, rest) }, err
}
