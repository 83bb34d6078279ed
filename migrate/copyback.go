package migrate

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/migrate/internal/synapsedb"
)

// copyStep is one statement for Synapse's database.
type copyStep struct {
	change maskit.Change // empty for what belongs to the step before
	sql    string
	args   []any
	many   bool // it may be about more or less than one row
}

// changes are the steps, for people.
func (d *delta) changes() maskit.Changes {
	var changes maskit.Changes
	for _, s := range d.steps {
		if s.change.Subject != "" {
			changes = append(changes, s.change)
		}
	}
	return changes
}

// copyBack does all steps in one transaction. Done again, there are no more steps.
func (d *delta) copyBack(ctx context.Context, synapse *pgx.Conn) error {
	if len(d.steps) == 0 {
		return nil
	}
	err := pgx.BeginFunc(ctx, synapse, func(tx pgx.Tx) error {
		for _, table := range synapsedb.Locked() {
			if _, err := tx.Exec(ctx, `LOCK TABLE `+pgx.Identifier{table}.Sanitize()+` IN EXCLUSIVE MODE NOWAIT`); err != nil {
				return fmt.Errorf("lock %s: %w", table, err)
			}
		}
		for _, s := range d.steps {
			tag, err := tx.Exec(ctx, s.sql, s.args...)
			if err == nil && !s.many && tag.RowsAffected() != 1 {
				err = fmt.Errorf("%d rows, and not one: %w", tag.RowsAffected(), maskit.ErrDrift)
			}
			if err != nil {
				return fmt.Errorf("%s: %w", s.change.Subject, err)
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("copy back to %s: %w", synapseDatabase, err)
	}
	return nil
}
