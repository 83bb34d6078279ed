package masdb_test

import (
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/migrate/internal/masdb"
)

func TestCaptureOfMAS122(t *testing.T) {
	t.Parallel()
	conn := connect(t, live.MASDatabase(t))
	schema := capture(t, conn)
	require.Equal(t, masdb.Head{Version: 20260720134722, Count: 167}, schema.Head)
	require.Equal(t, "1.22", schema.Release().Name)
	for _, definition := range []masdb.Definition{
		{Table: "users", Name: "users_pkey", SQL: "PRIMARY KEY (user_id)"},
		{Table: "users", Name: "index users_username_trgm_idx", SQL: "CREATE INDEX users_username_trgm_idx ON public.users USING gin (username public.gin_trgm_ops)"},
		{Table: "users", Name: "column is_guest", SQL: "boolean NOT NULL DEFAULT false STORAGE p"},
		{Table: "user_terms", Name: "user_terms_user_id_fkey", SQL: "FOREIGN KEY (user_id) REFERENCES public.users(user_id) ON DELETE CASCADE"},
	} {
		require.Contains(t, schema.Definitions, definition)
	}
	require.Empty(t, schema.Difference(capture(t, conn)))
	var path string
	require.NoError(t, conn.QueryRow(t.Context(), "SHOW search_path").Scan(&path))
	require.Equal(t, `"$user", public`, path, "Capture leaves it as it was")
}

func TestCaptureSeesEveryChange(t *testing.T) {
	t.Parallel()
	conn := connect(t, live.MASDatabase(t))
	execute(t, conn, "CREATE FUNCTION public.nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'")
	before := capture(t, conn)
	for name, statement := range map[string]string{
		"constraint":          "ALTER TABLE users DROP CONSTRAINT users_username_unique",
		"not valid":           "ALTER TABLE user_emails DROP CONSTRAINT user_emails_user_id_fkey, ADD CONSTRAINT user_emails_user_id_fkey FOREIGN KEY (user_id) REFERENCES users ON DELETE CASCADE NOT VALID",
		"key of another":      "ALTER TABLE user_terms DROP CONSTRAINT user_terms_user_id_fkey",
		"index":               "DROP INDEX users_lower_username_idx",
		"comment on index":    "COMMENT ON INDEX users_lower_username_idx IS 'x'",
		"comment on key":      "COMMENT ON CONSTRAINT user_terms_user_id_fkey ON user_terms IS 'x'",
		"comment on column":   "COMMENT ON COLUMN users.username IS 'x'",
		"comment on table":    "COMMENT ON TABLE users IS 'x'",
		"column":              "ALTER TABLE users ADD COLUMN x int",
		"default":             "ALTER TABLE users ALTER is_guest SET DEFAULT true",
		"statistics target":   "ALTER TABLE users ALTER username SET STATISTICS 7",
		"column option":       "ALTER TABLE users ALTER username SET (n_distinct = -1)",
		"owner":               "ALTER TABLE users OWNER TO captured",
		"grant":               "GRANT SELECT ON users TO captured",
		"grant on column":     "GRANT SELECT (username) ON users TO captured",
		"option":              "ALTER TABLE users SET (fillfactor = 70)",
		"replica identity":    "ALTER TABLE users REPLICA IDENTITY FULL",
		"identity by index":   "ALTER TABLE users REPLICA IDENTITY USING INDEX users_pkey",
		"cluster":             "ALTER TABLE users CLUSTER ON users_pkey",
		"trigger":             "CREATE TRIGGER x AFTER INSERT ON users EXECUTE FUNCTION nothing()",
		"row security":        "ALTER TABLE users ENABLE ROW LEVEL SECURITY",
		"policy":              "CREATE POLICY x ON users USING (true)",
		"publication":         "CREATE PUBLICATION x FOR TABLE users",
		"extended statistics": "CREATE STATISTICS x ON username, is_guest FROM users",
		"migration":           "DELETE FROM _sqlx_migrations WHERE version = 20260720134722",
	} {
		tx, err := conn.Begin(t.Context())
		require.NoError(t, err)
		_, err = tx.Exec(t.Context(), "CREATE ROLE captured; "+statement)
		require.NoError(t, err, name)
		require.NotEmpty(t, before.Difference(capture(t, tx)), name)
		require.NoError(t, tx.Rollback(t.Context()))
	}
	require.Empty(t, before.Difference(capture(t, conn)))
}

func TestCaptureTakesAGrantOfDefaultsForNone(t *testing.T) {
	t.Parallel()
	conn := connect(t, live.MASDatabase(t))
	before := capture(t, conn)
	execute(t, conn, "GRANT SELECT ON users TO CURRENT_USER") // now they are written down
	require.Empty(t, before.Difference(capture(t, conn)))
}

func TestCaptureNeedsMAS(t *testing.T) {
	t.Parallel()
	conn := connect(t, live.Postgres(t))
	_, err := masdb.Capture(t.Context(), conn)
	require.ErrorIs(t, err, masdb.ErrNotMAS)
	require.ErrorContains(t, err, "mas-cli database migrate")

	conn = connect(t, live.MASDatabase(t))
	execute(t, conn, "ALTER TABLE users RENAME TO people")
	_, err = masdb.Capture(t.Context(), conn)
	require.ErrorIs(t, err, masdb.ErrNotMAS)
	require.ErrorContains(t, err, "there is no table users")
	_, _, err = masdb.NonEmpty(t.Context(), conn)
	require.ErrorIs(t, err, masdb.ErrNotMAS)
}

func TestCaptureInASchemaWithAnOddName(t *testing.T) {
	t.Parallel()
	conn := connect(t, live.MASDatabase(t))
	execute(t, conn, `ALTER SCHEMA public RENAME TO "MAS db"`, `SET search_path = "MAS db"`)
	schema, err := masdb.CurrentSchema(t.Context(), conn)
	require.NoError(t, err)
	require.Equal(t, "MAS db", schema)
	require.Contains(t, capture(t, conn).Definitions, masdb.Definition{
		Table: "user_terms", Name: "user_terms_user_id_fkey", SQL: `FOREIGN KEY (user_id) REFERENCES "MAS db".users(user_id) ON DELETE CASCADE`,
	})
	problems, err := masdb.CheckShape(t.Context(), conn)
	require.NoError(t, err)
	require.Empty(t, problems)
	execute(t, conn, `SET search_path = nowhere`)
	_, err = masdb.CurrentSchema(t.Context(), conn)
	require.ErrorIs(t, err, masdb.ErrNotMAS)
}

func TestHeads(t *testing.T) {
	t.Parallel()
	require.Equal(t, masdb.Supported, masdb.Head{Version: 20250709142240, Count: 120}.Release().Support)
	require.Equal(t, masdb.Compatible, masdb.Head{Version: 20250709142240, Count: 119}.Release().Support, "0.19 shares the newest migration with 0.20")
	require.Equal(t, masdb.Unknown, masdb.Head{Version: 20250709142240, Count: 118}.Release().Support)
	require.Equal(t, masdb.Unknown, masdb.Head{Version: 20991231000000, Count: 200}.Release().Support)
}

func TestReadHead(t *testing.T) {
	t.Parallel()
	conn := connect(t, live.MASDatabase(t))
	insert := `INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (20220709210445, 'gone since', true, '', 0)`
	execute(t, conn, insert)
	head, err := masdb.ReadHead(t.Context(), conn)
	require.NoError(t, err)
	require.Equal(t, 167, head.Count, "a migration that MAS has removed does not count")
	execute(t, conn, "UPDATE _sqlx_migrations SET success = false WHERE version = 20260720134722")
	_, err = masdb.ReadHead(t.Context(), conn)
	require.ErrorIs(t, err, masdb.ErrNotMAS)
	require.ErrorContains(t, err, "20260720134722 failed")
	execute(t, conn, "DELETE FROM _sqlx_migrations")
	_, err = masdb.ReadHead(t.Context(), conn)
	require.ErrorIs(t, err, masdb.ErrNotMAS)
}

func TestNonEmptyNamesTheFirst(t *testing.T) {
	t.Parallel()
	conn := connect(t, live.MASDatabase(t))
	table, rows, err := masdb.NonEmpty(t.Context(), conn)
	require.NoError(t, err)
	require.Empty(t, table)
	require.Zero(t, rows)
	execute(t, conn, alice, `INSERT INTO user_emails (user_email_id, user_id, email, created_at) SELECT user_id, user_id, 'a@example.com', now() FROM users`)
	table, rows, err = masdb.NonEmpty(t.Context(), conn)
	require.NoError(t, err)
	require.Equal(t, "users", table)
	require.Equal(t, int64(1), rows)
}

var _ masdb.Querier = (*pgx.Conn)(nil)
