package mas

import (
	"errors"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit/internal/jinja"
)

// template checks a minijinja template: that every tag, string, bracket and block
// is closed, and that MAS has its filters, functions and methods. An empty
// template is fine: MAS then uses its own.
func (c *checker) template(at place, source string) bool {
	if source == "" {
		return true
	}
	err := c.scan(source).err
	if err != nil {
		c.fail(at, "template-invalid", err.Error(), "MAS compiles it when somebody logs in, and then the login fails")
	}
	return err == nil
}

// scanned is a template that was taken apart, and what is wrong with it.
type scanned struct {
	template
	err error
}

// scan takes a template apart, once: providers have many alike.
func (c *checker) scan(source string) scanned {
	if !strings.Contains(source, "{") {
		return scanned{} // a text, which has no tags
	}
	t, known := c.scanned[source]
	if known {
		return t
	}
	t.template, t.err = scanTemplate(source)
	if t.err == nil {
		t.err = t.checkBlocks()
	}
	if t.err == nil {
		t.err = t.checkNames()
	}
	if t.err == nil {
		t.err = checkExpressions(source)
	}
	c.scanned[source] = t
	return t
}

// checkExpressions finds what the scan cannot see: an expression that is none, such as
// {{ a or }}. A construct that jinja refuses is left alone, because MAS may render it.
func checkExpressions(source string) error {
	_, err := jinja.Compile(source)
	if errors.Is(err, jinja.ErrSyntax) || errors.Is(err, jinja.ErrName) {
		return err
	}
	return nil
}

// mentions reports whether a name in the template holds one of the words.
func (t template) mentions(words ...string) bool {
	for _, tag := range t.tags {
		for _, tok := range tag.tokens {
			for _, word := range words {
				if tok.kind != tokenOther && strings.Contains(tok.text, word) {
					return true
				}
			}
		}
	}
	return false
}

// lossy reports whether the template may render one name for two claims: it cuts,
// replaces or selects.
func (t template) lossy() bool {
	cutting := []string{
		"split", "rsplit", "replace", "truncate", "trim", "strip", "lstrip", "rstrip", "striptags",
		"first", "last", "slice", "batch", "format",
	}
	for _, tag := range t.tags {
		for i, tok := range tag.tokens {
			if tok.kind == tokenName && slices.Contains(cutting, tok.text) && i > 0 && tag.tokens[i-1].isAny("|", ".") {
				return true
			}
			if tok.is(":") && tag.inIndex(i) {
				return true
			}
		}
	}
	return false
}

// inIndex reports whether token i is inside the brackets of x[…].
func (t templateTag) inIndex(i int) bool {
	depth := 0
	for j := i - 1; j >= 0; j-- {
		switch {
		case t.tokens[j].isAny("]", "}", ")"):
			depth++
		case t.tokens[j].isAny("[", "{", "(") && depth > 0:
			depth--
		case t.tokens[j].isAny("{", "("):
			return false
		case t.tokens[j].is("["):
			return j > 0 && (t.tokens[j-1].kind == tokenName || t.tokens[j-1].isAny(")", "]"))
		}
	}
	return false
}

// printsNull reports whether a claim that is null would be printed, as "none".
func (t template) printsNull() bool {
	var conditions [][]token
	for _, tag := range t.tags {
		switch {
		case tag.statement && tag.isBlock("if"):
			conditions = append(conditions, tag.tokens[1:])
		case tag.statement && tag.isBlock("endif") && len(conditions) > 0:
			conditions = conditions[:len(conditions)-1]
		case !tag.statement && tag.printsNull(conditions):
			return true
		}
	}
	return false
}

// printsNull reports whether the expression starts with a claim that nothing
// guards: no "or", no default(…, true), no condition on the same claim.
func (t templateTag) printsNull(conditions [][]token) bool {
	claim := t.claim()
	if claim == nil || t.guarded() {
		return false
	}
	if at := slices.IndexFunc(t.tokens, func(tok token) bool { return tok.is("if") }); at > 0 {
		conditions = append(slices.Clone(conditions), t.tokens[at:])
	}
	return !slices.ContainsFunc(conditions, func(condition []token) bool { return holds(condition, claim) })
}

// claim is the path of the claim that the expression starts with: user.email.
func (t templateTag) claim() []token {
	roots := []string{"user", "id_token_claims", "userinfo_claims", "extra_callback_parameters"}
	start := 0
	for start < len(t.tokens) && t.tokens[start].is("(") {
		start++
	}
	if start == len(t.tokens) || !slices.Contains(roots, t.tokens[start].text) {
		return nil
	}
	end := start + 1
	for end+1 < len(t.tokens) && t.tokens[end].is(".") {
		end += 2
	}
	if path := t.tokens[start:end]; !(len(path) == 3 && path[2].text == "sub") { // every ID token has a sub
		return path
	}
	return nil
}

func (t templateTag) guarded() bool {
	for i, tok := range t.tokens {
		if tok.is("or") {
			return true
		}
		if tok.isAny("default", "d") && slices.ContainsFunc(t.tokens[i:], func(a token) bool { return a.is("true") }) {
			return true
		}
	}
	return false
}

// holds reports whether the tokens have the path, as a whole.
func holds(tokens, path []token) bool {
	for i := 0; i+len(path) <= len(tokens); i++ {
		end := i + len(path)
		if slices.Equal(tokens[i:end], path) && (end == len(tokens) || !tokens[end].is(".")) {
			return true
		}
	}
	return false
}
