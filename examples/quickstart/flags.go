package main

import (
	"errors"
	"strings"

	"github.com/maskit-dev/maskit"
)

// files is a flag that can be given several times.
type files []string

// String implements [flag.Value].
func (f *files) String() string { return strings.Join(*f, ", ") }

// Set implements [flag.Value].
func (f *files) Set(name string) error {
	if name == "" {
		return errors.New("the name is empty")
	}
	*f = append(*f, name)
	return nil
}

// codes is a flag that accepts findings about the users of a running MAS by their code.
type codes []string

// String implements [flag.Value].
func (c *codes) String() string { return strings.Join(*c, ", ") }

// Set implements [flag.Value].
func (c *codes) Set(code string) error {
	if code == "" {
		return errors.New("the code is empty")
	}
	*c = append(*c, code)
	return nil
}

// apply makes warnings of the findings with these codes, however many there are: they
// were all shown before.
func (c codes) apply(problems maskit.Problems) maskit.Problems {
	acks := make([]maskit.Ack, len(c))
	for i, code := range c {
		acks[i] = maskit.Ack{Code: code, Max: max(len(problems), 1)}
	}
	return problems.Accept(acks...)
}

// directory is a flag that names one.
type directory string

// String implements [flag.Value].
func (d *directory) String() string { return string(*d) }

// Set implements [flag.Value].
func (d *directory) Set(name string) error {
	if name == "" {
		return errors.New("the name is empty")
	}
	*d = directory(name)
	return nil
}
