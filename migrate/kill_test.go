package migrate_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/migrate"
	"github.com/maskit-dev/maskit/migrate/native"
)

// killsVariable is how many runs are killed; the default does not take long.
const killsVariable = "MASKIT_MIGRATE_KILLS"

func kills(t *testing.T) int {
	t.Helper()
	text := os.Getenv(killsVariable)
	if text == "" {
		return 12
	}
	n, err := strconv.Atoi(text)
	require.NoError(t, err)
	return n
}

// pace is how a process works that nobody kills.
type pace struct {
	engine native.Engine
	// events are how many it tells of, took is how long it works.
	events int64
	took   time.Duration
}

// measure has a process migrate and another one roll back.
func measure(t *testing.T, engine native.Engine) pace {
	t.Helper()
	s, before := populated(t, 60)
	done := s.run(t, s.child(engine, death{}))
	require.Zero(t, done.code, done.output)
	s.requireMigrated(t, before)
	back := s.child(engine, death{})
	back.Rollback = true
	undone := s.run(t, back)
	require.Zero(t, undone.code, undone.output)
	s.requireAsBefore(t, before)
	return pace{engine, done.events, done.took}
}

// TestKilledProcesses ends processes by SIGKILL wherever they are. Then the next one goes on or back.
func TestKilledProcesses(t *testing.T) {
	t.Parallel()
	paces := []pace{
		measure(t, native.Engine{Mode: native.Bulk, MaxRowsPerSecond: 3000}),
		measure(t, native.Engine{Mode: native.Single, MaxRowsPerSecond: 3000}),
	}
	var died, lived atomic.Int64
	t.Cleanup(func() {
		t.Logf("%d processes were killed, %d had ended before", died.Load(), lived.Load())
		if !t.Failed() && died.Load() < lived.Load() {
			t.Error("too few processes were killed in time")
		}
	})
	for i := range kills(t) {
		random := rand.New(rand.NewPCG(uint64(i), 1))
		p := paces[i%2]
		sequence := sequences(random, p)[i/2%6]
		back := random.IntN(2) == 0
		t.Run(fmt.Sprintf("%d %s %s back=%t", i, p.engine.Mode, sequence, back), func(t *testing.T) {
			t.Parallel()
			s, before := populated(t, 60)
			for _, a := range sequence {
				c := s.child(p.engine, a.death)
				c.Rollback = a.back
				if o := s.run(t, c); o.killed {
					died.Add(1)
				} else if a.death != (death{}) {
					lived.Add(1)
				}
				s.requireWhole(t, before)
			}
			s.finish(t, before, back)
		})
	}
}

// attempt is one process.
type attempt struct {
	back  bool
	death death
}

func (a attempt) String() string {
	if a.back {
		return "rollback dies " + a.death.String()
	}
	return "run dies " + a.death.String()
}

// sequences are the kinds of lives and deaths; the last attempt is none of them.
func sequences(random *rand.Rand, p pace) [6][]attempt {
	event := func() death { return death{Event: 1 + random.Int64N(p.events-1)} }
	moment := func() death { return death{After: time.Duration(random.Int64N(int64(p.took)))} }
	save := func(n int64) death { return death{Save: 1 + random.Int64N(n), Stored: random.IntN(2) == 0} }
	back := func(d death) attempt { return attempt{back: true, death: d} }
	return [6][]attempt{
		{{death: event()}},
		{{death: moment()}},
		{{death: save(2)}},
		{{}, back(save(2))},
		{{}, back(moment())},
		{{death: event()}, {death: moment()}, back(moment())},
	}
}

// finish goes on or back in this process, as far as the state lets it, and looks at the end.
func (s *stage) finish(t *testing.T, before origin, back bool) {
	t.Helper()
	step := s.state(t).Step
	if step == migrate.StepResetting && !back {
		_, err := s.migration().Run(t.Context())
		require.ErrorContains(t, err, "finish it by Rollback")
		back = true
	}
	if back {
		report, err := s.migration().Rollback(t.Context(), migrate.RollbackOptions{})
		require.NoError(t, err)
		s.requireNothingSecret(t, report.String())
		s.requireAsBefore(t, before)
		require.Contains(t, []migrate.Step{migrate.StepNone, migrate.StepRolledBack}, s.state(t).Step)
		return
	}
	report, err := s.migration().Run(t.Context())
	require.NoError(t, err)
	s.requireNothingSecret(t, report.String())
	s.requireMigrated(t, before)
}
