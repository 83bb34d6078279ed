package migrate

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/migrate/internal/masdb"
)

// cutoverMigration is the real [cutoverData].
type cutoverMigration struct{ m *Syn2MAS }

func (c cutoverMigration) store() Store   { return c.m.Store }
func (c cutoverMigration) now() time.Time { return c.m.now() }
func (c cutoverMigration) event(e Event)  { c.m.events()(e) }

func (c cutoverMigration) check(ctx context.Context, report *CutoverReport) error {
	found, err := c.m.Check(ctx)
	report.Check = &found
	return errors.Join(err, found.Err())
}

func (c cutoverMigration) rehearse(ctx context.Context, report *CutoverReport) error {
	found, err := c.m.Rehearse(ctx)
	report.Rehearse = &found
	return errors.Join(err, found.Err())
}

func (c cutoverMigration) run(ctx context.Context, report *CutoverReport) error {
	done, err := c.m.Run(ctx)
	report.Run = &done
	return err
}

// verify stores that nothing differs.
func (c cutoverMigration) verify(ctx context.Context, report *CutoverReport) error {
	found, err := c.m.Verify(ctx)
	report.Verify = &found
	if err = errors.Join(err, found.Err()); err != nil {
		return err
	}
	state, err := c.m.Store.Load(ctx)
	if err != nil || state.Step != StepMigrated {
		return err
	}
	next := state
	next.Step, next.Updated = StepVerified, c.m.now().UTC()
	err = c.m.Store.Save(ctx, state, next)
	if errors.Is(err, maskit.ErrConflict) {
		return fmt.Errorf("%w: %w", ErrBusy, err)
	}
	return err
}

func (c cutoverMigration) rollback(ctx context.Context, options RollbackOptions) (RollbackReport, error) {
	return c.m.Rollback(ctx, options)
}

func (c cutoverMigration) free(ctx context.Context) error {
	r, err := c.m.begin(ctx)
	if err != nil {
		return err
	}
	defer r.close(ctx)
	if err := masdb.Lock(ctx, r.mas); err != nil {
		return busy(err)
	}
	return masdb.Unlock(ctx, r.mas)
}

func (c cutoverMigration) idle(ctx context.Context, masOnly bool) error {
	r, err := c.m.begin(ctx)
	if err != nil {
		return err
	}
	defer r.close(ctx)
	found, err := r.connected(ctx, masOnly)
	return errors.Join(err, found.Err())
}
