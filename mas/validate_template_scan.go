package mas

import (
	"errors"
	"fmt"
	"strings"
)

// template is a minijinja template, taken apart into the tokens of its tags.
type template struct{ tags []templateTag }

// templateTag is {{ an expression }} or {% a statement %}.
type templateTag struct {
	statement bool
	tokens    []token
}

// isBlock reports whether the statement starts with the word.
func (t templateTag) isBlock(word string) bool { return len(t.tokens) > 0 && t.tokens[0].is(word) }

type token struct {
	kind tokenKind
	text string
}

type tokenKind int

const (
	tokenName tokenKind = iota
	tokenString
	tokenOther // numbers and operators
)

func (t token) is(text string) bool { return t.kind != tokenString && t.text == text }

func (t token) isAny(texts ...string) bool {
	for _, text := range texts {
		if t.is(text) {
			return true
		}
	}
	return false
}

// scanTemplate takes a template apart. The error says what is not closed.
func scanTemplate(source string) (template, error) {
	var t template
	for {
		start := strings.IndexByte(source, '{')
		if start < 0 || start+1 == len(source) {
			return t, nil
		}
		opening := source[start : start+2]
		source = source[start+2:]
		var err error
		switch opening {
		case "{{", "{%":
			source, err = t.scanTag(source, opening == "{%")
		case "{#":
			_, rest, closed := strings.Cut(source, "#}")
			if !closed {
				err = errors.New("has a {# that is never closed")
			}
			source = rest
		default:
			source = opening[1:] + source
		}
		if err != nil {
			return t, err
		}
	}
}

// scanTag reads one tag and returns what follows it.
func (t *template) scanTag(source string, statement bool) (string, error) {
	tag := templateTag{statement: statement}
	opening, closing := "{{", "}}"
	if statement {
		opening, closing = "{%", "%}"
	}
	s := tagScanner{rest: strings.TrimLeft(source, "-+"), closing: closing}
	for {
		tok, more, err := s.next()
		if err != nil {
			return "", fmt.Errorf("has a %s %w", opening, err)
		}
		if !more {
			break
		}
		tag.tokens = append(tag.tokens, tok)
	}
	if len(tag.tokens) == 0 {
		return "", fmt.Errorf("has an empty %s %s", opening, closing)
	}
	t.tags = append(t.tags, tag)
	if tag.statement && tag.isBlock("raw") {
		return skipRaw(s.rest)
	}
	return s.rest, nil
}

func skipRaw(source string) (string, error) {
	for {
		_, rest, found := strings.Cut(source, "{%")
		if !found {
			return "", errors.New("has a {% raw %} without {% endraw %}")
		}
		word := strings.TrimLeft(rest, "-+ \t\r\n")
		if after, ok := strings.CutPrefix(word, "endraw"); ok {
			_, rest, _ = strings.Cut(after, "%}")
			return rest, nil
		}
		source = rest
	}
}

// tagScanner reads the tokens of one tag.
type tagScanner struct {
	rest    string
	closing string
	open    []byte // brackets that are to be closed
}

// next returns the next token, or false behind the end of the tag.
func (s *tagScanner) next() (token, bool, error) {
	s.rest = strings.TrimLeft(s.rest, " \t\r\n")
	if len(s.open) == 0 {
		for _, end := range []string{s.closing, "-" + s.closing, "+" + s.closing} {
			if rest, ok := strings.CutPrefix(s.rest, end); ok {
				s.rest = rest
				return token{}, false, nil
			}
		}
	}
	if s.rest == "" {
		return token{}, false, errors.New("that is never closed")
	}
	switch b := s.rest[0]; {
	case b == '\'' || b == '"':
		return s.quoted(b)
	case isNameByte(b):
		return s.name(), true, nil
	default:
		return s.operator(b)
	}
}

func (s *tagScanner) quoted(quote byte) (token, bool, error) {
	for i := 1; i < len(s.rest); i++ {
		switch s.rest[i] {
		case '\\':
			i++
		case quote:
			tok := token{kind: tokenString, text: s.rest[1:i]}
			s.rest = s.rest[i+1:]
			return tok, true, nil
		}
	}
	return token{}, false, errors.New("with a string that is never closed")
}

func (s *tagScanner) name() token {
	end := 1
	for end < len(s.rest) && isNameByte(s.rest[end]) {
		end++
	}
	tok := token{kind: tokenName, text: s.rest[:end]}
	if tok.text[0] >= '0' && tok.text[0] <= '9' {
		tok.kind = tokenOther
	}
	s.rest = s.rest[end:]
	return tok
}

func (s *tagScanner) operator(b byte) (token, bool, error) {
	s.rest = s.rest[1:]
	tok := token{kind: tokenOther, text: string(b)}
	switch b {
	case '(', '[', '{':
		s.open = append(s.open, b)
	case ')', ']', '}':
		if len(s.open) == 0 || !pairs(s.open[len(s.open)-1], b) {
			return tok, false, fmt.Errorf("with a %c that nothing opened", b)
		}
		s.open = s.open[:len(s.open)-1]
	}
	return tok, true, nil
}

func pairs(opening, closing byte) bool {
	return opening == '(' && closing == ')' || opening == '[' && closing == ']' || opening == '{' && closing == '}'
}

func isNameByte(b byte) bool {
	return b == '_' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b >= 0x80
}
