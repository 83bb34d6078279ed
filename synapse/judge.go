package synapse

import (
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/maskit-dev/maskit/internal/yamledit"
)

// The ways in which Synapse judges a value.

func truthy(l look) bool { return l.entry().Truthy() }

func falsy(l look) bool { return !l.entry().Truthy() }

func isNull(l look) bool { return l.entry().IsNull() }

func isNotNull(l look) bool { return !l.entry().IsNull() }

func isList(l look) bool { return l.entry().Value.Kind == yaml.SequenceNode }

// isFilledList reports whether there is an item.
func isFilledList(l look) bool { return isList(l) && truthy(l) }

// isNoSection: Synapse reads keys of it without asking what it is.
func isNoSection(l look) bool { return !l.entry().IsMapping() }

// isNoSectionOrNull: as isNoSection, but null counts as absent.
func isNoSectionOrNull(l look) bool { return isNoSection(l) && isNotNull(l) }

// isTrueNoSection: as isNoSection, but everything that is false counts as absent.
func isTrueNoSection(l look) bool { return isNoSection(l) && truthy(l) }

// isNoListOrNull is for values that Synapse checks against a schema.
func isNoListOrNull(l look) bool { return !isList(l) && isNotNull(l) }

// isTrueNoList: Synapse takes the items of what is not false.
func isTrueNoList(l look) bool { return !isList(l) && truthy(l) }

// isEnabled reports whether a section is switched on: it is, unless it says otherwise.
func isEnabled(l look) bool {
	return l.entry().IsMapping() && truthy(l) && (l.lacks("enabled") || l.has("enabled"))
}

// isSwitchedOn reads a switch by its word.
func isSwitchedOn(l look) bool {
	value, ok := truth(l.entry())
	return ok && value
}

func isSwitchedOff(l look) bool {
	value, ok := truth(l.entry())
	return ok && !value
}

// isNoSwitch: Synapse takes a word for true or false, and fails at any other.
func isNoSwitch(l look) bool { return !isSwitch(l.entry()) }

// isSwitch reports whether a value is a word for true or false.
func isSwitch(e yamledit.Entry) bool {
	_, ok := truth(e)
	return ok
}

// truth is how Synapse reads a registration switch: as text, by the words of
// distutils' strtobool. It is not ok if Synapse would refuse the value.
func truth(e yamledit.Entry) (value, ok bool) { return strtobool(e.Scalar()) }

func strtobool(s yamledit.Scalar) (value, ok bool) {
	switch s.Kind {
	case yamledit.KindBool, yamledit.KindInt, yamledit.KindString:
	default: // also 1.0, of which the text is "1.0"
		return false, false
	}
	switch strings.ToLower(s.Text) {
	case "y", "yes", "t", "true", "on", "1":
		return true, true
	case "n", "no", "f", "false", "off", "0":
		return false, true
	}
	return false, false
}

// isLifetime reports whether a duration is set and is not zero.
func isLifetime(l look) bool {
	isZero, ok := duration(l.entry())
	return ok && !isZero
}

// isNoDuration reports whether Synapse fails to read a duration.
func isNoDuration(l look) bool {
	_, ok := duration(l.entry())
	return !ok && isNotNull(l)
}

// duration reads what Synapse's parse_duration reads: an integer, in
// milliseconds, or a string of one with an optional unit.
func duration(e yamledit.Entry) (isZero, ok bool) {
	s := e.Scalar()
	digits := s.Text
	switch s.Kind {
	case yamledit.KindInt:
		return digits == "0" || digits == "-0", true
	case yamledit.KindString:
	default:
		return false, false
	}
	if digits == "" {
		return false, false
	}
	switch unit := digits[len(digits)-1]; {
	case strings.IndexByte("smhdwy", unit) >= 0:
		digits = digits[:len(digits)-1]
	case unit < '0' || unit > '9':
		return false, false
	}
	return integer(strings.TrimSpace(digits))
}

// integer reads what Python's int does of ASCII: a sign, and digits that single
// underscores may part.
func integer(s string) (isZero, ok bool) {
	if s != "" && strings.ContainsRune("+-", rune(s[0])) {
		s = s[1:]
	}
	if s == "" || strings.Trim(s, "0123456789_") != "" || strings.Contains("_"+s+"_", "__") {
		return false, false
	}
	return strings.Trim(s, "0_") == "", true
}
