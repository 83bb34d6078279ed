package native

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	real "github.com/maskit-dev/maskit/internal/live"
)

func TestLocks(t *testing.T) {
	t.Parallel()
	job := settle(t, real.SynapseCurrent, "SELECT 1")
	open := func(o sourceOptions) error {
		s, err := openSource(t.Context(), job, o)
		if err == nil {
			require.NoError(t, s.Close(t.Context()))
		}
		return err
	}
	run, rehearsal := sourceOptions{Workers: 1}, sourceOptions{Workers: 1, Rehearsal: true}
	require.NoError(t, open(run))

	// Synapse holds a row: the run says who, the rehearsal goes on.
	synapse := connect(t, job)
	_, err := synapse.Exec(t.Context(), "SET application_name = 'synapse_main'; BEGIN; UPDATE devices SET ip = '-'")
	require.NoError(t, err)
	err = open(run)
	require.ErrorIs(t, err, errInUse)
	require.ErrorContains(t, err, `(application "synapse_main", role "`+job.Synapse.User+`", local, idle in transaction) which holds a RowExclusiveLock on devices: stop Synapse`)
	require.NoError(t, open(rehearsal))
	_, err = synapse.Exec(t.Context(), "ROLLBACK")
	require.NoError(t, err)

	// Something changes a table: the rehearsal says who, too.
	_, err = synapse.Exec(t.Context(), "BEGIN; LOCK TABLE users")
	require.NoError(t, err)
	require.ErrorIs(t, open(rehearsal), errInUse)
	_, err = synapse.Exec(t.Context(), "ROLLBACK")
	require.NoError(t, err)

	// While a source is open, Synapse cannot write, but read.
	s, err := openSource(t.Context(), job, run)
	require.NoError(t, err)
	_, err = synapse.Exec(t.Context(), "SET lock_timeout = '100ms'; INSERT INTO users (name) VALUES ('@late:example.com')")
	require.True(t, isCode(err, lockNotAvailable), err)
	_, err = synapse.Exec(t.Context(), "SELECT count(*) FROM users")
	require.NoError(t, err)
	require.ErrorIs(t, open(run), errInUse, "a second run")
	require.NoError(t, s.Close(t.Context()))
	_, err = synapse.Exec(t.Context(), "INSERT INTO users (name) VALUES ('@late:example.com')")
	require.NoError(t, err)
}

func TestARunNeedsMoreThanToRead(t *testing.T) {
	t.Parallel()
	job := settle(t, real.SynapseCurrent, village)
	role := "reader_" + job.Synapse.Database
	execute(t, job, "CREATE ROLE "+role+" LOGIN; GRANT SELECT ON ALL TABLES IN SCHEMA public TO "+role)
	admin := connect(t, job)
	t.Cleanup(func() { dropRole(t, admin, role) })
	job.Synapse.User = role

	_, err := openSource(t.Context(), job, sourceOptions{Workers: 1})
	require.ErrorContains(t, err, "to lock them the role needs UPDATE, DELETE or TRUNCATE")
	rows, _ := read(t, job, sourceOptions{Workers: 2, Rehearsal: true}, everything(t))
	require.NotEmpty(t, rows)
}

func dropRole(t *testing.T, admin *pgx.Conn, role string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 10*time.Second)
	defer cancel()
	_, err := admin.Exec(ctx, "DROP OWNED BY "+role+"; DROP ROLE "+role)
	require.NoError(t, err)
}

func TestTheDatabaseOfSomethingElse(t *testing.T) {
	t.Parallel()
	config, err := pgx.ParseConfig(real.Postgres(t).URI())
	require.NoError(t, err)
	job := testJob()
	job.Synapse = config
	_, err = openSource(t.Context(), job, sourceOptions{Workers: 1})
	require.ErrorContains(t, err, "is it Synapse's?")
}

// If the locks are lost while the tables are read, what was read may be of several instants.
func TestALostLockIsNoticed(t *testing.T) {
	t.Parallel()
	job := settle(t, real.SynapseCurrent, village)
	s, err := openSource(t.Context(), job, sourceOptions{Workers: 1})
	require.NoError(t, err)
	defer func() { _ = s.Close(t.Context()) }()
	_, err = s.load(t.Context(), &collector{t: t, before: func() {
		execute(t, job, "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE relation = 'users'::regclass AND mode = 'ExclusiveLock' AND "+
			"database = (SELECT oid FROM pg_database WHERE datname = current_database())")
	}})
	require.ErrorContains(t, err, "the locks of Synapse's tables were lost while they were read")
}

func TestWhoIsInTheWay(t *testing.T) {
	t.Parallel()
	vacuum := lockHolder{PID: 7, Backend: "autovacuum worker", Table: "devices", Mode: "ShareUpdateExclusiveLock"}
	main := lockHolder{
		PID: 8, Application: "synapse_main", Role: "synapse", Address: "10.0.0.7", State: "idle in transaction",
		Backend: "client backend", Table: "devices", Mode: "RowExclusiveLock",
	}
	more := main
	more.Table = "users"
	require.True(t, lockHolders{}.onlyVacuum(), "whoever it was has finished")
	require.True(t, lockHolders{vacuum}.onlyVacuum())
	require.False(t, lockHolders{vacuum, main}.onlyVacuum())
	require.Equal(t, `process 8 (application "synapse_main", role "synapse", 10.0.0.7, idle in transaction) which holds a RowExclusiveLock on devices`,
		lockHolders{main, more}.String(), "each session once")
}
