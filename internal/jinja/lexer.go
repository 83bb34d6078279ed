package jinja

import (
	"fmt"
	"strings"
	"unicode"
)

// lexer splits a template into tokens.
type lexer struct {
	source string
	at     int
	line   int
	tokens []token
	// trim says that white space at the start of the next text is dropped.
	trim bool
}

// lex returns the tokens of a template, the last of which is tokenEnd. Like MAS it
// drops one line break at the end.
func lex(source string) ([]token, error) {
	source = strings.TrimSuffix(strings.TrimSuffix(source, "\n"), "\r")
	l := &lexer{source: source, line: 1, tokens: make([]token, 0, len(source)/5+8)}
	for l.at < len(l.source) {
		if err := l.template(); err != nil {
			return nil, err
		}
	}
	l.add(tokenEnd, "")
	return l.tokens, nil
}

func (l *lexer) rest() string { return l.source[l.at:] }

func (l *lexer) add(kind tokenKind, text string) {
	l.tokens = append(l.tokens, token{kind: kind, line: l.line, text: text})
}

func (l *lexer) advance(n int) string {
	text := l.source[l.at : l.at+n]
	l.line += strings.Count(text, "\n")
	l.at += n
	return text
}

func (l *lexer) error(reason error, format string, args ...any) error {
	return &Error{Line: l.line, Reason: reason, Message: fmt.Sprintf(format, args...)}
}

func (l *lexer) skipSpace() {
	rest := l.rest()
	l.advance(len(rest) - len(strings.TrimLeftFunc(rest, unicode.IsSpace)))
}

// template reads text up to the next tag, and the tag.
func (l *lexer) template() error {
	if l.trim {
		l.trim = false
		l.skipSpace()
	}
	start, ok := findTag(l.rest())
	if !ok {
		if l.rest() != "" {
			l.data(len(l.rest()), false)
		}
		return nil
	}
	after := byte(0)
	if at := l.at + start + 2; at < len(l.source) {
		after = l.source[at]
	}
	l.data(start, after == '-')
	skip := 2
	if after == '-' || after == '+' {
		skip = 3
	}
	switch l.source[l.at+1] {
	case '#':
		return l.comment(skip)
	case '{':
		l.add(tokenOutputBegin, "")
		l.advance(skip)
		return l.code("}}", tokenOutputEnd)
	}
	if end, trim, ok := basicTag(l.rest()[skip:], "raw"); ok {
		l.advance(skip + end)
		return l.raw(trim)
	}
	l.add(tokenBlockBegin, "")
	l.advance(skip)
	return l.code("%}", tokenBlockEnd)
}

func (l *lexer) data(n int, trimEnd bool) {
	line, text := l.line, l.advance(n)
	if trimEnd {
		text = strings.TrimRightFunc(text, unicode.IsSpace)
	}
	if text != "" {
		l.tokens = append(l.tokens, token{kind: tokenData, line: line, text: text})
	}
}

// findTag returns where the next {{, {% or {# stands.
func findTag(s string) (int, bool) {
	for from := 0; ; {
		i := strings.IndexByte(s[from:], '{')
		if i < 0 || from+i+1 >= len(s) {
			return 0, false
		}
		switch s[from+i+1] {
		case '{', '%', '#':
			return from + i, true
		}
		from += i + 1
	}
}

func (l *lexer) comment(skip int) error {
	body := l.rest()[min(skip, len(l.rest())):]
	end := strings.Index(body, "#}")
	if end < 0 {
		return l.error(ErrSyntax, "a comment is not closed by #}")
	}
	l.trim = body[max(end-1, 0)] == '-'
	l.advance(skip + end + 2)
	return nil
}

// raw takes everything up to the tag endraw as text.
func (l *lexer) raw(trimStart bool) error {
	rest := l.rest()
	for from := 0; ; {
		i := strings.Index(rest[from:], "{%")
		if i < 0 {
			return l.error(ErrSyntax, "a raw block is not closed by endraw")
		}
		from += i + 2
		inner := rest[from:]
		trimEnd := strings.HasPrefix(inner, "-")
		sign := 0
		if trimEnd || strings.HasPrefix(inner, "+") {
			sign = 1
		}
		end, trimAfter, ok := basicTag(inner[sign:], "endraw")
		if !ok {
			continue
		}
		if trimStart {
			blank := rest[:from-2]
			l.advance(len(blank) - len(strings.TrimLeftFunc(blank, unicode.IsSpace)))
		}
		total := from + sign + end
		l.data(len(rest[:from-2])-(len(rest)-len(l.rest())), trimEnd)
		l.advance(len(l.rest()) - (len(rest) - total))
		l.trim = trimAfter
		return nil
	}
}

// basicTag matches the rest of a tag that is a mere name, and says where it ends and
// whether it trims what follows.
func basicTag(s, name string) (end int, trim, ok bool) {
	const blank = " \t\n\r\f"
	rest := strings.TrimLeft(s, blank)
	if rest, ok = strings.CutPrefix(rest, name); !ok {
		return 0, false, false
	}
	rest = strings.TrimLeft(rest, blank)
	if trim = strings.HasPrefix(rest, "-"); trim || strings.HasPrefix(rest, "+") {
		rest = rest[1:]
	}
	rest, ok = strings.CutPrefix(rest, "%}")
	return len(s) - len(rest), trim, ok
}
