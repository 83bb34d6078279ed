package migrate

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/migrate/internal/masdb"
)

// check is what Run looks at before it writes. Findings that an ack accepts are warnings.
func (r *session) check(ctx context.Context) (Findings, error) {
	findings := append(slices.Clone(r.prepared), r.m.checkConfig(r.job)...)
	running, err := r.connected(ctx, false)
	if err != nil {
		return findings, err
	}
	findings = append(findings, running...)
	more, err := r.m.Engine.Check(ctx, r.job)
	if err != nil {
		return findings, err
	}
	findings = append(findings, more...)
	if r.state.Step != StepRunning { // else what is there is ours
		if more, err = r.empty(ctx); err != nil {
			return findings, err
		}
		findings = append(findings, more...)
	}
	if !r.m.Engine.FindsAnomalies() {
		if more, _, err = checkData(ctx, r.job, func(ctx context.Context) (*pgx.Conn, error) { return pgx.ConnectConfig(ctx, r.job.Synapse.Copy()) }); err != nil {
			return findings, err
		}
		findings = append(findings, more...)
	}
	return r.accept(findings), nil
}

// accept applies the acks. One that nothing needed may be for what the engine finds.
func (r *session) accept(findings Findings) Findings {
	return slices.DeleteFunc(findings.Accept(r.m.Acks...), func(f Finding) bool {
		return f.Code == "ack-unused" && r.m.Engine.FindsAnomalies()
	}).Sorted()
}

// empty wants a MAS that has no people yet.
func (r *session) empty(ctx context.Context) (Findings, error) {
	left, err := masdb.ReadLeftovers(ctx, r.mas)
	if err != nil || len(left.MASCLI) > 0 { // its tables are called otherwise, and will be emptied
		return nil, err
	}
	table, rows, err := masdb.NonEmpty(ctx, r.mas)
	if err != nil || table == "" {
		return nil, err
	}
	return Findings{{Count: rows, Problem: maskit.Problem{
		Path: table, Code: CodeMASNotEmpty, Message: "MAS's database has people already",
		Hint: "migrate into an empty one: if an earlier migration filled it, roll that back with its state; if somebody logged in, drop the database and make it anew",
	}}}, nil
}
