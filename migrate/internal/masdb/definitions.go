package masdb

// definitions selects table, name and SQL of all that belongs to the tables $2 of the
// schema $1. Identifiers of objects differ after a switch, so none is in it. A grant
// that is the default, and one that was made, are the same.
const definitions = `
WITH t AS (
	SELECT * FROM pg_catalog.pg_class WHERE relnamespace = pg_catalog.quote_ident($1)::pg_catalog.regnamespace AND relname = ANY ($2)
), parts (tab, name, def) AS (
	SELECT coalesce(t.relname, other.relname)::text, c.conname::text,
		pg_catalog.pg_get_constraintdef(c.oid) || coalesce(' -- ' || pg_catalog.obj_description(c.oid, 'pg_constraint'), '')
	FROM pg_catalog.pg_constraint c LEFT JOIN t ON t.oid = c.conrelid LEFT JOIN pg_catalog.pg_class other ON other.oid = c.conrelid
	WHERE c.contype IN ('p', 'u', 'f', 'c', 'x') AND (t.oid IS NOT NULL OR c.confrelid IN (SELECT oid FROM t))
UNION ALL
	SELECT t.relname, 'index ' || i.relname, pg_catalog.pg_get_indexdef(i.oid)
		|| coalesce(' TABLESPACE ' || (SELECT spcname FROM pg_catalog.pg_tablespace WHERE oid = i.reltablespace), '')
		|| CASE WHEN x.indisvalid AND x.indisready THEN '' ELSE ' invalid' END
		|| CASE WHEN x.indisclustered THEN ' clustered' ELSE '' END || CASE WHEN x.indisreplident THEN ' replica identity' ELSE '' END
		|| coalesce(' -- ' || pg_catalog.obj_description(i.oid, 'pg_class'), '')
	FROM t JOIN pg_catalog.pg_index x ON x.indrelid = t.oid JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid
UNION ALL
	SELECT t.relname, 'column ' || a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod)
		|| coalesce(' COLLATE ' || (SELECT collname FROM pg_catalog.pg_collation WHERE oid = a.attcollation AND collname <> 'default'), '')
		|| CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END || coalesce(' DEFAULT ' || pg_catalog.pg_get_expr(d.adbin, d.adrelid), '')
		|| CASE WHEN a.attidentity <> '' OR a.attgenerated <> '' THEN ' GENERATED ' || a.attidentity::text || a.attgenerated::text ELSE '' END
		|| ' STORAGE ' || a.attstorage::text || coalesce(' COMPRESSION ' || nullif(pg_catalog.to_jsonb(a) ->> 'attcompression', ''), '')
		|| CASE WHEN coalesce(a.attstattarget, -1) >= 0 THEN ' STATISTICS ' || a.attstattarget ELSE '' END
		|| coalesce(' WITH ' || a.attoptions::text, '') || coalesce(' -- ' || pg_catalog.col_description(t.oid, a.attnum), '')
	FROM t JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
		LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = t.oid AND d.adnum = a.attnum
UNION ALL
	SELECT t.relname, 'order of columns', pg_catalog.string_agg(a.attname, ', ' ORDER BY a.attnum)
	FROM t JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped GROUP BY 1
UNION ALL
	SELECT t.relname, 'grants', pg_catalog.string_agg(pg_catalog.concat_ws(' ', g.grantee::pg_catalog.regrole, g.privilege_type, CASE WHEN g.is_grantable THEN 'grantable' END,
		'by', g.grantor::pg_catalog.regrole), ', ' ORDER BY g.grantee, g.privilege_type)
	FROM t, pg_catalog.aclexplode(coalesce(t.relacl, pg_catalog.acldefault('r', t.relowner))) g GROUP BY 1
UNION ALL
	SELECT t.relname, 'grants on ' || a.attname, pg_catalog.string_agg(pg_catalog.concat_ws(' ', g.grantee::pg_catalog.regrole, g.privilege_type,
		CASE WHEN g.is_grantable THEN 'grantable' END, 'by', g.grantor::pg_catalog.regrole), ', ' ORDER BY g.grantee, g.privilege_type)
	FROM t JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND NOT a.attisdropped, pg_catalog.aclexplode(a.attacl) g GROUP BY 1, 2
UNION ALL
	SELECT t.relname, 'table', pg_catalog.concat_ws(' ', 'owner', t.relowner::pg_catalog.regrole, 'kind', t.relkind, 'persistence', t.relpersistence,
		'access method', (SELECT amname FROM pg_catalog.pg_am WHERE oid = t.relam), 'tablespace ' || (SELECT spcname FROM pg_catalog.pg_tablespace WHERE oid = t.reltablespace),
		'replica identity', t.relreplident, 'row security', t.relrowsecurity, t.relforcerowsecurity, 'options ' || t.reloptions::text,
		'toast options ' || (SELECT reloptions::text FROM pg_catalog.pg_class WHERE oid = t.reltoastrelid), '-- ' || pg_catalog.obj_description(t.oid, 'pg_class')) FROM t
UNION ALL
	SELECT t.relname, 'trigger ' || g.tgname, pg_catalog.pg_get_triggerdef(g.oid) || ' ' || g.tgenabled::text FROM t JOIN pg_catalog.pg_trigger g ON g.tgrelid = t.oid AND NOT g.tgisinternal
UNION ALL
	SELECT t.relname, 'rule ' || r.rulename, pg_catalog.pg_get_ruledef(r.oid) FROM t JOIN pg_catalog.pg_rewrite r ON r.ev_class = t.oid
UNION ALL
	SELECT t.relname, 'policy ' || p.polname, pg_catalog.concat_ws(' ', p.polcmd, p.polpermissive, p.polroles::text,
		pg_catalog.pg_get_expr(p.polqual, t.oid), pg_catalog.pg_get_expr(p.polwithcheck, t.oid)) FROM t JOIN pg_catalog.pg_policy p ON p.polrelid = t.oid
UNION ALL
	SELECT t.relname, 'statistics ' || s.stxname, pg_catalog.pg_get_statisticsobjdef(s.oid) FROM t JOIN pg_catalog.pg_statistic_ext s ON s.stxrelid = t.oid
UNION ALL
	SELECT t.relname, 'publication ' || p.pubname, 'member' FROM t JOIN pg_catalog.pg_publication_tables p ON p.schemaname = $1 AND p.tablename = t.relname
)
SELECT tab, name, coalesce(def, '') FROM parts ORDER BY tab COLLATE "C", name COLLATE "C"`
