package jinja

import "fmt"

type tokenKind uint8

const (
	tokenEnd tokenKind = iota
	tokenData
	tokenOutputBegin
	tokenOutputEnd
	tokenBlockBegin
	tokenBlockEnd
	tokenName
	tokenText
	tokenInteger
	tokenFloat
	tokenOperator
)

// token is one part of a template. Text is the name, the decoded string, the digits or
// the operator.
type token struct {
	kind tokenKind
	line int
	text string
}

// String describes the token in an error message.
func (t token) String() string {
	switch t.kind {
	case tokenEnd:
		return "the end of the template"
	case tokenData:
		return "text"
	case tokenOutputBegin:
		return "{{"
	case tokenOutputEnd:
		return "}}"
	case tokenBlockBegin:
		return "{%"
	case tokenBlockEnd:
		return "%}"
	case tokenText:
		return "a string"
	case tokenName, tokenInteger, tokenFloat, tokenOperator:
		return fmt.Sprintf("%q", t.text)
	}
	return "a token"
}

func (t token) isName(name string) bool   { return t.kind == tokenName && t.text == name }
func (t token) isOperator(op string) bool { return t.kind == tokenOperator && t.text == op }
