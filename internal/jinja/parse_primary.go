package jinja

import "strconv"

func (p *parser) primary() (expression, error) {
	t := p.next()
	switch t.kind {
	case tokenName:
		return named(t.text), nil
	case tokenText:
		s := t.text
		for p.current().kind == tokenText {
			s += p.next().text
		}
		return constant{textOf(s)}, nil
	case tokenInteger:
		n, err := strconv.ParseInt(t.text, 10, 64)
		return constant{integerOf(n)}, err
	case tokenFloat:
		f, err := strconv.ParseFloat(t.text, 64)
		if err != nil {
			return nil, p.error(ErrUnsupported, "the number %s", t.text)
		}
		return constant{floatOf(f)}, nil
	case tokenOperator:
		switch t.text {
		case "(":
			return p.parenthesis()
		case "[":
			items, err := p.items("]")
			return list{items}, err
		case "{":
			return p.mapping()
		}
	}
	if t.kind != tokenEnd {
		p.at--
	}
	return nil, p.unexpected("an expression")
}

func named(name string) expression {
	switch name {
	case "true", "True":
		return constant{boolOf(true)}
	case "false", "False":
		return constant{boolOf(false)}
	case "none", "None":
		return constant{value{kind: kindNone}}
	}
	return variable{name}
}

// parenthesis parses what follows an opening bracket: an expression, or a list.
func (p *parser) parenthesis() (expression, error) {
	if p.skipOperator(")") {
		return list{}, nil
	}
	first, err := p.expression()
	if err != nil {
		return nil, err
	}
	if !p.current().isOperator(",") {
		return first, p.expectOperator(")")
	}
	p.at++
	rest, err := p.items(")")
	return list{append([]expression{first}, rest...)}, err
}

// items parses expressions with commas between, up to the closing bracket.
func (p *parser) items(end string) ([]expression, error) {
	var items []expression
	for !p.skipOperator(end) {
		if len(items) > 0 {
			if err := p.expectOperator(","); err != nil {
				return nil, err
			}
			if p.skipOperator(end) {
				break
			}
		}
		e, err := p.expression()
		if err != nil {
			return nil, err
		}
		items = append(items, e)
	}
	return items, nil
}

func (p *parser) mapping() (expression, error) {
	var m pairs
	for !p.skipOperator("}") {
		if len(m.keys) > 0 {
			if err := p.expectOperator(","); err != nil {
				return nil, err
			}
			if p.skipOperator("}") {
				break
			}
		}
		key, err := p.expression()
		if err != nil {
			return nil, err
		}
		if err := p.expectOperator(":"); err != nil {
			return nil, err
		}
		value, err := p.expression()
		if err != nil {
			return nil, err
		}
		m.keys, m.values = append(m.keys, key), append(m.values, value)
	}
	return m, nil
}
