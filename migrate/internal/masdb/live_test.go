package masdb_test

import (
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/migrate/internal/masdb"
)

func connect(t *testing.T, db live.DB) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), db.URI())
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close(t.Context()) })
	return conn
}

func execute(t *testing.T, conn *pgx.Conn, statements ...string) {
	t.Helper()
	for _, statement := range statements {
		_, err := conn.Exec(t.Context(), statement)
		require.NoError(t, err, statement)
	}
}

func capture(t *testing.T, q masdb.Querier) masdb.Schema {
	t.Helper()
	schema, err := masdb.Capture(t.Context(), q)
	require.NoError(t, err)
	return schema
}

const alice = `INSERT INTO users (user_id, username, created_at) VALUES ('01913e09-bbcc-02a6-a529-4a5294a5294a', 'alice', now())`
