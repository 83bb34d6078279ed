package jinja

// statement parses a block, without the delimiters around its first and last tag.
func (p *parser) statement() (statement, error) {
	name, err := p.expectName("the name of a block")
	if err != nil {
		return nil, err
	}
	switch name {
	case "if":
		return p.branch()
	case "for":
		return p.loop()
	case "set":
		return p.set()
	case "with":
		return p.with()
	case "autoescape", "filter", "block", "extends", "include", "import", "from", "macro", "call", "do", "break", "continue":
		p.at--
		return nil, p.error(ErrUnsupported, "the block %q", name)
	}
	p.at--
	return nil, p.error(ErrSyntax, "there is no block %q", name)
}

func (p *parser) branch() (statement, error) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer func() { p.depth-- }()
	condition, err := p.or()
	if err != nil {
		return nil, err
	}
	if err := p.expectKind(tokenBlockEnd); err != nil {
		return nil, err
	}
	then, err := p.statements("endif", "else", "elif")
	if err != nil {
		return nil, err
	}
	b := branch{condition: condition, then: then}
	switch p.next().text {
	case "elif":
		other, err := p.branch()
		b.otherwise = []statement{other}
		return b, err
	case "else":
		b.otherwise, err = p.blockBody("endif")
	}
	return b, err
}

// blockBody parses the end of a tag, what follows, and the name in the tag that ends it.
func (p *parser) blockBody(end string) ([]statement, error) {
	if err := p.expectKind(tokenBlockEnd); err != nil {
		return nil, err
	}
	body, err := p.statements(end)
	if err == nil {
		p.next()
	}
	return body, err
}

func (p *parser) loop() (statement, error) {
	targets, unpack, err := p.targets()
	if err != nil {
		return nil, err
	}
	l := loop{targets: targets, unpack: unpack}
	if !p.skipName("in") {
		return nil, p.unexpected(`"in"`)
	}
	if l.over, err = p.or(); err != nil {
		return nil, err
	}
	if p.skipName("if") {
		if l.condition, err = p.expression(); err != nil {
			return nil, err
		}
	}
	if p.current().isName("recursive") {
		return nil, p.error(ErrUnsupported, "a recursive loop")
	}
	if err := p.expectKind(tokenBlockEnd); err != nil {
		return nil, err
	}
	if l.body, err = p.statements("endfor", "else"); err != nil {
		return nil, err
	}
	if p.next().text == "else" {
		l.otherwise, err = p.blockBody("endfor")
	}
	return l, err
}

// targets parses the names of a loop: one, or several with commas between.
func (p *parser) targets() (names []string, unpack bool, err error) {
	for {
		if p.current().isOperator("(") {
			return nil, false, p.error(ErrUnsupported, "brackets around the names of a loop")
		}
		name, err := p.assignable()
		if err != nil {
			return nil, false, err
		}
		names = append(names, name)
		if !p.skipOperator(",") {
			return names, unpack, nil
		}
		unpack = true
		if p.current().isName("in") {
			return names, unpack, nil
		}
	}
}

func (p *parser) assignable() (string, error) {
	name, err := p.expectName("a name")
	if err != nil {
		return "", err
	}
	switch name {
	case "true", "True", "false", "False", "none", "None", "loop", "self":
		p.at--
		return "", p.error(ErrSyntax, "%q cannot be assigned to", name)
	}
	return name, nil
}

func (p *parser) set() (statement, error) {
	if p.current().isOperator("(") {
		return nil, p.error(ErrUnsupported, "a set of several names")
	}
	name, err := p.assignable()
	if err != nil {
		return nil, err
	}
	names := []string{name}
	for p.skipOperator(".") {
		name, err := p.expectName("the name of an attribute")
		if err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	switch t := p.current(); {
	case t.isOperator(","):
		return nil, p.error(ErrUnsupported, "a set of several names")
	case t.kind == tokenBlockEnd || t.isOperator("|"):
		return nil, p.error(ErrUnsupported, "a set of a whole block")
	}
	if err := p.expectOperator("="); err != nil {
		return nil, err
	}
	value, err := p.expression()
	if err != nil {
		return nil, err
	}
	if p.current().isOperator(",") {
		return nil, p.error(ErrUnsupported, "a set to several values without brackets")
	}
	return assignment(names, value), nil
}

func assignment(names []string, value expression) statement {
	if len(names) == 1 {
		return set{name: names[0], value: value}
	}
	of := expression(variable{names[0]})
	last := len(names) - 1
	for _, name := range names[1:last] {
		of = attribute{of: of, name: name}
	}
	return setAttribute{of: of, name: names[last], value: value}
}

func (p *parser) with() (statement, error) {
	var w with
	for p.current().kind != tokenBlockEnd {
		if len(w.names) > 0 {
			if err := p.expectOperator(","); err != nil {
				return nil, err
			}
		}
		name, err := p.assignable()
		if err != nil {
			return nil, err
		}
		if err := p.expectOperator("="); err != nil {
			return nil, err
		}
		value, err := p.expression()
		if err != nil {
			return nil, err
		}
		w.names, w.values = append(w.names, name), append(w.values, value)
	}
	body, err := p.blockBody("endwith")
	w.body = body
	return w, err
}
