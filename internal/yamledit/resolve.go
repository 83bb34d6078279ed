package yamledit

import (
	"math/big"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// Kind is the type that a YAML 1.1 reader gives a scalar.
type Kind int

// The kinds.
const (
	// KindNone is the kind of what is no scalar: a mapping, a sequence, nothing.
	KindNone Kind = iota
	KindNull
	KindBool
	KindInt
	KindFloat
	KindString
	KindTimestamp
	// KindMerge is a plain "<<".
	KindMerge
	// KindInvalid is what makes the reader fail, such as "!!int x" or "0b_".
	KindInvalid
)

// Scalar is a resolved scalar. It is comparable: equal scalars are the same value.
type Scalar struct {
	Kind Kind
	// Text is the value in one form per kind: "true" and "false", an integer in
	// base 10, a float as Go prints it in full, a string as it is, "" for null.
	Text string
}

// Truthy reports whether Python would take the scalar for true.
func (s Scalar) Truthy() bool {
	switch s.Kind {
	case KindBool:
		return s.Text == "true"
	case KindInt, KindFloat:
		return s.Text != "0" && s.Text != "-0"
	case KindString, KindMerge:
		return s.Text != ""
	case KindTimestamp:
		return true
	default:
		return false
	}
}

// IsString reports whether the scalar is the string text.
func (s Scalar) IsString(text string) bool { return s == Scalar{Kind: KindString, Text: text} }

// asKey is the scalar that stands for all keys that are the same to Python, in
// which 1, 1.0 and True are equal. A plain "=" is a string there.
func (s Scalar) asKey() Scalar {
	switch {
	case s.Kind == KindBool && s.Text == "true":
		return Scalar{KindInt, "1"}
	case s.Kind == KindBool:
		return Scalar{KindInt, "0"}
	case s.Kind == KindFloat:
		if f, _, err := big.ParseFloat(s.Text, 10, 64, big.ToNearestEven); err == nil && f.IsInt() {
			return Scalar{KindInt, f.Text('f', 0)}
		}
	case s.Kind == KindInvalid && s.Text == "=":
		s.Kind = KindString
	}
	return s
}

// Resolve gives the value of a scalar node, or of the scalar that an alias
// names, as PyYAML 6's SafeLoader does: by YAML 1.1, in which on and yes are
// booleans, 0644 is octal, 1:30 is ninety, and 1e3 is a string. A node of
// another kind resolves to KindNone.
func Resolve(n *yaml.Node) Scalar {
	n = Deref(n)
	switch {
	case n == nil || n.Kind != yaml.ScalarNode:
		return Scalar{}
	case n.Style&yaml.TaggedStyle != 0:
		return resolveTagged(n.ShortTag(), n.Value)
	case n.Style&quoted != 0:
		return Scalar{KindString, n.Value}
	}
	return resolvePlain(n.Value)
}

// quoted are the styles whose scalars are strings whatever they say.
const quoted = yaml.DoubleQuotedStyle | yaml.SingleQuotedStyle | yaml.LiteralStyle | yaml.FoldedStyle

func resolveTagged(tag, value string) Scalar {
	kinds := map[string]Kind{"!!null": KindNull, "!!bool": KindBool, "!!int": KindInt, "!!float": KindFloat, "!!timestamp": KindTimestamp}
	kind, ok := kinds[tag]
	switch {
	case tag == "!!str":
		return Scalar{KindString, value}
	case !ok:
		return Scalar{KindInvalid, value}
	case kind == KindNull:
		return Scalar{Kind: KindNull}
	}
	if kind == KindBool {
		value = strings.ToLower(value)
	}
	if s := resolvePlain(value); s.Kind == kind {
		return s
	}
	return Scalar{KindInvalid, value}
}

func resolvePlain(s string) Scalar {
	switch s {
	case "", "~", "null", "Null", "NULL":
		return Scalar{Kind: KindNull}
	case "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON":
		return Scalar{KindBool, "true"}
	case "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF":
		return Scalar{KindBool, "false"}
	case "<<":
		return Scalar{KindMerge, s}
	case "=":
		return Scalar{KindInvalid, s} // a type of its own, which SafeLoader does not construct
	}
	if !strings.ContainsRune("+-.0123456789", rune(s[0])) {
		return Scalar{KindString, s}
	}
	if len(s) > maxNumber {
		return resolveLong(s)
	}
	for _, resolve := range []func(string) (Scalar, bool){resolveInt, resolveFloat, resolveTimestamp} {
		if v, ok := resolve(s); ok {
			return v
		}
	}
	return Scalar{KindString, s}
}

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
