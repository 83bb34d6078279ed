package jinja

import "slices"

func methodNames() []string {
	return []string{
		"upper", "lower", "islower", "isupper", "isspace", "isdigit", "isnumeric", "isalnum", "isalpha", "isascii",
		"strip", "lstrip", "rstrip", "replace", "title", "split", "splitlines", "capitalize", "count", "find", "rfind",
		"startswith", "endswith", "join", "get", "keys", "values", "items",
	}
}

func (p *parser) checkMethod(name string) error {
	switch {
	case slices.Contains(methodNames(), name):
		return nil
	case name == "format" || name == "cycle" || name == "changed" || name == "next" || name == "reset":
		return p.error(ErrUnsupported, "the method %q", name)
	}
	return p.error(ErrName, "MAS knows no method %q%s", name, suggestion(name, methodNames()))
}

// callMethod calls one of Python's methods that minijinja has.
func callMethod(of value, name string, a *args) (value, error) {
	switch of.kind {
	case kindText:
		if m := textMethod(name); m != nil {
			return m(of.text, a)
		}
	case kindMapping:
		return callMappingMethod(of, name, a)
	case kindList:
		if name == "count" {
			return countItems(of, a)
		}
	case kindBytes, kindIterator, kindLoop:
		return value{}, unsupported("a method of %v", of.kind)
	case kindUndefined, kindNone, kindBool, kindInteger, kindFloat:
	}
	return value{}, failed("%v has no such method", of.kind)
}

func countItems(of value, a *args) (value, error) {
	what, err := a.needed(0)
	if err != nil {
		return value{}, err
	}
	n := 0
	for _, item := range of.items() {
		if a.run.equal(item, what) {
			n++
		}
	}
	if a.run.err != nil {
		return value{}, a.run.err
	}
	return integerOf(int64(n)), a.take(1)
}

// callMappingMethod calls a method, unless the mapping has a key of that name, which
// hides the method in minijinja up to 2.21.
func callMappingMethod(of value, name string, a *args) (value, error) {
	m := of.mapping()
	if _, hidden := m.get(textOf(name)); hidden {
		return value{}, failed("the mapping has a key of that name, which hides the method")
	}
	switch name {
	case "get":
		return getKey(m, a)
	case "keys":
		return iteratorOf(m.keys(), true), a.take(0)
	case "values", "items":
		items, err := a.run.pairsOf(m)
		if err != nil {
			return value{}, err
		}
		if name == "values" {
			for i := range items {
				items[i] = items[i].items()[1]
			}
		}
		return iteratorOf(items, true), a.take(0)
	}
	return value{}, failed("a mapping has no such method")
}

func getKey(m mapping, a *args) (value, error) {
	if len(a.positional) > 1 {
		return value{}, unsupported("a default, which minijinja knows since 2.15 only: write (… or default) instead")
	}
	key, err := a.needed(0)
	if err != nil {
		return value{}, err
	}
	if v, ok := m.get(key); ok {
		return v, a.take(1)
	}
	return value{kind: kindNone}, a.take(1)
}
