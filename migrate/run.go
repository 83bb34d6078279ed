package migrate

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/migrate/internal/masdb"
)

// Run migrates. Synapse and MAS have to be stopped. It checks first; an error that no ack
// accepts stops it, before anything is written, and is in the report: the error matches
// [maskit.ErrInvalid] then.
//
// If it fails or is killed, call it again: it goes on with the same ids. MAS sees nothing
// until all is there. When all was done before, it does nothing, and the report says so:
// whether Synapse has worked on since, Verify tells.
// The error matches [ErrBusy] if another migration works on the databases or the state.
func (s *Syn2MAS) Run(ctx context.Context) (RunReport, error) {
	r, err := s.begin(ctx)
	if err != nil {
		return RunReport{}, fmt.Errorf("migrate: run: %w", err)
	}
	defer r.close(ctx)
	report, err := r.run(ctx)
	if err != nil {
		return report, fmt.Errorf("migrate: run: %w", err)
	}
	return report, nil
}

func (r *session) run(ctx context.Context) (RunReport, error) {
	if err := r.resumable(); err != nil {
		return RunReport{}, err
	}
	if r.state.Step == StepMigrated || r.state.Step == StepVerified {
		report := RunReport{Engine: r.state.Engine}
		if r.state.Report != nil {
			report = *r.state.Report
		}
		report.AlreadyDone = true
		return report, nil
	}
	found, err := r.check(ctx)
	report := RunReport{Engine: r.m.Engine.Name(), Findings: r.m.acceptSoFar(found)}
	if err != nil {
		return report, err
	}
	if err := report.Findings.Err(); err != nil {
		return report, err
	}
	if err := r.start(ctx); err != nil {
		return report, err
	}
	report, err = r.m.Engine.Run(ctx, r.job)
	if err != nil {
		report.Findings = r.m.acceptSoFar(merged(found, report.Findings))
		return report, busy(err)
	}
	report.Findings = merged(found, report.Findings).Accept(r.m.Acks...).Sorted()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute) // it is done: say so
	defer cancel()
	return report, r.done(ctx, report)
}

// resumable says whether the stored state lets this value go on, and takes over its identity.
func (r *session) resumable() error {
	switch r.state.Step {
	case StepNone, StepRolledBack:
		return nil
	case StepResetting:
		return errors.New("a rollback was begun: finish it by Rollback")
	}
	if r.state.Cutover != nil && r.state.Cutover.Restarted {
		return fmt.Errorf("synapse was started again after this migration, which is out of date: go on by Cutover.Run, or Rollback first: %w", maskit.ErrConflict)
	}
	if r.m.Engine.Name() != r.state.Engine {
		return fmt.Errorf("the migration was begun by the engine %s, and this is %s: go on with that one, or Rollback first: %w",
			r.state.Engine, r.m.Engine.Name(), maskit.ErrConflict)
	}
	if err := r.sameDatabases(); err != nil {
		return err
	}
	r.adopt()
	return nil
}

// sameDatabases refuses other databases than those of the state.
func (r *session) sameDatabases() error {
	for _, db := range []struct {
		whose      string
		begun, now DatabaseID
	}{{synapseDatabase, r.state.Source, r.source}, {masDatabase, r.state.Target, r.target}} {
		if db.begun != (DatabaseID{}) && db.begun != db.now {
			return fmt.Errorf("the migration was begun with another database: %s was %q (oid %d) and is %q (oid %d); "+
				"if it was restored from a backup, begin with an empty state: %w",
				db.whose, db.begun.Name, db.begun.OID, db.now.Name, db.now.OID, maskit.ErrConflict)
		}
	}
	return nil
}

// start stores that the engine is about to work. The schema is captured once, before
// anything is written for the first time.
func (r *session) start(ctx context.Context) error {
	next := r.state
	if r.state.Step != StepRunning {
		before, err := r.capture(ctx)
		if err != nil {
			return err
		}
		next = State{Cutover: r.state.Cutover, Before: before, Source: r.source, Target: r.target}
		next.RunID, next.Engine, next.Key, next.Started = r.job.RunID, r.m.Engine.Name(), r.job.Key.Reveal(), r.job.Started
	}
	next.Step, next.Acks = StepRunning, r.m.Acks
	return r.save(ctx, next)
}

// capture reads the schema of MAS's database, after it has removed what an unfinished migration
// of somebody else left.
func (r *session) capture(ctx context.Context) (Schema, error) {
	left, err := masdb.ReadLeftovers(ctx, r.mas)
	if err != nil {
		return Schema{}, err
	}
	if left.Any() {
		if err := r.m.Engine.Reset(ctx, r.job); err != nil {
			return Schema{}, busy(err)
		}
	}
	captured, err := masdb.Capture(ctx, r.mas)
	return storedSchema(captured), err
}

// done stores that the database is loaded, if its schema is what it was.
func (r *session) done(ctx context.Context, report RunReport) error {
	after, err := masdb.Capture(ctx, r.mas)
	if err != nil {
		return err
	}
	if differences := capturedSchema(r.state.Before).Difference(after); len(differences) > 0 {
		return &SchemaError{Differences: differences}
	}
	mark, err := r.watermark(ctx, report)
	if err != nil {
		return err
	}
	next := r.state
	next.Step, next.Report, next.Loaded = StepMigrated, &report, &mark
	return r.save(ctx, next)
}

// SchemaError says that MAS's schema is not what it was before the migration. MAS must not be started.
type SchemaError struct {
	// Differences are for people.
	Differences []string
}

// Error implements error.
func (e *SchemaError) Error() string {
	text := "the schema of MAS's database is not as it was; do not start MAS"
	for _, d := range e.Differences {
		text += "\n  " + d
	}
	return text
}

// busy marks errors that say that somebody else is at work.
func busy(err error) error {
	if errors.Is(err, masdb.ErrLocked) {
		return fmt.Errorf("%w: %w", ErrBusy, err)
	}
	return err
}

func storedSchema(s masdb.Schema) Schema {
	stored := Schema{Head: s.Version, Count: s.Count}
	for _, d := range s.Definitions {
		stored.Definitions = append(stored.Definitions, Definition(d))
	}
	return stored
}

func capturedSchema(s Schema) masdb.Schema {
	captured := masdb.Schema{Head: masdb.Head{Version: s.Head, Count: s.Count}}
	for _, d := range s.Definitions {
		captured.Definitions = append(captured.Definitions, masdb.Definition(d))
	}
	return captured
}
