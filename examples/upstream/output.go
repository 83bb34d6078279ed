package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/maskit-dev/maskit"
)

// output is where results go, and, in JSON, nothing but them.
type output struct {
	io.Writer

	notes io.Writer
	json  bool
}

func (o output) encode(value any) error {
	encoder := json.NewEncoder(o)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(value)
}

func (o output) print(text string) error {
	_, err := io.WriteString(o, text)
	return err
}

// place is where the problem is, with the place in the file if it is in one.
func place(p maskit.Problem) string {
	if p.Pos.IsZero() {
		return p.Path
	}
	return strings.TrimSuffix(p.Pos.String()+": "+p.Path, ": ")
}

// findings says how to mend what is wrong, the worst first.
func (o output) findings(problems maskit.Problems) error {
	for _, severity := range []maskit.Severity{maskit.SeverityError, maskit.SeverityWarning, maskit.SeverityInfo, maskit.SeveritySkip} {
		for _, p := range problems.Only(severity) {
			text := fmt.Sprintf("\n%s: %s [%s]\n  at  %s\n", p.Severity, p.Message, p.Code, place(p))
			if p.Hint != "" {
				text += "  fix: " + p.Hint + "\n"
			}
			if err := o.print(text); err != nil {
				return err
			}
		}
	}
	return nil
}
