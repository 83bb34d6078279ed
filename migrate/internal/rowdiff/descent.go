package rowdiff

import (
	"context"
	"fmt"
	"strconv"
	"strings"
)

// descent compares the users of a cluster one by one.
type descent struct {
	comparison *comparison
	cluster    cluster
	tally      *tally
	rows       int64
}

// run reads both sides again, in the order of the users: only one user is in memory.
func (d *descent) run(ctx context.Context, groups []int) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	c := d.comparison
	expected, err := openCursor(ctx, c.synapse, d.cluster, groups)
	if err != nil {
		return err
	}
	defer expected.close(ctx)
	found, err := openCursor(ctx, c.mas, d.cluster, groups)
	if err != nil {
		return err
	}
	defer found.close(ctx)
	if err := d.merge(expected, found); err != nil {
		return err
	}
	c.options.Progress(Progress{Table: found.scan.table, Rows: d.rows, Again: true, Done: true})
	return nil
}

func (d *descent) merge(expected, found *cursor) error {
	want, have := expected.next(), found.next()
	for want != nil || have != nil {
		switch order := compareUsers(want, have); {
		case order < 0:
			d.compare(want, &person{name: want.name})
			want = expected.next()
		case order > 0:
			d.compare(&person{name: have.name}, have)
			have = found.next()
		default:
			d.compare(want, have)
			want, have = expected.next(), found.next()
		}
	}
	if err := expected.err(); err != nil {
		return err
	}
	return found.err()
}

// compareUsers orders by localpart, as the queries do. One that is over is last.
func compareUsers(a, b *person) int {
	switch {
	case a == nil:
		return 1
	case b == nil:
		return -1
	}
	return strings.Compare(a.name, b.name)
}

func (d *descent) compare(want, have *person) {
	otherDevices := false
	for k := range kindCount {
		if len(want.rows[k])+len(have.rows[k]) == 0 {
			continue
		}
		found := differences(k, want.name, want.rows[k], have.rows[k])
		for i := range found {
			found[i].Nobody = have.nobody && found[i].Kind == Extra
			otherDevices = otherDevices || k == sessions && found[i].Kind != Changed
		}
		d.tally.add(k, found, d.comparison.options.Limit)
		d.rows += int64(len(have.rows[k]))
	}
	if otherDevices {
		d.tally.deviceUsers++
	}
}

// intArray is an array in PostgreSQL's text format.
func intArray(numbers []int) string {
	texts := make([]string, len(numbers))
	for i, n := range numbers {
		texts[i] = strconv.Itoa(n)
	}
	return fmt.Sprintf("{%s}", strings.Join(texts, ","))
}
