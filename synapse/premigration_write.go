package synapse

import (
	"slices"
	"strconv"
	"strings"

	"github.com/maskit-dev/maskit/internal/yamledit"
)

// yamlWriter writes values in a form that every YAML reader takes for the same, be
// it of YAML 1.1, such as Synapse's, or of YAML 1.2, such as mas-cli's: strings
// in double quotes, true and false, decimal integers, no aliases and no tags.
type yamlWriter struct{ text strings.Builder }

// block writes the entries or items of a filled collection, one a line. The
// first one stands at where the text is: behind the dash of a list.
func (w *yamlWriter) block(d *datum, indent string) {
	lead := ""
	for _, e := range d.entries {
		if e.value.gone {
			continue
		}
		key := keyScalar(e.key)
		if len(key) > longestKey {
			key = "? " + key + "\n" + indent
		}
		w.text.WriteString(lead + key + ":")
		w.after(e.value, indent, "\n"+indent+"  ")
		lead = indent
	}
	for _, item := range d.items {
		w.text.WriteString(lead + "-")
		w.after(item, indent, " ")
		lead = indent
	}
}

// after writes a value behind its key or its dash; a filled collection behind a gap.
func (w *yamlWriter) after(d *datum, indent, gap string) {
	switch {
	case d.scalar.Kind != yamledit.KindNone:
		w.text.WriteString(" " + plainScalar(d.scalar) + "\n")
	case d.isList && len(d.items) == 0:
		w.text.WriteString(" []\n")
	case d.isEmpty():
		w.text.WriteString(" {}\n")
	default:
		w.text.WriteString(gap)
		w.block(d, indent+"  ")
	}
}

// isEmpty reports whether nothing of a mapping or list is written.
func (d *datum) isEmpty() bool {
	return len(d.items) == 0 && !slices.ContainsFunc(d.entries, func(e entry) bool { return !e.value.gone })
}

// longestKey is how long a key may be on the line of its value (YAML 1.1 and 1.2).
const longestKey = 1000

// keyScalar writes a key; without quotes where it needs none.
func keyScalar(key yamledit.Scalar) string {
	if key.Kind == yamledit.KindString && isWord(key.Text) {
		return key.Text
	}
	return plainScalar(key)
}

// isWord reports whether a plain text is a string for every reader.
func isWord(s string) bool {
	if s == "" || strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" || s[0] < 'a' {
		return false
	}
	switch s {
	case "y", "n", "yes", "no", "on", "off", "true", "false", "null":
		return false
	}
	return true
}

// plainScalar writes a scalar. Go's escapes of valid UTF-8 mean the same in YAML.
func plainScalar(s yamledit.Scalar) string {
	switch s.Kind {
	case yamledit.KindNull:
		return "null"
	case yamledit.KindBool, yamledit.KindInt:
		return s.Text
	case yamledit.KindFloat:
		return floatText(s.Text)
	}
	return strconv.Quote(s.Text)
}

// floatText gives a float the point that it needs to be one for every reader.
func floatText(s string) string {
	sign := ""
	if rest, ok := strings.CutPrefix(s, "-"); ok {
		sign, s = "-", rest
	}
	switch s {
	case "Inf":
		return sign + ".inf"
	case "NaN":
		return ".nan"
	}
	mantissa, exponent, hasExponent := strings.Cut(s, "e")
	if !strings.Contains(mantissa, ".") {
		mantissa += ".0"
	}
	if hasExponent {
		return sign + mantissa + "e" + exponent
	}
	return sign + mantissa
}
