package masdb

import (
	"context"
	"fmt"
)

// Obstacles lists what keeps tables of MAS from being replaced by others that were
// built aside, for people, sorted: "users is published by pub", "view v reads users".
// None of it hinders a migration that writes to the tables themselves.
func Obstacles(ctx context.Context, q Querier) ([]string, error) {
	rows, err := q.Query(ctx, obstacles, Tables())
	if err != nil {
		return nil, fmt.Errorf("masdb: look for what depends on MAS's tables: %w", err)
	}
	found, err := collectStrings(rows)
	if err != nil {
		return nil, fmt.Errorf("masdb: look for what depends on MAS's tables: %w", err)
	}
	return found, nil
}

const obstacles = `
WITH t AS (
	SELECT * FROM pg_class WHERE relnamespace = quote_ident(current_schema())::regnamespace AND relname = ANY ($1)
), depends AS (
	SELECT t.relname, d.classid, d.objid, d.deptype FROM t JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = t.oid
UNION
	SELECT t.relname, d.classid, d.objid, d.deptype FROM t JOIN pg_type y ON y.typrelid = t.oid
		JOIN pg_depend d ON d.refclassid = 'pg_type'::regclass AND d.refobjid IN (y.oid, y.typarray) AND d.objid NOT IN (y.typarray, t.oid)
)
SELECT DISTINCT line FROM (
	SELECT format('%s is no ordinary table', relname) AS line FROM t WHERE relkind <> 'r' OR relpersistence <> 'p' OR relispartition
UNION ALL
	SELECT format('%s has row security', relname) FROM t WHERE relrowsecurity OR relforcerowsecurity
UNION ALL
	SELECT format('%s has toast options', t.relname) FROM t JOIN pg_class toast ON toast.oid = t.reltoastrelid WHERE toast.reloptions IS NOT NULL
UNION ALL
	SELECT format('%s is published by %s', tablename, pubname) FROM pg_publication_tables WHERE schemaname = current_schema() AND tablename = ANY ($1)
UNION ALL
	SELECT format('%s has the security label of %s', t.relname, l.provider) FROM t JOIN pg_seclabel l ON l.classoid = 'pg_class'::regclass AND l.objoid = t.oid
UNION ALL
	SELECT format('%s inherits from %s', a.relname, b.relname) FROM pg_inherits i JOIN pg_class a ON a.oid = i.inhrelid JOIN pg_class b ON b.oid = i.inhparent
		WHERE i.inhrelid IN (SELECT oid FROM t) OR i.inhparent IN (SELECT oid FROM t)
UNION ALL
	SELECT format('a grant on %s was made by %s, who does not own it', t.relname, g.grantor::regrole)
		FROM t, aclexplode(coalesce(t.relacl, acldefault('r', t.relowner))) g WHERE g.grantor <> t.relowner
UNION ALL
	SELECT format('a grant on %s.%s was made by %s, who does not own it', t.relname, a.attname, g.grantor::regrole)
		FROM t JOIN pg_attribute a ON a.attrelid = t.oid, aclexplode(a.attacl) g WHERE g.grantor <> t.relowner
UNION ALL
	SELECT format('the column %s.%s is generated or an identity', t.relname, a.attname)
		FROM t JOIN pg_attribute a ON a.attrelid = t.oid AND NOT a.attisdropped WHERE a.attgenerated <> '' OR a.attidentity <> ''
UNION ALL
	SELECT format('the tables have %s owners', count(DISTINCT relowner)) FROM t HAVING count(DISTINCT relowner) > 1
UNION ALL
	SELECT format('%s has the exclusion constraint %s', t.relname, c.conname) FROM t JOIN pg_constraint c ON c.conrelid = t.oid AND c.contype = 'x'
UNION ALL
	SELECT format('%s has a constraint %s that is deferrable', t.relname, c.conname)
		FROM t JOIN pg_constraint c ON c.conrelid = t.oid AND c.contype IN ('p', 'u') AND c.condeferrable
UNION ALL
	SELECT format('%s has an invalid index %s', t.relname, x.indexrelid::regclass) FROM t JOIN pg_index x ON x.indrelid = t.oid AND NOT (x.indisvalid AND x.indisready)
UNION ALL
	SELECT format('%s depends on %s', pg_describe_object(classid, objid, 0), relname) FROM depends
		WHERE NOT (classid = 'pg_constraint'::regclass OR classid = 'pg_attrdef'::regclass OR classid = 'pg_type'::regclass AND deptype = 'i'
			OR classid = 'pg_trigger'::regclass AND EXISTS (SELECT FROM pg_trigger WHERE oid = objid AND tgisinternal)
			OR classid = 'pg_class'::regclass AND EXISTS (SELECT FROM pg_class WHERE oid = objid AND relkind IN ('i', 't')))
) found ORDER BY line`
