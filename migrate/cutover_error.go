package migrate

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// CutoverError says where a [Cutover] stands after a failure, and what to do. It
// unwraps to the cause.
type CutoverError struct {
	// Step failed; [CutoverBack] if it was on the way back. If the next step could not be
	// stored, it is the one before.
	Step CutoverStep `json:"step"`
	// Situation is what was found after the failure.
	Situation Situation `json:"situation"`
	// Restarted says that Synapse was started again as it was before.
	Restarted bool `json:"restarted,omitempty"`
	// Next is what to do, for people.
	Next string `json:"next"`
	// Err is the cause. Restart is why Synapse could not be started again, or what was
	// frozen not be given back.
	Err     error `json:"-"`
	Restart error `json:"-"`
}

// Situation is what runs, and how. What could not be found out is empty.
type Situation struct {
	Synapse ServiceStatus `json:"synapse,omitempty"`
	MAS     ServiceStatus `json:"mas,omitempty"`
	// Config and Routes are who logs people in by them; Routes is empty if there are none.
	Config Side `json:"config,omitempty"`
	Routes Side `json:"routes,omitempty"`
	// Database is how far MAS's database is.
	Database Step `json:"database,omitempty"`
}

// String is one line.
func (s Situation) String() string {
	text := fmt.Sprintf("Synapse is %s, MAS is %s, the configuration is that of %s", known(s.Synapse), known(s.MAS), known(s.Config))
	if s.Routes != "" {
		text += ", logins go to " + string(s.Routes)
	}
	switch s.Database {
	case StepNone, StepRolledBack:
		return text + ", MAS's database is as it was"
	case StepRunning, StepResetting:
		return text + ", MAS's database is between two states that MAS cannot work with"
	}
	return text + ", MAS's database is loaded"
}

func known[T ~string](value T) string {
	return cmp.Or(string(value), "in an unknown state")
}

// Error begins with what is urgent.
func (e *CutoverError) Error() string {
	var parts []string
	if e.Situation.Synapse != StatusRunning {
		parts = append(parts, "SYNAPSE DOES NOT RUN")
	}
	if e.Restart != nil {
		parts = append(parts, fmt.Sprintf("all could not be made as before: %v", e.Restart))
	}
	what := "step " + string(e.Step)
	switch e.Step {
	case "":
		what = "the first step"
	case CutoverBack:
		what = "the way back"
	}
	parts = append(parts, fmt.Sprintf("%s failed: %v", what, e.Err), e.Situation.String(), "next: "+e.Next)
	return "migrate: cut over: " + strings.Join(parts, "; ")
}

// Unwrap returns the causes.
func (e *CutoverError) Unwrap() []error {
	if e.Restart == nil {
		return []error{e.Err}
	}
	return []error{e.Err, e.Restart}
}

// fail says what is, after it has started Synapse again where that is safe. It works on
// when ctx has ended.
func (w *cutoverWalk) fail(ctx context.Context, step CutoverStep, cause error) error {
	ctx, cancel := w.detached(ctx)
	defer cancel()
	e := &CutoverError{Step: step, Err: cause}
	handsOff := errors.Is(cause, ErrBusy) || errors.Is(cause, ErrGoingBack)
	switch {
	case handsOff:
	case step == CutoverFreeze:
		e.Restart = w.thaw(ctx)
	case step.stopsPeople() && !w.LeaveStopped:
		e.Restart = w.restart(ctx)
		e.Restarted = e.Restart == nil
	}
	e.Situation = w.situation(ctx)
	e.Next = next(e)
	return e
}

func (w *cutoverWalk) detached(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), cmp.Or(w.RestartTimeout, 5*time.Minute))
}

// restart starts Synapse as it was. MAS stays stopped: what it holds is out of date from
// now on, and that is stored first.
func (w *cutoverWalk) restart(ctx context.Context) error {
	w.cut.Restarted = true
	if err := w.save(ctx); errors.Is(err, ErrBusy) {
		return err
	} // Else it cannot be stored, which must not keep people out; that Synapse runs will tell, too.
	side, err := w.Config.Configured(ctx)
	if err != nil {
		return fmt.Errorf("look at the configuration of Synapse: %w", err)
	}
	if side != SideSynapse {
		if err := w.configure(ctx, SideSynapse); err != nil {
			return err
		}
	}
	if err := w.startSynapse(ctx); err != nil {
		return err
	}
	if err := w.thaw(ctx); err != nil {
		return err
	}
	w.cut.Thawed = true
	_ = w.save(ctx) // else the next Run brings back what was recorded before
	return nil
}

func (w *cutoverWalk) situation(ctx context.Context) Situation {
	s := Situation{Database: w.state.Step}
	s.Synapse, _ = w.Synapse.Status(ctx)
	s.MAS, _ = w.MAS.Status(ctx)
	s.Config, _ = w.Config.Configured(ctx)
	if w.Routes != nil {
		s.Routes, _ = w.Routes.Routed(ctx)
	}
	return s
}

func next(e *CutoverError) string {
	const back = "Back returns to the old state; what people have done at MAS meanwhile is in its account"
	switch {
	case errors.Is(e.Err, ErrBusy):
		return "nothing was touched; wait until the other caller has finished, or make sure that it is dead, and call Run again"
	case errors.Is(e.Err, ErrGoingBack):
		return "call Back again"
	case e.Step.before(CutoverStop) || e.Step == "":
		return "nothing was stopped or switched; mend the cause and call Run again"
	case e.Restart != nil && e.Situation.Synapse == StatusRunning && e.Situation.Config == SideSynapse:
		return "Synapse works as before, but what is frozen stays so until Back, or until you thaw it; mend the cause and call Run, which loads anew"
	case e.Restarted:
		return "Synapse works as before, so take your time; mend the cause and call Run, which loads anew, or Back, which removes what was loaded"
	case e.Restart != nil:
		return "call Back, or start Synapse by hand on its old configuration; Run goes on when the cause is mended"
	case e.Situation.Synapse == StatusRunning:
		return "mend the cause and call Run, which goes on at this step; " + back
	}
	return "mend the cause and call Run, which goes on at this step and starts Synapse in the end; " + back
}

// failBack says what is after a failed way back.
func (w *cutoverWalk) failBack(ctx context.Context, cause error) error {
	ctx, cancel := w.detached(ctx)
	defer cancel()
	e := &CutoverError{Step: CutoverBack, Err: cause, Situation: w.situation(ctx)}
	var losses *LossesError
	switch {
	case errors.Is(cause, ErrBusy):
		e.Next = "nothing more was touched; wait until the other caller has finished"
	case errors.As(cause, &losses) && e.Situation.Synapse == StatusRunning:
		e.Next = "all runs as before; look at the account, and call Back with AcceptLosses, and with CopyBack to save what can be saved"
	case w.cut.Reverted:
		e.Next = "mend the cause and call Back again; Run does not go on from here"
	default:
		e.Next = "mend the cause and call Back again, or Run to stay with MAS"
	}
	return e
}
