package native_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/migrate"
	"github.com/maskit-dev/maskit/migrate/native"
)

var errSpoilt = errors.New("spoilt by a test")

const (
	theLock  = `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`
	everyone = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'maskit'`
	another  = `SELECT pg_terminate_backend(pid) FROM (SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'maskit'
		AND pid NOT IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory') LIMIT 1) one`
)

// TestRunThatIsKilled ends runs at each stage. Then MAS's database is as it was, and
// the next run ends well.
func TestRunThatIsKilled(t *testing.T) {
	t.Parallel()
	stages := map[string]func(migrate.Event) bool{
		"load":     func(e migrate.Event) bool { return e.Stage == migrate.StageLoad && !e.Done },
		"loaded":   func(e migrate.Event) bool { return e.Stage == migrate.StageLoad && e.Done },
		"build":    func(e migrate.Event) bool { return e.Stage == migrate.StageBuild },
		"validate": func(e migrate.Event) bool { return e.Object == "foreign keys" },
	}
	for stage, matches := range stages {
		for cause, statement := range map[string]string{"cancelled": "", "lock lost": theLock, "all sessions lost": everyone, "one session lost": another} {
			for mode, engine := range modes() {
				if mode == "single" && (stage == "build" || stage == "validate" || cause == "one session lost") {
					continue // there is no such thing
				}
				if (stage == "loaded" || stage == "validate") && (cause == "all sessions lost" || cause == "one session lost") {
					continue // as the stage before
				}
				t.Run(stage+" "+cause+" "+mode, func(t *testing.T) {
					t.Parallel()
					h := newHome(t, 300)
					killer := open(t, h.mas)
					ctx, cancel := context.WithCancel(t.Context())
					defer cancel()
					h.once(matches, func() {
						if statement == "" {
							cancel()
						} else {
							execute(t, killer, statement)
						}
					})
					slow := engine
					slow.MaxRowsPerSecond = 1500 // a second, and an event after half of it
					_, err := slow.Run(ctx, h.job)
					require.Error(t, err)
					h.requireUntouched(t)

					h.on = func(migrate.Event) {}
					report, err := engine.Run(t.Context(), h.job)
					require.NoError(t, err)
					require.False(t, report.AlreadyDone)
					h.requireDone(t)
				})
			}
		}
	}
}

// TestSwitchThatWaits has somebody read MAS's tables when they are to be replaced.
func TestSwitchThatWaits(t *testing.T) {
	t.Parallel()
	t.Run("too long", func(t *testing.T) {
		t.Parallel()
		h := newHome(t, 20)
		reader := open(t, h.mas)
		execute(t, reader, "SET application_name = 'a report'", "BEGIN", "SELECT FROM users")
		_, err := native.Engine{Mode: native.Bulk, LockTimeout: 300 * time.Millisecond}.Run(t.Context(), h.job)
		require.ErrorContains(t, err, "a report")
		require.ErrorContains(t, err, "stop MAS")
		h.requireUntouched(t)
		h.requireNothingOfOurs(t)
	})
	for cause, statement := range map[string]string{"cancelled": "", "lock lost": theLock} {
		t.Run(cause, func(t *testing.T) {
			t.Parallel()
			h := newHome(t, 20)
			reader, killer := open(t, h.mas), open(t, h.mas)
			execute(t, reader, "BEGIN", "SELECT FROM users")
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			done := make(chan error, 1)
			go func() {
				_, err := native.Engine{Mode: native.Bulk, LockTimeout: time.Minute}.Run(ctx, h.job)
				done <- err
			}()
			require.Eventually(t, func() bool {
				return number(t, killer, "SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())") > 0
			}, time.Minute, 20*time.Millisecond)
			if statement == "" {
				cancel()
			} else {
				execute(t, killer, statement)
			}
			require.Error(t, <-done)
			execute(t, reader, "COMMIT")
			h.requireUntouched(t)
			_, err := native.Engine{Mode: native.Bulk}.Run(t.Context(), h.job)
			require.NoError(t, err)
			h.requireDone(t)
		})
	}
}

// TestRunThatIsKilledAfterTheCommit: the caller does not learn that it is done.
func TestRunThatIsKilledAfterTheCommit(t *testing.T) {
	t.Parallel()
	for name, engine := range modes() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHome(t, 50)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			h.once(func(e migrate.Event) bool { return e.Stage == migrate.StageSwitch }, cancel)
			_, _ = engine.Run(ctx, h.job)
			report, err := engine.Run(t.Context(), h.job)
			require.NoError(t, err)
			require.True(t, report.AlreadyDone)
			h.requireDone(t)
		})
	}
}

// TestUserMadeMeanwhile has MAS make a user while tables are loaded aside.
func TestUserMadeMeanwhile(t *testing.T) {
	t.Parallel()
	h := newHome(t, 50)
	mas := open(t, h.mas)
	h.once(func(e migrate.Event) bool { return e.Stage == migrate.StageBuild }, func() {
		execute(t, mas, "INSERT INTO users (user_id, username, created_at) VALUES (gen_random_uuid(), 'meanwhile', now())")
	})
	report, err := native.Engine{Mode: native.Bulk}.Run(t.Context(), h.job)
	require.ErrorIs(t, err, maskit.ErrInvalid)
	require.ErrorContains(t, err, "MAS's table users is not empty")
	require.Equal(t, migrate.CodeMASNotEmpty, report.Findings[len(report.Findings)-1].Code)
	require.Equal(t, int64(1), number(t, h.conn, "SELECT count(*) FROM users WHERE username = 'meanwhile'"))
	h.requireSameSchema(t)
	h.requireNothingOfOurs(t)
}

// TestSchemaChangedMeanwhile has somebody add an index while tables are loaded aside.
func TestSchemaChangedMeanwhile(t *testing.T) {
	t.Parallel()
	h := newHome(t, 50)
	mas := open(t, h.mas)
	h.once(func(e migrate.Event) bool { return e.Stage == migrate.StageBuild }, func() { execute(t, mas, "CREATE INDEX meanwhile ON users (created_at)") })
	_, err := native.Engine{Mode: native.Bulk}.Run(t.Context(), h.job)
	require.ErrorContains(t, err, "users: index meanwhile is new")
	execute(t, h.conn, "DROP INDEX meanwhile")
	h.requireUntouched(t)
	h.requireNothingOfOurs(t)
}
