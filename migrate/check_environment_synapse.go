package migrate

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/migrate/internal/synapsedb"
)

// oldestSchema is the version of the schema of Synapse 1.136, the oldest that MAS works with.
const oldestSchema = 92

// isDenied reports whether the role lacked a right, which [readPrivileges] tells.
func isDenied(err error) bool {
	failed, ok := errors.AsType[*pgconn.PgError](err)
	return ok && failed.Code == "42501"
}

func notSynapse(missing []string) Finding {
	return Finding{Problem: maskit.Problem{
		Path: databasePath(synapseDatabase), Code: CodeNotSynapse,
		Message: "Synapse's database has no table " + strings.Join(missing, ", ") + ": it is of another program, or the role does not see its schema",
		Hint:    "check the name of the database; or GRANT USAGE ON SCHEMA to the role, and set its search_path",
	}}
}

func judgeSynapseSchema(seen *surroundings, schema synapsedb.Schema) {
	if schema.Version != 0 && schema.Version < oldestSchema {
		seen.report(maskit.SeverityError, "schema_version", CodeSynapseTooOld,
			fmt.Sprintf("Synapse's schema is of version %d, older than that of Synapse 1.136 (%d), the oldest that MAS works with", schema.Version, oldestSchema),
			"upgrade Synapse, start it once, and check again")
	}
}

// readPrivileges reports what the role lacks to read the tables and to lock them. The
// lock keeps out a Synapse that was started too early; it asks for a right to write,
// which is not used.
func readPrivileges(ctx context.Context, conn *pgx.Conn, seen *surroundings, at server) error {
	right, maintain := "UPDATE", "false"
	if at.number >= 170000 {
		right, maintain = "MAINTAIN", "has_table_privilege(c.oid, 'MAINTAIN')"
	}
	rows, err := conn.Query(ctx, `SELECT name, has_table_privilege(c.oid, 'SELECT'),
			name <> ALL ($2) OR has_table_privilege(c.oid, 'UPDATE, DELETE, TRUNCATE') OR `+maintain+`
		FROM unnest($1::text[]) WITH ORDINALITY t (name, i) JOIN pg_class c ON c.oid = to_regclass(quote_ident(name)) ORDER BY i`,
		slices.Concat(synapsedb.Locked(), synapsedb.Looked(), []string{"schema_version"}), synapsedb.Locked())
	if err != nil {
		return fmt.Errorf("ask for privileges: %w", err)
	}
	var (
		table              string
		canRead, canLock   bool
		notRead, notLocked []string
	)
	if _, err = pgx.ForEachRow(rows, []any{&table, &canRead, &canLock}, func() error {
		if !canRead {
			notRead = append(notRead, table)
		}
		if !canLock {
			notLocked = append(notLocked, table)
		}
		return nil
	}); err != nil {
		return fmt.Errorf("ask for privileges: %w", err)
	}
	seen.synapseReady = len(notRead) == 0
	if len(notRead) > 0 {
		seen.add(lacks(at, "SELECT", notRead, "cannot read "))
	}
	if len(notLocked) > 0 {
		seen.add(lacks(at, right, notLocked, "can read, but not lock "))
	}
	return nil
}

// lacks reports that the role may not do something with tables.
func lacks(at server, right string, tables []string, what string) Finding {
	list := strings.Join(tables, ", ")
	return Finding{
		Problem: maskit.Problem{
			Path: tables[0], Code: CodePrivilege, Message: fmt.Sprintf("the role %s %s%s in %s", at.user, what, list, at.whose),
			Hint: "connect as the owner of the tables, or grant the right, as a superuser or the owner, in " + at.whose,
		},
		Fix: fmt.Sprintf("GRANT %s ON %s TO %s;", right, list, pgx.Identifier{at.user}.Sanitize()),
	}
}

// backgroundUpdates tells that Synapse has not finished its last upgrade.
func backgroundUpdates(ctx context.Context, conn *pgx.Conn, seen *surroundings) error {
	var readable bool
	err := conn.QueryRow(ctx, `SELECT coalesce(has_table_privilege(to_regclass('background_updates')::oid, 'SELECT'), false)`).Scan(&readable)
	if err != nil || !readable {
		return err
	}
	rows, err := conn.Query(ctx, `SELECT update_name FROM background_updates ORDER BY 1`)
	if err != nil {
		return fmt.Errorf("look for background updates: %w", err)
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return fmt.Errorf("look for background updates: %w", err)
	}
	if len(names) > 0 {
		seen.add(Finding{
			Problem: maskit.Problem{
				Path: "background_updates", Code: CodeBackgroundUpdates, Severity: maskit.SeverityInfo,
				Message: "Synapse still has work to do from its last upgrade", Hint: "let it finish before the migration, if it can be awaited: rows of users may be among the work",
			},
			Count: int64(len(names)), Samples: samples(names),
		})
	}
	return nil
}

// space tells how much room is needed: no query knows how much there is. MAS's tables and
// indexes take about as much as Synapse's (measured on 20,000 users with PostgreSQL 15),
// filled in place somewhat more.
func space(ctx context.Context, conn *pgx.Conn, seen *surroundings) error {
	var size int64
	if err := conn.QueryRow(ctx, `SELECT coalesce(sum(pg_total_relation_size(to_regclass(quote_ident(name)))), 0)::int8 FROM unnest($1::text[]) name`, synapsedb.Locked()).Scan(&size); err != nil {
		return fmt.Errorf("ask for the size of tables: %w", err)
	}
	most := size * 3 / 2
	seen.report(maskit.SeverityInfo, databasePath(masDatabase), CodeSpace,
		fmt.Sprintf("Synapse's tables that are read take %s; MAS's will take up to about %s, and the write-ahead log as much again for some time", dataSize(size), dataSize(most)),
		"make sure that the disk of MAS's server has "+dataSize(2*most)+" left; the server does not tell")
	return nil
}

// dataSize writes a size for people.
func dataSize(n int64) string {
	size, units := float64(n), []string{"B", "KiB", "MiB", "GiB", "TiB"}
	for len(units) > 1 && size >= 1024 {
		size, units = size/1024, units[1:]
	}
	text := strconv.FormatFloat(size, 'f', 1, 64)
	return strings.TrimSuffix(text, ".0") + " " + units[0]
}
