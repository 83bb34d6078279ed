package migratetest

import (
	"context"
	"fmt"
	"iter"
	"sync"

	"github.com/jackc/pgx/v5"
)

// Generate fills a database that has Synapse's schema and no users. It needs up to
// two more connections like conn, and costs about 20 seconds for a million users. Rows
// lie in the order of their making as those of a homeserver do, so that nothing but
// users is sorted by anything. Afterwards the tables are vacuumed and analyzed. If it
// fails, the database is of no use.
func Generate(ctx context.Context, conn *pgx.Conn, spec Spec) (Counts, error) {
	p := newPopulation(spec)
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var all sync.WaitGroup
	for _, tables := range p.parts() {
		all.Go(func() {
			if err := copyAll(ctx, conn.Config(), tables); err != nil {
				cancel(err)
			}
		})
	}
	counts := Count(spec)
	all.Wait()
	if ctx.Err() != nil {
		return Counts{}, fmt.Errorf("migratetest: generate: %w", context.Cause(ctx))
	}
	if _, err := conn.Exec(ctx, "VACUUM (ANALYZE) users, user_threepids, user_external_ids, devices, access_tokens, refresh_tokens"); err != nil {
		return Counts{}, fmt.Errorf("migratetest: generate: vacuum: %w", err)
	}
	return counts, nil
}

// table is what is copied into one table.
type table struct {
	name    string
	columns []string
	rows    iter.Seq[[]any]
}

// parts are the tables, in groups that do not wait for each other.
func (p *population) parts() [][]table {
	devices := p.deviceTotals()
	return [][]table{
		{p.users(), p.threepids(), p.externalIDs()},
		{p.devices(devices)},
		{p.refreshTokens(devices), p.accessTokens(devices)},
	}
}

func copyAll(ctx context.Context, config *pgx.ConnConfig, tables []table) error {
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	for _, t := range tables {
		if err := t.copy(ctx, conn); err != nil {
			return fmt.Errorf("%s: %w", t.name, err)
		}
	}
	return nil
}

func (t table) copy(ctx context.Context, conn *pgx.Conn) error {
	next, stop := iter.Pull(t.rows)
	defer stop()
	_, err := conn.CopyFrom(ctx, pgx.Identifier{t.name}, t.columns, pgx.CopyFromFunc(func() ([]any, error) {
		row, _ := next()
		return row, nil
	}))
	return err
}
