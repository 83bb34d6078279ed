package migrate

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/migrate/internal/masdb"
)

// Rollback brings MAS's database back to what it was before Run: what an unfinished run
// left is removed; what a finished one wrote is removed if nobody has used MAS since.
// MAS has to be stopped. If it fails or is killed, call it again.
//
// Once people have used MAS, it refuses with a [*LossesError], which the report
// explains; see [RollbackOptions]. A dry run may be made at any time, with all servers
// running. The configuration of Synapse is not touched: synapse.Revert, or
// [Cutover.Back], does that.
func (s *Syn2MAS) Rollback(ctx context.Context, options RollbackOptions) (RollbackReport, error) {
	report := RollbackReport{DryRun: options.DryRun, Started: s.now().UTC()}
	r, err := s.begin(ctx)
	if err == nil {
		defer r.close(ctx)
		err = r.rollback(ctx, options, &report)
	}
	report.Finished = s.now().UTC()
	if err != nil {
		return report, fmt.Errorf("migrate: roll back: %w", err)
	}
	return report, nil
}

func (r *session) rollback(ctx context.Context, options RollbackOptions, report *RollbackReport) error {
	report.Found = r.state.Step
	if r.state.Step == StepNone || r.state.Step == StepRolledBack {
		report.AlreadyDone = true
		return nil
	}
	if err := r.sameDatabases(); err != nil {
		return err
	}
	r.adopt()
	if options.DryRun {
		return r.previewRollback(ctx, options, report)
	}
	running, err := r.connected(ctx, !options.CopyBack)
	if err != nil {
		return err
	}
	if err := running.Err(); err != nil {
		return err
	}
	if err := r.idle(ctx); err != nil { // before anything is stored: it would stop a run that works
		return err
	}
	if err := r.reset(ctx, report); err != nil {
		return err
	}
	if err := masdb.Lock(ctx, r.mas); err != nil {
		return busy(err)
	}
	defer masdb.Unlock(context.WithoutCancel(ctx), r.mas) //nolint:errcheck // the session ends, too
	err = pgx.BeginFunc(ctx, r.mas, func(tx pgx.Tx) error { return r.emptyTables(ctx, tx, options, report) })
	if err != nil {
		return err
	}
	return r.rolledBack(ctx, report)
}

// reset removes what an unfinished run left.
func (r *session) reset(ctx context.Context, report *RollbackReport) error {
	left, err := masdb.ReadLeftovers(ctx, r.mas)
	if err != nil || !left.Any() {
		return err
	}
	if err := r.stepTo(ctx, StepResetting); err != nil {
		return err
	}
	report.Left = append(report.Left, leftovers(left, "removed")...)
	return busy(r.m.Engine.Reset(ctx, r.job))
}

func leftovers(left masdb.Leftovers, what string) []string {
	var lines []string
	if left.Side {
		lines = append(lines, what+": the schema "+masdb.SideSchema+" of an unfinished run")
	}
	if len(left.MASCLI) > 0 {
		lines = append(lines, what+": what an unfinished mas-cli syn2mas had renamed")
	}
	return lines
}

func (r *session) stepTo(ctx context.Context, step Step) error {
	if r.state.Step == step {
		return nil
	}
	next := r.state
	next.Step = step
	return r.save(ctx, next)
}

// emptyTables empties MAS's tables, after it has looked what people did and brought back what it is told to.
func (r *session) emptyTables(ctx context.Context, tx pgx.Tx, options RollbackOptions, report *RollbackReport) error {
	if _, err := tx.Exec(ctx, `SET LOCAL lock_timeout = '10s'`); err != nil {
		return err
	}
	tables, err := involved(ctx, tx)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `LOCK TABLE `+tables.names()+` IN ACCESS EXCLUSIVE MODE`); err != nil {
		return fmt.Errorf("lock MAS's tables: %w", err)
	}
	delta, err := r.delta(ctx, tx, tables, report)
	if err != nil {
		return err
	}
	if err := refusal(report.Losses, options); err != nil {
		return err
	}
	if err := r.stepTo(ctx, StepResetting); err != nil {
		return err
	}
	if options.CopyBack {
		if err := delta.copyBack(ctx, r.synapse); err != nil {
			return err
		}
		report.CopyBack = delta.changes()
	}
	return tables.empty(ctx, tx, report)
}

// refusal is about what is neither accepted nor copied back.
func refusal(losses Losses, options RollbackOptions) error {
	if options.CopyBack {
		losses = losses.Beyond()
	}
	if losses.Empty() || options.AcceptLosses {
		return nil
	}
	return &LossesError{Losses: losses}
}

// previewRollback looks, in a transaction that sees one instant and writes nothing.
func (r *session) previewRollback(ctx context.Context, options RollbackOptions, report *RollbackReport) error {
	left, err := masdb.ReadLeftovers(ctx, r.mas)
	if err != nil {
		return err
	}
	report.Left = append(report.Left, leftovers(left, "would be removed")...)
	if len(left.MASCLI) > 0 { // the tables are called otherwise, and nobody can have used them
		return nil
	}
	return pgx.BeginTxFunc(ctx, r.mas, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		tables, err := involved(ctx, tx)
		if err != nil {
			return err
		}
		delta, err := r.delta(ctx, tx, tables, report)
		if err != nil {
			return err
		}
		report.refused = refusal(report.Losses, options)
		report.Refused = report.refused != nil
		if options.CopyBack {
			report.CopyBack = delta.changes()
		}
		for _, t := range tables {
			if t.rows > 0 {
				report.Emptied = append(report.Emptied, EmptiedTable{t.name, t.rows})
			}
		}
		return r.describeLeft(ctx, tx, report)
	})
}

// rolledBack compares the schema, and stores that all is done.
func (r *session) rolledBack(ctx context.Context, report *RollbackReport) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute) // it is done: say so
	defer cancel()
	if err := r.compareSchema(ctx, report); err != nil {
		return err
	}
	if err := r.describeLeft(ctx, r.mas, report); err != nil {
		return err
	}
	report.Next = append(report.Next, "give Synapse its configuration from before MAS (synapse.Revert, or Cutover.Back) before it is started")
	return r.stepTo(ctx, StepRolledBack)
}

// compareSchema fails if an unfinished run, or its removal, changed it. What was changed by
// somebody else after a finished one is left, and said.
func (r *session) compareSchema(ctx context.Context, report *RollbackReport) error {
	now, err := masdb.Capture(ctx, r.mas)
	if err != nil {
		return err
	}
	before := capturedSchema(r.state.Before)
	if before.Count == 0 { // killed before it was captured
		return nil
	}
	differences := before.Difference(now)
	if len(differences) == 0 {
		return nil
	}
	if r.state.Loaded == nil && before.Head == now.Head {
		return &SchemaError{Differences: differences}
	}
	if before.Head != now.Head {
		differences = []string{fmt.Sprintf("MAS's schema was upgraded from migration %d to %d", before.Version, now.Version)}
	}
	report.Left = append(report.Left, differences...)
	return nil
}

// describeLeft says what mas-cli and MAS, and not the migration, wrote.
func (r *session) describeLeft(ctx context.Context, q masdb.Querier, report *RollbackReport) error {
	for _, t := range []struct{ table, which, what string }{
		{"upstream_oauth_providers", "", "identity providers, which mas-cli config sync made"},
		{"oauth2_clients", "", "clients, which mas-cli config sync or their owners made"},
		{"queue_jobs", " WHERE completed_at IS NULL AND failed_at IS NULL", "jobs that MAS has not done yet; those for people who are gone will fail"},
	} {
		rows, err := countIfThere(ctx, q, t.table, t.which)
		if err != nil {
			return err
		}
		if rows > 0 {
			report.Left = append(report.Left, fmt.Sprintf("%d %s", rows, t.what))
		}
	}
	return nil
}

func countIfThere(ctx context.Context, q masdb.Querier, table, which string) (rows int64, err error) {
	var name *string
	if err = q.QueryRow(ctx, `SELECT to_regclass($1)::text`, table).Scan(&name); err == nil && name != nil {
		err = q.QueryRow(ctx, `SELECT count(*) FROM `+pgx.Identifier{table}.Sanitize()+which).Scan(&rows)
	}
	if err != nil {
		return 0, fmt.Errorf("count the rows of MAS's table %s: %w", table, err)
	}
	return rows, nil
}

// adopt takes over the identity of the stored run.
func (r *session) adopt() {
	r.job.RunID, r.job.Started, r.job.Key = r.state.RunID, r.state.Started, maskit.NewSecret(r.state.Key)
}
