package migrate

import (
	"context"
	"errors"
	"fmt"
)

// Back undoes what Run did, from any step, in reverse: routes, MAS, the configuration of
// Synapse, MAS's database. In the end Synapse logs people in as before. Call it again
// after a failure. If there is nothing to undo, it does nothing.
//
// As long as MAS has not served, nothing is lost. Else options say what to bring back
// to Synapse, and that the rest is accepted; without that Back changes nothing and
// returns a [*LossesError]. The error is a [*CutoverError], unless nothing was begun.
func (c *Cutover) Back(ctx context.Context, options RollbackOptions) (CutoverReport, error) {
	w, err := c.walk(ctx)
	if err != nil {
		return CutoverReport{}, err
	}
	if w.cut == (CutoverState{}) && (w.state.Step == StepNone || w.state.Step == StepRolledBack) {
		return CutoverReport{AlreadyDone: true}, nil
	}
	options.DryRun = false
	if err := w.back(ctx, options); err != nil {
		return w.report, w.failBack(ctx, err)
	}
	return w.report, nil
}

func (w *cutoverWalk) back(ctx context.Context, options RollbackOptions) error {
	if !w.cut.Reverted {
		if err := w.leave(ctx, options); err != nil {
			return err
		}
	}
	if options.CopyBack {
		if err := w.empty(ctx, options); err != nil {
			return err
		}
	}
	if err := w.reviveSynapse(ctx); err != nil {
		return err
	}
	if err := w.empty(ctx, options); err != nil {
		return err
	}
	if w.cut.MAS.Status == StatusRunning {
		if err := w.startMAS(ctx); err != nil {
			return err
		}
	}
	if err := w.thaw(ctx); err != nil {
		return err
	}
	w.cut = CutoverState{}
	return w.save(ctx)
}

// leave stops MAS, and Synapse unless it works as before already. What would be lost is
// asked twice: before anything is touched, and when nobody can log in any more.
func (w *cutoverWalk) leave(ctx context.Context, options RollbackOptions) error {
	if w.cut.Step.stopsPeople() {
		if err := w.data.free(ctx); err != nil {
			return err
		}
	}
	served := !w.cut.Step.before(CutoverStartMAS) || w.cut.Step == ""
	if served {
		if err := w.account(ctx, options); err != nil {
			return err
		}
	}
	w.cut.Back = true
	if err := w.save(ctx); err != nil {
		return err
	}
	if err := w.routeBack(ctx); err != nil {
		return err
	}
	if err := w.stopBoth(ctx, options); err != nil {
		return err
	}
	if served {
		if err := w.account(ctx, options); err != nil {
			return errors.Join(err, w.forward(ctx))
		}
	}
	w.cut.Reverted = true
	return w.save(ctx)
}

// account fails if a rollback would be refused.
func (w *cutoverWalk) account(ctx context.Context, options RollbackOptions) error {
	options.DryRun = true
	report, err := w.data.rollback(ctx, options)
	w.report.Rollback = &report
	if err != nil {
		return err
	}
	return report.Err()
}

func (w *cutoverWalk) routeBack(ctx context.Context) error {
	if w.Routes == nil {
		return nil
	}
	side, err := w.Routes.Routed(ctx)
	if err != nil {
		return fmt.Errorf("look where logins go: %w", err)
	}
	if side == SideSynapse {
		return nil
	}
	if err := w.Routes.Route(ctx, SideSynapse); err != nil {
		return fmt.Errorf("send logins to Synapse: %w", err)
	}
	return nil
}

func (w *cutoverWalk) stopBoth(ctx context.Context, options RollbackOptions) error {
	if w.cut.Step.before(CutoverStop) && w.cut.Step != "" {
		return nil // nobody stopped or started anything
	}
	side, err := w.Config.Configured(ctx)
	if err != nil {
		return fmt.Errorf("look at the configuration of Synapse: %w", err)
	}
	if side == SideSynapse && !options.CopyBack {
		return w.quietMAS(ctx)
	}
	return w.quiet(ctx)
}

// forward starts what stopBoth stopped, since the way back is closed.
func (w *cutoverWalk) forward(ctx context.Context) error {
	if err := w.startMAS(ctx); err != nil {
		return err
	}
	if err := w.startSynapse(ctx); err != nil {
		return err
	}
	if w.Routes != nil && !w.cut.Step.before(CutoverRoutes) {
		if err := w.Routes.Route(ctx, SideMAS); err != nil {
			return fmt.Errorf("send logins to MAS: %w", err)
		}
	}
	w.cut.Back = false
	return w.save(ctx)
}

// reviveSynapse starts Synapse with its old configuration.
func (w *cutoverWalk) reviveSynapse(ctx context.Context) error {
	side, err := w.Config.Configured(ctx)
	if err != nil {
		return fmt.Errorf("look at the configuration of Synapse: %w", err)
	}
	if side != SideSynapse {
		if err := w.Synapse.Stop(ctx); err != nil { // a killed Back may be resumed much later
			return fmt.Errorf("stop Synapse: %w", err)
		}
		if err := w.configure(ctx, SideSynapse); err != nil {
			return err
		}
	}
	if !w.cut.Recorded {
		return nil
	}
	return w.startSynapse(ctx)
}

// empty rolls MAS's database back. What is copied to Synapse, it must not overwrite: it is stopped, also
// if an earlier call has started it.
func (w *cutoverWalk) empty(ctx context.Context, options RollbackOptions) error {
	if w.state.Step == StepNone || w.state.Step == StepRolledBack {
		return nil
	}
	quiet := w.quietMAS
	if options.CopyBack {
		quiet = w.quiet
	}
	if err := quiet(ctx); err != nil {
		return err
	}
	report, err := w.data.rollback(ctx, options)
	report.Next = nil // it is what Back does
	w.report.Rollback = &report
	return errors.Join(err, w.reload(ctx))
}
