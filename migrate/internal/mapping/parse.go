// Package mapping translates the templates of Synapse's OpenID Connect mapping, which are
// Jinja2, to those of MAS, which are minijinja, where both provably render the same text.
//
// They differ in more than the engine (Synapse 1.163, handlers/oidc.py; MAS 1.22): Synapse
// renders null as nothing and cuts white space off both ends; MAS renders null as the word
// none and cuts nothing. So a template is taken apart, and written anew. What is
// understood is text and outputs of one claim, by any spelling of its path, with the
// filters lower, upper, trim and localpart_from_email and their Python methods. Everything
// else, conditions above all, is refused with a reason: a person has to translate it.
package mapping

import (
	"errors"
	"fmt"
	"strings"
)

// Template is a template that was understood: what it prints, in order.
type Template []Piece

// Piece is a text, or a claim.
type Piece struct {
	// Text is printed as it is; empty for a claim.
	Text string
	// Claim is the path of the claim: its name, and the keys inside it.
	Claim []string
	// Filters are applied to it, in order: "lower", "upper", "trim", "local".
	Filters []string
}

// The filters.
const (
	lower = "lower"
	upper = "upper"
	trim  = "trim"
	local = "local" // the part of an address before its last @
)

// Parse takes a template of Synapse apart. The error says what is not understood.
func Parse(source string) (Template, error) {
	source = strings.TrimSpace(source) // what Synapse cuts off
	var t Template
	for source != "" {
		before, rest, found := strings.Cut(source, "{{")
		if strings.Contains(before, "{%") || strings.Contains(before, "{#") || strings.Contains(before, "%}") {
			return nil, errors.New("it has a statement or a comment")
		}
		if before != "" {
			t = append(t, Piece{Text: before})
		}
		if !found {
			return t, nil
		}
		inner, after, closed := strings.Cut(rest, "}}")
		if !closed {
			return nil, errors.New("an output is not closed")
		}
		piece, err := parseOutput(inner)
		if err != nil {
			return nil, err
		}
		t, source = append(t, piece), after
	}
	return t, nil
}

// parseOutput reads what stands between the braces.
func parseOutput(inner string) (Piece, error) {
	if strings.HasPrefix(inner, "-") || strings.HasSuffix(inner, "-") || strings.HasPrefix(inner, "+") || strings.HasSuffix(inner, "+") {
		return Piece{}, errors.New("it controls white space by a sign beside a brace")
	}
	rest, isClaim := strings.CutPrefix(strings.TrimSpace(inner), "user")
	if !isClaim {
		return Piece{}, fmt.Errorf("%q does not begin with a claim of user", strings.TrimSpace(inner))
	}
	p := Piece{}
	for rest != "" {
		var err error
		if rest, err = p.step(rest); err != nil {
			return Piece{}, err
		}
	}
	if len(p.Claim) == 0 {
		return Piece{}, errors.New("it prints all claims at once")
	}
	return p, nil
}

// step reads one key, method or filter.
func (p *Piece) step(rest string) (string, error) {
	if filter, after, ok := cutFilter(rest); ok {
		p.Filters = append(p.Filters, filter)
		return after, nil
	}
	key, after, ok := cutKey(rest)
	switch {
	case !ok:
		return "", fmt.Errorf("%q is not understood", strings.TrimSpace(rest))
	case len(p.Filters) > 0:
		return "", errors.New("it takes a part of what a filter gives")
	}
	p.Claim = append(p.Claim, key)
	return after, nil
}

// cutFilter reads a filter such as "| lower", or the method that does the same.
func cutFilter(s string) (filter, rest string, ok bool) {
	s = strings.TrimSpace(s)
	for method, filter := range map[string]string{".lower()": lower, ".upper()": upper, ".strip()": trim} {
		if after, ok := strings.CutPrefix(s, method); ok {
			return filter, strings.TrimSpace(after), true
		}
	}
	s, piped := strings.CutPrefix(s, "|")
	name, rest := cutWord(strings.TrimSpace(s))
	filter = map[string]string{"lower": lower, "upper": upper, "trim": trim, "localpart_from_email": local}[name]
	return filter, strings.TrimSpace(rest), piped && filter != ""
}

// cutKey reads a key: .name, ['name'] or ["name"]. A name that is called is a method.
func cutKey(s string) (key, rest string, ok bool) {
	if after, dotted := strings.CutPrefix(s, "."); dotted {
		key, rest = cutWord(after)
		return key, rest, key != "" && !strings.HasPrefix(rest, "(")
	}
	for _, quote := range []string{"'", `"`} {
		after, begins := strings.CutPrefix(s, "["+quote)
		key, rest, ends := strings.Cut(after, quote+"]")
		if begins && ends && key != "" && !strings.ContainsAny(key, `'"\\`) {
			return key, rest, true
		}
	}
	return "", "", false
}

// cutWord reads an identifier.
func cutWord(s string) (word, rest string) {
	end := strings.IndexFunc(s, func(r rune) bool {
		return r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	})
	if end < 0 {
		end = len(s)
	}
	if end > 0 && s[0] >= '0' && s[0] <= '9' {
		end = 0
	}
	return s[:end], s[end:]
}
