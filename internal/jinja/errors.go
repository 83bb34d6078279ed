package jinja

import (
	"errors"
	"fmt"
)

// The reasons why a template cannot be rendered.
var (
	// ErrSyntax is a template that is not in the language.
	ErrSyntax = errors.New("syntax error")
	// ErrName is a filter, test, function or method that does not exist in MAS.
	ErrName = errors.New("unknown name")
	// ErrEvaluation is a template that fails with these variables, in MAS too.
	ErrEvaluation = errors.New("evaluation failed")
	// ErrUnsupported is a construct that this package cannot render faithfully. MAS may
	// render it.
	ErrUnsupported = errors.New("cannot be rendered faithfully")
	// ErrLimit is a template that takes too many steps or too much memory.
	ErrLimit = errors.New("template exceeds the limits")
)

// Error says what is wrong with a template.
type Error struct {
	// Line is where, from 1; 0 where it is not known.
	Line int
	// Reason is one of the sentinel errors of this package.
	Reason error
	// Message says what it is about. It quotes the template, never a claim.
	Message string
}

// Error returns the message with the line.
func (e *Error) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("%v: %s", e.Reason, e.Message)
	}
	return fmt.Sprintf("line %d: %v: %s", e.Line, e.Reason, e.Message)
}

// Unwrap returns the reason.
func (e *Error) Unwrap() error { return e.Reason }

func failed(format string, args ...any) error {
	return &Error{Reason: ErrEvaluation, Message: fmt.Sprintf(format, args...)}
}

func unsupported(format string, args ...any) error {
	return &Error{Reason: ErrUnsupported, Message: fmt.Sprintf(format, args...)}
}

func errLimit(what string) error { return &Error{Reason: ErrLimit, Message: what} }
