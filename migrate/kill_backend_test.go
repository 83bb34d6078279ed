package migrate_test

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/migrate"
	"github.com/maskit-dev/maskit/migrate/internal/masdb"
	"github.com/maskit-dev/maskit/migrate/native"
)

// TestKilledBackends ends sessions of a run, on either side, whatever they do.
func TestKilledBackends(t *testing.T) {
	t.Parallel()
	const ours = `SELECT count(pg_terminate_backend(pid)) FROM (SELECT pid FROM pg_stat_activity
		WHERE datname = current_database() AND application_name = 'maskit' ORDER BY random() LIMIT $1) few`
	for i := range kills(t)/3 + 4 {
		random := rand.New(rand.NewPCG(uint64(i), 2))
		engine := native.Engine{Mode: native.Bulk, MaxRowsPerSecond: 2000}
		if i/4%2 == 1 {
			engine.Mode = native.Single
		}
		side, some := []string{"Synapse", "MAS"}[i%2], []int{1, 100}[i/2%2]
		event, pause := random.IntN(12), time.Duration(random.Int64N(int64(200*time.Millisecond)))
		back := random.IntN(2) == 0
		t.Run(fmt.Sprintf("%d %s %d of %s at event %d and %s", i, engine.Mode, some, side, event, pause), func(t *testing.T) {
			t.Parallel()
			s, before := populated(t, 60)
			db := s.mas
			if side == "Synapse" {
				db = s.synapse
			}
			s.engine = engine
			m := s.migration()
			var killing sync.WaitGroup
			var seen int
			m.Events = func(migrate.Event) {
				if seen++; seen == event+1 {
					killing.Go(func() {
						time.Sleep(pause)
						ask[int](t, db, ours, some)
					})
				}
			}
			report, err := m.Run(t.Context())
			killing.Wait()
			if err != nil {
				s.requireNothingSecret(t, err.Error(), report.String())
				require.Contains(t, err.Error(), side, "it says which database")
			}
			s.requireWhole(t, before)
			s.finish(t, before, back)
		})
	}
}

// TestOfTwoProcessesTheSecondIsRefused has the first one at work, and killed then.
func TestOfTwoProcessesTheSecondIsRefused(t *testing.T) {
	t.Parallel()
	for _, mode := range []native.Mode{native.Bulk, native.Single} {
		t.Run(string(mode), func(t *testing.T) {
			t.Parallel()
			s, before := populated(t, 60)
			kill, wait := s.start(t, s.child(native.Engine{Mode: mode, MaxRowsPerSecond: 1}, death{}))
			s.awaitLock(t)

			second := s.run(t, s.child(native.Engine{Mode: mode}, death{}))
			require.Equal(t, 1, second.code, second.output)
			require.Contains(t, second.output, "another migration is running")
			elsewhere := s.child(native.Engine{Mode: mode}, death{})
			elsewhere.State += ".other"
			second = s.run(t, elsewhere)
			require.Equal(t, 1, second.code, second.output)
			require.NoFileExists(t, elsewhere.State)
			back := s.child(native.Engine{Mode: mode}, death{})
			back.Rollback = true
			second = s.run(t, back)
			require.Equal(t, 1, second.code, second.output)
			_, err := s.migration().Run(t.Context())
			require.ErrorIs(t, err, migrate.ErrBusy)

			kill()
			require.True(t, wait().killed)
			s.finish(t, before, false)
		})
	}
}

// awaitLock waits until a migration is at work.
func (s *stage) awaitLock(t *testing.T) {
	t.Helper()
	require.Eventually(t, func() bool { return locked(t, s.mas) && s.state(t).Step != migrate.StepNone }, time.Minute, 20*time.Millisecond)
}

// locked looks from another database: Run refuses to work while somebody is connected to MAS's.
func locked(t *testing.T, db live.DB) bool {
	t.Helper()
	outside := db
	outside.Name = "postgres"
	return ask[bool](t, outside, `SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1
		AND database = (SELECT oid FROM pg_database WHERE datname = $2) AND objid::bigint = $1::bigint & 4294967295)`, masdb.LockKey, db.Name)
}
