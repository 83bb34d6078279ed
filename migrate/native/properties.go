package native

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/maskit-dev/maskit/migrate/internal/masdb"
)

// properties returns statements that give the tables aside, once they are in the place
// of MAS's, what those have and a copy of their columns, indexes and keys lacks.
func (r *run) properties(ctx context.Context, tx pgx.Tx) ([]string, error) {
	rows, err := tx.Query(ctx, selectProperties, r.schema, masdb.Tables(), masdb.SideSchema)
	if err != nil {
		return nil, fmt.Errorf("read the properties of MAS's tables: %w", err)
	}
	statements, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, fmt.Errorf("read the properties of MAS's tables: %w", err)
	}
	return statements, nil
}

// selectProperties makes statements for the tables $2 of the schema $1, of which $3
// has copies. Grants are only touched where those of the copy, by the default
// privileges of the role, are others.
const selectProperties = `
WITH t AS (
	SELECT old.*, format('%I.%I', $1::text, old.relname) AS name, new.relacl AS given
	FROM pg_class old JOIN pg_class new ON new.relname = old.relname AND new.relnamespace = quote_ident($3)::regnamespace
	WHERE old.relnamespace = quote_ident($1)::regnamespace AND old.relname = ANY ($2)
), i AS (
	SELECT t.name AS tab, format('%I.%I', $1::text, c.relname) AS name, c.relname AS bare, x.*, c.oid AS index
	FROM t JOIN pg_index x ON x.indrelid = t.oid JOIN pg_class c ON c.oid = x.indexrelid
), grants AS (
	SELECT t.name, t.oid, NULL::name AS col, g.grantee, g.privilege_type, g.is_grantable FROM t, aclexplode(coalesce(t.relacl, acldefault('r', t.relowner))) g
	WHERE t.relacl IS DISTINCT FROM t.given
UNION ALL
	SELECT t.name, t.oid, a.attname, g.grantee, g.privilege_type, g.is_grantable
	FROM t JOIN pg_attribute a ON a.attrelid = t.oid AND NOT a.attisdropped, aclexplode(a.attacl) g
)
SELECT statement FROM (
	SELECT 0 AS step, format('ALTER TABLE %s RESET (autovacuum_enabled)', name) AS statement FROM t
UNION ALL
	SELECT 1, format('ALTER TABLE %s SET (%s)', name, (SELECT string_agg(format('%I = %L', option_name, option_value), ', ') FROM pg_options_to_table(reloptions)))
	FROM t WHERE reloptions IS NOT NULL
UNION ALL
	SELECT DISTINCT 2, format('REVOKE ALL ON %s FROM %s', t.name, CASE WHEN g.grantee = 0 THEN 'PUBLIC' ELSE g.grantee::regrole::text END)
	FROM t, aclexplode(coalesce(t.given, acldefault('r', t.relowner))) g WHERE t.relacl IS DISTINCT FROM t.given
UNION ALL
	SELECT 3, format('GRANT %s%s ON %s TO %s%s', privilege_type, ' (' || quote_ident(col) || ')', name, CASE WHEN grantee = 0 THEN 'PUBLIC' ELSE grantee::regrole::text END,
		CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END) FROM grants
UNION ALL
	SELECT 4, format('COMMENT ON TABLE %s IS %L', name, obj_description(oid, 'pg_class')) FROM t WHERE obj_description(oid, 'pg_class') IS NOT NULL
UNION ALL
	SELECT 4, format('COMMENT ON INDEX %s IS %L', name, obj_description(index, 'pg_class')) FROM i WHERE obj_description(index, 'pg_class') IS NOT NULL
UNION ALL
	SELECT 4, format('COMMENT ON CONSTRAINT %I ON %s IS %L', c.conname, t.name, obj_description(c.oid, 'pg_constraint'))
	FROM t JOIN pg_constraint c ON c.conrelid = t.oid AND c.contype IN ('p', 'u', 'c') WHERE obj_description(c.oid, 'pg_constraint') IS NOT NULL
UNION ALL
	SELECT 4, format('ALTER TABLE %s ALTER COLUMN %I SET STATISTICS %s', t.name, a.attname, a.attstattarget)
	FROM t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped WHERE coalesce(a.attstattarget, -1) >= 0
UNION ALL
	SELECT 4, format('ALTER TABLE %s ALTER COLUMN %I SET (%s)', t.name, a.attname,
		(SELECT string_agg(format('%I = %L', option_name, option_value), ', ') FROM pg_options_to_table(a.attoptions)))
	FROM t JOIN pg_attribute a ON a.attrelid = t.oid AND NOT a.attisdropped WHERE a.attoptions IS NOT NULL
UNION ALL
	SELECT 4, format('ALTER TABLE %s REPLICA IDENTITY %s', name, CASE relreplident WHEN 'f' THEN 'FULL' ELSE 'NOTHING' END) FROM t WHERE relreplident IN ('f', 'n')
UNION ALL
	SELECT 4, format('ALTER TABLE %s REPLICA IDENTITY USING INDEX %I', tab, bare) FROM i WHERE indisreplident
UNION ALL
	SELECT 4, format('ALTER TABLE %s CLUSTER ON %I', tab, bare) FROM i WHERE indisclustered
) statements ORDER BY step, statement`
