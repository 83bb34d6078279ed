package native

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgproto3"
)

// worker is the connections by which one part of the users is read.
type worker struct {
	source *source
	conns  [streamsPerWorker]*pgx.Conn
}

// loadPart reads the users of one part.
func (s *source) loadPart(ctx context.Context, part users, out sink) (tally, error) {
	ctx, cancel := context.WithCancel(ctx)
	w := &worker{source: s}
	defer w.close(ctx)
	defer cancel() // before closing: it ends queries whose rows nobody wants
	m, err := w.open(ctx, part)
	if err != nil {
		return tally{}, err
	}
	m.out = out
	err = m.run(ctx)
	return m.batch.tally, err
}

// open starts the streams, all at once: the server begins to answer a query when its
// first rows are sorted.
func (w *worker) open(ctx context.Context, part users) (*merge, error) {
	t, err := newTransformer(w.source.job, w.source.options.EmailConfirmedAt)
	if err != nil {
		return nil, err
	}
	m := &merge{transformer: t, row: newRow(), free: w.source.buffers}
	for of := range m.batch.tuples {
		m.batch.tuples[of] = m.free.get()
	}
	queries := []tableQuery{usersQuery()}
	for _, d := range dependents() {
		queries = append(queries, d.query())
	}
	streams := make([]*stream, len(queries))
	errs := make([]error, len(queries))
	var all sync.WaitGroup
	for i, q := range queries {
		all.Go(func() { streams[i], errs[i] = w.start(ctx, i, q, part) })
	}
	all.Wait()
	m.users = streams[0]
	for i, d := range dependents() {
		m.dependents = append(m.dependents, dependentStream{d, streams[i+1]})
	}
	return m, errors.Join(errs...)
}

// start connects and sends the query of one table.
func (w *worker) start(ctx context.Context, i int, q tableQuery, part users) (*stream, error) {
	config := w.source.job.Synapse.Copy()
	config.BuildFrontend = bufferedFrontend
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("migrate/native: connect to Synapse's database: %w", err)
	}
	w.conns[i] = conn
	for _, sql := range []string{
		"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
		"SET TRANSACTION SNAPSHOT '" + w.source.snapshot + "'",
		part.settings(),
	} {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return nil, fmt.Errorf("migrate/native: read Synapse's database as it was when it was locked: %w", err)
		}
	}
	return openStream(ctx, conn.PgConn(), q.table, part.selection(q, w.source.collate)), nil
}

// bufferedFrontend reads more at once than PostgreSQL writes at once.
func bufferedFrontend(r io.Reader, w io.Writer) *pgproto3.Frontend {
	return pgproto3.NewFrontend(bufio.NewReaderSize(r, 64<<10), w)
}

// reading makes PostgreSQL read tables from front to back and sort them, which on
// servers that cannot hold all of Synapse's tables in shared_buffers takes half the time
// of following the indexes, and a little less on others. Small sorts that stay in the
// processor's cache, and are merged, are faster than large ones (1.98 million devices:
// 2.5 s with 16 MB, 3.1 s with 64 MB, 3.9 s with 512 MB, PostgreSQL 15). What is to be
// parallel are workers, which MaxConnections counts. The settings end with the transaction.
const reading = "SET LOCAL enable_indexscan = off; SET LOCAL enable_mergejoin = off; " +
	"SET LOCAL work_mem = '16MB'; SET LOCAL max_parallel_workers_per_gather = 0; SET LOCAL jit = off"

// settings are those of the reading sessions. A few users are found by the indexes.
func (u users) settings() string {
	if u.names != nil {
		return patience
	}
	return patience + "; " + reading
}

// close ends the transactions by ending their sessions. Nothing was written.
func (w *worker) close(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	for _, conn := range w.conns {
		if conn != nil {
			_ = conn.Close(ctx) // there is nothing left to lose
		}
	}
}
