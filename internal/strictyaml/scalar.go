package strictyaml

import (
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// scalarKind says what a scalar is, by its tag or else as serde_yaml 0.9 resolves
// plain scalars. The second result is false if the tag is not understood.
func scalarKind(n *yaml.Node) (Kind, bool) {
	if n.Style&yaml.TaggedStyle != 0 {
		return taggedKind(n)
	}
	if n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		return String, true
	}
	return plainKind(n.Value), true
}

func taggedKind(n *yaml.Node) (Kind, bool) {
	plain := plainKind(n.Value)
	switch n.ShortTag() {
	case "!!str":
		return String, true
	case "!!null":
		return Null, plain == Null
	case "!!bool":
		return Bool, plain == Bool
	case "!!int":
		return Int, plain == Int
	case "!!float":
		return Float, plain == Float || plain == Int
	}
	return String, false
}

// plainKind resolves a plain scalar.
func plainKind(s string) Kind {
	switch s {
	case "", "~", "null", "Null", "NULL":
		return Null
	case "true", "True", "TRUE", "false", "False", "FALSE":
		return Bool
	case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF", ".nan", ".NaN", ".NAN":
		return Float
	}
	if c := s[0]; c != '+' && c != '-' && c != '.' && (c < '0' || c > '9') {
		return String
	}
	switch {
	case digitsButString(s):
		return String
	case isInteger(s):
		return Int
	case isFloat(s):
		return Float
	}
	return String
}

// digitsButString reports a number with leading zeros, which is a string in YAML 1.2.
func digitsButString(s string) bool {
	s = trimSign(s)
	return len(s) > 1 && s[0] == '0' && strings.Trim(s, "0123456789") == ""
}

func trimSign(s string) string {
	if s != "" && (s[0] == '+' || s[0] == '-') {
		return s[1:]
	}
	return s
}

func isInteger(s string) bool {
	digits, base := splitBase(s)
	if base == 10 {
		return digits != "" && strings.Trim(digits, "0123456789") == ""
	}
	_, err := strconv.ParseUint(digits, base, 64)
	return err == nil
}

// splitBase drops the sign and the base prefix.
func splitBase(s string) (digits string, base int) {
	s = trimSign(s)
	if len(s) > 2 && s[0] == '0' {
		switch s[1] {
		case 'x':
			return s[2:], 16
		case 'o':
			return s[2:], 8
		case 'b':
			return s[2:], 2
		}
	}
	return s, 10
}

func isFloat(s string) bool {
	if strings.Trim(s, "0123456789+-.eE") != "" {
		return false
	}
	_, err := strconv.ParseFloat(s, 64) // out of range is an error: such a scalar is a string
	return err == nil
}

// parseInteger returns the magnitude and sign of an [Int].
func parseInteger(s string) (magnitude uint64, negative bool, err error) {
	digits, base := splitBase(s)
	magnitude, err = strconv.ParseUint(digits, base, 64)
	return magnitude, s != "" && s[0] == '-' && magnitude != 0, err
}

// parseFloat returns the value of a [Float] or [Int].
func parseFloat(s string) (float64, error) {
	switch strings.ToLower(strings.TrimPrefix(s, "+")) {
	case ".inf":
		s = "+Inf"
	case "-.inf":
		s = "-Inf"
	case ".nan":
		s = "NaN"
	}
	if digits, base := splitBase(s); base != 10 {
		magnitude, err := strconv.ParseUint(digits, base, 64)
		if s[0] == '-' {
			return -float64(magnitude), err
		}
		return float64(magnitude), err
	}
	return strconv.ParseFloat(s, 64)
}
