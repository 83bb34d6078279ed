package official

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/migrate"
	"github.com/maskit-dev/maskit/migrate/internal/masdb"
)

// dial opens a session at MAS's database for statements that may take long.
func dial(ctx context.Context, config *pgx.ConnConfig) (*pgx.Conn, error) {
	conn, err := pgx.ConnectConfig(ctx, config.Copy())
	if err != nil {
		return nil, fmt.Errorf("connect to MAS's database: %w", err)
	}
	if _, err := conn.Exec(ctx, `SET statement_timeout = 0; SET default_transaction_read_only = off; SET lock_timeout = '30s'`); err != nil {
		closeConn(ctx, conn)
		return nil, fmt.Errorf("set up a session at MAS's database: %w", err)
	}
	return conn, nil
}

func closeConn(ctx context.Context, conn *pgx.Conn) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	_ = conn.Close(ctx)
}

// reset removes what an unfinished run of any engine left.
func reset(ctx context.Context, config *pgx.ConnConfig) error {
	conn, err := dial(ctx, config)
	if err != nil {
		return err
	}
	defer closeConn(ctx, conn)
	if err := masdb.Lock(ctx, conn); err != nil {
		return err
	}
	if err := endOrphans(ctx, conn); err != nil {
		return err
	}
	return masdb.Reset(ctx, conn) // the end of the session gives the lock back
}

// endOrphans ends sessions of a mas-cli that is dead: one that lives has the lock, which
// is ours. PostgreSQL itself may notice its death only after the statement at hand.
func endOrphans(ctx context.Context, conn *pgx.Conn) error {
	_, err := conn.Exec(ctx, `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
		WHERE datname = current_database() AND usename = current_user AND application_name = $1`, applicationName)
	if failed, ok := errors.AsType[*pgconn.PgError](err); ok && failed.Code == "42883" { // PostgreSQL 13 does not wait
		_, err = conn.Exec(ctx, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
			WHERE datname = current_database() AND usename = current_user AND application_name = $1`, applicationName)
	}
	if err != nil {
		return fmt.Errorf("end the sessions of a dead mas-cli at MAS's database: %w", err)
	}
	return nil
}

// inspect looks at MAS's database without writing to it.
func inspect(ctx context.Context, config *pgx.ConnConfig, version maskit.Version) (migrate.Findings, error) {
	conn, err := dial(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("official: %w", err)
	}
	defer closeConn(ctx, conn)
	left, err := masdb.ReadLeftovers(ctx, conn)
	if err != nil {
		return nil, fmt.Errorf("official: %w", err)
	}
	if err := left.Consistent(); err != nil {
		return migrate.Findings{finding(maskit.SeverityError, "", migrate.CodeUnfinishedRun, err.Error(), "recreate MAS's database, or restore a backup")}, nil
	}
	findings, err := compareHead(ctx, conn, version)
	if err != nil {
		return nil, fmt.Errorf("official: %w", err)
	}
	return findings, nil
}

// compareHead compares the schema with that of mas-cli, as far as both are known.
// mas-cli would apply what is pending, and the database would no longer be as before.
func compareHead(ctx context.Context, conn *pgx.Conn, version maskit.Version) (migrate.Findings, error) {
	head, err := masdb.ReadHead(ctx, conn)
	if errors.Is(err, masdb.ErrNotMAS) {
		return migrate.Findings{finding(maskit.SeverityError, "_sqlx_migrations", migrate.CodeNotMAS, err.Error(), "run mas-cli database migrate")}, nil
	}
	if err != nil {
		return nil, err
	}
	release, known := releaseOf(version)
	if !known || release.Head == head {
		return nil, nil
	}
	return migrate.Findings{finding(maskit.SeverityError, "_sqlx_migrations", CodePendingMigrations,
		fmt.Sprintf("MAS's schema is that of MAS %s (migration %d, %d in all), and mas-cli is %s", name(head.Release()), head.Version, head.Count, version),
		"run mas-cli database migrate with the version of MAS that will run, and migrate with the same")}, nil
}

func name(release masdb.Release) string {
	if release.Name == "" {
		return "an unknown version"
	}
	return release.Name
}

// releaseOf finds the schema of a version: "1.22", or one of "1.20 to 1.21".
func releaseOf(version maskit.Version) (masdb.Release, bool) {
	for _, release := range masdb.Releases() {
		first, last, isRange := strings.Cut(release.Name, " to ")
		if !isRange {
			last = first
		}
		from, err := maskit.ParseVersion(first)
		to, wrong := maskit.ParseVersion(last)
		minor := maskit.Version{Major: version.Major, Minor: version.Minor}
		if err == nil && wrong == nil && !version.IsZero() && minor.AtLeast(from) && to.AtLeast(minor) {
			return release, true
		}
	}
	return masdb.Release{}, false
}

func notEmpty(table string, rows int64) migrate.Finding {
	f := finding(maskit.SeverityError, table, migrate.CodeMASNotEmpty, fmt.Sprintf("MAS's table %s is not empty: it has %d rows", table, rows),
		"stop MAS, and start from an empty database: whoever made users in MAS before the migration has to make them again after it")
	f.Count = rows
	return f
}

// finished reports whether MAS has the very users of Synapse that a migration makes: the
// same names with the same times of creation. As mas-cli puts all its tables in place in
// one transaction, everything else is there, too.
func (r *run) finished(ctx context.Context, conn *pgx.Conn) (bool, error) {
	synapse, err := pgx.ConnectConfig(ctx, r.job.Synapse.Copy())
	if err != nil {
		return false, fmt.Errorf("connect to Synapse's database: %w", err)
	}
	defer closeConn(ctx, synapse)
	var here, there fingerprint
	err = here.read(ctx, conn, `SELECT username || '|' || extract(epoch FROM created_at)::bigint AS key FROM users`)
	if err != nil {
		return false, fmt.Errorf("read the users of MAS's database: %w", err)
	}
	err = there.read(ctx, synapse, `SELECT substr(name, 2, length(name) - 1 - length($1)) || '|' || creation_ts AS key FROM users WHERE appservice_id IS NULL`,
		":"+r.job.Legacy.ServerName)
	if err != nil {
		return false, fmt.Errorf("read the users of Synapse's database: %w", err)
	}
	return here.rows > 0 && here == there, nil
}

// fingerprint is that of a set of texts in any order.
type fingerprint struct {
	rows int64
	sum  string
}

func (f *fingerprint) read(ctx context.Context, conn *pgx.Conn, keys string, args ...any) error {
	query := `SELECT count(*), coalesce(sum(('x' || substr(md5(key), 1, 15))::bit(60)::bigint), 0)::text FROM (` + keys + `) AS keys`
	return conn.QueryRow(ctx, query, args...).Scan(&f.rows, &f.sum)
}
