package jinja

import (
	"math"
	"math/big"
	"strconv"
)

func numberFilter(name string) filterFunc {
	switch name {
	case "int":
		return filterInt
	case "float":
		return filterFloat
	case "abs":
		return filterAbs
	case "round":
		return filterRound
	case "bool":
		return filterBool
	case "length", "count":
		return filterLength
	case "default", "d":
		return filterDefault
	}
	return nil
}

func filterInt(v value, a *args) (value, error) {
	if err := a.take(0); err != nil {
		return value{}, err
	}
	switch v.kind {
	case kindUndefined, kindNone:
		return integerOf(0), nil
	case kindBool:
		return integerOf(v.number), nil
	case kindInteger:
		return v, nil
	case kindFloat:
		return truncated(v.float)
	case kindText:
		return parseInt(v.text)
	case kindBytes, kindList, kindMapping, kindIterator, kindLoop:
	}
	return value{}, failed("%v is no number", v.kind)
}

func truncated(f float64) (value, error) {
	if math.Abs(f) >= 1<<100 {
		return value{}, unsupported("a number that large")
	}
	n, _ := big.NewFloat(math.Trunc(f)).Int(nil)
	return bigIntegerOf(n), nil
}

// parseInt reads a string of digits with or without a sign, or a float.
func parseInt(s string) (value, error) {
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return integerOf(n), nil
	}
	v, err := parseFloat(s)
	if err != nil {
		return value{}, err
	}
	if math.Abs(v.float) >= 1<<53 {
		return value{}, unsupported("a number that large")
	}
	return truncated(v.float)
}

// parseFloat takes decimal numbers only. What Go reads beyond these is refused.
func parseFloat(s string) (value, error) {
	for i := range len(s) {
		c := s[i]
		if (c < '0' || c > '9') && c != '.' && c != '-' && c != '+' && c != 'e' && c != 'E' {
			if _, err := strconv.ParseFloat(s, 64); err == nil {
				return value{}, unsupported("a number that is written like that")
			}
			return value{}, failed("a string is no number")
		}
	}
	f, err := strconv.ParseFloat(s, 64)
	switch {
	case err != nil && math.IsInf(f, 0):
		return value{}, unsupported("a number that large")
	case err != nil:
		return value{}, failed("a string is no number")
	}
	return floatOf(f), nil
}

func filterFloat(v value, a *args) (value, error) {
	if err := a.take(0); err != nil {
		return value{}, err
	}
	switch v.kind {
	case kindUndefined, kindNone:
		return floatOf(0), nil
	case kindBool, kindInteger, kindFloat:
		return floatOf(lossy(v)), nil
	case kindText:
		return parseFloat(v.text)
	case kindBytes, kindList, kindMapping, kindIterator, kindLoop:
	}
	return value{}, failed("%v is no number", v.kind)
}

func filterAbs(v value, a *args) (value, error) {
	if err := a.take(0); err != nil {
		return value{}, err
	}
	switch v.kind {
	case kindFloat:
		return floatOf(math.Abs(v.float)), nil
	case kindInteger:
		if n, ok := v.ref.(*big.Int); ok {
			return bigIntegerOf(new(big.Int).Abs(n)), nil
		}
		return bigIntegerOf(new(big.Int).Abs(big.NewInt(v.number))), nil
	case kindUndefined, kindNone, kindBool, kindText, kindBytes, kindList, kindMapping, kindIterator, kindLoop:
	}
	return value{}, failed("%v is no number", v.kind)
}

func filterRound(v value, a *args) (value, error) {
	if len(a.positional) > 0 {
		return value{}, unsupported("a precision")
	}
	if err := a.take(0); err != nil {
		return value{}, err
	}
	switch v.kind {
	case kindInteger:
		return v, nil
	case kindFloat:
		return floatOf(math.Round(v.float)), nil
	case kindUndefined, kindNone, kindBool, kindText, kindBytes, kindList, kindMapping, kindIterator, kindLoop:
	}
	return value{}, failed("%v is no number", v.kind)
}

func filterBool(v value, a *args) (value, error) {
	return boolOf(v.truth()), a.take(0)
}

func filterLength(v value, a *args) (value, error) {
	if err := a.take(0); err != nil {
		return value{}, err
	}
	n, ok := v.length()
	if !ok {
		return value{}, failed("%v has no length", v.kind)
	}
	return integerOf(int64(n)), nil
}

// filterDefault replaces what is undefined, and with a second argument that is true
// everything that counts as false.
func filterDefault(v value, a *args) (value, error) {
	if err := a.take(2); err != nil {
		return value{}, err
	}
	if a.at(1).kind > kindNone && a.at(1).kind != kindBool {
		return value{}, unsupported("a second argument that is not true or false")
	}
	if v.kind != kindUndefined && (v.truth() || !a.at(1).truth()) {
		return v, nil
	}
	if len(a.positional) == 0 {
		return textOf(""), nil
	}
	return a.at(0), nil
}
