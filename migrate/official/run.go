package official

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas/mascli"
	"github.com/maskit-dev/maskit/migrate"
	"github.com/maskit-dev/maskit/migrate/internal/masdb"
	"github.com/maskit-dev/maskit/migrate/internal/synapsedb"
)

// run is one attempt.
type run struct {
	cli       mascli.CLI
	job       *migrate.Job
	target    *pgx.ConnConfig
	rehearsal bool
	report    migrate.RunReport
}

func (e Engine) newRun(ctx context.Context, job *migrate.Job, target *pgx.ConnConfig) (*run, error) {
	r := &run{job: job, target: target, report: migrate.RunReport{Engine: e.Name(), Started: time.Now().UTC()}}
	var err error
	if r.cli, err = e.cli(ctx, job.Config); err != nil {
		return r, err
	}
	if !r.cli.MASVersion.IsZero() {
		r.report.Version = r.cli.MASVersion.String()
	}
	return r, nil
}

func (r *run) finish(err error) (migrate.RunReport, error) {
	r.report.Finished = time.Now().UTC()
	r.report.Findings = r.report.Findings.Sorted()
	if err != nil {
		return r.report, fmt.Errorf("official: %w", err)
	}
	return r.report, nil
}

// run migrates.
func (r *run) run(ctx context.Context) error {
	if err := r.judge(cannotSkip(r.job.Policy)); err != nil {
		return err
	}
	if err := r.prepare(ctx); err != nil || r.report.AlreadyDone {
		return err
	}
	if err := r.migrate(ctx); err != nil {
		return r.putBack(ctx, err)
	}
	return r.after(ctx)
}

// rehearse makes a dry run.
func (r *run) rehearse(ctx context.Context) error {
	if err := r.judge(cannotSkip(r.job.Policy)); err != nil {
		return err
	}
	if err := r.prepareScratch(ctx); err != nil {
		return err
	}
	if err := r.migrate(ctx); err != nil {
		return r.putBack(ctx, err)
	}
	r.report.Entities = slices.DeleteFunc(r.report.Entities, func(e migrate.EntityReport) bool { return e.Migrated == 0 && e.Skipped == nil })
	return nil
}

// judge asks whether findings are acceptable, before anything is written. Those that
// are stay in the report as warnings.
func (r *run) judge(findings migrate.Findings) error {
	err := r.job.Judge(findings)
	for i := range findings {
		if err == nil && findings[i].Severity == maskit.SeverityError {
			findings[i].Severity = maskit.SeverityWarning
		}
	}
	r.report.Findings = append(r.report.Findings, findings...)
	return err
}

// refuse keeps findings in the report and returns what is wrong.
func (r *run) refuse(findings migrate.Findings) error {
	r.report.Findings = append(r.report.Findings, findings...)
	return findings.Err()
}

// prepare removes what unfinished runs left, and looks whether there is anything to do.
func (r *run) prepare(ctx context.Context) error {
	conn, err := dial(ctx, r.target)
	if err != nil {
		return err
	}
	defer closeConn(ctx, conn)
	if err := r.clean(ctx, conn); err != nil {
		return err
	}
	table, rows, err := masdb.NonEmpty(ctx, conn)
	if err != nil {
		return err
	}
	if table != "" {
		if r.report.AlreadyDone, err = r.finished(ctx, conn); err != nil || r.report.AlreadyDone {
			return err
		}
		return r.refuse(migrate.Findings{notEmpty(table, rows)})
	}
	findings, err := compareHead(ctx, conn, r.cli.MASVersion)
	if err != nil {
		return err
	}
	return r.refuse(findings)
}

// clean resets what an unfinished run left, if it left anything. mas-cli could do so by itself after
// its own runs, but not after those of the native engine.
func (r *run) clean(ctx context.Context, conn *pgx.Conn) error {
	if err := masdb.Lock(ctx, conn); err != nil {
		return err
	}
	left, err := masdb.ReadLeftovers(ctx, conn)
	if err == nil && left.Any() {
		r.job.Logger.WarnContext(ctx, "an unfinished migration is removed from MAS's database", "side_schema", left.Side, "mas_cli_tables", len(left.MASCLI))
		r.job.Events(migrate.Event{Stage: migrate.StageReset, Message: "what an unfinished migration left is removed"})
		if err = endOrphans(ctx, conn); err == nil {
			err = masdb.Reset(ctx, conn)
		}
	}
	return errors.Join(err, masdb.Unlock(ctx, conn)) // mas-cli takes the lock itself
}

// prepareScratch gives the scratch database a schema, and wants it to be empty.
func (r *run) prepareScratch(ctx context.Context) error {
	config, err := withDatabase(r.job.Config, r.target)
	if err != nil {
		return fmt.Errorf("hand over the address of the scratch database: %w", err)
	}
	cli := r.cli
	cli.Config = config
	if err := cli.DatabaseMigrate(ctx); err != nil {
		return fmt.Errorf("make MAS's schema in the scratch database: %w", err)
	}
	conn, err := dial(ctx, r.target)
	if err != nil {
		return err
	}
	defer closeConn(ctx, conn)
	if err := r.clean(ctx, conn); err != nil {
		return err
	}
	table, rows, err := masdb.NonEmpty(ctx, conn)
	if err != nil || table == "" {
		return err
	}
	return r.refuse(migrate.Findings{notEmpty(table, rows)})
}

// migrate lets mas-cli work.
func (r *run) migrate(ctx context.Context) error {
	config, source, err := handOver(r.job, r.target)
	if err != nil {
		return err
	}
	cli, p := r.cli, newProgress(r.job)
	p.totals, err = totals(ctx, r.job.Synapse)
	if err != nil {
		return err
	}
	cli.Config, cli.Output = config, p.line
	begun := time.Now()
	checked, err := cli.Syn2MASMigrate(ctx, source, r.rehearsal)
	r.report.Timings = append(p.timings, migrate.Timing{Stage: migrate.StageLoad, Seconds: time.Since(begun).Seconds()})
	r.report.Entities = p.entities()
	findings := append(checkFindings(checked, r.job.Policy), p.findings(r.job)...)
	failed, ok := errors.AsType[*mascli.ExitError](err)
	if !ok {
		return errors.Join(err, r.refuse(findings))
	}
	found, known := failure(failed, r.job)
	findings = append(findings, found...)
	if stopped := r.refuse(findings); stopped != nil && (known || failed.Code == mascli.ExitCheckErrors) {
		return stopped
	}
	return failed
}

// totals are how many rows there will be.
func totals(ctx context.Context, synapse *pgx.ConnConfig) (map[string]int64, error) {
	conn, err := pgx.ConnectConfig(ctx, synapse.Copy())
	if err != nil {
		return nil, fmt.Errorf("connect to Synapse's database: %w", err)
	}
	defer closeConn(ctx, conn)
	counts, err := synapsedb.Count(ctx, conn)
	return counts.Target, err
}

// putBack undoes what mas-cli began, also if the context is over.
func (r *run) putBack(ctx context.Context, cause error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Minute)
	defer cancel()
	if err := reset(ctx, r.target); err != nil {
		return fmt.Errorf("%w; and MAS's database could not be put back, run again or Reset: %w", cause, err)
	}
	return cause
}

// after looks whether mas-cli, which says nothing at its end, has ended well.
func (r *run) after(ctx context.Context) error {
	conn, err := dial(ctx, r.target)
	if err != nil {
		return err
	}
	defer closeConn(ctx, conn)
	left, err := masdb.ReadLeftovers(ctx, conn)
	if err != nil {
		return err
	}
	if left.Any() {
		return fmt.Errorf("mas-cli ended with success and left its tables behind: run again: %w", maskit.ErrConflict)
	}
	return r.count(ctx, conn)
}

// count replaces what mas-cli said about rows, which it counts before they are
// committed and partly together, by what is there.
func (r *run) count(ctx context.Context, conn *pgx.Conn) error {
	for i, entity := range r.report.Entities {
		query := `SELECT count(*) FROM ` + pgx.Identifier{string(entity.Entity)}.Sanitize()
		if err := conn.QueryRow(ctx, query).Scan(&r.report.Entities[i].Migrated); err != nil {
			return fmt.Errorf("count the rows of MAS's table %s: %w", entity.Entity, err)
		}
	}
	return nil
}
