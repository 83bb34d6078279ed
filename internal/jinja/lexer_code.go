package jinja

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// code reads the inside of a tag up to its end. Between brackets, an end is none.
func (l *lexer) code(end string, kind tokenKind) error {
	depth := 0
	for {
		l.skipSpace()
		rest := l.rest()
		if rest == "" {
			return l.error(ErrSyntax, "a tag is not closed by %s", end)
		}
		if depth == 0 {
			sign := 0
			if rest[0] == '-' || rest[0] == '+' {
				sign = 1
			}
			if strings.HasPrefix(rest[sign:], end) {
				l.add(kind, "")
				l.trim = rest[0] == '-'
				l.advance(sign + len(end))
				return nil
			}
		}
		if err := l.codeToken(rest, &depth); err != nil {
			return err
		}
	}
}

func (l *lexer) codeToken(rest string, depth *int) error {
	c := rest[0]
	switch {
	case isNameStart(c):
		n := nameLength(rest)
		l.add(tokenName, rest[:n])
		l.advance(n)
		return nil
	case c >= '0' && c <= '9':
		return l.number(rest)
	case c == '\'' || c == '"':
		return l.text(rest)
	}
	n := operatorLength(rest)
	if n == 0 {
		r, _ := utf8.DecodeRuneInString(rest)
		return l.error(ErrSyntax, "unexpected character %q", r)
	}
	switch c {
	case '(', '[', '{':
		*depth++
	case ')', ']', '}':
		*depth--
	}
	l.add(tokenOperator, rest[:n])
	l.advance(n)
	return nil
}

func operatorLength(s string) int {
	if len(s) > 1 {
		switch s[:2] {
		case "//", "**", "==", "!=", ">=", "<=":
			return 2
		}
	}
	if strings.IndexByte("+-*/%.,:~|=><()[]{}", s[0]) >= 0 {
		return 1
	}
	return 0
}

func isNameStart(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_'
}

func nameLength(s string) int {
	n := 0
	for n < len(s) && (isNameStart(s[n]) || n > 0 && s[n] >= '0' && s[n] <= '9') {
		n++
	}
	return n
}

// isIdentifier reports whether s can stand after a dot.
func isIdentifier(s string) bool { return s != "" && nameLength(s) == len(s) }

func digits(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}

// number reads decimal integers and floats. Other notations are refused.
func (l *lexer) number(rest string) error {
	n, kind := digits(rest), tokenInteger
	if n+1 < len(rest) && rest[n] == '.' && digits(rest[n+1:]) > 0 {
		n += 1 + digits(rest[n+1:])
		kind = tokenFloat
	}
	if n < len(rest) && (rest[n] == 'e' || rest[n] == 'E') {
		m := n + 1
		if m < len(rest) && (rest[m] == '+' || rest[m] == '-') {
			m++
		}
		if d := digits(rest[m:]); d > 0 {
			n, kind = m+d, tokenFloat
		}
	}
	if n < len(rest) && (isNameStart(rest[n]) || rest[n] == '.') {
		return l.error(ErrUnsupported, "the number %q", rest[:n+1])
	}
	if kind == tokenInteger && n > 18 || n > 100 {
		return l.error(ErrUnsupported, "a number with %d digits", n)
	}
	l.add(kind, rest[:n])
	l.advance(n)
	return nil
}

// text reads a string literal.
func (l *lexer) text(rest string) error {
	quote := rest[0]
	end := 1
	for end < len(rest) && rest[end] != quote {
		if rest[end] == '\\' {
			end++
		}
		end++
	}
	if end >= len(rest) {
		return l.error(ErrSyntax, "a string is not closed by %c", quote)
	}
	text := rest[1:end]
	if strings.IndexByte(text, '\\') >= 0 {
		var ok bool
		if text, ok = unescape(text); !ok {
			return l.error(ErrUnsupported, "an escape sequence in a string other than \\\\ \\' \\\" \\/ \\b \\f \\n \\r \\t \\u0041")
		}
	}
	l.add(tokenText, text)
	l.advance(end + 1)
	return nil
}

func unescape(s string) (string, bool) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			b.WriteByte(s[i])
			continue
		}
		i++ // the lexer saw to it that something follows
		if s[i] != 'u' {
			k := strings.IndexByte(`\'"/bfnrt`, s[i])
			if k < 0 {
				return "", false
			}
			b.WriteByte("\\'\"/\b\f\n\r\t"[k])
			continue
		}
		r, ok := hexRune(s[i+1:])
		if !ok {
			return "", false
		}
		i += 4
		if utf16.IsSurrogate(r) {
			low, ok := rune(0), false
			if strings.HasPrefix(s[i+1:], `\u`) {
				low, ok = hexRune(s[i+3:])
			}
			if r = utf16.DecodeRune(r, low); !ok || r == utf8.RuneError {
				return "", false
			}
			i += 6
		}
		b.WriteRune(r)
	}
	return b.String(), true
}

func hexRune(s string) (rune, bool) {
	if len(s) < 4 {
		return 0, false
	}
	n, err := strconv.ParseUint(s[:4], 16, 16)
	return rune(n), err == nil
}
