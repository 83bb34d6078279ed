package migrate

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/maskit-dev/maskit"
)

// session is one call of a method that works on both databases and the state.
type session struct {
	m              *Syn2MAS
	job            *Job
	prepared       Findings
	state          State
	synapse, mas   *pgx.Conn
	source, target DatabaseID
}

// begin loads the state and connects to both databases.
func (s *Syn2MAS) begin(ctx context.Context) (*session, error) {
	if s.Engine == nil || s.Store == nil {
		return nil, fmt.Errorf("Engine and Store are required: %w", maskit.ErrInvalid)
	}
	state, err := s.Store.Load(ctx)
	if err != nil {
		return nil, err
	}
	r := &session{m: s, state: state}
	if r.job, r.prepared, err = s.prepare(ctx); err != nil {
		return nil, err
	}
	if r.job.Synapse == nil || r.job.MAS == nil {
		return nil, errors.Join(r.prepared.Err(), fmt.Errorf("nobody knows how to reach both databases: %w", maskit.ErrInvalid))
	}
	if err := r.connect(ctx); err != nil {
		r.close(ctx)
		return nil, err
	}
	return r, nil
}

func (r *session) connect(ctx context.Context) (err error) {
	if r.synapse, r.source, err = dial(ctx, r.job.Synapse, synapseDatabase); err != nil {
		return err
	}
	r.mas, r.target, err = dial(ctx, r.job.MAS, masDatabase)
	return err
}

func dial(ctx context.Context, config *pgx.ConnConfig, whose string) (*pgx.Conn, DatabaseID, error) {
	var id DatabaseID
	conn, err := pgx.ConnectConfig(ctx, config.Copy())
	if err != nil {
		return nil, id, fmt.Errorf("connect to %s: %w", whose, err)
	}
	err = conn.QueryRow(ctx, `SELECT datname::text, oid FROM pg_database WHERE datname = current_database()`).Scan(&id.Name, &id.OID)
	if err != nil {
		return conn, id, fmt.Errorf("ask %s for its name: %w", whose, err)
	}
	return conn, id, nil
}

func (r *session) close(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	for _, conn := range []*pgx.Conn{r.synapse, r.mas} {
		if conn != nil {
			_ = conn.Close(ctx)
		}
	}
}

// save stores next as the successor of the state.
func (r *session) save(ctx context.Context, next State) error {
	next.Updated = r.m.now().UTC()
	err := r.m.Store.Save(ctx, r.state, next)
	if errors.Is(err, maskit.ErrConflict) {
		return fmt.Errorf("%w: %w", ErrBusy, err)
	}
	if err != nil {
		return err
	}
	next.Format, next.Revision = stateFormat, r.state.Revision+1
	r.state = next
	return nil
}

// watermark is taken while nobody else is connected. If the engine had finished before,
// somebody may have used MAS since.
func (r *session) watermark(ctx context.Context, report RunReport) (Watermark, error) {
	mark := Watermark{Rows: map[Entity]int64{}}
	err := r.mas.QueryRow(ctx, `SELECT clock_timestamp(), txid_snapshot_xmax(txid_current_snapshot()), 'users'::regclass::oid`).
		Scan(&mark.Time, &mark.Transaction, &mark.UsersTable)
	if err != nil {
		return mark, fmt.Errorf("mark what was loaded in %s: %w", masDatabase, err)
	}
	if report.AlreadyDone {
		found, err := foundLine(ctx, r.mas, r.state.Started)
		if err != nil {
			return mark, err
		}
		mark.Time, mark.Transaction = found.time, found.transaction
	}
	mark.Time = mark.Time.UTC()
	for _, e := range report.Entities {
		mark.Rows[e.Entity] = e.Migrated
	}
	return mark, r.countLoaded(ctx, mark)
}

// countLoaded counts the rows of what the engine did not count.
func (r *session) countLoaded(ctx context.Context, mark Watermark) error {
	written := line{time: mark.Time, transaction: mark.Transaction}
	for _, entity := range Entities() {
		if _, known := mark.Rows[entity]; known {
			continue
		}
		var rows int64
		err := r.mas.QueryRow(ctx, `SELECT count(*) FROM `+pgx.Identifier{string(entity)}.Sanitize()+` t WHERE NOT `+written.made("t")).Scan(&rows)
		if err != nil {
			return fmt.Errorf("count the rows of MAS's table %s: %w", entity, err)
		}
		mark.Rows[entity] = rows
	}
	return nil
}

// connected reports whether MAS is connected to its database, or Synapse to its own unless masOnly.
func (r *session) connected(ctx context.Context, masOnly bool) (Findings, error) {
	var seen surroundings
	e := r.environment()
	if err := e.masSessions(ctx, r.job, &seen); err != nil || masOnly {
		return seen.findings, err
	}
	err := e.synapseSessions(ctx, r.job, &seen)
	return seen.findings, err
}

func (r *session) environment() environment {
	return environment{synapse: r.synapse, mas: r.mas, running: maskit.SeverityError, official: r.m.isOfficial()}
}
