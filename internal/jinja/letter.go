package jinja

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/language"
)

// The functions change the case of letters as the Unicode standard says, one letter of
// which can become several.

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func asciiLower(s string) string {
	return strings.Map(func(c rune) rune {
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		return c
	}, s)
}

func lower(s string) string {
	if isASCII(s) {
		return strings.ToLower(s)
	}
	return cases.Lower(language.Und).String(s)
}

func upper(s string) string {
	if isASCII(s) {
		return strings.ToUpper(s)
	}
	return cases.Upper(language.Und).String(s)
}

func capitalize(s string) string {
	_, n := utf8.DecodeRuneInString(s)
	return upper(s[:n]) + lower(s[n:])
}

// title writes the first letter after white space or punctuation in upper case.
func title(s string) string {
	var b strings.Builder
	start := true
	for _, c := range s {
		switch {
		case unicode.IsSpace(c) || c < utf8.RuneSelf && (unicode.IsPunct(c) || unicode.IsSymbol(c)):
			b.WriteRune(c)
			start = true
		case start:
			b.WriteString(upper(string(c)))
			start = false
		case c == 'Σ':
			b.WriteRune('σ')
		default:
			b.WriteString(lower(string(c)))
		}
	}
	return b.String()
}
