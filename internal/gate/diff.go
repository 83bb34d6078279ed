package gate

import (
	"fmt"
	"slices"
	"strings"
)

// Change says who may log in under one gate and not under another.
type Change struct {
	// Admitted and Denied are sentences about the people who are newly let in and newly
	// turned away.
	Admitted, Denied []string
}

// Diff compares two gates by their conditions; the subjects are left out.
func Diff(old, next Gate) Change {
	var c Change
	for _, was := range old.Conditions {
		if now := find(next.Conditions, was); now == nil {
			c.Admitted = append(c.Admitted, fmt.Sprintf("those without %s: it is asked for no longer", was.describe(was.Names)))
		}
	}
	for _, now := range next.Conditions {
		was := find(old.Conditions, now)
		if was == nil {
			c.Denied = append(c.Denied, fmt.Sprintf("those without %s", now.describe(now.Names)))
			continue
		}
		if gone := without(was.Names, now.Names); len(gone) > 0 {
			c.Denied = append(c.Denied, fmt.Sprintf("those with only %s", now.describe(gone)))
		}
		if added := without(now.Names, was.Names); len(added) > 0 {
			c.Admitted = append(c.Admitted, fmt.Sprintf("those with %s", now.describe(added)))
		}
	}
	return c
}

// String says it in a sentence; empty if nobody is affected.
func (c Change) String() string {
	var parts []string
	if len(c.Denied) > 0 {
		parts = append(parts, "newly turned away: "+strings.Join(c.Denied, ", and "))
	}
	if len(c.Admitted) > 0 {
		parts = append(parts, "newly let in: "+strings.Join(c.Admitted, ", and "))
	}
	return strings.Join(parts, "; ")
}

// find returns the condition on the same claim, read the same way.
func find(conditions []Condition, c Condition) *Condition {
	for i, other := range conditions {
		if slices.Equal(other.Claim, c.Claim) && other.Shape == c.Shape && other.Separator == c.Separator && other.Verified == c.Verified {
			return &conditions[i]
		}
	}
	return nil
}

func without(names, others []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(n string) bool { return slices.Contains(others, n) })
}

// maxNames is how many names a sentence shows.
const maxNames = 10

func (c Condition) describe(names []string) string {
	quoted := make([]string, 0, maxNames)
	for _, name := range names[:min(len(names), maxNames)] {
		quoted = append(quoted, fmt.Sprintf("%.60q", name))
	}
	text := strings.Join(quoted, " or ")
	if more := len(names) - maxNames; more > 0 {
		text += fmt.Sprintf(" or %d more", more)
	}
	switch {
	case c.Shape == Address && c.Verified != "":
		return fmt.Sprintf("a verified address (%s) at %s", strings.Join(c.Claim, "."), text)
	case c.Shape == Address:
		return fmt.Sprintf("an address (%s) at %s", strings.Join(c.Claim, "."), text)
	}
	return fmt.Sprintf("%s in %s", text, strings.Join(c.Claim, "."))
}
