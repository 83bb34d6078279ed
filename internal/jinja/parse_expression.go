package jinja

import "slices"

// The functions stand in the order in which operators bind, from the loosest.

func (p *parser) expression() (expression, error) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer func() { p.depth-- }()
	e, err := p.or()
	for err == nil && p.skipName("if") {
		c := conditional{then: e}
		if c.condition, err = p.or(); err != nil {
			return nil, err
		}
		if p.skipName("else") {
			if c.otherwise, err = p.expression(); err != nil {
				return nil, err
			}
		}
		e = c
	}
	return e, err
}

func (p *parser) or() (expression, error) {
	left, err := p.and()
	for err == nil && p.skipName("or") {
		var right expression
		right, err = p.and()
		left = choice{or: true, left: left, right: right}
	}
	return left, err
}

func (p *parser) and() (expression, error) {
	left, err := p.not()
	for err == nil && p.skipName("and") {
		var right expression
		right, err = p.not()
		if err == nil && isConstant(left) && isConstant(right) {
			return nil, p.error(ErrUnsupported, "an \"and\" of two constants, which minijinja makes a bool")
		}
		left = choice{left: left, right: right}
	}
	return left, err
}

// isConstant reports whether an expression reads nothing, so that minijinja may
// calculate it when it compiles.
func isConstant(e expression) bool {
	switch e := e.(type) {
	case constant:
		return true
	case not:
		return isConstant(e.of)
	case minus:
		return isConstant(e.of)
	case binary:
		return isConstant(e.left) && isConstant(e.right)
	case choice:
		return isConstant(e.left) && isConstant(e.right)
	case list:
		return !slices.ContainsFunc(e.items, func(one expression) bool { return !isConstant(one) })
	case pairs:
		return isConstant(list{slices.Concat(e.keys, e.values)})
	}
	return false
}

func (p *parser) not() (expression, error) {
	if !p.skipName("not") {
		return p.comparison()
	}
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer func() { p.depth-- }()
	of, err := p.not()
	return not{of}, err
}

// comparison refuses a < b < c, which minijinja reads as Python does since 2.20 only.
func (p *parser) comparison() (expression, error) {
	left, err := p.binaries(1)
	if err != nil {
		return nil, err
	}
	op, negated, ok := p.comparator()
	if !ok {
		return left, nil
	}
	right, err := p.binaries(1)
	if err != nil {
		return nil, err
	}
	line := p.at
	if _, _, more := p.comparator(); more {
		p.at = line
		return nil, p.error(ErrUnsupported, "a comparison of three values")
	}
	var e expression = binary{op: op, left: left, right: right}
	if negated {
		e = not{e}
	}
	return e, nil
}

func (p *parser) comparator() (op string, negated, ok bool) {
	switch t := p.current(); {
	case t.kind == tokenOperator:
		switch t.text {
		case "==", "!=", "<", "<=", ">", ">=":
			return p.next().text, false, true
		}
	case t.isName("in"):
		p.at++
		return "in", false, true
	case t.isName("not") && p.tokens[p.at+1].isName("in"):
		p.at += 2
		return "in", true, true
	}
	return "", false, false
}

// binding is how tightly an operator that combines values binds, from 1; 0 is none.
func binding(t token) int {
	if t.kind != tokenOperator {
		return 0
	}
	switch t.text {
	case "+", "-":
		return 1
	case "~":
		return 2
	case "*", "/", "//", "%":
		return 3
	case "**":
		return 4
	}
	return 0
}

// binaries parses operators that bind at least as tightly as the weakest.
func (p *parser) binaries(weakest int) (expression, error) {
	left, err := p.unary()
	if err != nil {
		return nil, err
	}
	for {
		strength := binding(p.current())
		if strength < weakest {
			return left, nil
		}
		op := p.next().text
		right, err := p.binaries(strength + 1)
		if err != nil {
			return nil, err
		}
		left = binary{op: op, left: left, right: right}
	}
}

func (p *parser) unary() (expression, error) {
	e, err := p.operand()
	if err != nil {
		return nil, err
	}
	return p.filters(e)
}

// operand is a value with what is called and looked up on it: a sign binds tighter
// than a dot in minijinja.
func (p *parser) operand() (expression, error) {
	e, err := p.signed()
	if err != nil {
		return nil, err
	}
	return p.postfix(e)
}

func (p *parser) signed() (expression, error) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer func() { p.depth-- }()
	if !p.skipOperator("-") {
		return p.primary()
	}
	of, err := p.signed()
	return minus{of}, err
}
