package synapsedb

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Schema is what is there.
type Schema struct {
	// Version is that of Synapse's schema: 94 in Synapse 1.163. Zero if Synapse has not
	// written it down.
	Version int
	columns map[column]bool
}

type column struct{ table, name string }

// Has reports whether the table has the column.
func (s Schema) Has(table, name string) bool { return s.columns[column{table, name}] }

// HasTable reports whether the table is there.
func (s Schema) HasTable(table string) bool { return s.columns[column{table: table}] }

// Missing lists the tables of [Locked] that are not there: then it is no database of Synapse.
func (s Schema) Missing() []string {
	var missing []string
	for _, table := range Locked() {
		if !s.HasTable(table) {
			missing = append(missing, table)
		}
	}
	return missing
}

// Querier is a connection or a transaction.
type Querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

// ReadSchema asks the catalog, in the schemas of the search path.
func ReadSchema(ctx context.Context, db Querier) (Schema, error) {
	schema := Schema{columns: map[column]bool{}}
	tables := append(append(Locked(), Looked()...), "schema_version")
	rows, err := db.Query(ctx, `SELECT c.relname::text, a.attname::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
		WHERE c.oid IN (SELECT to_regclass(quote_ident(name)) FROM unnest($1::text[]) name) AND a.attnum > 0 AND NOT a.attisdropped`, tables)
	if err != nil {
		return Schema{}, fmt.Errorf("synapsedb: read the columns of Synapse's tables: %w", err)
	}
	var c column
	_, err = pgx.ForEachRow(rows, []any{&c.table, &c.name}, func() error {
		schema.columns[c], schema.columns[column{table: c.table}] = true, true
		return nil
	})
	if err != nil {
		return Schema{}, fmt.Errorf("synapsedb: read the columns of Synapse's tables: %w", err)
	}
	if schema.Has("schema_version", "version") {
		schema.Version, err = readVersion(ctx, db)
	}
	return schema, err
}

func readVersion(ctx context.Context, db Querier) (int, error) {
	var version int
	if err := db.QueryRow(ctx, "SELECT COALESCE(max(version), 0)::int FROM schema_version").Scan(&version); err != nil {
		return 0, fmt.Errorf("synapsedb: read the version of Synapse's schema: %w", err)
	}
	return version, nil
}
