package migrate

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"time"

	"github.com/maskit-dev/maskit"
)

// cutoverData is what a cut-over wants of [Syn2MAS].
type cutoverData interface {
	store() Store
	now() time.Time
	event(Event)
	// check, rehearse and verify fail if a finding is an error. With report they fill it in.
	check(ctx context.Context, report *CutoverReport) error
	rehearse(ctx context.Context, report *CutoverReport) error
	run(ctx context.Context, report *CutoverReport) error
	verify(ctx context.Context, report *CutoverReport) error
	rollback(ctx context.Context, options RollbackOptions) (RollbackReport, error)
	// free fails with [ErrBusy] while another migration works on MAS's database.
	free(ctx context.Context) error
	// idle fails while anybody is connected to MAS's database, or to Synapse's unless masOnly.
	idle(ctx context.Context, masOnly bool) error
}

// cutoverWalk is one call of Run or Back.
type cutoverWalk struct {
	Cutover
	data   cutoverData
	state  State        // as stored
	cut    CutoverState // a copy of state.Cutover
	report CutoverReport
}

func (w *cutoverWalk) load(ctx context.Context) error {
	state, err := w.data.store().Load(ctx)
	if err != nil {
		return err
	}
	w.state, w.cut = state, CutoverState{}
	if state.Cutover != nil {
		w.cut = *state.Cutover
	}
	return nil
}

// save stores w.cut. No cut may be in the state of a finished way back.
func (w *cutoverWalk) save(ctx context.Context) error {
	next := w.state
	next.Updated = w.data.now().UTC()
	next.Cutover = nil
	if w.cut != (CutoverState{}) {
		cut := w.cut
		next.Cutover = &cut
	}
	err := w.data.store().Save(ctx, w.state, next)
	if errors.Is(err, maskit.ErrConflict) {
		return fmt.Errorf("%w: %w", ErrBusy, err)
	}
	next.Format, next.Revision = stateFormat, w.state.Revision+1
	if err != nil {
		return errors.Join(err, w.settle(ctx, next))
	}
	w.state = next
	return nil
}

// settle finds out whether a save that failed was done nevertheless, such as by a server
// whose answer was lost.
func (w *cutoverWalk) settle(ctx context.Context, next State) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	stored, err := w.data.store().Load(ctx)
	if err == nil && stored.Revision == next.Revision && reflect.DeepEqual(stored.Cutover, next.Cutover) {
		w.state = stored
	}
	return err
}

// left returns the steps that are to be done, after it has put right what happened since
// the last call.
func (w *cutoverWalk) left(ctx context.Context) ([]CutoverStep, error) {
	from := CutoverCheck
	switch {
	case w.cut.Back && w.cut.Reverted:
		return nil, ErrGoingBack
	case w.cut.Done && !w.cut.Back:
		w.report.AlreadyDone = true
		return nil, nil
	case w.cut.Step.before(CutoverStop): // nothing was stopped
	default:
		var err error
		if from, err = w.resume(ctx); err != nil {
			return nil, err
		}
	}
	w.cut.Back = false
	steps := CutoverSteps()
	return slices.DeleteFunc(steps[slices.Index(steps, from):], func(step CutoverStep) bool {
		return w.skips(step)
	}), nil
}

func (w *cutoverWalk) skips(step CutoverStep) bool {
	switch step {
	case CutoverRehearse:
		return !w.Rehearse
	case CutoverRoutes:
		return w.Routes == nil
	case CutoverProve:
		return w.Prove == nil
	case CutoverThaw:
		return w.Freeze == nil
	}
	return false
}

// resume says where to go on if the servers were touched before.
func (w *cutoverWalk) resume(ctx context.Context) (CutoverStep, error) {
	side, err := w.Config.Configured(ctx)
	if err != nil {
		return "", fmt.Errorf("look at the configuration of Synapse: %w", err)
	}
	if !w.cut.Step.before(CutoverStartMAS) {
		if side != SideMAS {
			return "", fmt.Errorf("MAS was started, but somebody gave Synapse another configuration (%s) since: give it back, or call Back: %w", side, maskit.ErrDrift)
		}
		if w.cut.Back { // it may have stopped them again
			return CutoverStartMAS, nil
		}
		return w.cut.Step, nil
	}
	if err := w.data.free(ctx); err != nil { // before anything is stored, on which another Run would stumble
		return "", err
	}
	status, err := w.Synapse.Status(ctx)
	if err != nil {
		return "", fmt.Errorf("look whether Synapse runs: %w", err)
	}
	switch {
	case w.cut.Restarted || status != StatusStopped && side != SideMAS: // it worked on without MAS
		return CutoverCheck, w.outdated(ctx)
	case w.cut.Step == CutoverStop || w.cut.Step == CutoverMigrate:
		return CutoverStop, nil
	}
	// Verified or not: who knows what ran meanwhile?
	return CutoverVerify, w.quiet(ctx)
}

// outdated removes what was loaded before Synapse worked on.
func (w *cutoverWalk) outdated(ctx context.Context) error {
	switch w.state.Step {
	case StepRunning, StepMigrated, StepVerified, StepResetting:
		if err := w.quietMAS(ctx); err != nil {
			return err
		}
		if _, err := w.data.rollback(ctx, RollbackOptions{}); err != nil {
			return fmt.Errorf("remove what was loaded before Synapse was started again: %w", err)
		}
		if err := w.load(ctx); err != nil {
			return err
		}
	}
	w.cut.Restarted, w.cut.Step, w.cut.Stopped = false, CutoverFreeze, time.Time{}
	return w.save(ctx)
}

// do does a step, unless ctx has ended: what it was given need not look.
func (w *cutoverWalk) do(ctx context.Context, step CutoverStep) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("the step %s was not begun: %w", step, err)
	}
	before := w.cut
	w.cut.Step, w.cut.Done = step, false
	if step == CutoverStop && w.cut.Stopped.IsZero() {
		w.cut.Stopped = w.data.now().UTC()
	}
	if err := w.save(ctx); err != nil {
		w.cut = before // it was not begun
		return fmt.Errorf("store that the step %s is begun: %w", step, err)
	}
	w.data.event(Event{Stage: StageCutover, Object: string(step)})
	begun := w.data.now()
	if err := w.act(ctx, step); err != nil {
		return err
	}
	w.report.Steps = append(w.report.Steps, CutoverStepReport{Step: step, Started: begun.UTC(), Finished: w.data.now().UTC()})
	w.data.event(Event{Stage: StageCutover, Object: string(step), Done: true})
	if step == CutoverStartSynapse {
		w.report.Downtime = w.data.now().Sub(w.cut.Stopped)
	}
	return nil
}

// finish stores that all is done.
func (w *cutoverWalk) finish(ctx context.Context) error {
	w.cut.Done = true
	return w.save(ctx)
}
