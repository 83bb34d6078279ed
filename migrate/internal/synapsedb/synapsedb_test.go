package synapsedb_test

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/migrate/internal/synapsedb"
)

func connect(t *testing.T, db live.DB, application string) *pgx.Conn {
	t.Helper()
	config, err := pgx.ParseConfig(db.URI())
	require.NoError(t, err)
	config.RuntimeParams["application_name"] = application
	conn, err := pgx.ConnectConfig(t.Context(), config)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close(context.WithoutCancel(t.Context())) })
	return conn
}

func exec(t *testing.T, conn *pgx.Conn, sql string) {
	t.Helper()
	_, err := conn.Exec(t.Context(), sql)
	require.NoError(t, err)
}

func TestReadSchema(t *testing.T) {
	t.Parallel()
	for version, want := range map[live.SynapseVersion]int{live.SynapseCurrent: 94, live.SynapseFloor: 92} {
		t.Run(string(version), func(t *testing.T) {
			t.Parallel()
			schema, err := synapsedb.ReadSchema(t.Context(), connect(t, live.SynapseDatabase(t, version), "maskit"))
			require.NoError(t, err)
			require.Equal(t, want, schema.Version)
			require.Empty(t, schema.Missing())
			for _, column := range []string{"locked", "suspended", "approved"} {
				require.True(t, schema.Has("users", column), column)
			}
			require.False(t, schema.Has("users", "user_id"))
			for _, table := range synapsedb.Looked() {
				require.True(t, schema.HasTable(table), table)
			}
		})
	}
}

func TestReadSchemaOfAnotherDatabase(t *testing.T) {
	t.Parallel()
	conn := connect(t, live.Postgres(t), "maskit")
	exec(t, conn, "CREATE TABLE devices (user_id text, dropped text); ALTER TABLE devices DROP COLUMN dropped; CREATE SCHEMA hidden; CREATE TABLE hidden.users (name text)")
	schema, err := synapsedb.ReadSchema(t.Context(), conn)
	require.NoError(t, err)
	require.Zero(t, schema.Version)
	require.Equal(t, []string{"users", "user_threepids", "user_external_ids", "access_tokens", "refresh_tokens"}, schema.Missing())
	require.True(t, schema.Has("devices", "user_id"))
	require.False(t, schema.Has("devices", "dropped"))
}

func TestOthers(t *testing.T) {
	t.Parallel()
	db := live.Postgres(t)
	conn := connect(t, db, "maskit")
	_ = connect(t, db, "maskit")
	_ = connect(t, live.Postgres(t), "synapse of another database")
	sessions, err := synapsedb.Others(t.Context(), conn)
	require.NoError(t, err)
	require.Empty(t, sessions, "neither this session, nor another of this name, nor one of another database")

	homeserver := connect(t, db, "synapse")
	exec(t, homeserver, "BEGIN")
	nameless := connect(t, db, "")
	sessions, err = synapsedb.Others(t.Context(), conn)
	require.NoError(t, err)
	require.ElementsMatch(t, []synapsedb.Session{
		{PID: int32(homeserver.PgConn().PID()), Application: "synapse", User: db.User, State: "idle in transaction"},
		{PID: int32(nameless.PgConn().PID()), User: db.User, State: "idle"},
	}, sessions)

	sessions, err = synapsedb.Others(t.Context(), nameless)
	require.NoError(t, err)
	require.Len(t, sessions, 3, "without a name there is no other of this name")
}

func TestSessionString(t *testing.T) {
	t.Parallel()
	require.Equal(t, `"synapse-main" of synapse from 10.0.0.2 (idle, pid 7)`,
		synapsedb.Session{PID: 7, Application: "synapse-main", User: "synapse", Address: "10.0.0.2", State: "idle"}.String())
	require.Equal(t, "synapse (pid 7)", synapsedb.Session{PID: 7, User: "synapse"}.String())
}

func TestCount(t *testing.T) {
	t.Parallel()
	conn := connect(t, live.SynapseDatabase(t, live.SynapseFloor), "maskit")
	exec(t, conn, `
		INSERT INTO users (name, password_hash, appservice_id) VALUES ('@a:x', 'hash', NULL), ('@b:x', NULL, NULL), ('@c:x', 'hash', 'irc');
		INSERT INTO user_threepids VALUES ('@a:x', 'email', 'a@x', 1, 1), ('@a:x', 'msisdn', '1', 1, 1), ('@a:x', 'msisdn', '2', 1, 1);
		INSERT INTO user_external_ids VALUES ('p', '1', '@a:x');
		INSERT INTO devices (user_id, device_id, hidden) VALUES ('@a:x', 'A', false), ('@a:x', 'B', true), ('@a:x', 'C', NULL), ('@a:x', 'guest_device', false);
		INSERT INTO refresh_tokens (id, user_id, device_id, token) VALUES (1, '@a:x', 'A', 'syr_');
		INSERT INTO access_tokens (id, user_id, device_id, token, puppets_user_id, refresh_token_id) VALUES (1, '@a:x', 'A', '1', NULL, 1), (2, '@a:x', NULL, '2', NULL, NULL), (3, '@a:x', NULL, '3', '@b:x', NULL)`)
	counts, err := synapsedb.Count(t.Context(), conn)
	require.NoError(t, err)
	require.Equal(t, synapsedb.Counts{
		Source: map[string]int64{"users": 3, "user_threepids": 3, "user_external_ids": 1, "devices": 4, "access_tokens": 3, "refresh_tokens": 1},
		Target: map[string]int64{
			"users": 2, "user_passwords": 1, "user_emails": 1, "user_unsupported_third_party_ids": 2, "upstream_oauth_links": 1,
			"compat_sessions": 2, "compat_access_tokens": 2, "compat_refresh_tokens": 1,
		},
	}, counts)
}

func TestErrorsSayWhatWasRead(t *testing.T) {
	t.Parallel()
	conn := connect(t, live.Postgres(t), "maskit")
	_, err := synapsedb.Count(t.Context(), conn)
	require.ErrorContains(t, err, "synapsedb: count the rows of Synapse's tables: ")
	ctx, cancel := context.WithDeadline(t.Context(), time.Now())
	defer cancel()
	_, err = synapsedb.Others(ctx, conn)
	require.ErrorContains(t, err, "synapsedb: list the sessions of Synapse's database: ")
	require.ErrorIs(t, err, context.DeadlineExceeded)
	_, err = synapsedb.ReadSchema(ctx, conn)
	require.ErrorContains(t, err, "synapsedb: read the columns of Synapse's tables: ")
}
