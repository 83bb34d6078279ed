// Package claimexpr writes the expressions that the templates of this module are made of, in
// minijinja, the language that MAS renders: strings of a configuration as literals, claims as
// what they are called in a template. Nothing else puts a string of a configuration into a
// template. It reads them back, too. Package internal/jinja is the one that renders.
package claimexpr

import (
	"fmt"
	"strings"
)

// Expr is an expression. It is made by the functions of this module only, so that no
// string of a configuration becomes one unescaped.
type Expr string

// Literal returns s as a string literal. Beside the quote and the backslash it escapes
// what could end a block of the template or a line of the file.
func Literal(s string) Expr {
	var b strings.Builder
	b.WriteByte('\'')
	for _, r := range s {
		switch {
		case r == '\'' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < ' ' || r == 0x7f || strings.ContainsRune("{}%#", r):
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('\'')
	return Expr(b.String())
}

// List returns a list of string literals.
func List(texts ...string) Expr {
	parts := make([]string, len(texts))
	for i, text := range texts {
		parts[i] = string(Literal(text))
	}
	return Expr("[" + strings.Join(parts, ", ") + "]")
}

// Claim returns the claim at a path, the first element of which is its name and each
// other one a key inside: user.sub, user['cognito:username'], (user.realm_access or {}).roles.
// What is not there is undefined, and no error at any depth.
func Claim(path ...string) Expr {
	e := Expr("user")
	for i, name := range path {
		if i > 0 {
			e = "(" + e + " or {})"
		}
		if isIdentifier(name) {
			e += Expr("." + name)
		} else {
			e += "[" + Literal(name) + "]"
		}
	}
	return e
}

func isIdentifier(s string) bool {
	for i := range len(s) {
		c := s[i]
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return s != ""
}

// IsTrue after a claim holds for a switch that is on, which some providers send as a text
// or a number. An expression that is merely truthy would take the text "false" for true.
const IsTrue Expr = " in [true, 'true', '1']"
