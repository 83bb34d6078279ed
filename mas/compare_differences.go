package mas

import (
	"cmp"
	"reflect"
	"slices"
	"strings"

	"github.com/maskit-dev/maskit"
)

// differences lists what differs, in the order of the sections of next, and in
// each the parts of next before those that are gone.
func (d differ) differences() []Difference {
	before, after := partsOf(d.old), partsOf(d.next)
	gone := slices.DeleteFunc(slices.Clone(before), func(p *part) bool { return find(after, p.subject) != nil })
	var out []Difference
	for _, section := range sectionsOf(after, gone) {
		for _, p := range after {
			if p.section == section {
				out = append(out, d.changedPart(find(before, p.subject), p)...)
			}
		}
		for _, p := range gone {
			if p.section == section {
				out = append(out, d.changedPart(p, nil)...)
			}
		}
		out = append(out, reordered(section, d.old, d.next)...)
	}
	return out
}

func find(parts []*part, subject string) *part {
	for _, p := range parts {
		if p.subject == subject {
			return p
		}
	}
	return nil
}

// sectionsOf returns the sections of all parts in the order of Config.
func sectionsOf(lists ...[]*part) []string {
	present := map[string]bool{}
	for _, list := range lists {
		for _, p := range list {
			present[p.section] = true
		}
	}
	var sections []string
	t := reflect.TypeFor[Config]()
	for i := range t.NumField() {
		if key := t.Field(i).Tag.Get("yaml"); present[key] {
			sections = append(sections, key)
		}
	}
	return sections
}

// changedPart compares a part with what it was. Either may be nil. Values whose
// change has the same effect are one difference.
func (d differ) changedPart(old, next *part) []Difference {
	switch {
	case next == nil && old.isItem:
		return []Difference{d.removedItem(old)}
	case old == nil && next.isItem:
		return []Difference{addedItem(next)}
	}
	subject := cmp.Or(next, old).subject
	var out []Difference
	for _, key := range unionKeys(next, old) {
		if fields := changedValue(old.value(key), next.value(key)); len(fields) > 0 {
			out = appendFields(out, subject, fields, d.effect(fields))
		}
	}
	return out
}

// appendFields adds changed fields to the difference of equal effect, or as a new one.
func appendFields(out []Difference, subject string, fields []maskit.FieldChange, e effect) []Difference {
	for i := range out {
		if out[i].Rollout == e.rollout && out[i].Impact == e.impact && out[i].Text == e.text {
			out[i].Change.Fields = append(out[i].Change.Fields, fields...)
			return out
		}
	}
	return append(out, Difference{
		Change:  maskit.Change{Subject: subject, Action: maskit.ActionUpdate, Fields: fields},
		Rollout: e.rollout, Impact: e.impact, Text: e.text,
	})
}

func addedItem(p *part) Difference {
	d := Difference{
		Change:  maskit.Change{Subject: p.subject, Action: maskit.ActionCreate},
		Rollout: effectOf(p.path, nil).rollout,
	}
	for _, key := range p.keys {
		d.Change.Fields = append(d.Change.Fields, changedValue(nil, p.value(key))...)
	}
	return d
}

func (d differ) removedItem(p *part) Difference {
	e := effectOf(p.path, nil)
	switch p.path {
	case "upstream_oauth2.providers":
		e.impact = ImpactLogins
		e.text = "MAS disables it: nobody can log in through it; links and sessions stay, unless it is pruned"
		if enabled := p.value("enabled"); enabled != nil && enabled.value.Interface() == Set(false) {
			e.impact, e.text = ImpactNone, "it is disabled already; links and sessions stay, unless it is pruned"
		}
	case "clients":
		e.text = "MAS keeps it usable until it is pruned"
	case "passwords.schemes":
		e.impact, e.text = ImpactLogins, "passwords hashed with it cannot be verified any more"
		if d.keepsScheme(p) {
			e.impact, e.text = ImpactNone, "MAS's own default is the same"
		}
	case "secrets.keys":
		e.text = "what it signed cannot be verified any more"
	}
	return Difference{
		Change:  maskit.Change{Subject: p.subject, Action: maskit.ActionDelete},
		Rollout: e.rollout, Impact: e.impact, Text: e.text,
	}
}

// keepsScheme reports whether a scheme that the new configuration does not list is in
// force all the same, because MAS has it where none is listed.
func (d differ) keepsScheme(p *part) bool {
	for _, scheme := range schemes(d.old.Passwords) {
		if schemeName(0, scheme) == strings.TrimPrefix(p.subject, "password scheme ") {
			return slices.ContainsFunc(schemes(d.next.Passwords), func(s PasswordScheme) bool {
				return s.Version == scheme.Version && sameHashing(scheme, s)
			})
		}
	}
	return false
}

// unionKeys returns the keys of both parts, those of first before the others.
func unionKeys(first, second *part) []string {
	var all []string
	for _, p := range []*part{first, second} {
		if p == nil {
			continue
		}
		for _, key := range p.keys {
			if p == first || first == nil || !slices.Contains(first.keys, key) {
				all = append(all, key)
			}
		}
	}
	return all
}

func (p *part) value(key string) *element {
	if p == nil {
		return nil
	}
	e, ok := p.values[key]
	if !ok {
		return nil
	}
	return &e
}

// genericPath drops the indices of a path.
func genericPath(path string) string {
	var b strings.Builder
	for path != "" {
		name, rest, found := strings.Cut(path, "[")
		b.WriteString(name)
		if !found {
			break
		}
		_, path, _ = strings.Cut(rest, "]")
	}
	return b.String()
}

// reordered reports the lists of a section whose items that stay stand in another order.
func reordered(section string, old, next *Config) []Difference {
	var out []Difference
	for _, list := range namedLists(next) {
		if sectionOf(list.path) != section {
			continue
		}
		var before []string
		for _, other := range namedLists(old) {
			if other.path == list.path {
				before = other.names
			}
		}
		stay := func(names, others []string) []string {
			return slices.DeleteFunc(slices.Clone(names), func(n string) bool { return !slices.Contains(others, n) })
		}
		if slices.Equal(stay(before, list.names), stay(list.names, before)) {
			continue
		}
		d := Difference{Change: maskit.Change{
			Subject: list.path + " (order)", Action: maskit.ActionUpdate,
			Fields: []maskit.FieldChange{{Path: list.path, Before: before, After: list.names}},
		}}
		if list.ordered != "" {
			d.Rollout, d.Text = effectOf(list.path, nil).rollout, list.ordered
		}
		out = append(out, d)
	}
	return out
}
