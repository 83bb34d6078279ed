package native

import (
	"context"
	"fmt"
	"net"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"

	"github.com/maskit-dev/maskit/internal/pgcopy"
	"github.com/maskit-dev/maskit/migrate"
	"github.com/maskit-dev/maskit/migrate/internal/masdb"
)

// loadLive fills MAS's own tables in one transaction of the session that has the lock.
func (r *run) loadLive(ctx context.Context, source *source) error {
	err := pgx.BeginFunc(ctx, r.conn, func(tx pgx.Tx) error {
		if err := r.lockLive(ctx, tx); err != nil {
			return err
		}
		loaded, err := r.copyLive(ctx, tx, source)
		if err != nil {
			return err
		}
		if err := r.judge(&loaded); err != nil {
			return err
		}
		if err := r.analyze(ctx, tx); err != nil {
			return err
		}
		defer r.timed(migrate.StageSwitch, "")() // measures the commit, too, as far as it is deferred
		return r.same(ctx, tx)
	})
	if err != nil {
		return fmt.Errorf("native: fill MAS's tables: %w", err)
	}
	r.done(migrate.StageSwitch)
	return nil
}

// lockLive keeps others from writing to the tables, and looks whether they are empty.
func (r *run) lockLive(ctx context.Context, tx pgx.Tx) error {
	var names []string
	for _, table := range masdb.Tables() {
		names = append(names, r.live(table))
	}
	if _, err := tx.Exec(ctx, "SET LOCAL synchronous_commit = on"); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "LOCK TABLE "+strings.Join(names, ", ")+" IN EXCLUSIVE MODE"); err != nil {
		return r.blocked(ctx, err)
	}
	return r.unchanged(ctx, tx)
}

func (r *run) copyLive(ctx context.Context, tx pgx.Tx, source *source) (tally, error) {
	defer r.timed(migrate.StageLoad, "")()
	target := &inPlace{run: r, conn: tx.Conn(), free: source.buffers}
	progress := newProgress(r, target)
	defer r.count(ctx)()
	loaded, err := source.load(ctx, progress)
	if err != nil {
		return tally{}, err
	}
	progress.finish()
	return loaded, nil
}

// analyze gives the planner something to go by. What nobody has committed is seen.
func (r *run) analyze(ctx context.Context, tx pgx.Tx) error {
	for _, table := range masdb.Tables() {
		done := r.timed(migrate.StageBuild, "statistics of "+table)
		if _, err := tx.Exec(ctx, "ANALYZE "+r.live(table)); err != nil {
			return fmt.Errorf("analyze %s: %w", table, err)
		}
		done()
	}
	return nil
}

// inPlace is a sink of one COPY per write, in the order of the writes: foreign keys hold
// at the end of each.
type inPlace struct {
	run  *run
	mu   sync.Mutex // of conn
	conn *pgx.Conn
	free *buffers
}

func (l *inPlace) write(ctx context.Context, entity migrate.Entity, tuples []byte, _ int) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	sql := copySQL(l.run.live(string(entity)), entity, l.run.confirmed, "FORMAT binary")
	body := net.Buffers{pgcopy.AppendHeader(nil), tuples, pgcopy.AppendTrailer(nil)}
	if _, err := l.conn.PgConn().CopyFrom(ctx, &body, sql); err != nil {
		return fmt.Errorf("load %s in MAS's database: %w", entity, err)
	}
	l.free.put(tuples)
	return nil
}
