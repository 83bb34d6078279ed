package migrate

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/oklog/ulid/v2"

	"github.com/maskit-dev/maskit/migrate/internal/masdb"
)

// delta is what people did at MAS after the migration, and how Synapse gets it.
type delta struct {
	r      *session
	q      masdb.Querier // MAS's database
	line   line
	tables involvedTables
	losses Losses
	steps  []copyStep
	// carried are the users who can log in to Synapse by what is, or will be, carried over.
	carried map[string]bool
}

// delta reads what people did, and puts the account into the report.
func (r *session) delta(ctx context.Context, q masdb.Querier, tables involvedTables, report *RollbackReport) (*delta, error) {
	l, err := lineOf(ctx, q, r.state)
	if err != nil {
		return nil, err
	}
	if err := tables.count(ctx, q, l); err != nil {
		return nil, err
	}
	d := &delta{r: r, q: q, line: l, tables: tables, losses: Losses{Since: l.time}, carried: map[string]bool{}}
	for _, read := range []func(context.Context) error{
		d.started, d.passwords, d.links, d.users, d.flags, d.emails, d.compatSessions, d.refreshes, d.signOuts, d.otherSessions, d.others, d.missing,
	} {
		if err := read(ctx); err != nil {
			return nil, fmt.Errorf("tell what people did at MAS: %w", err)
		}
	}
	report.Losses = d.losses
	return d, nil
}

// started finds out when MAS first came up: its workers register themselves.
func (d *delta) started(ctx context.Context) error {
	var table *string
	if err := d.q.QueryRow(ctx, `SELECT to_regclass('queue_workers')::text`).Scan(&table); err != nil || table == nil {
		return err
	}
	var at *time.Time
	err := d.q.QueryRow(ctx, `SELECT min(registered_at) FROM queue_workers WHERE registered_at > $1`, d.line.time).Scan(&at)
	if at != nil {
		d.losses.MASStarted = at.UTC()
	}
	return err
}

// lose adds to the account what is not nothing.
func (d *delta) lose(l Loss) {
	if l.Count > 0 {
		d.losses.Items = append(d.losses.Items, l)
	}
}

// loseRows counts rows that belong to users: the alias u.
func (d *delta) loseRows(ctx context.Context, l Loss, from string) error {
	err := d.q.QueryRow(ctx, `SELECT count(*), coalesce((array_agg(DISTINCT u.username COLLATE "C" ORDER BY u.username COLLATE "C"))[:`+fmt.Sprint(MaxSamples)+`], '{}')
		FROM `+from).Scan(&l.Count, &l.Users)
	if err != nil {
		return fmt.Errorf("%s: %w", l.Kind, err)
	}
	for i, name := range l.Users {
		l.Users[i] = d.mxid(name)
	}
	d.lose(l)
	return nil
}

func (d *delta) mxid(name string) string { return "@" + name + ":" + d.r.job.Legacy.ServerName }

// tally counts what was found row by row.
type tally struct {
	d    *delta
	loss Loss
}

func (t *tally) add(name string, portable bool) {
	t.loss.Count++
	if portable {
		t.loss.Portable++
	}
	if user := t.d.mxid(name); len(t.loss.Users) < MaxSamples && (len(t.loss.Users) == 0 || t.loss.Users[len(t.loss.Users)-1] != user) {
		t.loss.Users = append(t.loss.Users, user) // rows come in the order of names
	}
}

// collect reads rows into structs, column by column.
func collect[T any](ctx context.Context, q masdb.Querier, sql string, args ...any) ([]T, error) {
	rows, err := q.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[T])
}

// providerNames maps MAS's providers to what Synapse calls them.
func (j *Job) providerNames() map[[16]byte]string {
	names := map[[16]byte]string{}
	for name, id := range j.Providers {
		if parsed, err := ulid.ParseStrict(string(id)); err == nil {
			names[parsed] = name
		}
	}
	return names
}
