package migrate

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"
)

// act does the work of a step. All of it may be done again.
func (w *cutoverWalk) act(ctx context.Context, step CutoverStep) error {
	switch step {
	case CutoverCheck:
		return w.data.check(ctx, &w.report)
	case CutoverRehearse:
		return w.data.rehearse(ctx, &w.report)
	case CutoverFreeze:
		return w.freeze(ctx)
	case CutoverStop:
		return w.quiet(ctx)
	case CutoverMigrate:
		return w.migrate(ctx)
	case CutoverVerify:
		return w.verify(ctx)
	case CutoverConfig:
		return w.configure(ctx, SideMAS)
	case CutoverStartMAS:
		return w.startMAS(ctx)
	case CutoverStartSynapse:
		return w.startSynapse(ctx)
	case CutoverRoutes:
		return w.Routes.Route(ctx, SideMAS)
	case CutoverProve:
		return w.prove(ctx)
	case CutoverThaw:
		return w.thaw(ctx)
	}
	return fmt.Errorf("there is no step %q", step)
}

// freeze records first, and stores that, so that what it changes can be restored.
func (w *cutoverWalk) freeze(ctx context.Context) error {
	if err := w.record(ctx); err != nil {
		return err
	}
	if w.Freeze == nil {
		return nil
	}
	return w.Freeze.Freeze(ctx, w.cut.Freeze)
}

// record stores what is to be brought back in the end. It is asked once, and once more if the
// servers were given back after a failure. MAS was not: it is as it was left.
func (w *cutoverWalk) record(ctx context.Context) error {
	if w.cut.Recorded && !w.cut.Thawed {
		return nil
	}
	running, err := recordOf(ctx, w.Synapse)
	if err != nil {
		return fmt.Errorf("record how Synapse runs: %w", err)
	}
	if running.Status != StatusRunning && w.cut.Recorded {
		return nil // by what is known of it
	}
	if running.Status == StatusStopped {
		return errors.New("synapse does not run, so that nobody knows how to start it: start it first")
	}
	if !w.cut.Recorded {
		if w.cut.MAS, err = recordOf(ctx, w.MAS); err != nil {
			return fmt.Errorf("record how MAS runs: %w", err)
		}
	}
	if w.Freeze != nil {
		if w.cut.Freeze, err = w.Freeze.Record(ctx); err != nil {
			return fmt.Errorf("record what is to be frozen: %w", err)
		}
	}
	w.cut.Synapse, w.cut.Recorded, w.cut.Thawed = running, true, false
	return w.save(ctx)
}

func recordOf(ctx context.Context, s StopStarter) (RecordedService, error) {
	status, err := s.Status(ctx)
	if err != nil {
		return RecordedService{}, err
	}
	record, err := s.Record(ctx)
	return RecordedService{Status: status, Record: record}, err
}

// quiet stops both servers and waits until nobody is connected to the databases.
func (w *cutoverWalk) quiet(ctx context.Context) error {
	if err := w.Synapse.Stop(ctx); err != nil {
		return fmt.Errorf("stop Synapse: %w", err)
	}
	if err := w.quietMAS(ctx); err != nil {
		return err
	}
	return w.idle(ctx, false)
}

func (w *cutoverWalk) quietMAS(ctx context.Context) error {
	if err := w.MAS.Stop(ctx); err != nil {
		return fmt.Errorf("stop MAS: %w", err)
	}
	return w.idle(ctx, true)
}

// idle waits for the end of sessions.
func (w *cutoverWalk) idle(ctx context.Context, masOnly bool) error {
	wait, cancel := context.WithTimeout(ctx, cmp.Or(w.IdleTimeout, 30*time.Second))
	defer cancel()
	for {
		err := w.data.idle(ctx, masOnly)
		if err == nil {
			return nil
		}
		select {
		case <-wait.Done():
			return err
		case <-time.After(500 * time.Millisecond):
		}
	}
}

// migrate asks again whether the servers are down: a resumed cut-over comes here first.
func (w *cutoverWalk) migrate(ctx context.Context) error {
	if err := w.quiet(ctx); err != nil {
		return err
	}
	if err := w.data.run(ctx, &w.report); err != nil {
		return errors.Join(err, w.reload(ctx))
	}
	return w.reload(ctx)
}

func (w *cutoverWalk) verify(ctx context.Context) error {
	if err := w.data.verify(ctx, &w.report); err != nil {
		return errors.Join(err, w.reload(ctx))
	}
	return w.reload(ctx)
}

// reload takes over what the migration stored.
func (w *cutoverWalk) reload(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
	defer cancel()
	cut := w.cut
	err := w.load(ctx)
	w.cut = cut
	return err
}

func (w *cutoverWalk) configure(ctx context.Context, to Side) error {
	if err := w.Config.Configure(ctx, to); err != nil {
		return fmt.Errorf("switch the configuration of Synapse to %s: %w", to, err)
	}
	side, err := w.Config.Configured(ctx)
	if err != nil {
		return fmt.Errorf("look at the configuration of Synapse: %w", err)
	}
	if side != to {
		return fmt.Errorf("the configuration of Synapse was switched to %s, and is %s", to, side)
	}
	return nil
}

func (w *cutoverWalk) startMAS(ctx context.Context) error {
	if err := w.MAS.Start(ctx, w.cut.MAS.Record); err != nil {
		return fmt.Errorf("start MAS: %w", err)
	}
	return nil
}

func (w *cutoverWalk) startSynapse(ctx context.Context) error {
	if err := w.Synapse.Start(ctx, w.cut.Synapse.Record); err != nil {
		return fmt.Errorf("start Synapse: %w", err)
	}
	return nil
}

func (w *cutoverWalk) thaw(ctx context.Context) error {
	if w.Freeze == nil || !w.cut.Recorded {
		return nil
	}
	if err := w.Freeze.Thaw(ctx, w.cut.Freeze); err != nil {
		return fmt.Errorf("thaw what was frozen: %w", err)
	}
	return nil
}

func (w *cutoverWalk) prove(ctx context.Context) error {
	problems, err := w.Prove(ctx)
	w.report.Proof = problems
	if err != nil {
		return err
	}
	return problems.Err()
}
