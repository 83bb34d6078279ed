package jinja

import (
	"slices"
	"strings"
)

func itemFilter(name string) filterFunc {
	switch name {
	case "first":
		return filterFirst
	case "last":
		return filterLast
	case "list":
		return filterList
	case "join":
		return filterJoin
	case "reverse":
		return filterReverse
	case "sort":
		return filterSort
	case "unique":
		return filterUnique
	case "min", "max":
		return filterExtreme(name == "max")
	case "items":
		return filterItems
	case "dictsort":
		return filterDictSort
	case "attr":
		return filterAttr
	case "map":
		return filterMap
	case "select", "reject":
		return filterSelect(name == "select", false)
	case "selectattr", "rejectattr":
		return filterSelect(name == "selectattr", true)
	}
	return nil
}

func filterFirst(v value, a *args) (value, error) {
	if v.kind == kindMapping || v.kind == kindText || isItems(v) {
		return pick(v, a, 0)
	}
	return value{}, failed("%v has no first item", v.kind)
}

func filterLast(v value, a *args) (value, error) {
	if v.kind == kindText || isItems(v) {
		return pick(v, a, -1)
	}
	return value{}, failed("%v has no last item", v.kind)
}

func pick(v value, a *args, at int) (value, error) {
	if err := a.take(0); err != nil {
		return value{}, err
	}
	items, err := a.run.iterate(v)
	if err != nil || len(items) == 0 {
		return value{}, err
	}
	return items[(at+len(items))%len(items)], nil
}

func filterList(v value, a *args) (value, error) {
	if err := a.take(0); err != nil {
		return value{}, err
	}
	items, err := a.run.iterate(v)
	return listOf(items), err
}

func filterJoin(v value, a *args) (value, error) {
	if err := a.take(1); err != nil {
		return value{}, err
	}
	items, err := a.run.iterate(v)
	if err != nil {
		return value{}, err
	}
	separator := ""
	if between := a.at(0); between.kind > kindNone {
		if separator, err = a.loose(between); err != nil {
			return value{}, err
		}
	}
	return a.run.joined(items, separator)
}

func (r *run) joined(items []value, separator string) (value, error) {
	var b strings.Builder
	for i, item := range items {
		if i > 0 {
			b.WriteString(separator)
		}
		s, err := r.show(item)
		if err != nil {
			return value{}, err
		}
		b.WriteString(s)
		if err := r.allocate(len(s) + len(separator)); err != nil {
			return value{}, err
		}
	}
	return textOf(b.String()), nil
}

func filterReverse(v value, a *args) (value, error) {
	if err := a.take(0); err != nil {
		return value{}, err
	}
	switch v.kind {
	case kindUndefined, kindNone:
		return v, nil
	case kindBytes, kindIterator, kindMapping:
		return value{}, unsupported("%v", v.kind)
	case kindText, kindList, kindBool, kindInteger, kindFloat, kindLoop:
	}
	items, err := a.run.iterate(v)
	if err != nil {
		return value{}, err
	}
	items = slices.Clone(items)
	slices.Reverse(items)
	if v.kind == kindText {
		return a.run.joined(items, "")
	}
	return iteratorOf(items, true), a.run.allocateItems(len(items))
}

// scalars are the items that can be put in order. Lists and mappings are refused.
func (a *args) scalars(v value) ([]value, error) {
	items, err := a.run.iterate(v)
	if err != nil {
		return nil, err
	}
	for _, item := range items {
		if item.kind >= kindList {
			return nil, unsupported("the order of %v", item.kind)
		}
	}
	return slices.Clone(items), a.run.allocateItems(len(items))
}

func filterSort(v value, a *args) (value, error) {
	if err := a.takeNames("case_sensitive"); err != nil { // what reverse does with equals has changed
		return value{}, err
	}
	sensitive, err := a.flag("case_sensitive")
	if err != nil {
		return value{}, err
	}
	items, err := a.scalars(v)
	if err != nil {
		return value{}, err
	}
	slices.SortStableFunc(items, func(x, y value) int { return orderFolded(x, y, sensitive) })
	return listOf(items), nil
}

// orderFolded compares strings without regard to the case of ASCII letters.
func orderFolded(x, y value, sensitive bool) int {
	if !sensitive && x.kind == kindText && y.kind == kindText {
		return strings.Compare(asciiLower(x.text), asciiLower(y.text))
	}
	return order(x, y)
}

func filterUnique(v value, a *args) (value, error) {
	if err := a.takeNames("case_sensitive"); err != nil {
		return value{}, err
	}
	sensitive, err := a.flag("case_sensitive")
	if err != nil {
		return value{}, err
	}
	items, err := a.scalars(v)
	if err != nil {
		return value{}, err
	}
	seen := dictionary{}
	items = slices.DeleteFunc(items, func(item value) bool {
		key := item
		if !sensitive && item.kind == kindText {
			key.text = lower(item.text)
		}
		_, again := seen.find(key)
		seen.set(key, item)
		return again
	})
	return listOf(items), nil
}

func filterExtreme(greatest bool) filterFunc {
	return func(v value, a *args) (value, error) {
		if err := a.take(0); err != nil {
			return value{}, err
		}
		items, err := a.scalars(v)
		if err != nil || len(items) == 0 {
			return value{}, err
		}
		best := items[0]
		for _, item := range items[1:] {
			// Of equal ones min takes the first and max the last, as Rust does.
			if c := order(item, best); greatest && c >= 0 || !greatest && c < 0 {
				best = item
			}
		}
		return best, nil
	}
}

func filterItems(v value, a *args) (value, error) {
	if err := a.take(0); err != nil {
		return value{}, err
	}
	if v.kind != kindMapping {
		return value{}, failed("%v has no pairs", v.kind)
	}
	items, err := a.run.pairsOf(v.mapping())
	return iteratorOf(items, true), err
}

func (r *run) pairsOf(m mapping) ([]value, error) {
	keys := m.keys()
	items := make([]value, len(keys))
	for i, key := range keys {
		v, _ := m.get(key)
		items[i] = listOf([]value{key, v})
	}
	return items, r.allocateItems(3 * len(items))
}

func filterDictSort(v value, a *args) (value, error) {
	if err := a.takeNames(); err != nil {
		return value{}, err
	}
	if v.kind != kindMapping {
		return value{}, failed("%v has no pairs", v.kind)
	}
	items, err := a.run.pairsOf(v.mapping())
	slices.SortStableFunc(items, func(x, y value) int { return orderFolded(x.items()[0], y.items()[0], false) })
	return listOf(items), err
}

func filterAttr(v value, a *args) (value, error) {
	if err := a.take(1); err != nil {
		return value{}, err
	}
	name, err := a.text(0)
	if err != nil {
		return value{}, err
	}
	return a.run.member(v, textOf(name), "")
}
