package jinja

import "math"

// args are the values that a filter, test, function or method is called with.
type args struct {
	run        *run
	positional []value
	names      []string
	named      []value
}

type (
	filterFunc func(v value, a *args) (value, error)
	testFunc   func(v value, a *args) (bool, error)
)

func (a arguments) eval(r *run) (*args, error) {
	out := &args{run: r, names: a.names}
	var err error
	if out.positional, err = r.evalAll(a.positional); err != nil {
		return nil, err
	}
	out.named, err = r.evalAll(a.named)
	return out, err
}

func (r *run) evalAll(expressions []expression) ([]value, error) {
	if len(expressions) == 0 {
		return nil, nil
	}
	values := make([]value, len(expressions))
	for i, e := range expressions {
		v, err := e.eval(r)
		if err != nil {
			return nil, err
		}
		if v.kind == kindLoop {
			return nil, unsupported("the loop as an argument")
		}
		values[i] = v
	}
	return values, r.step()
}

// take refuses more arguments than n, and names.
func (a *args) take(n int) error {
	if len(a.names) > 0 {
		return unsupported("the argument %q", a.names[0])
	}
	if len(a.positional) > n {
		return failed("there are %d arguments, but at most %d are taken", len(a.positional), n)
	}
	return nil
}

// takeNames refuses positional arguments and names other than these.
func (a *args) takeNames(names ...string) error {
	if len(a.positional) > 0 {
		return failed("only named arguments are taken")
	}
next:
	for _, name := range a.names {
		for _, known := range names {
			if name == known {
				continue next
			}
		}
		return unsupported("the argument %q", name)
	}
	return nil
}

// at is an argument, undefined where it was not given.
func (a *args) at(i int) value {
	if i < len(a.positional) {
		return a.positional[i]
	}
	return value{}
}

// name is a named argument.
func (a *args) name(name string) (value, bool) {
	for i, one := range a.names {
		if one == name {
			return a.named[i], true
		}
	}
	return value{}, false
}

// flag is a named argument that is true or false, false where it was not given.
func (a *args) flag(name string) (bool, error) {
	v, ok := a.name(name)
	if !ok || v.kind <= kindNone {
		return false, nil
	}
	if v.kind != kindBool {
		return false, failed("%s is %v, not true or false", name, v.kind)
	}
	return v.number != 0, nil
}

// needed is an argument that has to be given.
func (a *args) needed(i int) (value, error) {
	if i >= len(a.positional) {
		return value{}, failed("an argument is missing")
	}
	return a.positional[i], nil
}

// text is an argument that has to be a string.
func (a *args) text(i int) (string, error) {
	v, err := a.needed(i)
	if err != nil {
		return "", err
	}
	return strict(v)
}

// optionalText is a string or, with given false, not there, undefined or null.
func (a *args) optionalText(i int) (s string, given bool, err error) {
	v := a.at(i)
	if v.kind <= kindNone {
		return "", false, nil
	}
	s, err = strict(v)
	return s, true, err
}

// optionalCount is a whole number, or otherwise where it is not there, undefined or null.
func (a *args) optionalCount(i, otherwise int) (int, error) {
	v := a.at(i)
	if v.kind <= kindNone {
		return otherwise, nil
	}
	n, ok := v.small()
	if !ok || n < math.MinInt32 || n > math.MaxInt32 {
		return 0, failed("%v is no count", v.kind)
	}
	return n, nil
}

// strict takes nothing but a string.
func strict(v value) (string, error) {
	switch v.kind {
	case kindText:
		return v.text, nil
	case kindBytes:
		return "", unsupported("bytes where a string is expected")
	case kindUndefined, kindNone, kindBool, kindInteger, kindFloat, kindList, kindMapping, kindIterator, kindLoop:
	}
	return "", failed("%v stands where a string is expected", v.kind)
}

// loose takes everything, as it would be printed.
func (a *args) loose(v value) (string, error) { return a.run.show(v) }

func (e filtered) eval(r *run) (value, error) {
	of, a, err := e.operands(r)
	if err != nil {
		return value{}, err
	}
	v, err := e.filter(of, a)
	return v, describe(err, "filter "+e.name)
}

func (e filtered) operands(r *run) (value, *args, error) {
	of, err := e.of.eval(r)
	if err != nil {
		return value{}, nil, err
	}
	if of.kind == kindLoop {
		return value{}, nil, unsupported("a filter of the loop")
	}
	if err := r.read(of); err != nil {
		return value{}, nil, err
	}
	a, err := e.args.eval(r)
	return of, a, err
}

func (e tested) eval(r *run) (value, error) {
	of, err := e.of.eval(r)
	if err != nil {
		return value{}, err
	}
	if of.kind == kindLoop {
		return value{}, unsupported("a test of the loop")
	}
	if err := r.read(of); err != nil {
		return value{}, err
	}
	a, err := e.args.eval(r)
	if err != nil {
		return value{}, err
	}
	passed, err := e.test(of, a)
	return boolOf(passed != e.negated), describe(err, "test "+e.name)
}

// describe says what an error is about.
func describe(err error, what string) error {
	if e, ok := err.(*Error); ok { //nolint:errorlint // the functions of this package return it bare
		return &Error{Line: e.Line, Reason: e.Reason, Message: what + ": " + e.Message}
	}
	return err
}

func (e functionCall) eval(r *run) (value, error) {
	a, err := e.args.eval(r)
	if err != nil {
		return value{}, err
	}
	v, err := callFunction(e.name, a)
	return v, describe(err, e.name+"()")
}

func (e methodCall) eval(r *run) (value, error) {
	of, err := e.of.eval(r)
	if err != nil {
		return value{}, err
	}
	if err := r.read(of); err != nil {
		return value{}, err
	}
	a, err := e.args.eval(r)
	if err != nil {
		return value{}, err
	}
	v, err := callMethod(of, e.name, a)
	return v, describe(err, "."+e.name+"()")
}
