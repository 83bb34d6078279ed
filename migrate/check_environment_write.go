package migrate

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/migrate/internal/masdb"
)

// writePrivileges reports what the role lacks in MAS's database. Rows can be written by
// whoever may INSERT; tables are replaced, which is faster, and renamed, as mas-cli does,
// by their owner alone.
func (e environment) writePrivileges(ctx context.Context, seen *surroundings, at server) error {
	notWritten, err := e.list(ctx, `SELECT c.relname::text FROM unnest($1::text[]) WITH ORDINALITY t (name, i) JOIN pg_class c ON c.oid = to_regclass(quote_ident(name))
		WHERE NOT (has_table_privilege(c.oid, 'INSERT') AND has_table_privilege(c.oid, 'SELECT') AND has_table_privilege(c.oid, 'UPDATE, DELETE, TRUNCATE')) ORDER BY i`)
	if err != nil {
		return err
	}
	if len(notWritten) > 0 {
		seen.add(lacks(at, "SELECT, INSERT, UPDATE, DELETE, TRUNCATE", notWritten, "cannot write to "))
		return nil
	}
	lacking, mayCreate, err := e.ownership(ctx)
	if err != nil {
		return err
	}
	switch {
	case e.official && len(lacking) > 0:
		seen.report(maskit.SeverityError, at.path, CodePrivilege,
			fmt.Sprintf("the role %s cannot rename MAS's tables, as mas-cli does: it lacks %s", at.user, strings.Join(lacking, ", ")), connectAsOwner)
	case !e.official && (len(lacking) > 0 || !mayCreate):
		seen.add(notOwner(at, lacking, mayCreate))
	}
	return nil
}

const connectAsOwner = "connect as the role that MAS uses, which owns its tables"

// notOwner tells that tables cannot be replaced, which is not needed.
func notOwner(at server, lacking []string, mayCreate bool) Finding {
	f := Finding{}
	if !mayCreate {
		f.Fix = fmt.Sprintf("-- in MAS's database, as its owner\nGRANT CREATE ON DATABASE %s TO %s;", pgx.Identifier{at.database}.Sanitize(), pgx.Identifier{at.user}.Sanitize())
		lacking = append(lacking, "CREATE on the database")
	}
	f.Problem = maskit.Problem{
		Path: at.path, Code: CodeNotOwner, Severity: maskit.SeverityInfo, Hint: connectAsOwner,
		Message: fmt.Sprintf("the role %s can write to MAS's tables, but not replace them: it lacks %s; everything is written in one transaction, which takes longer", at.user, strings.Join(lacking, ", ")),
	}
	return f
}

// ownership lists what the role lacks to replace tables: it must own them and those that
// refer to them, may refer to what they refer to, and make tables; and whether it may
// make schemas.
func (e environment) ownership(ctx context.Context) (lacking []string, mayCreate bool, err error) {
	lacking, err = e.list(ctx, `WITH ours AS (SELECT to_regclass(quote_ident(name))::oid AS oid FROM unnest($1::text[]) name)
		SELECT 'the ownership of ' || c.relname FROM pg_class c
		WHERE (c.oid IN (SELECT oid FROM ours) OR c.oid IN (SELECT conrelid FROM pg_constraint WHERE contype = 'f' AND confrelid IN (SELECT oid FROM ours)))
			AND NOT pg_has_role(c.relowner, 'USAGE')
		UNION ALL
		SELECT 'REFERENCES on ' || c.relname FROM pg_class c
		WHERE c.oid IN (SELECT confrelid FROM pg_constraint WHERE contype = 'f' AND conrelid IN (SELECT oid FROM ours))
			AND NOT has_table_privilege(c.oid, 'REFERENCES')
		UNION ALL
		SELECT 'CREATE on the schema ' || current_schema() WHERE NOT has_schema_privilege(current_schema(), 'CREATE')
		ORDER BY 1`)
	if err != nil {
		return nil, false, err
	}
	if err := e.mas.QueryRow(ctx, `SELECT has_database_privilege(current_database(), 'CREATE')`).Scan(&mayCreate); err != nil {
		return nil, false, fmt.Errorf("ask for privileges: %w", err)
	}
	return lacking, mayCreate, nil
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
