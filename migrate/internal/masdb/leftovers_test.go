package masdb_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/migrate/internal/masdb"
	"github.com/maskit-dev/maskit/migrate/migratetest"
)

// pause does to the tables what mas-cli syn2mas does before it fills them.
func pause(t *testing.T, conn *pgx.Conn) {
	t.Helper()
	for _, table := range []string{"syn2mas_restore_constraints", "syn2mas_restore_indices"} {
		execute(t, conn, "CREATE TABLE "+table+" (order_key serial PRIMARY KEY, table_name text NOT NULL, name text NOT NULL, definition text NOT NULL)")
	}
	for _, table := range masdb.Tables() {
		execute(t, conn, "ALTER TABLE "+table+" RENAME TO syn2mas__"+table)
	}
	drop := func(restore, query string) {
		rows, err := conn.Query(t.Context(), query)
		require.NoError(t, err)
		found, err := pgx.CollectRows(rows, pgx.RowTo[[]string])
		require.NoError(t, err)
		for _, object := range found {
			execute(t, conn, object[3])
			_, err := conn.Exec(t.Context(), "INSERT INTO "+restore+" (table_name, name, definition) VALUES ($1, $2, $3)", object[0], object[1], object[2])
			require.NoError(t, err)
		}
	}
	for _, kind := range []string{"f", "u", "p"} {
		drop("syn2mas_restore_constraints", `SELECT ARRAY[conrelid::regclass::text, conname, pg_get_constraintdef(oid), format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname)]
			FROM pg_constraint WHERE contype = '`+kind+`' AND (conrelid::regclass::text LIKE 'syn2mas\_\_%' OR confrelid::regclass::text LIKE 'syn2mas\_\_%')`)
	}
	drop("syn2mas_restore_indices", `SELECT ARRAY[schemaname::text, indexname, indexdef, format('DROP INDEX %I', indexname)] FROM pg_indexes WHERE tablename LIKE 'syn2mas\_\_%'`)
}

func TestResetOfWhatMASCLILeft(t *testing.T) {
	t.Parallel()
	conn := connect(t, live.MASDatabase(t))
	before := capture(t, conn)
	left, err := masdb.ReadLeftovers(t.Context(), conn)
	require.NoError(t, err)
	require.False(t, left.Any())

	pause(t, conn)
	execute(t, conn, "INSERT INTO syn2mas__users (user_id, username, created_at) SELECT gen_random_uuid(), 'twin', now() FROM generate_series(1, 2)")
	left, err = masdb.ReadLeftovers(t.Context(), conn)
	require.NoError(t, err)
	require.Len(t, left.MASCLI, 10)
	require.False(t, left.Side)
	require.NoError(t, left.Consistent())

	require.NoError(t, masdb.Reset(t.Context(), conn))
	require.Empty(t, before.Difference(capture(t, conn)))
	table, _, err := masdb.NonEmpty(t.Context(), conn)
	require.NoError(t, err)
	require.Empty(t, table)
	require.NoError(t, masdb.Reset(t.Context(), conn), "a second time there is nothing to do")
}

func TestResetIsOneTransaction(t *testing.T) {
	t.Parallel()
	conn := connect(t, live.MASDatabase(t))
	pause(t, conn)
	execute(t, conn, "INSERT INTO syn2mas_restore_constraints (table_name, name, definition) VALUES ('syn2mas__users', 'broken', 'CHECK (nothing)')", "CREATE SCHEMA maskit_syn2mas")
	before, err := masdb.ReadLeftovers(t.Context(), conn)
	require.NoError(t, err)
	require.ErrorContains(t, masdb.Reset(t.Context(), conn), "broken")
	after, err := masdb.ReadLeftovers(t.Context(), conn)
	require.NoError(t, err)
	require.Equal(t, before, after)
	execute(t, conn, "DELETE FROM syn2mas_restore_constraints WHERE name = 'broken'")
	require.NoError(t, masdb.Reset(t.Context(), conn))
}

func TestResetRefusesHalfARun(t *testing.T) {
	t.Parallel()
	for name, damage := range map[string]string{
		"one restore table":    "DROP TABLE syn2mas_restore_indices",
		"no restore table":     "DROP TABLE syn2mas_restore_indices, syn2mas_restore_constraints",
		"a table renamed back": "ALTER TABLE syn2mas__users RENAME TO users",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn := connect(t, live.MASDatabase(t))
			pause(t, conn)
			execute(t, conn, damage)
			require.ErrorIs(t, masdb.Reset(t.Context(), conn), masdb.ErrInconsistent)
		})
	}
}

func TestResetDropsTheSideSchema(t *testing.T) {
	t.Parallel()
	db := live.MASDatabase(t)
	conn, busy := connect(t, db), connect(t, db)
	before := capture(t, conn)
	execute(t, conn, "CREATE SCHEMA maskit_syn2mas", "CREATE TABLE maskit_syn2mas.users (LIKE users)")
	execute(t, busy, "BEGIN", "LOCK TABLE maskit_syn2mas.users") // of a process that was killed
	left, err := masdb.ReadLeftovers(t.Context(), conn)
	require.NoError(t, err)
	require.Equal(t, masdb.Leftovers{MASCLI: []string{}, Side: true}, left)
	require.NoError(t, masdb.Reset(t.Context(), conn))
	require.Error(t, busy.Ping(t.Context()), "its session was ended")
	require.Empty(t, before.Difference(capture(t, conn)))
	left, err = masdb.ReadLeftovers(t.Context(), conn)
	require.NoError(t, err)
	require.False(t, left.Any())
}

// TestResetOfWhatMASCLIReallyLeft lets mas-cli fail on a device of nobody, in the middle.
func TestResetOfWhatMASCLIReallyLeft(t *testing.T) {
	t.Parallel()
	cli := live.MASCLI(t)
	synapseDB, masDB := live.SynapseDatabase(t, live.SynapseCurrent), live.MASDatabase(t)
	synapse, conn := connect(t, synapseDB), connect(t, masDB)
	_, err := migratetest.Generate(t.Context(), synapse, migratetest.Spec{Users: 200, Seed: 1})
	require.NoError(t, err)
	execute(t, synapse, "INSERT INTO devices (user_id, device_id, hidden) VALUES ('@nobody:example.com', 'ORPHAN', false)")
	site, err := migratetest.NewSite(migratetest.SiteSpec{
		Synapse: migratetest.Database{Host: synapseDB.SocketDir, User: synapseDB.User, Name: synapseDB.Name},
		MAS:     migratetest.Database{Host: masDB.SocketDir, User: masDB.User, Name: masDB.Name},
	})
	require.NoError(t, err)
	config, err := site.MASFile()
	require.NoError(t, err)
	dir := t.TempDir()
	masFile, synapseFile := filepath.Join(dir, "mas.yaml"), filepath.Join(dir, "homeserver.yaml")
	require.NoError(t, os.WriteFile(masFile, config, 0o600))
	require.NoError(t, os.WriteFile(synapseFile, site.Files[0].Data, 0o600))
	before := capture(t, conn)

	result := cli.Run(t, "--config", masFile, "syn2mas", "migrate", "--synapse-config", synapseFile)
	require.Equal(t, 1, result.Code, result.Stderr)
	left, err := masdb.ReadLeftovers(t.Context(), conn)
	require.NoError(t, err)
	require.NoError(t, left.Consistent())
	require.NotEmpty(t, left.MASCLI)
	_, err = masdb.Capture(t.Context(), conn)
	require.ErrorIs(t, err, masdb.ErrNotMAS)

	require.NoError(t, masdb.Reset(t.Context(), conn))
	require.Empty(t, before.Difference(capture(t, conn)))
	table, _, err := masdb.NonEmpty(t.Context(), conn)
	require.NoError(t, err)
	require.Empty(t, table)
}
