package native

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/maskit-dev/maskit/migrate"
	"github.com/maskit-dev/maskit/migrate/internal/masdb"
)

// loadAside fills tables aside, indexes them, and calls finish while they are there.
// Unless that has moved them, they are dropped.
func (r *run) loadAside(ctx context.Context, source *source, finish func(context.Context) error) error {
	if err := r.createSide(ctx); err != nil {
		return err
	}
	defer r.dropSide(ctx)
	parts, err := r.readParts(ctx)
	if err != nil {
		return err
	}
	stopWatch := watch(ctx, r.conn, r.stop)
	err = r.fillAside(ctx, source, parts)
	stopWatch()
	if err != nil {
		return err
	}
	return finish(ctx)
}

// fillAside loads and indexes the tables aside.
func (r *run) fillAside(ctx context.Context, source *source, parts parts) error {
	loaded, err := r.copyAside(ctx, source)
	if err != nil {
		return err
	}
	if err := r.judge(&loaded); err != nil {
		return err
	}
	return r.build(ctx, parts, loaded)
}

// judge asks whether what was found is acceptable.
func (r *run) judge(loaded *tally) error {
	r.report.Entities = loaded.reports()
	found := loaded.findings(r.job)
	r.report.Findings = append(r.report.Findings, found...).Sorted()
	return r.job.Judge(found)
}

// side is a sink of one COPY per entity.
type side struct {
	uploads map[migrate.Entity]*upload
}

func (s *side) write(ctx context.Context, entity migrate.Entity, tuples []byte, _ int) error {
	if err := s.uploads[entity].write(ctx, tuples); err != nil {
		return fmt.Errorf("native: load %s in MAS's database: %w", entity, err)
	}
	return nil
}

// copyAside loads the tables: each is made and filled in one transaction of its own
// session, so that its rows need neither be frozen nor marked as visible later.
func (r *run) copyAside(ctx context.Context, source *source) (tally, error) {
	defer r.timed(migrate.StageLoad, "")()
	ctx, cancel := context.WithCancel(ctx)
	side := &side{uploads: map[migrate.Entity]*upload{}}
	defer side.close(ctx, cancel)
	for _, entity := range migrate.Entities() {
		conn, err := r.engine.connect(ctx, r.target, r.engine.bulkSettings())
		if err != nil {
			return tally{}, err
		}
		if err := r.createAside(ctx, conn, string(entity)); err != nil {
			closeConn(ctx, conn)
			return tally{}, err
		}
		side.uploads[entity] = openUpload(ctx, conn, copySQL(r.aside(string(entity)), entity, r.confirmed, "FORMAT binary, FREEZE"), source.buffers)
	}
	progress := newProgress(r, side)
	defer r.count(ctx)()
	loaded, err := source.load(ctx, progress)
	if err != nil {
		return tally{}, err
	}
	if err := side.commit(ctx); err != nil {
		return tally{}, err
	}
	progress.finish()
	return loaded, nil
}

// commit ends all COPYs, and makes them last.
func (s *side) commit(ctx context.Context) error {
	var (
		all  sync.WaitGroup
		errs = make([]error, tables)
	)
	for i, entity := range migrate.Entities() {
		upload := s.uploads[entity]
		all.Go(func() {
			if errs[i] = upload.finish(); errs[i] == nil {
				_, errs[i] = upload.conn.Exec(ctx, "COMMIT")
			}
		})
	}
	all.Wait()
	for i, entity := range migrate.Entities() {
		if errs[i] != nil {
			return fmt.Errorf("native: load %s in MAS's database: %w", entity, errs[i])
		}
	}
	return nil
}

// close ends the sessions, and with them what was not committed.
func (s *side) close(ctx context.Context, cancel context.CancelFunc) {
	cancel()
	for _, upload := range s.uploads {
		<-upload.ended
		closeConn(ctx, upload.conn)
	}
}

// createSide makes the schema. It belongs to the owner of MAS's tables.
func (r *run) createSide(ctx context.Context) error {
	var owner string
	err := r.conn.QueryRow(ctx, `SELECT relowner::regrole::text FROM pg_class WHERE oid = to_regclass($1)`, r.live("users")).Scan(&owner)
	if err == nil {
		_, err = r.conn.Exec(ctx, "CREATE SCHEMA "+masdb.SideSchema+" AUTHORIZATION "+owner)
	}
	if err != nil {
		return fmt.Errorf("native: create the schema %s in MAS's database: %w", masdb.SideSchema, err)
	}
	return nil
}

// dropSide drops the schema if it is still there. If it cannot, the next run does.
func (r *run) dropSide(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 20*time.Second)
	defer cancel()
	conn := r.conn
	if conn.IsClosed() {
		var err error
		if conn, err = r.engine.connect(ctx, r.target, nil); err != nil {
			r.job.Logger.WarnContext(ctx, "tables of an unfinished migration stay in MAS's database", "schema", masdb.SideSchema, "error", err)
			return
		}
		defer closeConn(ctx, conn)
		// Another run may have begun meanwhile.
		if err := masdb.Lock(ctx, conn); err != nil {
			return
		}
	}
	if err := masdb.Reset(ctx, conn); err != nil {
		r.job.Logger.WarnContext(ctx, "tables of an unfinished migration stay in MAS's database", "schema", masdb.SideSchema, "error", err)
	}
}

// createAside begins a transaction and makes a table like that of MAS, without indexes and keys.
func (r *run) createAside(ctx context.Context, conn *pgx.Conn, table string) error {
	var owner, tablespace string
	err := conn.QueryRow(ctx, `SELECT relowner::regrole::text, coalesce((SELECT ' TABLESPACE ' || quote_ident(spcname) FROM pg_tablespace WHERE oid = reltablespace), '')
		FROM pg_class WHERE oid = to_regclass($1)`, r.live(table)).Scan(&owner, &tablespace)
	if err != nil {
		return fmt.Errorf("native: look at MAS's table %s: %w", table, err)
	}
	for _, statement := range []string{
		"SET search_path = " + r.path(),
		"BEGIN",
		"CREATE TABLE " + r.aside(table) + " (LIKE " + r.live(table) + " INCLUDING ALL EXCLUDING INDEXES EXCLUDING STATISTICS EXCLUDING IDENTITY EXCLUDING GENERATED)" +
			" WITH (autovacuum_enabled = false)" + tablespace, // it would only be in the way
		"ALTER TABLE " + r.aside(table) + " OWNER TO " + owner,
	} {
		if _, err := conn.Exec(ctx, statement); err != nil {
			return fmt.Errorf("native: create a table like MAS's %s: %w", table, err)
		}
	}
	return nil
}
