package migrate

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/maskit-dev/maskit"
)

// Cutover moves a homeserver from its own accounts to MAS: it stops Synapse, migrates,
// switches the configuration and starts both servers. What it knows of servers, files
// and proxies, the caller gives it as [StopStarter], [ConfigSwitcher] and [RouteSwitcher].
//
// The state is stored before each step, so that after a failure, or the death of the
// process, Run goes on and Back goes back. Synapse is not left stopped in silence: if a step
// fails before MAS was started, Synapse is started again as it was; if that fails, too,
// or the failure comes later, the error begins with it. See [CutoverError].
//
// A value may be used again, and by one goroutine at a time.
type Cutover struct {
	// Migration moves the data. Required, with Engine and Store.
	Migration *Syn2MAS
	// Synapse and MAS are the servers, all processes and workers of each. Required. MAS
	// should be set up with its schema, "mas-cli config sync" done, and stopped.
	Synapse StopStarter
	MAS     StopStarter
	// Config is the configuration of Synapse. Required.
	Config ConfigSwitcher
	// Routes are where logins are sent to; nil if somebody else switches them.
	Routes RouteSwitcher
	// Freeze keeps others from starting, scaling or changing the servers; nil if there are none.
	Freeze Freezer
	// Rehearse loads once while Synapse still runs.
	Rehearse bool
	// LeaveStopped leaves Synapse stopped when a step fails before MAS was started, so
	// that Run can go on at once. The default starts it again as it was, and what was
	// loaded is loaded anew by the next Run.
	LeaveStopped bool
	// Prove asks the servers in the end whether all works; nil asks nothing.
	Prove func(ctx context.Context) (maskit.Problems, error)
	// IdleTimeout is how long sessions on the databases may outlive their servers; zero is 30 seconds.
	IdleTimeout time.Duration
	// RestartTimeout is how long starting Synapse again after a failure may take, also when
	// the context has ended; zero is 5 minutes.
	RestartTimeout time.Duration

	// data replaces Migration in tests.
	data cutoverData
}

// StopStarter stops and starts one server, with all its workers. All methods may be
// called again, and whatever the state is: after a crash nobody knows.
type StopStarter interface {
	// Status says whether it runs.
	Status(ctx context.Context) (ServiceStatus, error)
	// Record returns what Start needs to bring it up as it is now, such as numbers of
	// replicas; of a server that is stopped, as it is meant to run. It is stored, so it
	// holds no secret. It changes nothing.
	Record(ctx context.Context) (string, error)
	// Stop returns when no process is left. Stopping what is stopped is no error.
	Stop(ctx context.Context) error
	// Start brings it up as record says, and returns when it answers. If it runs with
	// the configuration that it has now, it does nothing.
	Start(ctx context.Context, record string) error
}

// ServiceStatus says whether a server runs.
type ServiceStatus string

const (
	// StatusStopped means that no process is left, and none will start.
	StatusStopped ServiceStatus = "stopped"
	// StatusPartial means that some processes run, or stop or start just now.
	StatusPartial ServiceStatus = "partial"
	// StatusRunning means that it is up.
	StatusRunning ServiceStatus = "running"
)

// Side is who logs people in.
type Side string

const (
	// SideSynapse is Synapse itself, as before.
	SideSynapse Side = "synapse"
	// SideMAS is MAS.
	SideMAS Side = "mas"
	// SideMixed is a switch that was begun and not finished.
	SideMixed Side = "mixed"
)

// ConfigSwitcher switches the configuration of Synapse, mostly by synapse.Delegate and
// synapse.Revert. It is called while Synapse is stopped.
type ConfigSwitcher interface {
	// Configured says which configuration Synapse will be started with.
	Configured(ctx context.Context) (Side, error)
	// Configure makes it that of to. It may be called again, also after half of it.
	Configure(ctx context.Context, to Side) error
}

// RouteSwitcher switches where the proxy sends logins, logouts and refreshes.
type RouteSwitcher interface {
	// Routed says where they go.
	Routed(ctx context.Context) (Side, error)
	// Route sends them to. It may be called again, also after half of it.
	Route(ctx context.Context, to Side) error
}

// Freezer keeps operators, autoscalers and deployment tools from undoing a cut-over.
type Freezer interface {
	// Record returns what Thaw needs to restore what is now. It holds no secret, and changes nothing.
	Record(ctx context.Context) (string, error)
	// Freeze suspends them. It may be called again.
	Freeze(ctx context.Context, record string) error
	// Thaw restores what record says. It may be called again.
	Thaw(ctx context.Context, record string) error
}

// Run does all steps, or those that are left: call it again after a failure. When it
// returns without an error, MAS logs people in. If all was done before, it does nothing.
//
// The error is a [*CutoverError], unless nothing was begun. It matches [ErrGoingBack] if
// a Back was begun that has to be finished, and [ErrBusy] if another caller works on it.
func (c *Cutover) Run(ctx context.Context) (CutoverReport, error) {
	w, err := c.walk(ctx)
	if err != nil {
		return CutoverReport{}, err
	}
	steps, err := w.left(ctx)
	if err != nil {
		return w.report, w.fail(ctx, w.cut.Step, err)
	}
	for _, step := range steps {
		if err := w.do(ctx, step); err != nil {
			return w.report, w.fail(ctx, w.cut.Step, err)
		}
	}
	if w.report.AlreadyDone {
		return w.report, nil
	}
	if err := w.finish(ctx); err != nil {
		return w.report, w.fail(ctx, w.cut.Step, err)
	}
	return w.report, nil
}

// walk loads the state.
func (c *Cutover) walk(ctx context.Context) (*cutoverWalk, error) {
	if c.Synapse == nil || c.MAS == nil || c.Config == nil || c.Migration == nil && c.data == nil {
		return nil, fmt.Errorf("migrate: cut over: Migration, Synapse, MAS and Config are required: %w", maskit.ErrInvalid)
	}
	w := &cutoverWalk{Cutover: *c, data: c.data}
	if w.data == nil {
		if c.Migration.Store == nil || c.Migration.Engine == nil {
			return nil, fmt.Errorf("migrate: cut over: Migration.Store and Migration.Engine are required: %w", maskit.ErrInvalid)
		}
		w.data = cutoverMigration{c.Migration}
	}
	if err := w.load(ctx); err != nil {
		return nil, fmt.Errorf("migrate: cut over: %w", err)
	}
	return w, nil
}

// ErrBusy says that another caller, or another migration, is at work. It matches [maskit.ErrConflict].
var ErrBusy = fmt.Errorf("another migration is at work: %w", maskit.ErrConflict)

// ErrGoingBack says that the way back was begun, and has to be finished by [Cutover.Back].
var ErrGoingBack = errors.New("the way back was begun: finish it by Back")
