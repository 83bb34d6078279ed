// Package masdb knows the database of Matrix Authentication Service (MAS) as far as a
// migration touches it: eight tables, the lock that migrations share, the versions of
// the schema, and what an unfinished migration leaves behind.
//
// Tables are looked for in the current schema of the connection (the first one of its
// search_path that exists), as mas-cli 1.22 does.
package masdb

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Querier is a connection or a transaction.
type Querier interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

// SideSchema is where the native engine builds its tables, until it moves them in one
// transaction. It exists only while the engine works, or after it was killed.
const SideSchema = "maskit_syn2mas"

// Tables are those that a migration fills, in the order in which foreign keys want them.
func Tables() []string {
	return []string{
		"users", "user_passwords", "user_emails", "user_unsupported_third_party_ids",
		"upstream_oauth_links", "compat_sessions", "compat_access_tokens", "compat_refresh_tokens",
	}
}

// CurrentSchema is where MAS's tables are; see the package comment.
func CurrentSchema(ctx context.Context, q Querier) (string, error) {
	var schema *string
	if err := q.QueryRow(ctx, `SELECT current_schema()::text`).Scan(&schema); err != nil {
		return "", fmt.Errorf("masdb: find the schema of MAS's tables: %w", err)
	}
	if schema == nil {
		return "", fmt.Errorf("masdb: find the schema of MAS's tables: no schema of the search_path exists: %w", ErrNotMAS)
	}
	return *schema, nil
}

// withSearchPath calls do while names are resolved and printed by a search_path.
// If do fails, and q is a transaction, that has to be rolled back.
func withSearchPath(ctx context.Context, q Querier, path string, do func() error) error {
	var before string
	if err := q.QueryRow(ctx, `SELECT current_setting('search_path')`).Scan(&before); err != nil {
		return err
	}
	const set = `SELECT set_config('search_path', $1, false)`
	if _, err := q.Exec(ctx, set, path); err != nil {
		return err
	}
	if err := do(); err != nil {
		_, _ = q.Exec(ctx, set, before) // Fails in a failed transaction, which restores it itself.
		return err
	}
	_, err := q.Exec(ctx, set, before)
	return err
}

// quote quotes the name of a table in a schema.
func quote(schema, table string) string { return pgx.Identifier{schema, table}.Sanitize() }
