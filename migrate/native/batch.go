package native

import (
	"context"

	"github.com/maskit-dev/maskit/migrate"
)

// table is the index of an entity in migrate.Entities.
type table int

const (
	tableUsers table = iota
	tablePasswords
	tableEmails
	tableUnsupported
	tableLinks
	tableSessions
	tableAccess
	tableRefresh
	tables // how many there are
)

// batch gathers the rows of users until they are worth a write, and counts what
// became of them. It is for one goroutine.
type batch struct {
	tally
	tuples [tables][]byte
	// pending is how many rows the tuples are.
	pending [tables]int
}

// full says that the rows are worth a write.
func (b *batch) full() bool {
	for t := range b.tuples {
		if len(b.tuples[t]) >= flushAt {
			return true
		}
	}
	return false
}

// flush hands all rows to the sink, in the order that foreign keys want.
func (b *batch) flush(ctx context.Context, out sink, free *buffers) error {
	for t, entity := range migrate.Entities() {
		if b.pending[t] == 0 {
			continue
		}
		tuples, rows := b.tuples[t], b.pending[t]
		b.tuples[t], b.pending[t] = free.get(), 0
		if err := out.write(ctx, entity, tuples, rows); err != nil {
			return err
		}
		b.rows[t] += int64(rows)
	}
	return nil
}
