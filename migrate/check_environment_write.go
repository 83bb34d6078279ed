package migrate

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/migrate/internal/masdb"
)

// writePrivileges reports what the role lacks in MAS's database. The native engine says itself
// what it needs beyond rows: tables are renamed and replaced by their owner alone.
func (e environment) writePrivileges(ctx context.Context, seen *surroundings, at server) error {
	const written = "SELECT, INSERT, UPDATE, DELETE, TRUNCATE"
	tables, err := e.list(ctx, `SELECT c.relname::text FROM unnest($1::text[]) WITH ORDINALITY t (name, i) JOIN pg_class c ON c.oid = to_regclass(quote_ident(name))
		WHERE NOT (has_table_privilege(c.oid, 'INSERT') AND has_table_privilege(c.oid, 'SELECT') AND has_table_privilege(c.oid, 'UPDATE, DELETE, TRUNCATE')) ORDER BY i`)
	if err != nil {
		return err
	}
	if len(tables) > 0 {
		seen.add(lacks(at, written, tables, "cannot write to "))
	}
	if e.alone || e.official {
		err = e.ownership(ctx, seen, at)
	}
	if err == nil && e.alone {
		err = e.mayCreate(ctx, seen, at)
	}
	return err
}

// ownership reports tables that the role does not own: those that are filled, and those
// whose foreign keys point to them.
func (e environment) ownership(ctx context.Context, seen *surroundings, at server) error {
	tables, err := e.list(ctx, `WITH ours AS (SELECT to_regclass(quote_ident(name))::oid AS oid FROM unnest($1::text[]) name)
		SELECT c.relname::text FROM pg_class c
		WHERE (c.oid IN (SELECT oid FROM ours) OR c.oid IN (SELECT conrelid FROM pg_constraint WHERE contype = 'f' AND confrelid IN (SELECT oid FROM ours)))
			AND NOT pg_has_role(c.relowner, 'USAGE') ORDER BY c.oid NOT IN (SELECT oid FROM ours), 1`)
	if err != nil || len(tables) == 0 {
		return err
	}
	seen.report(maskit.SeverityError, at.path, CodeNotOwner,
		fmt.Sprintf("the role %s does not own %s in MAS's database, so it can neither replace nor rename them", at.user, strings.Join(tables, ", ")),
		"connect as the role that MAS uses, which owns its tables")
	return nil
}

// mayCreate tells that tables cannot be built aside.
func (e environment) mayCreate(ctx context.Context, seen *surroundings, at server) error {
	var may bool
	if err := e.mas.QueryRow(ctx, `SELECT has_database_privilege(current_database(), 'CREATE')`).Scan(&may); err != nil {
		return fmt.Errorf("ask for privileges: %w", err)
	}
	if !may {
		seen.add(Finding{
			Problem: maskit.Problem{
				Path: at.path, Code: CodePrivilege, Severity: maskit.SeverityInfo,
				Message: fmt.Sprintf("the role %s may not make a schema in MAS's database: the native engine cannot build tables aside there, which is faster, nor rehearse", at.user),
				Hint:    "grant it, as the owner of the database",
			},
			Fix: fmt.Sprintf("GRANT CREATE ON DATABASE %s TO %s;", pgx.Identifier{at.database}.Sanitize(), pgx.Identifier{at.user}.Sanitize()),
		})
	}
	return nil
}

// list runs a query about the tables that a migration fills.
func (e environment) list(ctx context.Context, query string) ([]string, error) {
	rows, err := e.mas.Query(ctx, query, masdb.Tables())
	if err != nil {
		return nil, fmt.Errorf("ask for privileges: %w", err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, fmt.Errorf("ask for privileges: %w", err)
	}
	return found, nil
}
