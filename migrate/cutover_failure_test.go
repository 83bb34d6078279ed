package migrate

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
)

func TestCutoverBackIsRefusedOnceMASHasServed(t *testing.T) {
	t.Parallel()
	w := newWorld()
	_, err := w.cutover().Run(t.Context())
	require.NoError(t, err)
	w.served = true
	points := w.points
	_, err = w.cutover().Back(t.Context(), RollbackOptions{})
	var losses *LossesError
	require.ErrorAs(t, err, &losses)
	require.Equal(t, LostUsers, losses.Losses.Items[0].Kind)
	require.ErrorContains(t, err, "all runs as before; look at the account, and call Back with AcceptLosses")
	require.Equal(t, points, w.points, "nothing was touched")
	requireCutOver(t, w)

	_, err = w.cutover().Back(t.Context(), RollbackOptions{AcceptLosses: true})
	require.NoError(t, err)
	requireAsBefore(t, w)
}

func TestCutoverGoesForwardAgainIfPeopleComeWhileItGoesBack(t *testing.T) {
	t.Parallel()
	w := newWorld()
	_, err := w.cutover().Run(t.Context())
	require.NoError(t, err)
	w.at = func() error { w.served = w.loaded > 0; return nil } // from the first point on
	_, err = w.cutover().Back(t.Context(), RollbackOptions{})
	var losses *LossesError
	require.ErrorAs(t, err, &losses)
	requireCutOver(t, w)
}

func TestCutoverSaysFirstThatSynapseIsDown(t *testing.T) {
	t.Parallel()
	w := newWorld()
	c := w.cutover()
	c.Synapse = noStart{c.Synapse}
	c.data = failingVerify{c.data.(*fakeData)}
	_, err := c.Run(t.Context())
	require.EqualError(t, err, "migrate: cut over: SYNAPSE DOES NOT RUN; all could not be made as before: start Synapse: no nodes; "+
		"step verify failed: 3 devices differ; Synapse is stopped, MAS is stopped, the configuration is that of synapse, logins go to synapse, MAS's database is loaded; "+
		"next: call Back, or start Synapse by hand on its old configuration; Run goes on when the cause is mended")
	require.ErrorIs(t, err, maskit.ErrInvalid)

	_, err = w.cutover().Run(t.Context())
	require.NoError(t, err)
	requireCutOver(t, w)
}

type noStart struct{ StopStarter }

func (noStart) Start(context.Context, string) error { return errors.New("no nodes") }

type failingVerify struct{ *fakeData }

func (failingVerify) verify(context.Context, *CutoverReport) error {
	return fmt.Errorf("3 devices differ%w", hidden{maskit.ErrInvalid})
}

// hidden matches an error without its text.
type hidden struct{ error }

func (hidden) Error() string   { return "" }
func (h hidden) Unwrap() error { return h.error }

func TestCutoverKeepsItsHandsOffAnothersWork(t *testing.T) {
	t.Parallel()
	for name, steal := range map[string]func(*world, *Cutover){
		"the state": func(w *world, c *Cutover) {
			c.Synapse = onStop{c.Synapse, func() { w.state.Revision++ }}
		},
		"the databases": func(_ *world, c *Cutover) { c.data = busyRun{c.data.(*fakeData)} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld()
			c := w.cutover()
			steal(w, c)
			_, err := c.Run(t.Context())
			require.ErrorIs(t, err, ErrBusy)
			require.ErrorIs(t, err, maskit.ErrConflict)
			require.Equal(t, 0, w.synapse, "it may not be started: the other one migrates")
			require.ErrorContains(t, err, "migrate: cut over: SYNAPSE DOES NOT RUN; step")
			require.ErrorContains(t, err, "wait until the other caller has finished")
		})
	}
}

// TestCutoverDoesNotDisturbOneThatWorks: the other one must be able to store its steps.
func TestCutoverDoesNotDisturbOneThatWorks(t *testing.T) {
	t.Parallel()
	w := newWorld()
	c := w.cutover()
	c.LeaveStopped = true
	c.data = busyRun{c.data.(*fakeData)} // its state is that of one which loads
	_, err := c.Run(t.Context())
	require.ErrorIs(t, err, ErrBusy)
	require.Equal(t, CutoverMigrate, w.state.Cutover.Step)
	w.locked = true
	state, points := w.state, w.points
	for _, call := range []func() error{
		func() error { _, err := w.cutover().Run(t.Context()); return err },
		func() error { _, err := w.cutover().Back(t.Context(), RollbackOptions{}); return err },
	} {
		require.ErrorIs(t, call(), ErrBusy)
		require.Equal(t, state, w.state)
		require.Equal(t, points, w.points, "nothing was touched")
	}
}

// TestCutoverRecordsAnewWhatWasGivenBack lets people give Synapse more replicas after a
// failure, and later run out of them.
func TestCutoverRecordsAnewWhatWasGivenBack(t *testing.T) {
	t.Parallel()
	w := newWorld()
	c := w.cutover()
	c.data = failingVerify{c.data.(*fakeData)}
	_, err := c.Run(t.Context())
	require.ErrorContains(t, err, "Synapse works as before")
	w.synapse = 5
	c = w.cutover()
	c.Synapse = fakeServer{w: w, count: &w.synapse, start: w.startSynapse, full: 5}
	_, err = c.Run(t.Context())
	require.NoError(t, err)
	require.Equal(t, 5, w.synapse)
	require.Equal(t, 2, w.mas)
}

func TestCutoverSaysThatSomethingStaysFrozen(t *testing.T) {
	t.Parallel()
	w := newWorld()
	c := w.cutover()
	c.Freeze = noThaw{c.Freeze}
	c.data = failingVerify{c.data.(*fakeData)}
	_, err := c.Run(t.Context())
	require.ErrorContains(t, err, "migrate: cut over: all could not be made as before: thaw what was frozen: no rights; step verify failed")
	require.ErrorContains(t, err, "next: Synapse works as before, but what is frozen stays so")
	_, err = w.cutover().Run(t.Context())
	require.NoError(t, err)
	requireCutOver(t, w)
}

type noThaw struct{ Freezer }

func (noThaw) Thaw(context.Context, string) error { return errors.New("no rights") }

// TestCutoverCopiesBackAfterAll is killed on the way back, when Synapse may run again, and then told
// to copy back.
func TestCutoverCopiesBackAfterAll(t *testing.T) {
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
		_, err = w.cutover().Back(t.Context(), RollbackOptions{CopyBack: true})
		require.NoError(t, err, "after point %d", n)
		requireAsBefore(t, w)
	}
	require.Greater(t, n, 10)
}

type onStop struct {
	StopStarter
	do func()
}

func (s onStop) Stop(ctx context.Context) error {
	s.do()
	return s.StopStarter.Stop(ctx)
}

type busyRun struct{ *fakeData }

func (busyRun) run(context.Context, *CutoverReport) error { return fmt.Errorf("load: %w", ErrBusy) }

func TestCutoverWantsItsParts(t *testing.T) {
	t.Parallel()
	w := newWorld()
	for name, c := range map[string]*Cutover{
		"nothing":          {},
		"no store":         {Migration: &Syn2MAS{}, Synapse: w.cutover().Synapse, MAS: w.cutover().MAS, Config: w},
		"no configuration": {Migration: &Syn2MAS{}, Synapse: w.cutover().Synapse, MAS: w.cutover().MAS},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := c.Run(t.Context())
			require.ErrorIs(t, err, maskit.ErrInvalid)
			_, err = c.Back(t.Context(), RollbackOptions{})
			require.ErrorIs(t, err, maskit.ErrInvalid)
		})
	}
}

func TestCutoverNeedsASynapseThatRuns(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.synapse = 0
	_, err := w.cutover().Run(t.Context())
	require.ErrorContains(t, err, "nobody knows how to start it")
	require.ErrorContains(t, err, "nothing was stopped or switched")
	require.False(t, w.frozen)
}

// TestCutoverStartsSynapseAgainWhenItIsCancelled ends the context in each step.
func TestCutoverStartsSynapseAgainWhenItIsCancelled(t *testing.T) {
	t.Parallel()
	for n := 1; ; n++ {
		w := newWorld()
		ctx, cancel := context.WithCancel(t.Context())
		w.at = func() error {
			if w.points == n {
				cancel()
			}
			return nil
		}
		_, err := w.cutover().Run(ctx)
		cancel()
		w.at = nil
		if err == nil {
			require.Greater(t, n, 50)
			return
		}
		require.ErrorIs(t, err, context.Canceled)
		requireStated(t, w, err, n)
		if step := w.state.Cutover; step == nil || step.Step.before(CutoverStartMAS) {
			require.Equal(t, 3, w.synapse, "at point %d: %v", n, err)
			require.Equal(t, SideSynapse, w.config)
			require.False(t, w.frozen)
		}
		_, err = w.cutover().Run(t.Context())
		require.NoError(t, err)
		requireCutOver(t, w)
	}
}
