// Package plantext writes plans of Keycloak realms for people to read.
package plantext

import (
	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/keycloak"
)

// Lines are the changes and deletions of a plan, each field on a line of its own, and the
// problems.
func Lines(plan *keycloak.Plan) []string {
	var lines []string
	for _, c := range append(append(maskit.Changes{}, plan.Changes...), plan.Deletions...) {
		lines = append(lines, Subject(c))
		for _, field := range c.Fields {
			lines = append(lines, fieldLines(field)...)
		}
	}
	for _, p := range plan.Problems {
		lines = append(lines, p.String())
	}
	return lines
}

// Subject is a change without its fields.
func Subject(c maskit.Change) string {
	c.Fields = nil
	return c.String()
}

// wide is the length from which lists are written like a diff.
const wide = 160

func fieldLines(field maskit.FieldChange) []string {
	before, ok := field.Before.([]string)
	after, okAfter := field.After.([]string)
	if line := "    " + field.String(); !ok && !okAfter || len(line) <= wide {
		return []string{line}
	}
	lines := []string{"    " + field.Path + ":"}
	for _, item := range before {
		lines = append(lines, "      - "+item)
	}
	for _, item := range after {
		lines = append(lines, "      + "+item)
	}
	return lines
}
