package jinja

import (
	"cmp"
	"math"
	"math/big"
	"strings"
)

func isNumeric(v value) bool { return v.kind == kindInteger || v.kind == kindFloat }

// equal is the operator ==. A bool equals the number 0 or 1.
func (r *run) equal(a, b value) bool {
	if r.read(a) != nil {
		return false
	}
	switch {
	case a.kind == b.kind && a.kind <= kindNone:
		return true
	case a.kind == kindText || a.kind == kindBytes:
		return a.kind == b.kind && a.text == b.text
	case a.kind == kindMapping:
		return b.kind == kindMapping && r.equalMappings(a.mapping(), b.mapping())
	case a.kind == kindList || a.kind == kindIterator:
		return (b.kind == kindList || b.kind == kindIterator) && r.equalItems(a.items(), b.items())
	case numberLike(a) && numberLike(b):
		return compareNumbers(a, b) == 0
	}
	return false
}

func numberLike(v value) bool { return v.kind == kindBool || isNumeric(v) }

func (r *run) equalItems(a, b []value) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !r.equal(a[i], b[i]) {
			return false
		}
	}
	return true
}

func (r *run) equalMappings(a, b mapping) bool {
	if a.size() != b.size() {
		return false
	}
	for _, key := range a.keys() {
		x, _ := a.get(key)
		y, ok := b.get(key)
		if !ok || !r.equal(x, y) {
			return false
		}
	}
	return true
}

// compareNumbers compares exactly, whatever the forms of the numbers are.
func compareNumbers(a, b value) int {
	if a.kind == kindFloat && b.kind == kindFloat {
		return cmp.Compare(a.float, b.float)
	}
	if f, ok := infinity(a); ok {
		return f
	}
	if f, ok := infinity(b); ok {
		return -f
	}
	return rational(a).Cmp(rational(b))
}

func infinity(v value) (int, bool) {
	switch {
	case v.kind != kindFloat:
	case math.IsInf(v.float, 1):
		return 1, true
	case math.IsInf(v.float, -1):
		return -1, true
	}
	return 0, false
}

func rational(v value) *big.Rat {
	switch n, ok := v.ref.(*big.Int); {
	case ok:
		return new(big.Rat).SetInt(n)
	case v.kind == kindFloat:
		if exact := new(big.Rat).SetFloat64(v.float); exact != nil {
			return exact
		}
	}
	return new(big.Rat).SetInt64(v.number)
}

// rank is the order of values of different kinds.
func rank(k kind) int {
	switch k {
	case kindFloat:
		return int(kindInteger)
	case kindUndefined, kindNone, kindBool, kindInteger, kindText, kindBytes, kindList, kindMapping, kindIterator, kindLoop:
	}
	return int(k)
}

// order is what < goes by: first the kind, then the value.
func order(a, b value) int {
	if c := cmp.Compare(rank(a.kind), rank(b.kind)); c != 0 {
		return c
	}
	switch a.kind {
	case kindBool:
		return cmp.Compare(a.number, b.number)
	case kindInteger, kindFloat:
		return compareNumbers(a, b)
	case kindText, kindBytes:
		return strings.Compare(a.text, b.text)
	case kindList, kindIterator:
		return orderItems(a.items(), b.items())
	case kindMapping:
		return orderItems(flat(a.mapping()), flat(b.mapping()))
	case kindUndefined, kindNone, kindLoop:
	}
	return 0
}

func orderItems(a, b []value) int {
	for i := range min(len(a), len(b)) {
		if c := order(a[i], b[i]); c != 0 {
			return c
		}
	}
	return cmp.Compare(len(a), len(b))
}

func flat(m mapping) []value {
	var all []value
	for _, key := range m.keys() {
		v, _ := m.get(key)
		all = append(all, key, v)
	}
	return all
}

// contains is the operator in.
func (r *run) contains(container, v value) (bool, error) {
	switch container.kind {
	case kindUndefined:
		return false, nil
	case kindText:
		s, err := r.show(v)
		return strings.Contains(container.text, s), err
	case kindMapping:
		_, ok := container.mapping().get(v)
		return ok, nil
	case kindList, kindIterator:
		for _, one := range container.items() {
			if r.equal(one, v) {
				return true, r.err
			}
		}
		return false, r.err
	case kindBytes:
		return false, unsupported("\"in\" bytes")
	case kindNone, kindBool, kindInteger, kindFloat, kindLoop:
	}
	return false, failed("\"in\" does not look into %v", container.kind)
}
