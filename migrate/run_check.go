package migrate

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/maskit-dev/maskit/migrate/internal/masdb"
)

// idle says that no other migration works on MAS's database. A lock that outlives a killed
// process by some seconds is waited for.
func (r *session) idle(ctx context.Context) error {
	if err := masdb.Lock(ctx, r.mas); err != nil {
		return busy(err)
	}
	return masdb.Unlock(ctx, r.mas) // the engine has a session of its own
}

// check is what Run looks at before it writes. Acks are not applied.
func (r *session) check(ctx context.Context) (Findings, error) {
	if err := r.idle(ctx); err != nil {
		return nil, err
	}
	findings := append(slices.Clone(r.prepared), r.m.checkConfig(r.job)...)
	seen, err := checkEnvironment(ctx, r.job, r.environment())
	findings = append(findings, seen...)
	if err != nil {
		return findings, err
	}
	if r.state.Step == StepRunning { // what is there may be ours; the engine knows
		findings = slices.DeleteFunc(findings, func(f Finding) bool { return f.Code == CodeMASNotEmpty })
	}
	if !r.m.Engine.FindsAnomalies() {
		rows, _, err := checkData(ctx, r.job, func(ctx context.Context) (*pgx.Conn, error) { return pgx.ConnectConfig(ctx, readOnly(r.job.Synapse)) })
		findings = append(findings, r.m.rowsAsEngine(rows)...)
		if err != nil {
			return findings, err
		}
	}
	judged, err := r.m.Engine.Check(ctx, r.job)
	return merged(findings, judged), err
}

// acceptSoFar applies the acks to a list that is not complete: one may be for what is found later.
func (s *Syn2MAS) acceptSoFar(findings Findings) Findings {
	return slices.DeleteFunc(findings.Accept(s.Acks...), func(f Finding) bool { return f.Code == codeAckUnused }).Sorted()
}
