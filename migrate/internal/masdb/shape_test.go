package masdb_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/migrate/internal/masdb"
)

func TestShape(t *testing.T) {
	t.Parallel()
	conn := connect(t, live.MASDatabase(t))
	problems, err := masdb.CheckShape(t.Context(), conn)
	require.NoError(t, err)
	require.Empty(t, problems)

	execute(t, conn,
		"ALTER TABLE users ALTER locked_at SET NOT NULL",
		"ALTER TABLE users ADD COLUMN optional text, ADD COLUMN defaulted text NOT NULL DEFAULT '', ADD COLUMN needed text NOT NULL",
		"ALTER TABLE user_emails RENAME email TO address",
		"ALTER TABLE compat_access_tokens ALTER access_token TYPE bytea USING NULL",
		"DROP TABLE user_unsupported_third_party_ids",
	)
	problems, err = masdb.CheckShape(t.Context(), conn)
	require.NoError(t, err)
	var found []string
	for _, problem := range problems {
		require.Equal(t, "unknown-mas-schema", problem.Code)
		require.NotEmpty(t, problem.Hint)
		found = append(found, problem.Path+": "+problem.Message)
	}
	require.Equal(t, []string{
		"users.locked_at: the column does not take NULL",
		"user_emails.email: the column does not exist",
		"user_unsupported_third_party_ids: the table does not exist",
		"compat_access_tokens.access_token: the column is of type bytea instead of text",
		"users.needed: the column is not known, and needs a value",
		"user_emails.address: the column is not known, and needs a value",
	}, found)
}

func TestObstacles(t *testing.T) {
	t.Parallel()
	conn := connect(t, live.MASDatabase(t))
	found, err := masdb.Obstacles(t.Context(), conn)
	require.NoError(t, err)
	require.Empty(t, found, "nothing in MAS's own schema")

	execute(t, conn, "CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'")
	for want, statement := range map[string]string{
		"users is published by pub":                                  "CREATE PUBLICATION pub FOR TABLE users",
		"compat_sessions is published by pub":                        "CREATE PUBLICATION pub FOR ALL TABLES",
		"user_emails is published by pub":                            "CREATE PUBLICATION pub FOR TABLES IN SCHEMA public",
		"users has row security":                                     "ALTER TABLE users ENABLE ROW LEVEL SECURITY",
		"policy mine on table users depends on users":                "CREATE POLICY mine ON users USING (true)",
		"rule _RETURN on view people depends on users":               "CREATE VIEW people AS SELECT username FROM users",
		"trigger mine on table users depends on users":               "CREATE TRIGGER mine AFTER INSERT ON users EXECUTE FUNCTION nothing()",
		"rule mine on table users depends on users":                  "CREATE RULE mine AS ON DELETE TO users DO INSTEAD NOTHING",
		"children inherits from users":                               "CREATE TABLE children () INHERITS (users)",
		"statistics object mine depends on users":                    "CREATE STATISTICS mine ON username, is_guest FROM users",
		"sequence mine depends on users":                             "CREATE SEQUENCE mine OWNED BY users.username",
		"table holder depends on users":                              "CREATE TABLE holder (u users)",
		"function count_users(users) depends on users":               "CREATE FUNCTION count_users(users) RETURNS int LANGUAGE sql AS 'SELECT 1'",
		"the tables have 2 owners":                                   "ALTER TABLE users OWNER TO obstacle",
		"users has the exclusion constraint mine":                    "ALTER TABLE users ADD CONSTRAINT mine EXCLUDE USING btree (username WITH =)",
		"users has a constraint mine that is deferrable":             "ALTER TABLE users ADD CONSTRAINT mine UNIQUE (username, user_id) DEFERRABLE",
		"the column users.id is generated or an identity":            "ALTER TABLE users ADD COLUMN id int GENERATED ALWAYS AS IDENTITY",
		"user_passwords has toast options":                           "ALTER TABLE user_passwords SET (toast.autovacuum_enabled = false)",
		"a grant on users was made by obstacle, who does not own it": "GRANT SELECT ON users TO obstacle WITH GRANT OPTION; SET ROLE obstacle; GRANT SELECT ON users TO public; RESET ROLE",
	} {
		tx, err := conn.Begin(t.Context())
		require.NoError(t, err)
		_, err = tx.Exec(t.Context(), "CREATE ROLE obstacle; "+statement)
		require.NoError(t, err, want)
		found, err := masdb.Obstacles(t.Context(), tx)
		require.NoError(t, err)
		require.Contains(t, found, want)
		require.NoError(t, tx.Rollback(t.Context()))
	}
}
