package migrate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/maskit-dev/maskit"
)

// world is what a cut-over changes: two servers, a configuration, a proxy and two
// databases. Each change passes two points, before and after it, at which the process can be killed,
// or the change fails.
type world struct {
	state State // what the store holds

	synapse, mas int // replicas
	config       Side
	routes       Side
	frozen       bool
	// people counts what Synapse's users did while it logged them in itself.
	people int
	// loaded is people at the time of the load; 0 if MAS's database is empty.
	loaded int
	// locked says that another migration is at work.
	locked bool
	// served says that people did something at MAS.
	served bool

	points int          // passed so far
	at     func() error // called at each point
}

type dead struct{}

func newWorld() *world {
	return &world{synapse: 3, config: SideSynapse, routes: SideSynapse, people: 1}
}

func (w *world) point() error {
	w.points++
	if w.at != nil {
		return w.at()
	}
	return nil
}

// change makes a change with points around it.
func (w *world) change(ctx context.Context, do func()) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := w.point(); err != nil {
		return err
	}
	do()
	return w.point()
}

func (w *world) startSynapse(n int) {
	w.synapse = n
	if w.config == SideSynapse {
		w.people++
	}
}

// Store.

func (w *world) Load(context.Context) (State, error) { return stored(w.state), nil }

// stored is a state that was written and read.
func stored(state State) (read State) {
	text, err := json.Marshal(state)
	if err == nil {
		err = json.Unmarshal(text, &read)
	}
	if err != nil {
		panic(err)
	}
	return read
}

func (w *world) Save(ctx context.Context, old, new State) error {
	if old.Revision != w.state.Revision {
		return maskit.ErrConflict
	}
	return w.change(ctx, func() {
		new.Revision = old.Revision + 1
		w.state = stored(new)
	})
}

// fakeServer is one of the servers.
type fakeServer struct {
	w     *world
	count *int
	start func(int)
	full  int
}

func (s fakeServer) Status(context.Context) (ServiceStatus, error) {
	switch {
	case *s.count == 0:
		return StatusStopped, nil
	case *s.count < s.full:
		return StatusPartial, nil
	}
	return StatusRunning, nil
}

func (s fakeServer) Record(context.Context) (string, error) { return fmt.Sprint(s.full), nil }

func (s fakeServer) Stop(ctx context.Context) error {
	if *s.count > 1 { // half of it first
		if err := s.w.change(ctx, func() { *s.count = 1 }); err != nil {
			return err
		}
	}
	return s.w.change(ctx, func() { *s.count = 0 })
}

func (s fakeServer) Start(ctx context.Context, record string) error {
	var n int
	if _, err := fmt.Sscan(record, &n); err != nil {
		return err
	}
	if *s.count == n {
		return nil
	}
	return s.w.change(ctx, func() { s.start(n) })
}

// ConfigSwitcher, RouteSwitcher, Freezer.

func (w *world) Configured(context.Context) (Side, error) { return w.config, nil }

func (w *world) Configure(ctx context.Context, to Side) error {
	if w.config == to {
		return nil
	}
	if w.synapse != 0 {
		return errors.New("the configuration was switched while Synapse runs")
	}
	if err := w.change(ctx, func() { w.config = SideMixed }); err != nil {
		return err
	}
	return w.change(ctx, func() { w.config = to })
}

func (w *world) Routed(context.Context) (Side, error) { return w.routes, nil }

func (w *world) Route(ctx context.Context, to Side) error {
	return w.change(ctx, func() { w.routes = to })
}

type fakeFreezer struct{ w *world }

func (f fakeFreezer) Record(context.Context) (string, error) { return "was-on", nil }

func (f fakeFreezer) Freeze(ctx context.Context, _ string) error {
	return f.w.change(ctx, func() { f.w.frozen = true })
}

func (f fakeFreezer) Thaw(ctx context.Context, record string) error {
	if record != "was-on" {
		return errors.New("thawed without a record")
	}
	return f.w.change(ctx, func() { f.w.frozen = false })
}

// fakeData is a migration of the world.
type fakeData struct {
	w      *world
	events []string
}

func (d *fakeData) store() Store   { return d.w }
func (d *fakeData) now() time.Time { return time.Now().Add(time.Duration(d.w.points) * time.Second) }
func (d *fakeData) event(e Event)  { d.events = append(d.events, e.Object) }

func (d *fakeData) check(context.Context, *CutoverReport) error    { return d.w.point() }
func (d *fakeData) rehearse(context.Context, *CutoverReport) error { return d.w.point() }

func (d *fakeData) step(ctx context.Context, step Step) error {
	next := d.w.state
	next.Step = step
	return d.w.Save(ctx, d.w.state, next)
}

func (d *fakeData) run(ctx context.Context, report *CutoverReport) error {
	if d.w.synapse+d.w.mas > 0 {
		return errors.New("migrated while a server runs")
	}
	report.Run = &RunReport{Engine: "fake"}
	switch d.w.state.Step {
	case StepMigrated, StepVerified:
		return nil
	case StepResetting:
		return errors.New("migrated over a rollback")
	}
	if err := d.step(ctx, StepRunning); err != nil {
		return err
	}
	if err := d.w.change(ctx, func() { d.w.loaded = d.w.people }); err != nil {
		return err
	}
	return d.step(ctx, StepMigrated)
}

func (d *fakeData) verify(ctx context.Context, _ *CutoverReport) error {
	if d.w.loaded != d.w.people {
		return fmt.Errorf("MAS's database is out of date: %d of %d", d.w.loaded, d.w.people)
	}
	return d.step(ctx, StepVerified)
}

func (d *fakeData) rollback(ctx context.Context, options RollbackOptions) (RollbackReport, error) {
	report := RollbackReport{Found: d.w.state.Step}
	if d.w.served && d.w.loaded > 0 {
		report.Losses = Losses{Items: []Loss{{Kind: LostUsers, Count: 1, Effect: "their accounts are gone"}}}
		if !options.AcceptLosses {
			report.refused = &LossesError{report.Losses}
		}
	}
	if options.DryRun {
		return report, nil
	}
	if report.refused != nil {
		return report, report.refused
	}
	if d.w.mas > 0 || options.CopyBack && d.w.synapse > 0 {
		return report, errors.New("rolled back while a server runs")
	}
	if err := d.step(ctx, StepResetting); err != nil {
		return report, err
	}
	if err := d.w.change(ctx, func() { d.w.loaded, d.w.served = 0, false }); err != nil {
		return report, err
	}
	return report, d.step(ctx, StepRolledBack)
}

func (d *fakeData) free(context.Context) error {
	if d.w.locked {
		return ErrBusy
	}
	return nil
}

func (d *fakeData) idle(_ context.Context, masOnly bool) error {
	if d.w.mas > 0 || !masOnly && d.w.synapse > 0 {
		return errors.New("somebody is connected")
	}
	return d.w.point()
}

// cutover is a fresh value, as in a new process.
func (w *world) cutover() *Cutover {
	return &Cutover{
		Synapse: fakeServer{w: w, count: &w.synapse, start: w.startSynapse, full: 3},
		MAS:     fakeServer{w: w, count: &w.mas, start: func(n int) { w.mas = n }, full: 2},
		Config:  w, Routes: w, Freeze: fakeFreezer{w}, Rehearse: true, IdleTimeout: time.Nanosecond,
		Prove: func(context.Context) (maskit.Problems, error) { return nil, w.point() },
		data:  &fakeData{w: w},
	}
}

// kill runs do, in which the process dies at point n, or gets err there. It reports whether there is such a point.
func (w *world) kill(n int, err error, do func() error) (reached bool, result error) {
	w.points = 0
	w.at = func() error {
		if w.points != n {
			return nil
		}
		reached = true
		if err == nil {
			panic(dead{})
		}
		return err
	}
	defer func() {
		w.at = nil
		if r := recover(); r != nil && r != any(dead{}) {
			panic(r)
		}
	}()
	return reached, do()
}
