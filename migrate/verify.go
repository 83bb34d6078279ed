package migrate

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/oklog/ulid/v2"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/migrate/internal/masdb"
	"github.com/maskit-dev/maskit/migrate/internal/rowdiff"
)

// Verify compares what MAS's database has with what Synapse's database says should be
// there, row for row and column for column, after a run of any engine and before MAS
// starts: once MAS serves people, both go on alone. It shares no code with the engines,
// writes nothing, and changes no state.
//
// What [Policy] skips must not be there, and what it keeps must. Not compared is what
// engines may choose: ids (but that they were made at the time of their row), and the
// creation time of sessions that have a device. Times that Synapse does not know may be
// any.
//
// If a [Store] is set, the definitions of MAS's tables are compared, too, with those
// from before the run.
//
// It reads each table once, and what differs a second time. The memory that it takes
// does not depend on the number of rows. The error means that it could not be done;
// what differs is in the report, see [VerifyReport.Err].
func (s *Syn2MAS) Verify(ctx context.Context) (VerifyReport, error) {
	job, state, err := s.jobOfState(ctx)
	if err != nil {
		return VerifyReport{}, fmt.Errorf("migrate: verify: %w", err)
	}
	options := verifyOptions{}
	if state.Before.Head != 0 {
		options.before = &state.Before
	}
	report, err := verifyDatabases(ctx, job, job.Synapse, job.MAS, options)
	if err != nil {
		return report, fmt.Errorf("migrate: verify: %w", err)
	}
	return report, nil
}

// jobOfState prepares the job of the migration that was run, as far as the state knows it.
func (s *Syn2MAS) jobOfState(ctx context.Context) (*Job, State, error) {
	job, findings, err := s.prepare(ctx)
	if err != nil {
		return nil, State{}, err
	}
	if job.Synapse == nil || job.MAS == nil || job.Config == nil || job.Legacy.ServerName == "" {
		return nil, State{}, errors.Join(findings.Err(), fmt.Errorf("both configurations and the addresses of both databases are needed: %w", maskit.ErrInvalid))
	}
	if s.Store == nil {
		return job, State{}, nil
	}
	state, err := s.Store.Load(ctx)
	if err != nil {
		return nil, State{}, err
	}
	if state.RunID != "" {
		job.RunID, job.Started = state.RunID, state.Started
	}
	return job, state, nil
}

// verifyOptions say what is verified besides the rows.
type verifyOptions struct {
	// before is the schema of MAS's database before the run; nil if nobody knows.
	before *Schema
	// rehearsal says that MAS's tables are those of a rehearsal, beside the real ones.
	rehearsal bool
	// snapshot is an exported snapshot of Synapse's database, in which it is read; empty
	// reads it as it is now.
	snapshot string
}

// verifyDatabases compares two databases. The tables of MAS are found by the
// search_path of its connection, so that those of a rehearsal can be meant.
func verifyDatabases(ctx context.Context, job *Job, synapse, mas *pgx.ConnConfig, o verifyOptions) (VerifyReport, error) {
	report := VerifyReport{Started: time.Now().UTC(), ServerName: job.Legacy.ServerName}
	conn, err := verifyConnection(ctx, mas)
	if err != nil {
		return report, err
	}
	defer closeVerifyConnection(ctx, conn)
	if !o.rehearsal {
		left, err := masdb.ReadLeftovers(ctx, conn)
		if err != nil {
			return report, fmt.Errorf("look at %s: %w", masDatabase, err)
		}
		if report.Structure = verifyLeftovers(left); len(left.MASCLI) > 0 {
			return report, nil // MAS's tables have other names: there is nothing to compare
		}
	}
	err = report.compare(ctx, conn, rowdiffOptions(job, synapse, mas, o), o)
	job.Events(Event{Stage: StageVerify, Done: true})
	return report, err
}

// compare compares rows and, at the same time, looks at the rest.
func (r *VerifyReport) compare(ctx context.Context, conn *pgx.Conn, options rowdiff.Options, o verifyOptions) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var structure Findings
	var both sync.WaitGroup
	both.Go(func() {
		var err error
		if structure, err = verifyStructure(ctx, conn, o); err != nil {
			cancel(err)
		}
	})
	result, err := rowdiff.Compare(ctx, options)
	if err != nil {
		cancel(err)
	}
	both.Wait()
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if result.MixedCase {
		twins, err := verifyTwins(ctx, conn)
		if err != nil {
			return fmt.Errorf("look at %s: %w", masDatabase, err)
		}
		structure = append(structure, twins...)
	}
	r.Structure = append(r.Structure, structure...).Sorted()
	r.take(result)
	r.Seconds = time.Since(r.Started).Seconds()
	return nil
}

func rowdiffOptions(job *Job, synapse, mas *pgx.ConnConfig, o verifyOptions) rowdiff.Options {
	providers := map[string][16]byte{}
	for name, id := range job.Providers {
		if parsed, err := ulid.ParseStrict(id.String()); err == nil { // what is no ULID, MAS has not
			providers[name] = parsed
		}
	}
	return rowdiff.Options{
		Synapse: synapse, MAS: mas, Snapshot: o.snapshot, ServerName: job.Legacy.ServerName, Providers: providers,
		SkipUnusableHashes: job.Policy.UnusableHashes == Skip, SkipDehydrated: job.Policy.DehydratedDevices == Skip,
		Started: job.Started, Limit: MaxDifferences, Progress: verifyProgress(job),
	}
}

// verifyProgress turns the progress of a comparison into events.
func verifyProgress(job *Job) func(rowdiff.Progress) {
	started := time.Now()
	return func(p rowdiff.Progress) {
		e := Event{Stage: StageVerify, Entity: Entity(p.Table), Rows: p.Rows, Done: p.Done}
		if seconds := time.Since(started).Seconds(); seconds > 0 {
			e.Rate = float64(p.Rows) / seconds
		}
		if p.Again {
			e.Message = "looked for the rows that differ"
		}
		job.Events(e)
	}
}
