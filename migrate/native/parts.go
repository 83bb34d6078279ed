package native

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/maskit-dev/maskit/migrate/internal/masdb"
)

// parts are the indexes and constraints of MAS's tables, in the catalog's order.
type parts struct {
	indexes []index
	keys    []foreignKey
}

// index is an index, and the constraint that it enforces, if any.
type index struct {
	// SQL creates it on the table that the search_path shows.
	Table, Name, SQL, Method, Tablespace string
	// Text says that strings are sorted, which takes longer.
	Text bool
	// Constraint is empty, "PRIMARY KEY" or "UNIQUE".
	Constraint string
	// ConstraintName is nearly always Name.
	ConstraintName string
}

// foreignKey is one of the tables, or of another that points to one of them.
type foreignKey struct {
	// Child and Parent are quoted and, unless they are among the eight, with their schema.
	Child, Parent string
	// ChildInside and ParentInside say that they are among the eight.
	ChildInside, ParentInside bool
	Name, SQL                 string
	Validated                 bool
	Comment                   *string
}

// inner says that both tables are loaded.
func (k foreignKey) inner() bool { return k.ChildInside && k.ParentInside }

// readParts reads the definitions as they are printed while MAS's schema alone is
// searched, so that they mean the tables aside when those are found first.
func (r *run) readParts(ctx context.Context) (parts, error) {
	var read parts
	err := pgx.BeginFunc(ctx, r.conn, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, "SET LOCAL search_path = "+pgx.Identifier{r.schema}.Sanitize())
		if err != nil {
			return err
		}
		if read.indexes, err = collect[index](ctx, tx, selectIndexes, masdb.Tables()); err != nil {
			return err
		}
		read.keys, err = collect[foreignKey](ctx, tx, selectKeys, masdb.Tables())
		return err
	})
	if err != nil {
		return parts{}, fmt.Errorf("native: read the indexes and constraints of MAS's tables: %w", err)
	}
	return read, nil
}

func collect[T any](ctx context.Context, tx pgx.Tx, query string, args ...any) ([]T, error) {
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[T])
}

const (
	selectIndexes = `SELECT t.relname::text, i.relname::text, pg_get_indexdef(i.oid, 0, true), m.amname::text,
			coalesce((SELECT quote_ident(spcname) FROM pg_tablespace WHERE oid = i.reltablespace), ''),
			EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = i.oid AND a.atttypid = 'text'::regtype),
			CASE c.contype WHEN 'p' THEN 'PRIMARY KEY' WHEN 'u' THEN 'UNIQUE' ELSE '' END, coalesce(c.conname, '')::text
		FROM pg_class t JOIN pg_index x ON x.indrelid = t.oid JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_am m ON m.oid = i.relam
			LEFT JOIN pg_constraint c ON c.conindid = i.oid AND c.conrelid = t.oid AND c.contype IN ('p', 'u')
		WHERE t.relnamespace = quote_ident(current_schema())::regnamespace AND t.relname = ANY ($1) ORDER BY t.relname, i.relname`

	selectKeys = `WITH inside AS (SELECT oid FROM pg_class WHERE relnamespace = quote_ident(current_schema())::regnamespace AND relname = ANY ($1))
		SELECT c.conrelid::regclass::text, c.confrelid::regclass::text, c.conrelid IN (SELECT oid FROM inside), c.confrelid IN (SELECT oid FROM inside),
			c.conname::text, pg_get_constraintdef(c.oid), c.convalidated, obj_description(c.oid, 'pg_constraint')
		FROM pg_constraint c
		WHERE c.contype = 'f' AND (c.conrelid IN (SELECT oid FROM inside) OR c.confrelid IN (SELECT oid FROM inside)) ORDER BY c.conrelid::regclass::text, c.conname`
)
