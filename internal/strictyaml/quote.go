package strictyaml

import (
	"strings"
	"unicode"

	"gopkg.in/yaml.v3"
)

// stringStyle chooses how a string is written: plain only if nobody could take it
// for anything else, as a block if it has several clean lines, else in double quotes.
func stringStyle(s string) yaml.Style {
	switch {
	case isPlain(s):
		return 0
	case isBlock(s):
		return yaml.LiteralStyle
	}
	return yaml.DoubleQuotedStyle
}

func keyStyle(s string) yaml.Style {
	if isPlain(s) {
		return 0
	}
	return yaml.DoubleQuotedStyle
}

// isPlain accepts words, names, paths and URLs: a letter or slash, then letters,
// digits and a few marks, and spaces only inside.
func isPlain(s string) bool {
	if s == "" || !isLetter(s[0]) && s[0] != '/' || isHex(s) || isWord11(s) {
		return false
	}
	for i := range len(s) {
		c := s[i]
		switch {
		case isLetter(c) || c >= '0' && c <= '9' || strings.IndexByte("_-./+@", c) >= 0:
		case c == ':' && i+1 < len(s) && s[i+1] != ' ':
		case c == ' ' && i+1 < len(s) && s[i+1] != ' ':
		default:
			return false
		}
	}
	return true
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// isHex reports what is or could be the start of a key, a hash or an id.
func isHex(s string) bool {
	notHex := func(r rune) bool { return !strings.ContainsRune("0123456789abcdefABCDEF", r) }
	return len(s) >= 8 && !strings.ContainsFunc(s, notHex)
}

// isWord11 reports the words that are null or a boolean in YAML 1.1 or 1.2.
func isWord11(s string) bool {
	if len(s) > len("false") {
		return false
	}
	switch strings.ToLower(s) {
	case "null", "true", "false", "yes", "no", "on", "off", "y", "n":
		return true
	}
	return false
}

// isBlock accepts text of two lines or more that a literal block holds without
// loss: printable, no line that starts the text with white space or ends in it,
// at most one newline at the end.
func isBlock(s string) bool {
	if strings.Count(s, "\n") < 1 || strings.HasSuffix(s, "\n\n") || s[0] == ' ' || s[0] == '\n' || s[0] == '\t' {
		return false
	}
	for line := range strings.SplitSeq(s, "\n") {
		if line != strings.TrimRightFunc(line, unicode.IsSpace) {
			return false
		}
		for _, r := range line {
			if r == '\ufeff' || r != '\t' && !unicode.IsPrint(r) {
				return false
			}
		}
	}
	return true
}
