package jinja

import (
	"math"
	"math/big"
	"strings"
)

// calculate applies an operator to two numbers, strings or lists.
func (r *run) calculate(op string, a, b value) (value, error) {
	switch {
	case op == "+" && isItems(a) && isItems(b):
		return r.concatenate(a, b)
	case op == "+" && a.kind == kindText && b.kind == kindText:
		return textOf(a.text + b.text), r.allocate(len(a.text) + len(b.text))
	case op == "*" && (a.kind == kindText || b.kind == kindText):
		return r.repeat(a, b)
	case op == "*" && (isItems(a) || isItems(b)):
		return value{}, unsupported("a list that is multiplied")
	case !numberLike(a) || !numberLike(b):
		return value{}, failed("%q does not take %v and %v", op, a.kind, b.kind)
	case op == "/" || a.kind == kindFloat || b.kind == kindFloat:
		return calculateFloats(op, lossy(a), lossy(b))
	}
	x, okX := a.integer()
	y, okY := b.integer()
	if !okX || !okY {
		return value{}, failed("%q does not take numbers of this size", op)
	}
	return calculateIntegers(op, x, y)
}

func isItems(v value) bool { return v.kind == kindList || v.kind == kindIterator }

func (r *run) concatenate(a, b value) (value, error) {
	if a.kind != kindList || b.kind != kindList {
		return value{}, unsupported("an iterator that is added")
	}
	n := len(a.items()) + len(b.items())
	if err := r.allocateItems(n); err != nil {
		return value{}, err
	}
	all := make([]value, 0, n)
	return iteratorOf(append(append(all, a.items()...), b.items()...), true), nil
}

func (r *run) repeat(a, b value) (value, error) {
	if a.kind != kindText {
		a, b = b, a
	}
	n, ok := b.small()
	if !ok || n < 0 || b.kind == kindText {
		return value{}, failed("a string is multiplied with %v", b.kind)
	}
	if n > maxMemory {
		return value{}, errLimit("a string is repeated too often")
	}
	if err := r.allocate(len(a.text) * n); err != nil {
		return value{}, err
	}
	return textOf(strings.Repeat(a.text, n)), nil
}

// lossy is a number as a float.
func lossy(v value) float64 {
	if n, ok := v.ref.(*big.Int); ok {
		f, _ := new(big.Float).SetInt(n).Float64()
		return f
	}
	if v.kind == kindFloat {
		return v.float
	}
	return float64(v.number)
}

func calculateFloats(op string, a, b float64) (value, error) {
	var f float64
	switch op {
	case "+":
		f = a + b
	case "-":
		f = a - b
	case "*":
		f = a * b
	case "/":
		f = a / b
	default:
		return value{}, unsupported("%q of floats", op)
	}
	if math.IsNaN(f) {
		return value{}, unsupported("a calculation without a result")
	}
	return floatOf(f), nil
}

func calculateIntegers(op string, a, b *big.Int) (value, error) {
	result := new(big.Int)
	switch op {
	case "+":
		result.Add(a, b)
	case "-":
		result.Sub(a, b)
	case "*":
		result.Mul(a, b)
	case "//", "%":
		if b.Sign() == 0 {
			return value{}, failed("a division by zero")
		}
		if op == "%" {
			result.Mod(a, b) // Euclidean, as in Rust
		} else {
			result.Div(a, b)
		}
	case "**":
		if b.Sign() < 0 || b.BitLen() > 8 {
			return value{}, unsupported("a power like that")
		}
		result.Exp(a, b, nil)
	}
	if !fits128(result) {
		return value{}, failed("the result of %q is too large", op)
	}
	return bigIntegerOf(result), nil
}

func negate(v value) (value, error) {
	switch v.kind {
	case kindFloat:
		return floatOf(-v.float), nil
	case kindInteger:
		if n, ok := v.integer(); ok {
			return bigIntegerOf(new(big.Int).Neg(n)), nil
		}
	case kindUndefined, kindNone, kindBool, kindText, kindBytes, kindList, kindMapping, kindIterator, kindLoop:
	}
	return value{}, failed("a sign before %v", v.kind)
}
