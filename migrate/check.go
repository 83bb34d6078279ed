package migrate

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/migrate/internal/synapsedb"
)

// Check looks for all that stands in the way of the migration, or that people would
// notice: in the configurations, on the servers and in Synapse's rows. It can be called
// at any time, while Synapse runs, and writes nothing: its sessions are read-only. It
// reads Synapse's tables a few times.
//
// What is wrong is in the report, a database that cannot be reached included; the error
// says that Check itself could not be done, or was ended.
func (s *Syn2MAS) Check(ctx context.Context) (CheckReport, error) {
	started := s.now()
	report := CheckReport{Started: started}
	job, findings, err := s.prepare(ctx)
	if err != nil {
		return report, err
	}
	c := check{Syn2MAS: s, job: job, report: &report, findings: findings}
	err = c.run(ctx)
	report.settle(c.findings, c.judged, s.Acks)
	report.Seconds = s.now().Sub(started).Seconds()
	job.Events(Event{Stage: StageCheck, Done: true})
	return report, err
}

// check is one call of Check.
type check struct {
	*Syn2MAS

	job      *Job
	report   *CheckReport
	findings Findings
	// judged are the findings of the engine.
	judged Findings
}

func (c *check) add(found Findings) { c.findings = append(c.findings, found...) }

func (c *check) run(ctx context.Context) error {
	c.report.ServerName = c.job.serverName()
	if c.Engine != nil {
		c.report.Engine = c.Engine.Name()
	}
	c.add(c.checkConfig(c.job))
	c.job.Events(Event{Stage: StageCheck, Object: "configuration", Done: true})
	e := environment{running: maskit.SeverityInfo, official: c.isOfficial(), alone: c.Engine == nil}
	defer func() { e.close(ctx) }()
	if err := c.connect(ctx, &e); err != nil {
		return err
	}
	seen, err := e.look(ctx, c.job)
	c.add(seen.findings)
	c.report.Versions = seen.versions
	if err != nil {
		return err
	}
	if seen.synapseReady && c.job.hasLegacy() {
		if err := c.data(ctx, e.synapse.Config()); err != nil {
			return err
		}
	}
	if seen.synapseReady && seen.masReady && c.Engine != nil && c.job.hasLegacy() && c.job.Config != nil {
		return c.engine(ctx)
	}
	return nil
}

// connect opens a session on each side that has an address.
func (c *check) connect(ctx context.Context, e *environment) error {
	for _, side := range []struct {
		config *pgx.ConnConfig
		whose  string
		conn   **pgx.Conn
	}{{c.job.Synapse, synapseDatabase, &e.synapse}, {c.job.MAS, masDatabase, &e.mas}} {
		if side.config == nil {
			continue
		}
		conn, found := connect(ctx, side.config, side.whose)
		*side.conn = conn
		if ctx.Err() != nil {
			return fmt.Errorf("migrate: connect to %s: %w", side.whose, context.Cause(ctx))
		}
		c.add(found)
	}
	return nil
}

// close ends the sessions.
func (e environment) close(ctx context.Context) {
	for _, conn := range []*pgx.Conn{e.synapse, e.mas} {
		if conn != nil {
			_ = conn.Close(context.WithoutCancel(ctx)) // nothing was written
		}
	}
}

// data looks for rows that do not fit, and counts.
func (c *check) data(ctx context.Context, config *pgx.ConnConfig) error {
	found, counts, err := checkData(ctx, c.job, func(ctx context.Context) (*pgx.Conn, error) { return pgx.ConnectConfig(ctx, config) })
	if err != nil {
		return err
	}
	c.add(c.rowsAsEngine(found))
	for _, table := range synapsedb.Locked() {
		c.report.Counts = append(c.report.Counts, Count{Table: table, Rows: counts.Source[table]})
	}
	return nil
}

// engine asks the engine for its own judgement.
func (c *check) engine(ctx context.Context) error {
	var err error
	c.judged, err = c.Engine.Check(ctx, c.job)
	if err != nil {
		return fmt.Errorf("migrate: check by the %s engine: %w", c.Engine.Name(), err)
	}
	c.job.Events(Event{Stage: StageCheck, Object: "engine " + c.Engine.Name(), Done: true})
	return nil
}
