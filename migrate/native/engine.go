package native

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/migrate"
)

// Engine moves rows by reading Synapse's database with parallel, sorted streams and
// writing MAS's by binary COPY. The zero value is ready.
//
// Whatever happens, MAS's tables are as they were until one transaction changes them
// all; that is the last thing a run does. A run that finds that it has already
// committed knows that by the ids of users, which only it can have made: nothing of
// its own stays in MAS's database.
type Engine struct {
	// Mode is how rows get into MAS's tables. The zero value chooses.
	Mode Mode
	// Workers is how many ranges of users are read at once; each takes six connections
	// to Synapse's database. The default is 1: more are worth it on servers with more
	// than four cores.
	Workers int
	// Builders is how many sessions build indexes. The default is 4.
	Builders int
	// MaxConnections bounds the connections to each database, at least 8. The default
	// is 16. Below 9, Bulk is not possible.
	MaxConnections int
	// MaxRowsPerSecond bounds the rows written, over all tables; zero is no bound.
	MaxRowsPerSecond int
	// MaintenanceMemory is maintenance_work_mem of each builder, in bytes. The default is
	// 256 MiB.
	MaintenanceMemory int64
	// LockTimeout is how long to wait for locks on MAS's tables. The default is ten seconds.
	LockTimeout time.Duration
	// AllowUnknownSchema works with schemas of MAS that are of no supported release
	// (0.20 to 1.22), if they have the right shape. MAS may read the rows of such a
	// release in another way: verify, and try it out.
	AllowUnknownSchema bool
}

// Mode is how rows get into MAS's tables.
type Mode string

const (
	// Auto is Single for small servers and wherever Bulk is not possible, else Bulk.
	Auto Mode = ""
	// Bulk loads tables in a schema of its own, "maskit_syn2mas", builds their indexes
	// in parallel, and then puts them in the place of MAS's empty ones. It needs the
	// privilege CREATE on the database and no dependent views, publications or policies.
	Bulk Mode = "bulk"
	// Single writes to MAS's own tables in one transaction.
	Single Mode = "single"
)

// smallServer is below how many users of Synapse Single is faster than Bulk.
const smallServer = 4000

var _ migrate.Engine = Engine{}

// Name is "native".
func (Engine) Name() string { return "native" }

// FindsAnomalies is true: rows that do not fit are found while they are read.
func (Engine) FindsAnomalies() bool { return true }

// Check reports what keeps this engine from working with MAS's database: an unknown
// schema, missing privileges, and what an unfinished run left in a state that cannot
// be reset. It writes nothing.
func (e Engine) Check(ctx context.Context, job *migrate.Job) (migrate.Findings, error) {
	conn, err := e.connect(ctx, job.MAS, nil)
	if err != nil {
		return nil, err
	}
	defer closeConn(ctx, conn)
	return e.inspect(ctx, conn)
}

// Run loads MAS's database; see [migrate.Engine].
func (e Engine) Run(ctx context.Context, job *migrate.Job) (migrate.RunReport, error) {
	return e.during(ctx, job, job.MAS, func(ctx context.Context, r *run) error {
		if err := r.prepare(ctx); err != nil || r.report.AlreadyDone {
			return err
		}
		return r.migrate(ctx)
	})
}

// Rehearse loads the tables aside, in MAS's database or, if there is one, in the
// scratch database, and drops them. It always does so as [Bulk] does, and thus needs
// CREATE on the database.
func (e Engine) Rehearse(ctx context.Context, job *migrate.Job, verify func(context.Context, *pgx.ConnConfig) error) (migrate.RunReport, error) {
	target := job.MAS
	if job.Scratch != nil {
		target = job.Scratch
	}
	return e.during(ctx, job, target, func(ctx context.Context, r *run) error {
		r.rehearsal = true
		if err := r.prepare(ctx); err != nil {
			return err
		}
		if !r.canCreate {
			return fmt.Errorf("native: rehearse: the role may not create a schema in MAS's database: grant CREATE on the database, or name a scratch database: %w", maskit.ErrUnsupported)
		}
		return r.rehearse(ctx, verify)
	})
}

// Reset removes what an unfinished run of this engine or of mas-cli left. It does not
// touch what a finished one has written.
func (e Engine) Reset(ctx context.Context, job *migrate.Job) error {
	_, err := e.during(ctx, job, job.MAS, func(ctx context.Context, r *run) error { return r.reset(ctx) })
	return err
}

// during calls do while the lock of migrations is held.
func (e Engine) during(ctx context.Context, job *migrate.Job, target *pgx.ConnConfig, do func(context.Context, *run) error) (migrate.RunReport, error) {
	if e.Mode != Auto && e.Mode != Bulk && e.Mode != Single {
		return migrate.RunReport{}, fmt.Errorf("native: the mode %q is none of %q, %q and %q: %w", e.Mode, Auto, Bulk, Single, maskit.ErrInvalid)
	}
	r := &run{engine: e.withDefaults(), job: job, target: target, report: migrate.RunReport{Engine: e.Name(), Started: time.Now()}}
	err := r.locked(ctx, do)
	r.report.Finished = time.Now()
	return r.report, err
}

func (e Engine) withDefaults() Engine {
	set := func(field *int, value int) {
		if *field <= 0 {
			*field = value
		}
	}
	set(&e.Workers, 1)
	set(&e.Builders, 4)
	set(&e.MaxConnections, 16)
	if e.MaintenanceMemory <= 0 {
		e.MaintenanceMemory = 256 << 20
	}
	if e.LockTimeout <= 0 {
		e.LockTimeout = 10 * time.Second
	}
	e.Workers = max(1, min(e.Workers, (e.MaxConnections-2)/streamsPerWorker)) // one has the locks, one counts
	e.Builders = max(1, min(e.Builders, e.MaxConnections-1))
	return e
}

// bulkConnections is what Bulk needs: one per table, and that which has the lock.
const bulkConnections = int(tables) + 1
