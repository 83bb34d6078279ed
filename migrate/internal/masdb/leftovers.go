package masdb

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

const (
	restoreConstraints = "syn2mas_restore_constraints"
	restoreIndices     = "syn2mas_restore_indices"
	// renamed is what mas-cli puts before the names of the tables while it fills them.
	renamed = "syn2mas__"
)

// Leftovers is what unfinished migrations left.
type Leftovers struct {
	// MASCLI are the tables of an unfinished mas-cli syn2mas, in the current schema.
	MASCLI []string
	// Side says that [SideSchema] exists: an unfinished run of the native engine.
	// MAS's own tables are as they were.
	Side bool
}

// Any reports whether there is something to [Reset].
func (l Leftovers) Any() bool { return len(l.MASCLI) > 0 || l.Side }

// Consistent returns an error that matches [ErrInconsistent] unless [Reset] can undo
// what mas-cli did: it makes all of its tables in one transaction.
func (l Leftovers) Consistent() error {
	if len(l.MASCLI) == 0 {
		return nil
	}
	var missing []string
	for _, table := range mascliTables() {
		if !slices.Contains(l.MASCLI, table) {
			missing = append(missing, table)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	return fmt.Errorf("masdb: %w: of an unfinished mas-cli syn2mas there is %s, but not %s: recreate MAS's database, or restore a backup",
		ErrInconsistent, strings.Join(l.MASCLI, ", "), strings.Join(missing, ", "))
}

func mascliTables() []string {
	tables := []string{restoreConstraints, restoreIndices}
	for _, table := range Tables() {
		tables = append(tables, renamed+table)
	}
	return tables
}

// ReadLeftovers looks for what unfinished migrations left.
func ReadLeftovers(ctx context.Context, q Querier) (Leftovers, error) {
	var left Leftovers
	err := q.QueryRow(ctx, `SELECT coalesce((SELECT array_agg(relname::text ORDER BY relname) FROM pg_class
			WHERE relnamespace = quote_ident(current_schema())::regnamespace AND relkind IN ('r', 'p') AND relname = ANY ($1)), '{}'),
		EXISTS (SELECT FROM pg_namespace WHERE nspname = $2)`, mascliTables(), SideSchema).Scan(&left.MASCLI, &left.Side)
	if err != nil {
		return Leftovers{}, fmt.Errorf("masdb: look for an unfinished migration: %w", err)
	}
	return left, nil
}

// Reset removes what unfinished migrations left, in one transaction, so that the
// schema is as before them and the tables that they filled are empty. Without
// leftovers it does nothing. The session must hold the [Lock].
func Reset(ctx context.Context, conn *pgx.Conn) error {
	left, err := ReadLeftovers(ctx, conn)
	if err != nil || !left.Any() {
		return err
	}
	if err := left.Consistent(); err != nil {
		return err
	}
	err = pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if left.Side {
			if err := dropSide(ctx, tx); err != nil {
				return err
			}
		}
		if len(left.MASCLI) > 0 {
			return resetMASCLI(ctx, tx)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("masdb: remove what an unfinished migration left: %w", err)
	}
	return nil
}

// dropSide drops the side schema. Sessions of a dead process may still build an index there, and are ended.
func dropSide(ctx context.Context, tx pgx.Tx) error {
	_, err := tx.Exec(ctx, `SELECT pg_terminate_backend(pid) FROM (SELECT DISTINCT pid FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
		WHERE l.locktype = 'relation' AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
			AND c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = $1) AND l.pid <> pg_backend_pid()) ours`, SideSchema)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `DROP SCHEMA `+SideSchema+` CASCADE`)
	return err
}

// resetMASCLI does what mas-cli does at the end of its work, with empty tables: the
// definitions that it stored name the tables as they are called meanwhile.
func resetMASCLI(ctx context.Context, tx pgx.Tx) error {
	schema, err := CurrentSchema(ctx, tx)
	if err != nil {
		return err
	}
	var all []string
	for _, table := range Tables() {
		all = append(all, quote(schema, renamed+table))
	}
	statements := []string{`TRUNCATE ` + strings.Join(all, ", ")}
	for _, query := range []string{
		`SELECT definition FROM ` + quote(schema, restoreIndices) + ` ORDER BY order_key DESC`,
		`SELECT format('ALTER TABLE %s ADD CONSTRAINT %I %s', table_name, name, definition) FROM ` + quote(schema, restoreConstraints) + ` ORDER BY order_key DESC`,
	} {
		stored, err := queryStrings(ctx, tx, query)
		if err != nil {
			return err
		}
		statements = append(statements, stored...)
	}
	for _, table := range Tables() {
		statements = append(statements, `ALTER TABLE `+quote(schema, renamed+table)+` RENAME TO `+pgx.Identifier{table}.Sanitize())
	}
	statements = append(statements, `DROP TABLE `+quote(schema, restoreConstraints)+`, `+quote(schema, restoreIndices))
	return execAll(ctx, tx, statements)
}

func queryStrings(ctx context.Context, q Querier, query string) ([]string, error) {
	rows, err := q.Query(ctx, query)
	if err != nil {
		return nil, err
	}
	return collectStrings(rows)
}

func execAll(ctx context.Context, q Querier, statements []string) error {
	for _, statement := range statements {
		if _, err := q.Exec(ctx, statement); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	return nil
}
