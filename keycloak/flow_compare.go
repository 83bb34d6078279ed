package keycloak

import (
	"cmp"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
)

func (f flow) compare(have state) comparison {
	s, _ := have.more.(flowState)
	c := comparison{action: maskit.ActionUnchanged, problems: s.problems, basis: map[string]any{}}
	if len(s.tree) == 0 {
		return c
	}
	c.basis["executions"], c.basis["alias"], c.basis["copies"] = s.outline, s.current.alias, len(s.ours)
	if s.rebuild() {
		gone, come := lineChanges(s.outline, outline(s.tree))
		c.fields = append(c.fields, maskit.FieldChange{Path: "executions", Before: orNil(gone), After: orNil(come)})
	} else if !f.isName(s.current.alias) {
		c.fields = append(c.fields, maskit.FieldChange{Path: "alias", Before: s.current.alias, After: f.alias})
	}
	for i := range s.uses {
		fields, basis := s.compareUse(i, f.alias)
		c.fields = append(c.fields, fields...)
		c.basis[s.uses[i].label] = basis
	}
	if unused := len(s.ours) - 1; unused > 0 {
		c.fields = append(c.fields, maskit.FieldChange{Path: "copies out of use", Before: unused, After: 0})
	}
	c.problems = append(slices.Clone(c.problems), s.losses()...)
	switch {
	case s.current.id == "":
		c.action = maskit.ActionCreate
	case len(c.fields) > 0:
		c.action = maskit.ActionUpdate
	}
	return c
}

// rebuild reports whether the flow has to be built anew.
func (s flowState) rebuild() bool {
	return s.current.id == "" || !slices.Equal(s.outline, outline(s.tree))
}

// compareUse says what has to change where a flow is named.
func (s flowState) compareUse(i int, alias string) ([]maskit.FieldChange, map[string]any) {
	u, holder := s.uses[i], s.holders[i]
	if holder.raw == nil {
		return []maskit.FieldChange{{Path: u.label, After: alias}}, nil
	}
	seen := u.naming(s.current).compare(holder)
	fields := seen.fields[:0:0]
	for _, change := range seen.fields {
		if change.Path != (field{path: u.at}).label() {
			fields = append(fields, change)
		}
	}
	if bound := text(holder.raw, u.at...); bound != u.name(s.current) || s.current.id == "" {
		before := cmp.Or(s.named[bound], bound)
		fields = append(fields, maskit.FieldChange{Path: u.label, Before: orNone(before), After: cmp.Or(s.current.alias, alias)})
	}
	return fields, seen.basis
}

func orNone(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// losses are the guards that would go with the flow that there is.
func (s flowState) losses() maskit.Problems {
	var ps maskit.Problems
	for _, g := range s.guards {
		has := func(line string) bool { return strings.HasPrefix(strings.TrimSpace(line), g.provider+" ") }
		if slices.ContainsFunc(s.outline, has) {
			ps = append(ps, g.problem)
		}
	}
	return ps
}
