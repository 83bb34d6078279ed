package jinja

import (
	"fmt"
	"slices"
	"strings"
)

const (
	maxSource = 64 << 10
	maxDepth  = 100
)

// Template is a compiled template. It may be used by several goroutines.
type Template struct {
	body   []statement
	claims []string
}

// Claims are the claims that the template reads by their names, such as email for
// user.email and for id_token_claims['email'], in the order of the text.
func (t *Template) Claims() []string { return slices.Clone(t.claims) }

// Compile parses a template and looks up every name that it calls.
func Compile(source string) (*Template, error) {
	if len(source) > maxSource {
		return nil, errLimit(fmt.Sprintf("it has more than %d bytes", maxSource))
	}
	tokens, err := lex(source)
	if err != nil {
		return nil, err
	}
	p := &parser{tokens: tokens}
	body, err := p.statements()
	if err != nil {
		return nil, err
	}
	return &Template{body: body, claims: p.claims}, nil
}

// parser builds the tree of a template by recursive descent.
type parser struct {
	tokens []token
	at     int
	depth  int
	claims []string
}

// note takes down a claim that is read.
func (p *parser) note(of expression, name string) {
	if v, ok := of.(variable); ok && (v.name == "user" || v.name == "id_token_claims") && !slices.Contains(p.claims, name) {
		p.claims = append(p.claims, name)
	}
}

func (p *parser) current() token { return p.tokens[p.at] }

func (p *parser) next() token {
	t := p.tokens[p.at]
	if t.kind != tokenEnd {
		p.at++
	}
	return t
}

func (p *parser) skipOperator(op string) bool {
	if p.current().isOperator(op) {
		p.at++
		return true
	}
	return false
}

func (p *parser) skipName(name string) bool {
	if p.current().isName(name) {
		p.at++
		return true
	}
	return false
}

func (p *parser) expectOperator(op string) error {
	if !p.skipOperator(op) {
		return p.unexpected(fmt.Sprintf("%q", op))
	}
	return nil
}

func (p *parser) expectName(what string) (string, error) {
	if p.current().kind != tokenName {
		return "", p.unexpected(what)
	}
	return p.next().text, nil
}

func (p *parser) expectKind(kind tokenKind) error {
	if p.current().kind != kind {
		return p.unexpected(token{kind: kind}.String())
	}
	p.at++
	return nil
}

func (p *parser) unexpected(expected string) error {
	return p.error(ErrSyntax, "%v stands where %s is expected", p.current(), expected)
}

func (p *parser) error(reason error, format string, args ...any) error {
	return &Error{Line: p.current().line, Reason: reason, Message: fmt.Sprintf(format, args...)}
}

// enter guards against templates that nest without end; leave by p.depth--.
func (p *parser) enter() error {
	if p.depth++; p.depth > maxDepth {
		return p.error(ErrLimit, "it nests more than %d deep", maxDepth)
	}
	return nil
}

// statements parses up to the end, or up to a block that begins with one of the names,
// which stays the current token.
func (p *parser) statements(ends ...string) ([]statement, error) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer func() { p.depth-- }()
	var body []statement
	for {
		switch t := p.next(); t.kind {
		case tokenEnd:
			if len(ends) > 0 {
				return nil, p.unexpected("{% " + strings.Join(ends, " %} or {% ") + " %}")
			}
			return body, nil
		case tokenData:
			body = append(body, text{t.text})
		case tokenOutputBegin:
			e, err := p.expression()
			if err != nil {
				return nil, err
			}
			if err := p.expectKind(tokenOutputEnd); err != nil {
				return nil, err
			}
			body = append(body, output{e})
		case tokenBlockBegin:
			for _, end := range ends {
				if p.current().isName(end) {
					return body, nil
				}
			}
			s, err := p.statement()
			if err != nil {
				return nil, err
			}
			if err := p.expectKind(tokenBlockEnd); err != nil {
				return nil, err
			}
			body = append(body, s)
		default:
			p.at--
			return nil, p.unexpected("text or a tag")
		}
	}
}
