package migrate

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/maskit-dev/maskit"
)

// RehearseReport says how a rehearsal went.
type RehearseReport struct {
	// Run is what the engine did, and removed again.
	Run RunReport `json:"run"`
	// Verify compares what was loaded with Synapse; zero if it did not come to that.
	Verify VerifyReport `json:"verify"`
	// Downtime is how long Run and Verify will take, if Synapse has as many rows then and
	// the servers have as little to do. Zero if the rehearsal failed.
	Downtime time.Duration `json:"downtime"`
	// Beyond is what is not in Downtime, for people.
	Beyond []string `json:"beyond,omitempty"`
	// Findings are those of the checks before. Those of the engine are in Run.
	Findings Findings `json:"findings,omitempty"`
}

// Err is nil if Run may be expected to succeed: no finding is an error, and no row differs.
func (r RehearseReport) Err() error {
	return errors.Join(r.Findings.Err(), r.Run.Findings.Err(), r.Verify.Err())
}

// String is for people.
func (r RehearseReport) String() string {
	var b strings.Builder
	if r.Downtime > 0 {
		fmt.Fprintf(&b, "The rehearsal loaded %s rows beside MAS's, and removed them again.\n", grouped(r.Run.Rows()))
	}
	for _, e := range r.Run.Entities {
		b.WriteString(e.String() + "\n")
	}
	if len(r.Verify.Entities) > 0 {
		b.WriteString("\nWhat was loaded: " + r.Verify.String() + "\n")
	}
	writeBriefly(&b, append(append(Findings{}, r.Findings...), r.Run.Findings...).Sorted())
	if r.Downtime > 0 {
		fmt.Fprintf(&b, "\nThe migration will take about %s", r.Downtime.Round(time.Second))
		for i, beyond := range r.Beyond {
			b.WriteString([]string{", and in addition: ", "; "}[min(i, 1)] + beyond)
		}
		b.WriteString(".\n")
	}
	return strings.TrimSpace(b.String())
}

// Rehearse loads all of it while Synapse runs, compares it with Synapse, and removes it
// again: MAS's tables are not touched, and neither is the stored state. It says how
// long Run will take. It matches [maskit.ErrUnsupported] if the engine cannot do that.
//
// What keeps Run from succeeding is in the report, see [RehearseReport.Err]; the error
// says that the rehearsal could not be done. People who work with Synapse meanwhile
// are slowed down as by a backup.
func (s *Syn2MAS) Rehearse(ctx context.Context) (RehearseReport, error) {
	var report RehearseReport
	if s.Engine == nil {
		return report, fmt.Errorf("migrate: rehearse: Engine is required: %w", maskit.ErrInvalid)
	}
	job, findings, err := s.prepare(ctx)
	if err != nil {
		return report, fmt.Errorf("migrate: rehearse: %w", err)
	}
	report.Findings = append(findings, s.checkConfig(job)...)
	if job.Synapse != nil && job.MAS != nil && job.hasLegacy() && job.Config != nil {
		err = s.rehearse(ctx, job, &report)
	}
	report.Run.Findings = s.acceptSoFar(report.Run.Findings.beyond(report.Findings))
	report.Findings = s.acceptSoFar(report.Findings)
	if err != nil && !errors.Is(err, maskit.ErrInvalid) {
		return report, fmt.Errorf("migrate: rehearse: %w", err)
	}
	return report, nil
}

// rehearse returns the error of findings, too, if the engine stopped at them.
func (s *Syn2MAS) rehearse(ctx context.Context, job *Job, report *RehearseReport) (err error) {
	judged, err := s.Engine.Check(ctx, job)
	report.Findings = merged(report.Findings, judged)
	if err != nil {
		return err
	}
	if err := judged.Accept(s.Acks...).Err(); err != nil {
		return err
	}
	report.Run, err = s.Engine.Rehearse(ctx, job, func(ctx context.Context, mas *pgx.ConnConfig) (err error) {
		report.Verify, err = verifyDatabases(ctx, job, job.Synapse, mas, verifyOptions{rehearsal: true, snapshot: job.Snapshot})
		return err
	})
	if err != nil {
		return busy(err)
	}
	report.Downtime = report.Run.Duration() // with the comparison
	report.Beyond = []string{"stopping Synapse with its workers", "starting MAS", "starting Synapse", "switching routes"}
	return nil
}
