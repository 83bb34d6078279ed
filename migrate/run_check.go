package migrate

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/maskit-dev/maskit/migrate/internal/masdb"
)

// check is what Run looks at before it writes. Findings that an ack accepts are warnings.
// A lock that outlives a killed process by some seconds is waited for.
func (r *session) check(ctx context.Context) (Findings, error) {
	if err := masdb.Lock(ctx, r.mas); err != nil {
		return nil, busy(err)
	}
	if err := masdb.Unlock(ctx, r.mas); err != nil { // the engine has a session of its own
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
	judged, err := r.m.Engine.Check(ctx, r.job)
	findings = append(findings, judged...)
	if err != nil {
		return findings, err
	}
	if !r.m.Engine.FindsAnomalies() {
		rows, _, err := checkData(ctx, r.job, func(ctx context.Context) (*pgx.Conn, error) { return pgx.ConnectConfig(ctx, readOnly(r.job.Synapse)) })
		findings = append(findings, rows...)
		if err != nil {
			return findings, err
		}
	}
	return r.accept(findings), nil
}

// accept applies the acks. One that nothing needed may be for what the engine finds.
func (r *session) accept(findings Findings) Findings {
	return slices.DeleteFunc(findings.Accept(r.m.Acks...), func(f Finding) bool {
		return f.Code == "ack-unused" && r.m.Engine.FindsAnomalies()
	}).Sorted()
}
