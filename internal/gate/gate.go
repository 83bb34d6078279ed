// Package gate writes, and takes apart, the template by which MAS tells people apart when
// it also decides who may log in. MAS renders the subject at every login, and an empty
// one refuses it (MAS 1.22), so a subject that is rendered under conditions is a gate.
//
// There is one form, which [Parse] reads back to exactly what [Gate.Template] was made
// of. Any other template is not canonical: nobody can say what it does.
package gate

import (
	"slices"
	"strings"

	"github.com/maskit-dev/maskit/internal/claimexpr"
)

// Shape is how a claim holds names.
type Shape string

// The shapes.
const (
	// List is a list of texts.
	List Shape = "list"
	// Paths is a list of texts that are paths; one holds for every path below it too.
	Paths Shape = "paths"
	// Keys is a mapping whose keys are the names.
	Keys Shape = "keys"
	// Text is one text, the name itself.
	Text Shape = "text"
	// Words is one text with several names, parted by a separator.
	Words Shape = "words"
	// Address is an e-mail address; the name is its domain, in lower case.
	Address Shape = "address"
)

// Condition holds if the claim has one of the names.
type Condition struct {
	// Claim is the name of the claim, and the keys inside it.
	Claim []string
	// Shape is how it holds names.
	Shape Shape
	// Separator parts the names of the shape Words.
	Separator string
	// Verified is the claim that says of the shape Address that the provider has checked
	// the address; empty: no such claim is looked at.
	Verified string
	// Names are those that it takes one of.
	Names []string
}

// Gate renders the subject if all conditions hold.
type Gate struct {
	Subject    claimexpr.Expr
	Conditions []Condition
}

const (
	open   = "{%- if "
	then   = " -%}{{- "
	end    = " -}}{%- endif -%}"
	plain  = "{{ "
	plainE = " }}"
	and    = " and "
	isTrue = string(claimexpr.IsTrue)
)

// Template writes the gate. The order of names means nothing: they are sorted.
func (g Gate) Template() string {
	if len(g.Conditions) == 0 {
		return plain + string(g.Subject) + plainE
	}
	parts := make([]string, len(g.Conditions))
	for i, c := range g.Conditions {
		parts[i] = "(" + c.expr() + ")"
	}
	return open + strings.Join(parts, and) + then + string(g.Subject) + end
}

func (c Condition) expr() string {
	claim := string(claimexpr.Claim(c.Claim...))
	names := slices.Compact(slices.Sorted(slices.Values(c.Names)))
	switch c.Shape {
	case List:
		return claim + " is sequence and (" + anyIn(names, claim) + ")"
	case Paths:
		return claim + " is sequence and (" + anyBelow(names, claim) + ")"
	case Keys:
		return claim + " is mapping and (" + anyIn(names, claim) + ")"
	case Words:
		return claim + " is string and (" + anyIn(names, words(claim, c.Separator)) + ")"
	case Address:
		e := claim + domainOf(claim) + string(claimexpr.List(names...))
		if c.Verified != "" {
			e = string(claimexpr.Claim(c.Verified)) + isTrue + and + e
		}
		return e
	}
	return claim + " in " + string(claimexpr.List(names...))
}

// words are the parts of a text.
func words(claim, separator string) string {
	return "(" + claim + " | split(" + string(claimexpr.Literal(separator)) + ") | list)"
}

// domainOf is what asks a claim for the domain of an address; a text without an @ is none.
func domainOf(claim string) string {
	return " is string and '@' in " + claim + and + "(" + claim + " | split('@') | last | lower) in "
}

// anyBelow holds for a path that is one of the names, or has one of them above it.
func anyBelow(names []string, claim string) string {
	parts := make([]string, len(names))
	for i, name := range names {
		parts[i] = string(claimexpr.Literal(name)) + " in " + claim + below(name, claim)
	}
	return strings.Join(parts, " or ")
}

// below is the part about the paths below the one named.
func below(name, claim string) string {
	return " or " + claim + " | select('startingwith', " + string(claimexpr.Literal(name+"/")) + ") | list"
}

func anyIn(names []string, container string) string {
	parts := make([]string, len(names))
	for i, name := range names {
		parts[i] = string(claimexpr.Literal(name)) + " in " + container
	}
	return strings.Join(parts, " or ")
}
