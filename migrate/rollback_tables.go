package migrate

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/maskit-dev/maskit/migrate/internal/masdb"
)

// involvedTable is one that a rollback may have to empty.
type involvedTable struct {
	schema, name string
	// migrated says that it is one of the eight, dated that its rows say when they were made.
	migrated, dated bool
	// rows is how many it has, since how many of them were written or changed after the
	// migration, and made how many were made.
	rows, since, made int64
}

func (t involvedTable) sql() string { return pgx.Identifier{t.schema, t.name}.Sanitize() }

type involvedTables []involvedTable

// involved lists the eight tables, in the order of foreign keys, and all that refer to
// them, directly or not: PostgreSQL empties them together only.
func involved(ctx context.Context, q masdb.Querier) (involvedTables, error) {
	schema, err := masdb.CurrentSchema(ctx, q)
	if err != nil {
		return nil, err
	}
	rows, err := q.Query(ctx, `WITH RECURSIVE refers (oid) AS (
			SELECT oid FROM pg_class WHERE relnamespace = quote_ident($1)::regnamespace AND relname = ANY ($2)
		UNION
			SELECT c.conrelid FROM pg_constraint c JOIN refers r ON c.confrelid = r.oid WHERE c.contype = 'f'
		) SELECT n.nspname::text, c.relname::text, n.nspname = $1 AND c.relname = ANY ($2),
			EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'created_at' AND NOT a.attisdropped)
		FROM refers r JOIN pg_class c ON c.oid = r.oid JOIN pg_namespace n ON n.oid = c.relnamespace ORDER BY 1, 2`, schema, masdb.Tables())
	if err != nil {
		return nil, fmt.Errorf("list the tables that refer to MAS's users: %w", err)
	}
	tables, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (involvedTable, error) {
		var t involvedTable
		return t, row.Scan(&t.schema, &t.name, &t.migrated, &t.dated)
	})
	if err != nil {
		return nil, fmt.Errorf("list the tables that refer to MAS's users: %w", err)
	}
	order := masdb.Tables()
	slices.SortStableFunc(tables, func(a, b involvedTable) int { return place(order, a) - place(order, b) })
	return tables, nil
}

func place(order []string, t involvedTable) int {
	if !t.migrated {
		return len(order)
	}
	return slices.Index(order, t.name)
}

func (ts involvedTables) names() string {
	names := make([]string, len(ts))
	for i, t := range ts {
		names[i] = t.sql()
	}
	return strings.Join(names, ", ")
}

// count fills in rows, since and made. Rows of which nothing can be known came later.
func (ts involvedTables) count(ctx context.Context, q masdb.Querier, since line) error {
	for i := range ts {
		t := &ts[i]
		after, made := "true", "false"
		if t.dated || since.transaction >= 0 {
			after = since.after("t")
		}
		if t.dated {
			made = since.made("t")
		}
		err := q.QueryRow(ctx, `SELECT count(*), count(*) FILTER (WHERE `+after+`), count(*) FILTER (WHERE `+made+`) FROM `+t.sql()+` t`).Scan(&t.rows, &t.since, &t.made)
		if err != nil {
			return fmt.Errorf("count the rows of MAS's table %s: %w", t.name, err)
		}
	}
	return nil
}

// migratedRows is how many rows the eight tables have.
func (ts involvedTables) migratedRows() (rows int64) {
	for _, t := range ts {
		if t.migrated {
			rows += t.rows
		}
	}
	return rows
}

func (ts involvedTables) has(name string) bool {
	return slices.ContainsFunc(ts, func(t involvedTable) bool { return t.name == name })
}

// empty empties the eight tables. The others go with them, unless they have rows from before
// the migration and none from after it: tokens of clients that act for nobody. Then these stay.
func (ts involvedTables) empty(ctx context.Context, tx pgx.Tx, report *RollbackReport) error {
	var older, newer bool
	for _, t := range ts {
		if !t.migrated {
			older, newer = older || t.rows > t.since, newer || t.since > 0
		}
	}
	emptied := ts
	if older && !newer {
		emptied = slices.DeleteFunc(slices.Clone(ts), func(t involvedTable) bool { return !t.migrated })
		if err := emptied.delete(ctx, tx); err != nil {
			return err
		}
	} else if _, err := tx.Exec(ctx, `TRUNCATE `+ts.names()); err != nil {
		return fmt.Errorf("empty MAS's tables: %w", err)
	}
	for _, t := range emptied {
		if t.rows > 0 {
			report.Emptied = append(report.Emptied, EmptiedTable{t.name, t.rows})
		}
	}
	return nil
}

// delete deletes row by row, from the last table to the first.
func (ts involvedTables) delete(ctx context.Context, tx pgx.Tx) error {
	for _, t := range slices.Backward(ts) {
		if _, err := tx.Exec(ctx, `DELETE FROM `+t.sql()); err != nil {
			return fmt.Errorf("empty MAS's table %s: %w", t.name, err)
		}
	}
	return nil
}
