package migrate

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func requireCutOver(t require.TestingT, w *world) {
	require.Equal(t, 3, w.synapse, "Synapse runs as recorded")
	require.Equal(t, 2, w.mas, "MAS runs")
	require.Equal(t, SideMAS, w.config)
	require.Equal(t, SideMAS, w.routes)
	require.False(t, w.frozen)
	require.Equal(t, w.people, w.loaded, "MAS has what Synapse had last")
	require.Equal(t, StepVerified, w.state.Step)
	require.True(t, w.state.Cutover.Done)
}

func requireAsBefore(t require.TestingT, w *world) {
	require.Equal(t, 3, w.synapse, "Synapse runs as recorded")
	require.Equal(t, 0, w.mas, "MAS is stopped, as it was")
	require.Equal(t, SideSynapse, w.config)
	require.Equal(t, SideSynapse, w.routes)
	require.False(t, w.frozen)
	require.Equal(t, 0, w.loaded, "MAS's database is empty")
	require.Contains(t, []Step{StepNone, StepRolledBack}, w.state.Step)
	require.Nil(t, w.state.Cutover)
}

func TestCutoverThenBack(t *testing.T) {
	t.Parallel()
	w := newWorld()
	c := w.cutover()
	report, err := c.Run(t.Context())
	require.NoError(t, err)
	requireCutOver(t, w)
	var steps []CutoverStep
	for _, s := range report.Steps {
		steps = append(steps, s.Step)
	}
	require.Equal(t, CutoverSteps(), steps)
	require.Positive(t, report.Downtime)
	require.Equal(t, []string{"check", "check", "rehearse", "rehearse"}, c.data.(*fakeData).events[:4], "begun and done")

	again, err := w.cutover().Run(t.Context())
	require.NoError(t, err)
	require.Equal(t, CutoverReport{AlreadyDone: true}, again)

	_, err = w.cutover().Back(t.Context(), RollbackOptions{})
	require.NoError(t, err)
	requireAsBefore(t, w)
	once, err := w.cutover().Back(t.Context(), RollbackOptions{})
	require.NoError(t, err)
	require.True(t, once.AlreadyDone)

	_, err = w.cutover().Run(t.Context())
	require.NoError(t, err)
	requireCutOver(t, w)
}

// TestCutoverKilledEverywhere kills Run at each of its points, as kill -9 does, or lets what is
// done there fail; then Run again, or Back.
func TestCutoverKilledEverywhere(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		cause error
		leave bool // LeaveStopped
	}{"killed": {}, "failed": {cause: errors.New("no luck")}, "failed, left stopped": {cause: errors.New("no luck"), leave: true}} {
		for _, then := range []string{"run", "back"} {
			t.Run(name+" then "+then, func(t *testing.T) {
				t.Parallel()
				n := 1
				for ; ; n++ {
					w := newWorld()
					first := w.cutover()
					first.LeaveStopped = tc.leave
					reached, err := w.kill(n, tc.cause, func() error { _, err := first.Run(t.Context()); return err })
					if !reached {
						break
					}
					if tc.cause != nil {
						requireStated(t, w, err, n)
						requireStarted(t, w, err, tc.leave)
					}
					if then == "run" {
						_, err = w.cutover().Run(t.Context())
						require.NoError(t, err, "after point %d", n)
						requireCutOver(t, w)
						continue
					}
					_, err = w.cutover().Back(t.Context(), RollbackOptions{})
					require.NoError(t, err, "after point %d", n)
					requireAsBefore(t, w)
				}
				require.Greater(t, n, 50)
			})
		}
	}
}

// requireStated checks that an error tells the truth about Synapse, and says it first.
func requireStated(t *testing.T, w *world, err error, point int) {
	t.Helper()
	var failed *CutoverError
	require.ErrorAs(t, err, &failed, "at point %d", point)
	down := w.synapse != 3
	require.Equal(t, down, strings.HasPrefix(err.Error(), "migrate: cut over: SYNAPSE DOES NOT RUN"), "at point %d: %v", point, err)
	require.Equal(t, w.config, failed.Situation.Config)
	require.NotEmpty(t, failed.Next)
	if failed.Restarted {
		require.False(t, down)
		require.Equal(t, SideSynapse, w.config)
	}
}

// requireStarted checks that Synapse was started again, if the step comes before the start of MAS.
func requireStarted(t *testing.T, w *world, err error, leave bool) {
	t.Helper()
	var failed *CutoverError
	require.ErrorAs(t, err, &failed)
	if failed.Step.before(CutoverStartMAS) && !leave {
		require.Equal(t, 3, w.synapse, err.Error())
		require.Equal(t, SideSynapse, w.config)
		require.False(t, w.frozen)
	}
}

// TestCutoverKnowsThatItStartedSynapseAgain also when that was stopped since.
func TestCutoverKnowsThatItStartedSynapseAgain(t *testing.T) {
	t.Parallel()
	w := newWorld()
	c := w.cutover()
	c.data = failingVerify{c.data.(*fakeData)}
	_, err := c.Run(t.Context())
	require.Error(t, err)
	require.Equal(t, 3, w.synapse)
	w.synapse = 0
	_, err = w.cutover().Run(t.Context())
	require.NoError(t, err)
	requireCutOver(t, w)
}

func TestCutoverKilledOnTheWayBack(t *testing.T) {
	t.Parallel()
	for _, then := range []string{"back", "run"} {
		t.Run(then, func(t *testing.T) {
			t.Parallel()
			n := 1
			for ; ; n++ {
				w := newWorld()
				_, err := w.cutover().Run(t.Context())
				require.NoError(t, err)
				reached, _ := w.kill(n, nil, func() error { _, err := w.cutover().Back(t.Context(), RollbackOptions{}); return err })
				if !reached {
					break
				}
				if then == "run" {
					if _, err = w.cutover().Run(t.Context()); err == nil {
						if w.state.Cutover != nil {
							requireCutOver(t, w)
						}
						continue
					}
					require.ErrorIs(t, err, ErrGoingBack, "after point %d", n)
				}
				_, err = w.cutover().Back(t.Context(), RollbackOptions{})
				require.NoError(t, err, "after point %d", n)
				requireAsBefore(t, w)
			}
			require.Greater(t, n, 10)
		})
	}
}

// TestCutoverThroughAnything interrupts again and again, with people who start or stop
// Synapse by hand in between.
func TestCutoverThroughAnything(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld()
		for range rapid.IntRange(1, 8).Draw(rt, "interruptions") {
			c := w.cutover()
			c.LeaveStopped = rapid.Bool().Draw(rt, "leave stopped")
			cause := rapid.SampledFrom([]error{nil, errors.New("no luck"), context.Canceled}).Draw(rt, "cause")
			back := rapid.IntRange(0, 3).Draw(rt, "back") == 0
			_, _ = w.kill(rapid.IntRange(1, 90).Draw(rt, "point"), cause, func() error {
				if back {
					_, err := c.Back(context.WithoutCancel(t.Context()), RollbackOptions{})
					return err
				}
				_, err := c.Run(context.WithoutCancel(t.Context()))
				return err
			})
			// Synapse is started by hand only as long as the migration is not behind it.
			if w.config == SideSynapse && rapid.IntRange(0, 4).Draw(rt, "by hand") == 0 {
				w.startSynapse(3)
				if rapid.Bool().Draw(rt, "and stopped") && w.state.Cutover != nil && w.state.Cutover.Recorded {
					w.synapse = 0
				}
			}
		}
		if rapid.Bool().Draw(rt, "back in the end") {
			_, err := w.cutover().Back(t.Context(), RollbackOptions{})
			require.NoError(rt, err)
			requireAsBefore(rt, w)
			return
		}
		_, err := w.cutover().Run(t.Context())
		var failed *CutoverError
		for range 2 {
			if errors.Is(err, ErrGoingBack) {
				_, err = w.cutover().Back(t.Context(), RollbackOptions{})
				require.NoError(rt, err)
			}
			if errors.As(err, &failed) { // out of date: it started Synapse, and loads anew
				require.ErrorContains(rt, err, "out of date")
			}
			_, err = w.cutover().Run(t.Context())
		}
		require.NoError(rt, err)
		requireCutOver(rt, w)
	})
}
