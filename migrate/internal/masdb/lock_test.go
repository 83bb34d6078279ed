package masdb_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/migrate/internal/masdb"
	"github.com/maskit-dev/maskit/migrate/migratetest"
)

func TestLock(t *testing.T) {
	t.Parallel()
	db := live.MASDatabase(t)
	first, second, other := connect(t, db), connect(t, db), connect(t, live.MASDatabase(t))
	execute(t, first, "SET application_name = 'the first'")
	require.NoError(t, masdb.Lock(t.Context(), first))
	require.NoError(t, masdb.Lock(t.Context(), other), "the lock is of one database")

	locked, err := masdb.Locked(t.Context(), second)
	require.NoError(t, err)
	require.True(t, locked)
	locked, err = masdb.Locked(t.Context(), first)
	require.NoError(t, err)
	require.False(t, locked, "one's own does not count")
	err = masdb.Lock(t.Context(), second)
	require.ErrorIs(t, err, masdb.ErrLocked)
	require.ErrorContains(t, err, "the first")

	require.NoError(t, masdb.Unlock(t.Context(), first))
	require.NoError(t, masdb.Lock(t.Context(), second))
}

func TestLockWaitsForADeadSession(t *testing.T) {
	t.Parallel()
	db := live.MASDatabase(t)
	first, second := connect(t, db), connect(t, db)
	require.NoError(t, masdb.Lock(t.Context(), first))
	done := make(chan error, 1)
	go func() { done <- masdb.Lock(t.Context(), second) }()
	require.NoError(t, first.Close(t.Context()))
	require.NoError(t, <-done)
}

func TestSessions(t *testing.T) {
	t.Parallel()
	db := live.MASDatabase(t)
	conn, mas, ours := connect(t, db), connect(t, db), connect(t, db)
	execute(t, mas, "SET application_name = 'matrix-authentication-service'")
	execute(t, ours, "SET application_name = 'maskit'")
	sessions, err := masdb.Sessions(t.Context(), conn, "maskit")
	require.NoError(t, err)
	require.Len(t, sessions, 1)
	require.Equal(t, mas.PgConn().PID(), uint32(sessions[0].PID))
	require.Contains(t, sessions[0].String(), "(matrix-authentication-service)")
}

func TestProviders(t *testing.T) {
	t.Parallel()
	conn := connect(t, live.MASDatabase(t))
	require.NoError(t, migratetest.InsertProviders(t.Context(), conn, migratetest.Keycloak(), migratetest.GitLab()))
	require.NoError(t, migratetest.DisableProvider(t.Context(), conn, migratetest.GitLab()))
	providers, err := masdb.Providers(t.Context(), conn)
	require.NoError(t, err)
	require.True(t, providers[migratetest.Keycloak().ID])
	enabled, there := providers[migratetest.GitLab().ID]
	require.True(t, there)
	require.False(t, enabled)
	require.Len(t, providers, 2)
}
