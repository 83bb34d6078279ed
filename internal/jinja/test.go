package jinja

import (
	"math/big"
	"strings"
	"unicode"
)

// findTest looks a test up.
func (p *parser) findTest(name string) (testFunc, error) {
	for _, find := range []func(string) testFunc{kindTest, valueTest, comparisonTest} {
		if f := find(name); f != nil {
			return f, nil
		}
	}
	switch name {
	case "safe", "escaped", "sameas", "filter", "test":
		return nil, p.error(ErrUnsupported, "the test %q", name)
	}
	return nil, p.error(ErrName, "MAS knows no test %q%s", name, suggestion(name, testNames()))
}

func testNames() []string {
	return []string{
		"defined", "undefined", "none", "true", "false", "boolean", "number", "integer", "float", "string", "sequence",
		"mapping", "iterable", "odd", "even", "divisibleby", "startingwith", "endingwith", "lower", "upper",
		"in", "eq", "ne", "lt", "le", "gt", "ge",
	}
}

// kindTest finds the tests that ask what a value is.
func kindTest(name string) testFunc {
	switch name {
	case "defined":
		return isKind(func(v value) bool { return v.kind != kindUndefined })
	case "undefined":
		return isKind(func(v value) bool { return v.kind == kindUndefined })
	case "none":
		return isKind(func(v value) bool { return v.kind == kindNone })
	case "true":
		return isKind(func(v value) bool { return v.kind == kindBool && v.truth() })
	case "false":
		return isKind(func(v value) bool { return v.kind == kindBool && !v.truth() })
	case "boolean":
		return isKind(func(v value) bool { return v.kind == kindBool })
	case "number":
		return isKind(isNumeric)
	case "integer", "int":
		return isKind(func(v value) bool { return v.kind == kindInteger })
	case "float":
		return isKind(func(v value) bool { return v.kind == kindFloat })
	case "string":
		return isKind(func(v value) bool { return v.kind == kindText })
	case "sequence":
		return isKind(func(v value) bool { return v.kind == kindList })
	case "mapping":
		return isKind(func(v value) bool { return v.kind == kindMapping })
	case "iterable":
		return isKind(func(v value) bool {
			return v.kind <= kindNone || v.kind == kindText || isItems(v) || v.kind == kindMapping
		})
	}
	return nil
}

func isKind(f func(value) bool) testFunc {
	return func(v value, a *args) (bool, error) { return f(v), a.take(0) }
}

// valueTest finds the tests that look into a value.
func valueTest(name string) testFunc {
	switch name {
	case "odd", "even":
		return func(v value, a *args) (bool, error) {
			n, ok := v.integer()
			return ok && (n.Bit(0) == 1) == (name == "odd"), a.take(0)
		}
	case "divisibleby":
		return testDivisible
	case "startingwith":
		return compareText(strings.HasPrefix)
	case "endingwith":
		return compareText(strings.HasSuffix)
	case "lower":
		return allRunes(isLower)
	case "upper":
		return allRunes(isUpper)
	case "in":
		return testIn
	}
	return nil
}

func testDivisible(v value, a *args) (bool, error) {
	by, err := a.needed(0)
	if err != nil {
		return false, err
	}
	if v.kind == kindFloat || by.kind == kindFloat {
		return false, unsupported("floats")
	}
	n, okN := v.integer()
	d, okD := by.integer()
	if !okN || !okD || !numberLike(v) || !numberLike(by) {
		return false, a.take(1)
	}
	if d.Sign() == 0 {
		return false, unsupported("a division by zero")
	}
	return new(big.Int).Rem(n, d).Sign() == 0, a.take(1)
}

func compareText(f func(s, part string) bool) testFunc {
	return func(v value, a *args) (bool, error) {
		other, err := a.needed(0)
		if err != nil {
			return false, err
		}
		s, err := a.loose(v)
		if err != nil {
			return false, err
		}
		part, err := a.loose(other)
		if err != nil {
			return false, err
		}
		return f(s, part), a.take(1)
	}
}

func allRunes(f func(rune) bool) testFunc {
	return func(v value, a *args) (bool, error) {
		s, err := strict(v)
		if err != nil {
			return false, err
		}
		return every(s, f), a.take(0)
	}
}

func every(s string, f func(rune) bool) bool {
	return strings.IndexFunc(s, func(c rune) bool { return !f(c) }) < 0
}

// testIn never fails: what cannot be looked into contains nothing.
func testIn(v value, a *args) (bool, error) {
	container, err := a.needed(0)
	if err != nil {
		return false, err
	}
	if container.kind <= kindFloat || container.kind == kindBytes {
		return false, a.take(1)
	}
	found, err := a.run.contains(container, v)
	if err != nil {
		return false, err
	}
	return found, a.take(1)
}

// comparisonTest finds the operators by their names.
func comparisonTest(name string) testFunc {
	op := ""
	switch name {
	case "eq", "equalto":
		op = "=="
	case "ne":
		op = "!="
	case "lt", "lessthan":
		op = "<"
	case "le":
		op = "<="
	case "gt", "greaterthan":
		op = ">"
	case "ge":
		op = ">="
	default:
		return nil
	}
	return func(v value, a *args) (bool, error) {
		other, err := a.needed(0)
		if err != nil {
			return false, err
		}
		if err := a.take(1); err != nil {
			return false, err
		}
		result, err := binary{op: op, left: constant{v}, right: constant{other}}.eval(a.run)
		return result.truth(), err
	}
}

func isLower(c rune) bool { return unicode.IsLower(c) || unicode.Is(unicode.Other_Lowercase, c) }
func isUpper(c rune) bool { return unicode.IsUpper(c) || unicode.Is(unicode.Other_Uppercase, c) }
