package yamledit

import (
	"math/big"
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
