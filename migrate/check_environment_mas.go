package migrate

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/migrate/internal/masdb"
)

// masSchema reports what is known of MAS's schema, and whether there is one. Whether an
// engine works with one that is not known is for the engine to say.
func masSchema(ctx context.Context, conn *pgx.Conn, seen *surroundings) (bool, error) {
	head, err := masdb.ReadHead(ctx, conn)
	if errors.Is(err, masdb.ErrNotMAS) {
		seen.report(maskit.SeverityError, databasePath(masDatabase), CodeNotMAS,
			"there is no schema of MAS in MAS's database: "+strings.TrimPrefix(err.Error(), "masdb: "), "check the name of the database, and run mas-cli database migrate")
		return false, nil
	}
	if err != nil {
		return false, err
	}
	release := head.Release()
	seen.versions.MAS, seen.versions.MASSchema = release.Name, head.Version
	if release.Support == masdb.Supported {
		return true, nil
	}
	message := fmt.Sprintf("MAS's schema (%d migrations, the newest %d) is of no release that maskit knows", head.Count, head.Version)
	if release.Support == masdb.Compatible {
		message = "MAS's schema is that of " + release.Name + ", which Synapse's delegation does not work with"
	}
	seen.report(maskit.SeverityWarning, "_sqlx_migrations", CodeUnknownSchema, message, "use MAS 0.20 to 1.22; or the official engine, with the mas-cli of that very release")
	return true, nil
}

// unfinished reports what an unfinished migration left.
func unfinished(seen *surroundings, left masdb.Leftovers) {
	if err := left.Consistent(); err != nil {
		seen.report(maskit.SeverityError, databasePath(masDatabase), CodeUnfinishedRun, strings.TrimPrefix(err.Error(), "masdb: "), "recreate MAS's database, or restore a backup of it")
		return
	}
	message := ""
	switch {
	case len(left.MASCLI) > 0:
		message = "mas-cli syn2mas was begun and did not finish: MAS's tables have other names, and MAS does not start"
	case left.Side:
		message = "a migration was begun and did not finish; MAS's own tables are as they were"
	default:
		return
	}
	seen.report(maskit.SeverityWarning, databasePath(masDatabase), CodeUnfinishedRun, message, "Run begins anew, Rollback removes what is left; or is another one running?")
}

// migrationLock reports that a migration is at work, of whatever engine, and who it is.
func migrationLock(ctx context.Context, conn *pgx.Conn, seen *surroundings) error {
	// A key of 64 bits is in two columns of pg_locks, and objsubid is 1.
	rows, err := conn.Query(ctx, `SELECT concat_ws(' ', 'process', l.pid, 'of', coalesce(a.usename, 'somebody'), '(' || nullif(a.application_name, '') || ')')
		FROM pg_locks l LEFT JOIN pg_stat_activity a USING (pid)
		WHERE l.locktype = 'advisory' AND l.objsubid = 1 AND l.granted AND l.pid <> pg_backend_pid()
			AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
			AND l.classid::int8 = $1::int8 >> 32 AND l.objid::int8 = $1::int8 & 4294967295`, masdb.LockKey)
	if err != nil {
		return fmt.Errorf("look for the lock of migrations: %w", err)
	}
	holders, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return fmt.Errorf("look for the lock of migrations: %w", err)
	}
	if len(holders) > 0 {
		seen.report(maskit.SeverityError, databasePath(masDatabase), CodeMigrationRunning,
			"a migration to MAS's database is running: its lock is held by "+strings.Join(holders, ", "), "wait for it, or end that process")
	}
	return nil
}

// emptiness reports accounts that MAS has already, and who may have made them.
func emptiness(ctx context.Context, conn *pgx.Conn, job *Job, seen *surroundings) error {
	table, rows, err := masdb.NonEmpty(ctx, conn)
	if errors.Is(err, masdb.ErrNotMAS) {
		seen.report(maskit.SeverityError, databasePath(masDatabase), CodeNotMAS, strings.TrimPrefix(err.Error(), "masdb: "), "run mas-cli database migrate")
		return nil
	}
	if err != nil || table == "" {
		return err
	}
	f := Finding{
		Problem: maskit.Problem{
			Path: table, Code: CodeMASNotEmpty, Message: fmt.Sprintf("MAS's database is not empty: %s has %s", table, number(rows, "rows")),
			Hint: "recreate the database: mas-cli database migrate, mas-cli config sync",
		},
		Count: rows,
	}
	if table == string(Users) {
		if err := explainUsers(ctx, conn, job, &f); err != nil {
			return err
		}
	}
	seen.add(f)
	return nil
}

// explainUsers says whose accounts they are, and whence they came.
func explainUsers(ctx context.Context, conn *pgx.Conn, job *Job, f *Finding) error {
	rows, err := conn.Query(ctx, `SELECT username, to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') FROM users ORDER BY created_at, username COLLATE "C" LIMIT $1`, MaxSamples)
	if err != nil {
		return fmt.Errorf("look at the users of MAS: %w", err)
	}
	var name, created, first string
	if _, err := pgx.ForEachRow(rows, []any{&name, &created}, func() error {
		id := "@" + name + ":" + job.serverName()
		if first == "" {
			first = id + " of " + created + " UTC"
		}
		f.Samples = append(f.Samples, id)
		return nil
	}); err != nil {
		return fmt.Errorf("look at the users of MAS: %w", err)
	}
	slices.Sort(f.Samples)
	var migrated bool
	if err := conn.QueryRow(ctx, `SELECT EXISTS (SELECT FROM compat_access_tokens WHERE starts_with(access_token, 'syt_'))`).Scan(&migrated); err != nil {
		return fmt.Errorf("look at the tokens of MAS: %w", err)
	}
	if migrated {
		f.Message = "MAS's database was migrated already: it has " + number(f.Count, "users") + ", and tokens that Synapse issued"
		f.Hint = "Verify says whether it is complete; to migrate again, roll back first, or recreate the database"
		return nil
	}
	f.Message += ", the oldest " + first + "; a MAS that ran before made " + verb(f.Count, "it", "them") + " (its web page, or mas-cli manage register-user)"
	f.Hint = "remove these accounts, if nobody needs them, or " + f.Hint
	f.Fix = "-- in MAS's database; with all that belongs to the accounts\nTRUNCATE " + strings.Join(masdb.Tables(), ", ") + " CASCADE;"
	return nil
}

// serverName is that of the homeserver, from either configuration.
func (j *Job) serverName() string {
	if j.hasLegacy() || j.Config == nil {
		return j.Legacy.ServerName
	}
	return j.Config.Matrix.Homeserver
}

// providerRows reports providers that links would refer to, and that MAS's database lacks:
// mas-cli config sync writes them, and so does a MAS that starts.
func providerRows(ctx context.Context, conn *pgx.Conn, job *Job, seen *surroundings) error {
	known, err := masdb.Providers(ctx, conn)
	if err != nil {
		return err
	}
	for _, idpID := range slices.Sorted(maps.Keys(job.Providers)) {
		id := job.Providers[idpID]
		enabled, ok := known[id]
		f := Finding{Problem: maskit.Problem{Path: "upstream_oauth_providers", Hint: "run mas-cli config sync with the configuration that was given here"}}
		switch {
		case !ok:
			f.Code, f.Message = CodeProviderMissing, fmt.Sprintf("the provider %s, which gets the links of %q, is not in MAS's database", id, idpID)
		case !enabled:
			f.Code, f.Message = CodeProviderDisabled, fmt.Sprintf("the provider %s, which gets the links of %q, is disabled in MAS's database", id, idpID)
		default:
			continue
		}
		seen.add(f)
	}
	return nil
}
