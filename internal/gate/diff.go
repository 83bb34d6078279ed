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
	left := slices.Clone(old.Conditions)
	var rest []Condition
	for _, now := range next.Conditions { // what is the same in both is no change
		if i := slices.IndexFunc(left, now.equal); i >= 0 {
			left = slices.Delete(left, i, i+1)
		} else {
			rest = append(rest, now)
		}
	}
	for _, now := range rest {
		i := slices.IndexFunc(left, now.sameClaim)
		if i < 0 {
			c.Denied = append(c.Denied, "those without "+now.describe(now.Names))
			continue
		}
		c.compare(left[i], now)
		left = slices.Delete(left, i, i+1)
	}
	for _, was := range left {
		c.Admitted = append(c.Admitted, fmt.Sprintf("those without %s: it is asked for no longer", was.describe(was.Names)))
	}
	return c
}

// compare says what other names in a condition do.
func (c *Change) compare(was, now Condition) {
	if gone := now.notCovered(was.Names); len(gone) > 0 {
		c.Denied = append(c.Denied, "those with only "+now.describe(gone))
	}
	if added := was.notCovered(now.Names); len(added) > 0 {
		c.Admitted = append(c.Admitted, "those with "+now.describe(added))
	}
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

// sameClaim reports whether both ask the same claim, read the same way.
func (c Condition) sameClaim(other Condition) bool {
	return slices.Equal(other.Claim, c.Claim) && other.Shape == c.Shape && other.Separator == c.Separator && other.Verified == c.Verified
}

// equal reports whether both take the same people.
func (c Condition) equal(other Condition) bool {
	return c.sameClaim(other) && len(c.notCovered(other.Names)) == 0 && len(other.notCovered(c.Names)) == 0
}

// notCovered are those of the names that the condition does not take.
func (c Condition) notCovered(names []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		return slices.ContainsFunc(c.Names, func(taken string) bool {
			return name == taken || c.Shape == Paths && strings.HasPrefix(name, taken+"/")
		})
	})
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
