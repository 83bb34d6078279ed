package masdb

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Schema is what a migration must leave as it was.
type Schema struct {
	Head
	// Definitions are sorted by table and name.
	Definitions []Definition
}

// Definition is a part of a table.
type Definition struct {
	Table string
	// Name is that of a constraint or index, or "column x", "owner", "grants", "options" …
	Name string
	// SQL is as PostgreSQL prints it with all names qualified.
	SQL string
}

// Difference is what one of two schemas has otherwise than the other, for people: at
// most ten lines. It is empty if they are equal.
func (s Schema) Difference(other Schema) []string {
	type key struct{ table, name string }
	var lines []string
	if s.Head != other.Head {
		lines = append(lines, fmt.Sprintf("migrations: %d (%d) and %d (%d)", s.Version, s.Count, other.Version, other.Count))
	}
	theirs := map[key]string{}
	for _, d := range other.Definitions {
		theirs[key{d.Table, d.Name}] = d.SQL
	}
	for _, d := range s.Definitions {
		k := key{d.Table, d.Name}
		if sql, ok := theirs[k]; !ok {
			lines = append(lines, fmt.Sprintf("%s: %s is gone", d.Table, d.Name))
		} else if sql != d.SQL {
			lines = append(lines, fmt.Sprintf("%s: %s was %q and is %q", d.Table, d.Name, d.SQL, sql))
		}
		delete(theirs, k)
	}
	for _, d := range other.Definitions {
		if _, added := theirs[key{d.Table, d.Name}]; added {
			lines = append(lines, fmt.Sprintf("%s: %s is new", d.Table, d.Name))
		}
	}
	return lines[:min(len(lines), 10)]
}

// Capture reads the schema: the head, and of the tables in [Tables] the columns,
// constraints, indexes, statistics, triggers, rules, policies, comments, owner, grants
// and options, and the foreign keys of other tables that point to them. It can be
// called in a transaction, and then sees what that did. The error matches [ErrNotMAS]
// if a table is missing.
func Capture(ctx context.Context, q Querier) (Schema, error) {
	schema, err := CurrentSchema(ctx, q)
	if err != nil {
		return Schema{}, err
	}
	head, err := ReadHead(ctx, q)
	if err != nil {
		return Schema{}, err
	}
	if err := requireTables(ctx, q, schema); err != nil {
		return Schema{}, err
	}
	captured := Schema{Head: head}
	// With nothing in the search_path, names are printed in one way.
	err = withSearchPath(ctx, q, "", func() error {
		rows, err := q.Query(ctx, definitions, schema, Tables())
		if err != nil {
			return err
		}
		captured.Definitions, err = pgx.CollectRows(rows, pgx.RowToStructByPos[Definition])
		return err
	})
	if err != nil {
		return Schema{}, fmt.Errorf("masdb: read the definitions of MAS's tables: %w", err)
	}
	return captured, nil
}

func requireTables(ctx context.Context, q Querier, schema string) error {
	rows, err := q.Query(ctx, `SELECT t FROM unnest($2::text[]) t
		WHERE NOT EXISTS (SELECT FROM pg_class WHERE relname = t AND relnamespace = quote_ident($1)::regnamespace AND relkind IN ('r', 'p')) LIMIT 1`, schema, Tables())
	if err != nil {
		return fmt.Errorf("masdb: look for MAS's tables: %w", err)
	}
	missing, err := collectStrings(rows)
	if err != nil {
		return fmt.Errorf("masdb: look for MAS's tables: %w", err)
	}
	if len(missing) > 0 {
		return fmt.Errorf("masdb: %w: there is no table %s in schema %s", ErrNotMAS, missing[0], schema)
	}
	return nil
}
