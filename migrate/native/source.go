package native

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/maskit-dev/maskit/migrate"
)

// sourceOptions is how Synapse's database is read.
type sourceOptions struct {
	// Workers is how many ranges of users are read at once; at least one. Each has
	// streamsPerWorker connections.
	Workers int
	// Rehearsal says that Synapse runs: its tables are locked only against changes of
	// their definitions.
	Rehearsal bool
	// EmailConfirmedAt says that MAS has the optional column user_emails.confirmed_at.
	EmailConfirmedAt bool
}

// streamsPerWorker is how many connections a worker has: one for each table.
const streamsPerWorker = 6

// source is Synapse's database, locked and at one instant.
type source struct {
	job     *migrate.Job
	options sourceOptions
	// buffers is where a sink gives back what it has written.
	buffers *buffers

	conn     *pgx.Conn
	tx       pgx.Tx
	snapshot string
	// collate is what sorts as bytes do: nothing if the database does so by itself,
	// as Synapse wants it, and as its indexes are.
	collate string
}

// openSource locks Synapse's tables and takes a snapshot. Close gives them back.
func openSource(ctx context.Context, job *migrate.Job, o sourceOptions) (*source, error) {
	if _, err := newTransformer(job, false); err != nil {
		return nil, err
	}
	conn, err := pgx.ConnectConfig(ctx, job.Synapse.Copy())
	if err != nil {
		return nil, fmt.Errorf("migrate/native: connect to Synapse's database: %w", err)
	}
	s := &source{job: job, options: o, buffers: &buffers{}, conn: conn}
	if err := s.begin(ctx); err != nil {
		_ = s.Close(ctx) // the error is that of beginning
		return nil, err
	}
	return s, nil
}

func (s *source) begin(ctx context.Context) (err error) {
	if s.tx, err = begin(ctx, s.conn, s.options.Rehearsal); err != nil {
		return err
	}
	// With ICU, datcollate may be C and means nothing.
	const sql = `SELECT pg_export_snapshot(), datcollate IN ('C', 'POSIX') AND 'B' < 'a' FROM pg_database WHERE datname = current_database()`
	var bytewise bool
	if err := s.tx.QueryRow(ctx, sql).Scan(&s.snapshot, &bytewise); err != nil {
		return fmt.Errorf("migrate/native: take a snapshot of Synapse's database: %w", err)
	}
	if !bytewise {
		s.collate = ` COLLATE "C"`
	}
	return nil
}

// load reads every user and writes the rows of MAS to out.
func (s *source) load(ctx context.Context, out sink) (tally, error) {
	parts, err := ranges(ctx, s.tx, max(s.options.Workers, 1))
	if err != nil {
		return tally{}, failed(ctx, fmt.Errorf("migrate/native: split the users of Synapse's database: %w", err))
	}
	selected := make([]users, 0, len(parts))
	for _, part := range parts {
		selected = append(selected, users{userRange: part})
	}
	sum, err := s.loadAll(ctx, selected, out)
	if err == nil {
		err = s.nameless(ctx, &sum)
	}
	return sum, failed(ctx, err)
}

// loadUsers does the same for some users, by their ids: it makes the very rows that
// load makes of them. Rows of ids that no user has are orphans, as ever.
func (s *source) loadUsers(ctx context.Context, names []string, out sink) (tally, error) {
	if names == nil {
		names = []string{}
	}
	sum, err := s.loadAll(ctx, []users{{names: names}}, out)
	return sum, failed(ctx, err)
}

// failed says what failed, or why the context ended if it did.
func failed(ctx context.Context, err error) error {
	if err == nil || ctx.Err() == nil {
		return err
	}
	return fmt.Errorf("migrate/native: read Synapse's database: %w", context.Cause(ctx))
}

// nameless counts the users without an id, which the column allows: no range has them.
// It also makes sure that the locks were held all the time.
func (s *source) nameless(ctx context.Context, sum *tally) error {
	const sql = "SELECT password_hash IS NOT NULL FROM users WHERE name IS NULL"
	rows, err := s.tx.Query(ctx, sql)
	if err != nil {
		return fmt.Errorf("migrate/native: the locks of Synapse's tables were lost while they were read: %w", err)
	}
	var password bool
	_, err = pgx.ForEachRow(rows, []any{&password}, func() error {
		sum.nextUser()
		sum.foreign(nil, password)
		return nil
	})
	if err != nil {
		return fmt.Errorf("migrate/native: the locks of Synapse's tables were lost while they were read: %w", err)
	}
	return nil
}

// loadAll reads the parts at once. The first error ends all of them.
func (s *source) loadAll(ctx context.Context, parts []users, out sink) (tally, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	tallies := make([]tally, len(parts))
	done := make(chan error)
	for i, part := range parts {
		go func() {
			var err error
			tallies[i], err = s.loadPart(ctx, part, out)
			done <- err
		}()
	}
	var first error
	for range parts {
		if err := <-done; err != nil && first == nil {
			first = err
			cancel(err) // the others stop
		}
	}
	var sum tally
	for i := range tallies {
		sum.add(&tallies[i])
	}
	return sum, first
}

// Close ends the snapshot and the locks.
func (s *source) Close(ctx context.Context) error {
	if s.tx != nil {
		_ = s.tx.Rollback(ctx) // nothing was written; closing ends the transaction, too
	}
	return s.conn.Close(ctx)
}
