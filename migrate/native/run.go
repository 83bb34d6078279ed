package native

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/maskit-dev/maskit/migrate"
	"github.com/maskit-dev/maskit/migrate/internal/masdb"
	"github.com/maskit-dev/maskit/migrate/internal/synapsedb"
)

// run is one attempt. It holds the lock of migrations in its session.
type run struct {
	engine    Engine
	job       *migrate.Job
	target    *pgx.ConnConfig
	rehearsal bool

	// conn holds the lock. Whatever MAS can see is done in this session: if it is lost,
	// nothing can be committed.
	conn *pgx.Conn
	// stop ends the work of other sessions.
	stop context.CancelCauseFunc
	// schema is where MAS's tables are.
	schema string
	// before is how they were.
	before    masdb.Schema
	canCreate bool     // schemas in MAS's database
	obstacles []string // to Bulk
	confirmed bool     // MAS has user_emails.confirmed_at

	mu     sync.Mutex // of what follows
	totals map[string]int64
	report migrate.RunReport
}

// locked calls do while this session holds the lock.
func (r *run) locked(ctx context.Context, do func(context.Context, *run) error) error {
	conn, err := r.engine.connect(ctx, r.target, nil)
	if err != nil {
		return err
	}
	defer closeConn(ctx, conn)
	if err := masdb.Lock(ctx, conn); err != nil {
		return fmt.Errorf("native: %w", err)
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	r.conn, r.stop = conn, stop
	if err := do(ctx, r); err != nil {
		if cause := context.Cause(ctx); cause != nil && !errors.Is(err, cause) {
			return fmt.Errorf("%w: %w", cause, err)
		}
		return err
	}
	return nil
}

// prepare removes what unfinished runs left, and looks whether the tables can be filled.
func (r *run) prepare(ctx context.Context) error {
	if err := r.reset(ctx); err != nil {
		return err
	}
	var err error
	if r.schema, err = masdb.CurrentSchema(ctx, r.conn); err != nil {
		return fmt.Errorf("native: %w", err)
	}
	if r.before, err = masdb.Capture(ctx, r.conn); err != nil {
		return fmt.Errorf("native: %w", err)
	}
	if !r.rehearsal {
		if r.report.AlreadyDone, err = finished(ctx, r.conn, r.job.Key); err != nil || r.report.AlreadyDone {
			return err
		}
	}
	return r.refuse(ctx)
}

// refuse returns an error if the tables cannot be filled.
func (r *run) refuse(ctx context.Context) error {
	findings, err := r.engine.inspect(ctx, r.conn)
	if err != nil {
		return err
	}
	more, err := r.providers(ctx)
	if err != nil {
		return err
	}
	findings = append(findings, more...)
	if !r.rehearsal {
		empty, err := r.notEmpty(ctx)
		if err != nil {
			return err
		}
		findings = append(findings, empty...)
	}
	r.report.Findings = findings.Sorted()
	if err := findings.Err(); err != nil {
		return fmt.Errorf("native: %w", err)
	}
	if r.obstacles, err = r.engine.obstacles(ctx, r.conn); err != nil {
		return err
	}
	err = r.conn.QueryRow(ctx, `SELECT has_database_privilege(current_database(), 'CREATE'), EXISTS (SELECT FROM pg_attribute
		WHERE attrelid = to_regclass($1) AND attname = 'confirmed_at' AND NOT attisdropped)`, r.live("user_emails")).Scan(&r.canCreate, &r.confirmed)
	if err != nil {
		return fmt.Errorf("native: read the privileges on MAS's database: %w", err)
	}
	return nil
}

// reset removes what unfinished runs left.
func (r *run) reset(ctx context.Context) error {
	left, err := masdb.ReadLeftovers(ctx, r.conn)
	if err != nil {
		return fmt.Errorf("native: %w", err)
	}
	if !left.Any() {
		return nil
	}
	r.job.Logger.WarnContext(ctx, "an unfinished migration is removed from MAS's database", "side_schema", left.Side, "mas_cli_tables", len(left.MASCLI))
	defer r.timed(migrate.StageReset, "")()
	if err := masdb.Reset(ctx, r.conn); err != nil {
		return fmt.Errorf("native: %w", err)
	}
	r.done(migrate.StageReset)
	return nil
}

// migrate fills MAS's tables.
func (r *run) migrate(ctx context.Context) error {
	source, err := openSource(ctx, r.job, sourceOptions{Workers: r.engine.Workers, EmailConfirmedAt: r.confirmed})
	if err != nil {
		return err
	}
	defer closeSource(ctx, source)
	single, err := r.single(ctx)
	if err != nil {
		return err
	}
	if single {
		return r.loadLive(ctx, source)
	}
	return r.loadAside(ctx, source, r.swap)
}

// rehearse fills tables aside, and drops them.
func (r *run) rehearse(ctx context.Context, verify func(context.Context, *pgx.ConnConfig) error) error {
	source, err := openSource(ctx, r.job, sourceOptions{Workers: r.engine.Workers, Rehearsal: true, EmailConfirmedAt: r.confirmed})
	if err != nil {
		return err
	}
	defer closeSource(ctx, source)
	return r.loadAside(ctx, source, func(ctx context.Context) error {
		if verify == nil {
			return nil
		}
		r.job.Snapshot = source.snapshot // by which the rows are compared while Synapse runs on
		config := r.target.Copy()
		config.RuntimeParams["search_path"] = r.path()
		return verify(ctx, config)
	})
}

// single chooses the mode.
func (r *run) single(ctx context.Context) (bool, error) {
	switch {
	case r.engine.Mode == Single || len(r.obstacles) > 0:
		return true, nil
	case r.engine.Mode == Bulk:
		return false, nil
	}
	conn, err := pgx.ConnectConfig(ctx, r.job.Synapse.Copy())
	if err != nil {
		return false, fmt.Errorf("native: connect to Synapse's database: %w", err)
	}
	defer closeConn(ctx, conn)
	var small bool
	if err := conn.QueryRow(ctx, `SELECT count(*) < $1 FROM (SELECT FROM users LIMIT $1) few`, smallServer).Scan(&small); err != nil {
		return false, fmt.Errorf("native: count Synapse's users: %w", err)
	}
	return small, nil
}

// count counts, beside the loading, what there is to load, so that progress has a
// total. The function that it returns waits for that. Without it there is none.
func (r *run) count(ctx context.Context) (wait func()) {
	var counting sync.WaitGroup
	ctx, cancel := context.WithCancel(ctx)
	counting.Go(func() {
		conn, err := pgx.ConnectConfig(ctx, r.job.Synapse.Copy())
		if err != nil {
			return
		}
		defer closeConn(ctx, conn)
		counts, err := synapsedb.Count(ctx, conn)
		if err != nil {
			return
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		r.totals = counts.Target
	})
	return func() { cancel(); counting.Wait() }
}

// total is how many rows an entity will have at most; zero if that is not known yet.
func (r *run) total(entity migrate.Entity) int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.totals[string(entity)]
}

func closeSource(ctx context.Context, s *source) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	_ = s.Close(ctx) // its sessions only read
}

// path is the search_path by which the tables aside hide those of MAS.
func (r *run) path() string { return masdb.SideSchema + ", " + pgx.Identifier{r.schema}.Sanitize() }

// live and aside are the quoted names of a table of MAS, and of that which is filled.
func (r *run) live(table string) string { return pgx.Identifier{r.schema, table}.Sanitize() }

func (r *run) aside(table string) string { return pgx.Identifier{masdb.SideSchema, table}.Sanitize() }

// done tells that a stage is over.
func (r *run) done(stage migrate.Stage) { r.job.Events(migrate.Event{Stage: stage, Done: true}) }

// timed measures until the function that it returns is called.
func (r *run) timed(stage migrate.Stage, object string) func() {
	begun := time.Now()
	return func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.report.Timings = append(r.report.Timings, migrate.Timing{Stage: stage, Object: object, Seconds: time.Since(begun).Seconds()})
	}
}
