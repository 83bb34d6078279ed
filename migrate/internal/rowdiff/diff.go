package rowdiff

import (
	"slices"
	"strings"
)

// differences compares the rows of one kind of one user.
func differences(k kind, user string, want, have []string) []Difference {
	want, have = unequal(want, have)
	d := differ{kind: k, user: user, fields: k.fields()}
	for _, identity := range k.identities() {
		want, have = d.pair(identity, want, have)
	}
	for _, row := range want {
		d.add(Missing, row, nil)
	}
	for _, row := range have {
		d.add(Extra, row, nil)
	}
	return d.found
}

// unequal returns the rows of each side that the other has not.
func unequal(want, have []string) (onlyWant, onlyHave []string) {
	slices.Sort(want)
	slices.Sort(have)
	for len(want) > 0 && len(have) > 0 {
		switch order := strings.Compare(want[0], have[0]); {
		case order < 0:
			onlyWant, want = append(onlyWant, want[0]), want[1:]
		case order > 0:
			onlyHave, have = append(onlyHave, have[0]), have[1:]
		default:
			want, have = want[1:], have[1:]
		}
	}
	return append(onlyWant, want...), append(onlyHave, have...)
}

type differ struct {
	kind   kind
	user   string
	fields []field
	found  []Difference
}

// pair finds rows that are the same but for some fields. It returns the others.
func (d *differ) pair(identity []int, want, have []string) (restWant, restHave []string) {
	byIdentity := map[string][]string{}
	for _, row := range have {
		key := identityOf(row, identity)
		byIdentity[key] = append(byIdentity[key], row)
	}
	paired := map[string]int{}
	for _, row := range want {
		key := identityOf(row, identity)
		others := byIdentity[key]
		if paired[key] == len(others) {
			restWant = append(restWant, row)
			continue
		}
		d.add(Changed, row, d.changes(split(row), split(others[paired[key]])))
		paired[key]++
	}
	for _, row := range have { // in their order
		if key := identityOf(row, identity); paired[key] > 0 {
			paired[key]--
		} else {
			restHave = append(restHave, row)
		}
	}
	return restWant, restHave
}

func identityOf(row string, identity []int) string {
	values := split(row)
	var key strings.Builder
	for _, i := range identity {
		if values[i] != nil {
			key.WriteString(*values[i])
		}
		key.WriteByte(0)
	}
	return key.String()
}

// changes lists the fields that differ, but for what engines may decide. An id of
// another time says nothing new if the time itself differs.
func (d *differ) changes(want, have []*string) []Field {
	var changed []Field
	created := false
	for i, f := range d.fields {
		if equal(want[i], have[i]) || f.form == formTime && isAtMigration(want[i]) && have[i] != nil || f.form == formID && created {
			continue
		}
		created = created || f.name == "created_at"
		changed = append(changed, f.changed(want[i], have[i]))
	}
	return changed
}

func equal(a, b *string) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

// isAtMigration says that Synapse knows no such time.
func isAtMigration(value *string) bool { return value != nil && *value == "?" }

func (d *differ) add(what Kind, row string, fields []Field) {
	if what == Changed && len(fields) == 0 {
		return
	}
	values := split(row)
	var label []string
	for _, i := range d.kind.label() {
		label = append(label, d.fields[i].label(values[i]))
	}
	d.found = append(d.found, Difference{
		Table: d.kind.table(), Localpart: d.user, Label: strings.Join(label, " "), Kind: what, Fields: fields,
	})
}
