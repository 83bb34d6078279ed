package rowdiff

// tally gathers what differs.
type tally struct {
	counts [kindCount]struct{ missing, extra, changed int64 }
	// shown are the first ones of each kind.
	shown       [kindCount][]Difference
	deviceUsers int64
}

// add counts differences of one user, and keeps the first of a kind up to the limit.
func (t *tally) add(k kind, found []Difference, limit int) {
	count := &t.counts[k]
	for _, d := range found {
		switch d.Kind {
		case Missing:
			count.missing++
		case Extra:
			count.extra++
		case Changed:
			count.changed++
		}
	}
	room := max(limit-len(t.shown[k]), 0)
	t.shown[k] = append(t.shown[k], found[:min(room, len(found))]...)
}

// result puts it together by table. What Synapse has follows from what MAS has: of rows
// that were not read one by one, both have as many.
func (t *tally) result(mas *sums) Result {
	r := Result{DeviceUsers: t.deviceUsers}
	for k := range kindCount {
		count := t.counts[k]
		r.add(Table{
			Name: k.table(), MAS: mas.parts[k], Synapse: mas.parts[k] + count.missing - count.extra,
			Missing: count.missing, Extra: count.extra, Changed: count.changed,
		})
		r.Differences = append(r.Differences, t.shown[k]...)
	}
	return r
}

// add adds a table, or to it the part that has no device.
func (r *Result) add(t Table) {
	if n := len(r.Tables); n > 0 && r.Tables[n-1].Name == t.Name {
		last := &r.Tables[n-1]
		last.Synapse, last.MAS = last.Synapse+t.Synapse, last.MAS+t.MAS
		last.Missing, last.Extra, last.Changed = last.Missing+t.Missing, last.Extra+t.Extra, last.Changed+t.Changed
		return
	}
	r.Tables = append(r.Tables, t)
}
