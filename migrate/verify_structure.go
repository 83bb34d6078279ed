package migrate

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/migrate/internal/masdb"
)

// The codes of what [Syn2MAS.Verify] finds.
const (
	// CodeRowsDiffer: rows are missing, too many, or otherwise than in Synapse.
	CodeRowsDiffer = "rows-differ"
	// CodeSchemaChanged: MAS's tables are not defined as before the migration.
	CodeSchemaChanged = "schema-changed"
	// CodeConstraintNotValid: a constraint was not checked against the rows.
	CodeConstraintNotValid = "constraint-not-valid"
	// CodeIndexNotValid: an index is unfinished, and PostgreSQL does not use it.
	CodeIndexNotValid = "index-not-valid"
	// CodeDeactivatedSessions: deactivated users have sessions that are not finished.
	CodeDeactivatedSessions = "deactivated-users-have-sessions"
)

// structureCheck looks at MAS's database, but for the rows.
type structureCheck func(context.Context, *pgx.Conn) (Findings, error)

// verifyConnection is to MAS's database, and cannot write.
func verifyConnection(ctx context.Context, mas *pgx.ConnConfig) (*pgx.Conn, error) {
	conn, err := pgx.ConnectConfig(ctx, mas.Copy())
	if err != nil {
		return nil, fmt.Errorf("connect to %s: %w", masDatabase, err)
	}
	if _, err := conn.Exec(ctx, `SET default_transaction_read_only = on; SET lock_timeout = '30s'; SET statement_timeout = 0`, pgx.QueryExecModeSimpleProtocol); err != nil {
		closeVerifyConnection(ctx, conn)
		return nil, fmt.Errorf("prepare to read %s: %w", masDatabase, err)
	}
	return conn, nil
}

func closeVerifyConnection(ctx context.Context, conn *pgx.Conn) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	_ = conn.Close(ctx) // nothing was written
}

// verifyStructure makes all checks.
func verifyStructure(ctx context.Context, conn *pgx.Conn, o verifyOptions) (Findings, error) {
	checks := []structureCheck{verifyConstraints, verifyIndexes, verifyProviders, verifyDeactivated}
	if !o.rehearsal {
		checks = append(checks, o.definitions)
	}
	var findings Findings
	for _, check := range checks {
		found, err := check(ctx, conn)
		if err != nil {
			return nil, fmt.Errorf("look at %s: %w", masDatabase, err)
		}
		findings = append(findings, found...)
	}
	return findings, nil
}

// verifyLeftovers is what a migration that did not finish has left.
func verifyLeftovers(left masdb.Leftovers) Findings {
	if !left.Any() {
		return nil
	}
	names := left.MASCLI
	if left.Side {
		names = append(names, "schema "+masdb.SideSchema)
	}
	return structureFinding(names, nil, maskit.Problem{
		Code: CodeUnfinishedRun, Message: "a migration that did not finish has left tables behind",
		Hint: "do not start MAS; run the migration again, or roll it back",
	})
}

// definitions compares with what was before.
func (o verifyOptions) definitions(ctx context.Context, conn *pgx.Conn) (Findings, error) {
	if o.before == nil {
		return nil, nil
	}
	now, err := masdb.Capture(ctx, conn)
	if err != nil {
		return nil, err
	}
	lines := capturedSchema(*o.before).Difference(now)
	if len(lines) == 0 {
		return nil, nil
	}
	return Findings{{
		Problem: maskit.Problem{
			Path: "mas", Code: CodeSchemaChanged, Message: "MAS's tables are not defined as before the migration: " + strings.Join(lines, "; "),
			Hint: "do not start MAS; roll the migration back, and report it",
		},
		Count: int64(len(lines)),
	}}, nil
}

// verifyConstraints looks at the tables that are found by the search_path, and those that refer to them.
func verifyConstraints(ctx context.Context, conn *pgx.Conn) (Findings, error) {
	names, err := verifyTexts(ctx, conn, `SELECT c.conrelid::regclass || ': ' || c.conname FROM pg_constraint c
		WHERE NOT c.convalidated AND (c.conrelid IN (SELECT to_regclass(t) FROM unnest($1::text[]) t) OR c.confrelid IN (SELECT to_regclass(t) FROM unnest($1::text[]) t))
		ORDER BY 1`, masdb.Tables())
	return structureFinding(names, err, maskit.Problem{
		Code: CodeConstraintNotValid, Message: "constraints were not checked against the rows",
		Hint: "ALTER TABLE … VALIDATE CONSTRAINT … for each, or roll the migration back",
	}), err
}

func verifyIndexes(ctx context.Context, conn *pgx.Conn) (Findings, error) {
	names, err := verifyTexts(ctx, conn, `SELECT x.indrelid::regclass || ': ' || x.indexrelid::regclass FROM pg_index x
		WHERE NOT (x.indisvalid AND x.indisready) AND x.indrelid IN (SELECT to_regclass(t) FROM unnest($1::text[]) t) ORDER BY 1`, masdb.Tables())
	return structureFinding(names, err, maskit.Problem{
		Code: CodeIndexNotValid, Message: "indexes are unfinished, so PostgreSQL does not use them",
		Hint: "REINDEX INDEX … for each, or roll the migration back",
	}), err
}

func verifyProviders(ctx context.Context, conn *pgx.Conn) (Findings, error) {
	names, err := verifyTexts(ctx, conn, `SELECT l.provider::text || CASE WHEN p.upstream_oauth_provider_id IS NULL THEN ': missing' ELSE ': disabled' END
		FROM (SELECT DISTINCT upstream_oauth_provider_id AS provider FROM upstream_oauth_links) l
			LEFT JOIN upstream_oauth_providers p ON p.upstream_oauth_provider_id = l.provider
		WHERE p.upstream_oauth_provider_id IS NULL OR p.disabled_at IS NOT NULL ORDER BY 1`)
	return structureFinding(names, err, maskit.Problem{
		Path: "upstream_oauth_links", Code: CodeProviderMissing, Message: "links lead to identity providers that MAS does not offer",
		Hint: "put them into MAS's configuration and run mas-cli config sync",
	}), err
}

func verifyDeactivated(ctx context.Context, conn *pgx.Conn) (Findings, error) {
	names, err := verifyTexts(ctx, conn, `SELECT DISTINCT u.username FROM users u WHERE u.deactivated_at IS NOT NULL
		AND EXISTS (SELECT FROM compat_sessions s WHERE s.user_id = u.user_id AND s.finished_at IS NULL)`)
	return structureFinding(names, err, maskit.Problem{
		Path: "compat_sessions", Code: CodeDeactivatedSessions, Message: "users who are deactivated have sessions",
		Hint: "roll the migration back",
	}), err
}

func verifyTwins(ctx context.Context, conn *pgx.Conn) (Findings, error) {
	// Of two twins one at least has an upper-case letter, and few users have.
	names, err := verifyTexts(ctx, conn, `SELECT min(u.username) FROM users u WHERE u.username <> lower(u.username)
		AND EXISTS (SELECT FROM users v WHERE lower(v.username) = lower(u.username) AND v.username <> u.username)
		GROUP BY lower(u.username) ORDER BY 1 LIMIT 1000`)
	return structureFinding(names, err, maskit.Problem{
		Path: "users", Code: CodeCaseTwins, Severity: maskit.SeverityWarning,
		Message: "usernames differ in nothing but upper and lower case, so their people must write them exactly as they are",
	}), err
}

// structureFinding is what is wrong with some named things; nothing if there are none.
func structureFinding(names []string, err error, p maskit.Problem) Findings {
	if err != nil || len(names) == 0 {
		return nil
	}
	if p.Path == "" {
		p.Path = "mas"
	}
	return Findings{{Problem: p, Count: int64(len(names)), Samples: samples(names)}}
}

func verifyTexts(ctx context.Context, conn *pgx.Conn, sql string, args ...any) ([]string, error) {
	rows, err := conn.Query(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}
