package jinja

// postfix parses what is looked up and called on a value.
func (p *parser) postfix(e expression) (expression, error) {
	for err := error(nil); ; {
		switch {
		case p.skipOperator("."):
			e, err = p.attribute(e)
		case p.skipOperator("["):
			e, err = p.subscript(e)
		case p.skipOperator("("):
			e, err = p.call(e)
		default:
			return e, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

func (p *parser) attribute(of expression) (expression, error) {
	if p.current().kind == tokenInteger {
		return nil, p.error(ErrUnsupported, "a number after a dot")
	}
	name, err := p.expectName("the name of an attribute")
	p.note(of, name)
	return attribute{of: of, name: name, path: memberPath(pathOf(of), name)}, err
}

func (p *parser) subscript(of expression) (expression, error) {
	var parts [3]expression
	colons := 0
	for !p.skipOperator("]") {
		switch {
		case p.skipOperator(":"):
			if colons++; colons > 2 {
				p.at--
				return nil, p.unexpected(`"]"`)
			}
			continue
		case parts[colons] != nil:
			return nil, p.unexpected(`"]"`)
		}
		e, err := p.expression()
		if err != nil {
			return nil, err
		}
		parts[colons] = e
	}
	switch {
	case colons > 0:
		return slice{of: of, start: parts[0], stop: parts[1], step: parts[2]}, nil
	case parts[0] == nil:
		p.at--
		return nil, p.unexpected("an expression")
	}
	path := ""
	if key, ok := parts[0].(constant); ok && key.value.kind == kindText {
		path = memberPath(pathOf(of), key.value.text)
		p.note(of, key.value.text)
	}
	return item{of: of, key: parts[0], path: path}, nil
}

// call looks up what is called, after the opening bracket.
func (p *parser) call(of expression) (expression, error) {
	line := p.at - 1
	args, err := p.arguments()
	if err != nil {
		return nil, err
	}
	end := p.at
	p.at = line // where errors are
	switch of := of.(type) {
	case variable:
		err = p.checkFunction(of.name)
		p.at = end
		return functionCall{name: of.name, args: args}, err
	case attribute:
		err = p.checkMethod(of.name)
		p.at = end
		return methodCall{of: of.of, name: of.name, args: args}, err
	}
	return nil, p.error(ErrUnsupported, "a call of something that is neither a function nor a method")
}

func (p *parser) arguments() (arguments, error) {
	var args arguments
	for first := true; !p.skipOperator(")"); first = false {
		if !first {
			if err := p.expectOperator(","); err != nil {
				return args, err
			}
			if p.skipOperator(")") {
				break
			}
		}
		if t := p.current(); t.isOperator("*") || t.isOperator("**") {
			return args, p.error(ErrUnsupported, "arguments that are unpacked")
		}
		if err := p.argument(&args); err != nil {
			return args, err
		}
	}
	return args, nil
}

func (p *parser) argument(args *arguments) error {
	if p.current().kind == tokenName && p.tokens[p.at+1].isOperator("=") {
		args.names = append(args.names, p.next().text)
		p.at++
		e, err := p.or()
		if err == nil && p.current().isName("if") {
			return p.error(ErrUnsupported, "a condition in a named argument without brackets")
		}
		args.named = append(args.named, e)
		return err
	}
	e, err := p.expression()
	if err == nil && len(args.names) > 0 {
		return p.error(ErrSyntax, "a named argument stands before one without a name")
	}
	args.positional = append(args.positional, e)
	return err
}

// filters parses what follows a value after | and is.
func (p *parser) filters(e expression) (expression, error) {
	for err := error(nil); ; {
		switch {
		case p.skipOperator("|"):
			e, err = p.filter(e)
		case p.skipName("is"):
			e, err = p.test(e)
		default:
			return e, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

func (p *parser) filter(of expression) (expression, error) {
	name, err := p.expectName("the name of a filter")
	if err != nil {
		return nil, err
	}
	p.at--
	f, err := p.findFilter(name)
	p.at++
	if err != nil {
		return nil, err
	}
	if p.current().isOperator(".") {
		return nil, p.error(ErrUnsupported, "the name of a filter with a dot")
	}
	e := filtered{of: of, name: name, filter: f}
	if p.skipOperator("(") {
		e.args, err = p.arguments()
	}
	return e, err
}

func (p *parser) test(of expression) (expression, error) {
	e := tested{of: of, negated: p.skipName("not")}
	name, err := p.expectName("the name of a test")
	if err != nil {
		return nil, err
	}
	e.name = name
	p.at--
	e.test, err = p.findTest(name)
	p.at++
	if err != nil {
		return nil, err
	}
	switch t := p.current(); {
	case p.skipOperator("("):
		e.args, err = p.arguments()
	case t.isOperator("."):
		return nil, p.error(ErrUnsupported, "the name of a test with a dot")
	case startsArgument(t):
		var arg expression
		arg, err = p.operand()
		e.args.positional = []expression{arg}
	}
	return e, err
}

// startsArgument reports whether a test without brackets takes what follows.
func startsArgument(t token) bool {
	switch t.kind {
	case tokenText, tokenInteger, tokenFloat:
		return true
	case tokenName:
		return t.text != "and" && t.text != "or" && t.text != "else" && t.text != "is"
	case tokenOperator:
		return t.text == "+" || t.text == "-" || t.text == "[" || t.text == "{"
	}
	return false
}
