package yamledit

import (
	"math/big"
	"strconv"
	"strings"
)

// maxNumber is the most characters that are read as a number, to keep the work
// linear: Python itself refuses to convert integers of more digits (3.11,
// sys.int_info.default_max_str_digits).
const maxNumber = 4300

func resolveLong(s string) Scalar {
	if strings.Trim(s, "+-.:_0123456789abcdefxABCDEF") == "" {
		return Scalar{KindInvalid, s}
	}
	return Scalar{KindString, s}
}

// resolveInt takes binary, octal, hexadecimal, decimal and sexagesimal integers.
func resolveInt(s string) (Scalar, bool) {
	sign, digits := cutSign(s)
	plain := strings.ReplaceAll(digits, "_", "")
	switch {
	case digits == "0":
		return Scalar{KindInt, "0"}, true
	case hasOnly(digits, "0b", "01_"):
		return parseInt(sign, plain[2:], 2)
	case hasOnly(digits, "0x", "0123456789abcdefABCDEF_"):
		return parseInt(sign, plain[2:], 16)
	case hasOnly(digits, "0", "01234567_"):
		return parseInt(sign, plain, 8)
	case digits == "" || digits[0] < '1' || digits[0] > '9':
		return Scalar{}, false
	}
	head, tail := cutDigits(digits)
	if tail == "" {
		return parseInt(sign, strings.ReplaceAll(head, "_", ""), 10)
	}
	if rest := cutSixties(tail); rest == "" && tail[0] == ':' {
		return Scalar{KindInt, sign + sixties(plain).Text('f', 0)}, true
	}
	return Scalar{}, false
}

func parseInt(sign, digits string, base int) (Scalar, bool) {
	i, ok := new(big.Int).SetString(sign+digits, base)
	if !ok {
		return Scalar{KindInvalid, digits}, true // "0b_": matches, then Python's int() fails
	}
	return Scalar{KindInt, i.String()}, true
}

// resolveFloat takes decimal and sexagesimal floats, infinities and NaN. An
// exponent needs a fraction point before it and a sign of its own.
func resolveFloat(s string) (Scalar, bool) {
	sign, digits := cutSign(s)
	switch digits {
	case ".inf", ".Inf", ".INF":
		return Scalar{KindFloat, sign + "Inf"}, true
	case ".nan", ".NaN", ".NAN":
		return Scalar{KindFloat, "NaN"}, s == digits
	}
	whole, tail := cutDigits(digits)
	if whole == "" && (s != digits || len(tail) < 2 || !isDigit(tail[1])) {
		return Scalar{}, false
	}
	if whole != "" && !isDigit(whole[0]) {
		return Scalar{}, false
	}
	fraction, isFraction := strings.CutPrefix(cutSixties(tail), ".")
	_, exponent := cutDigits(fraction)
	sexagesimal := strings.HasPrefix(tail, ":")
	switch {
	case !isFraction, sexagesimal && exponent != "", exponent != "" && !isExponent(exponent):
		return Scalar{}, false
	case sexagesimal:
		f, _ := sixties(strings.ReplaceAll(digits, "_", "")).Float64()
		return floatScalar(sign, f)
	}
	f, _ := strconv.ParseFloat(strings.ReplaceAll(digits, "_", ""), 64) // out of range is infinite, as in Python
	return floatScalar(sign, f)
}

func floatScalar(sign string, f float64) (Scalar, bool) {
	return Scalar{KindFloat, sign + strings.TrimPrefix(strconv.FormatFloat(f, 'g', -1, 64), "+")}, true
}

func isExponent(s string) bool {
	return len(s) > 2 && (s[0] == 'e' || s[0] == 'E') && (s[1] == '+' || s[1] == '-') && strings.Trim(s[2:], "0123456789") == ""
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func cutSign(s string) (sign, digits string) {
	switch s[0] {
	case '-':
		return "-", s[1:]
	case '+':
		return "", s[1:]
	}
	return "", s
}

// cutDigits splits off a run of digits and underscores.
func cutDigits(s string) (digits, rest string) {
	rest = strings.TrimLeft(s, "0123456789_")
	return s[:len(s)-len(rest)], rest
}

// cutSixties drops any number of ":59".
func cutSixties(s string) string {
	for {
		switch {
		case len(s) > 2 && s[0] == ':' && s[1] >= '0' && s[1] <= '5' && isDigit(s[2]):
			s = s[3:]
		case len(s) > 1 && s[0] == ':' && isDigit(s[1]):
			s = s[2:]
		default:
			return s
		}
	}
}

// sixties gives the value of "1:30" or "1:30.5": its digits are those of base 60.
func sixties(s string) *big.Float {
	value := new(big.Float).SetPrec(2048)
	for part := range strings.SplitSeq(s, ":") {
		digit, ok := new(big.Float).SetPrec(2048).SetString(part)
		if !ok {
			continue // a final "5." is read by SetString; nothing else can be amiss
		}
		value.Mul(value, big.NewFloat(60)).Add(value, digit)
	}
	return value
}

// hasOnly reports whether s is the prefix, followed by at least one of the characters and nothing else.
func hasOnly(s, prefix, chars string) bool {
	rest, ok := strings.CutPrefix(s, prefix)
	return ok && rest != "" && strings.Trim(rest, chars) == ""
}
