package jinja

import (
	"math"
	"math/big"
	"unicode/utf8"
)

type kind uint8

const (
	kindUndefined kind = iota
	kindNone
	kindBool
	kindInteger
	kindFloat
	kindText
	kindBytes
	kindList
	kindMapping
	kindIterator
	kindLoop
)

// value is what an expression has: number holds a bool or a small integer, text a
// string or bytes, and ref what is larger.
type value struct {
	kind   kind
	number int64
	float  float64
	text   string
	ref    any
}

// iterator is what a filter hands out piece by piece; sized says that its length is
// known beforehand.
type iterator struct {
	items []value
	sized bool
}

func textOf(s string) value      { return value{kind: kindText, text: s} }
func bytesOf(s string) value     { return value{kind: kindBytes, text: s} }
func integerOf(n int64) value    { return value{kind: kindInteger, number: n} }
func floatOf(f float64) value    { return value{kind: kindFloat, float: f} }
func listOf(items []value) value { return value{kind: kindList, ref: items} }

func boolOf(b bool) value {
	if b {
		return value{kind: kindBool, number: 1}
	}
	return value{kind: kindBool}
}

func iteratorOf(items []value, sized bool) value {
	return value{kind: kindIterator, ref: iterator{items, sized}}
}

func mappingOf(m mapping) value { return value{kind: kindMapping, ref: m} }

// bigIntegerOf keeps integers in the smallest form.
func bigIntegerOf(n *big.Int) value {
	if n.IsInt64() {
		return integerOf(n.Int64())
	}
	return value{kind: kindInteger, ref: n}
}

// items are those of a list or an iterator.
func (v value) items() []value {
	switch ref := v.ref.(type) {
	case []value:
		return ref
	case iterator:
		return ref.items
	}
	return nil
}

func (v value) mapping() mapping {
	m, _ := v.ref.(mapping)
	return m
}

// integer is the value as a number without fraction: a bool is 0 or 1.
func (v value) integer() (*big.Int, bool) {
	switch v.kind {
	case kindBool:
		return big.NewInt(v.number), true
	case kindInteger:
		if n, ok := v.ref.(*big.Int); ok {
			return n, fits128(n)
		}
		return big.NewInt(v.number), true
	case kindFloat:
		if f := v.float; f == math.Trunc(f) && math.Abs(f) < 1<<63 {
			return big.NewInt(int64(f)), true
		}
	}
	return nil, false
}

// fits128 reports whether minijinja can calculate with n.
func fits128(n *big.Int) bool { return n.BitLen() <= 127 }

// small is the value as an index or a count.
func (v value) small() (int, bool) {
	n, ok := v.integer()
	if !ok || !n.IsInt64() {
		return 0, false
	}
	return int(n.Int64()), true
}

// truth is whether the value counts as true.
func (v value) truth() bool {
	switch v.kind {
	case kindBool:
		return v.number != 0
	case kindInteger:
		return v.number != 0 || v.ref != nil
	case kindFloat:
		return v.float != 0
	case kindText, kindBytes:
		return v.text != ""
	case kindList:
		return len(v.items()) > 0
	case kindMapping:
		return v.mapping().size() > 0
	case kindIterator:
		it, _ := v.ref.(iterator)
		return !it.sized || len(it.items) > 0
	case kindLoop:
		return true
	case kindUndefined, kindNone:
	}
	return false
}

// length is the number of characters or items, if there is one.
func (v value) length() (int, bool) {
	switch v.kind {
	case kindText:
		return utf8.RuneCountInString(v.text), true
	case kindBytes:
		return len(v.text), true
	case kindList:
		return len(v.items()), true
	case kindMapping:
		return v.mapping().size(), true
	case kindIterator:
		it, _ := v.ref.(iterator)
		return len(it.items), it.sized
	case kindUndefined, kindNone, kindBool, kindInteger, kindFloat, kindLoop:
	}
	return 0, false
}

// String names the kind for error messages.
func (k kind) String() string {
	switch k {
	case kindUndefined:
		return "undefined"
	case kindNone:
		return "null"
	case kindBool:
		return "a bool"
	case kindInteger, kindFloat:
		return "a number"
	case kindText:
		return "a string"
	case kindBytes:
		return "bytes"
	case kindList:
		return "a list"
	case kindMapping:
		return "a mapping"
	case kindIterator:
		return "an iterator"
	case kindLoop:
		return "the loop"
	}
	return "a value"
}
