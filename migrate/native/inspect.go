package native

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/migrate"
	"github.com/maskit-dev/maskit/migrate/internal/masdb"
)

// The code of a finding that this engine alone has.
const (
	// CodeNoBulk: something depends on MAS's tables, or a privilege is missing, so that
	// they can be filled in place only.
	CodeNoBulk = "no-bulk"
)

// inspect looks at MAS's database. Unless what an unfinished run left has been
// removed, it may find nothing else.
func (e Engine) inspect(ctx context.Context, conn *pgx.Conn) (migrate.Findings, error) {
	left, err := masdb.ReadLeftovers(ctx, conn)
	if err != nil {
		return nil, fmt.Errorf("native: %w", err)
	}
	if err := left.Consistent(); err != nil {
		return migrate.Findings{finding(migrate.CodeUnfinishedRun, "", err.Error(), "recreate MAS's database, or restore a backup")}, nil
	}
	if len(left.MASCLI) > 0 {
		return nil, nil // MAS's tables have other names until that is reset
	}
	findings, err := e.inspectSchema(ctx, conn)
	if err != nil {
		return nil, err
	}
	privileges, err := e.inspectPrivileges(ctx, conn)
	if err != nil {
		return nil, err
	}
	mode, err := e.inspectMode(ctx, conn)
	if err != nil {
		return nil, err
	}
	return slices.Concat(findings, privileges, mode), nil
}

// inspectSchema compares the schema with those that are known.
func (e Engine) inspectSchema(ctx context.Context, conn *pgx.Conn) (migrate.Findings, error) {
	head, err := masdb.ReadHead(ctx, conn)
	if errors.Is(err, masdb.ErrNotMAS) {
		return migrate.Findings{finding(migrate.CodeUnknownSchema, "_sqlx_migrations", err.Error(), "run mas-cli database migrate with the version of MAS that will run")}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("native: %w", err)
	}
	problems, err := masdb.CheckShape(ctx, conn)
	if err != nil {
		return nil, fmt.Errorf("native: %w", err)
	}
	var findings migrate.Findings
	for _, problem := range problems {
		findings = append(findings, migrate.Finding{Problem: problem})
	}
	if release := head.Release(); release.Support != masdb.Supported {
		findings = append(findings, e.unsupported(release))
	}
	return findings, nil
}

func (e Engine) unsupported(release masdb.Release) migrate.Finding {
	message := fmt.Sprintf("MAS's schema is that of MAS %s, which is not supported", release.Name)
	if release.Support == masdb.Unknown {
		message = fmt.Sprintf("MAS's schema (migration %d, %d in all) is of no release that is known", release.Version, release.Count)
	}
	f := finding(migrate.CodeUnknownSchema, "_sqlx_migrations", message,
		"use a release from 0.20 to 1.22, the official engine, or, at your own risk, Engine.AllowUnknownSchema")
	if e.AllowUnknownSchema {
		f.Severity = maskit.SeverityWarning
	}
	return f
}

// inspectPrivileges looks whether the role may write the tables.
func (e Engine) inspectPrivileges(ctx context.Context, conn *pgx.Conn) (migrate.Findings, error) {
	var role string
	var tables, owners []string
	err := conn.QueryRow(ctx, `SELECT current_user::text, coalesce(array_agg(c.relname::text ORDER BY c.relname), '{}'), coalesce(array_agg(DISTINCT c.relowner::regrole::text), '{}')
		FROM pg_class c
		WHERE c.relnamespace = quote_ident(current_schema())::regnamespace AND c.relname = ANY ($1) AND NOT pg_has_role(c.relowner, 'USAGE')`, masdb.Tables()).
		Scan(&role, &tables, &owners)
	if err != nil {
		return nil, fmt.Errorf("native: read the owners of MAS's tables: %w", err)
	}
	if len(tables) == 0 {
		return nil, nil
	}
	return migrate.Findings{finding(migrate.CodeNotOwner, "mas database",
		fmt.Sprintf("the role %s neither owns %s in MAS's database nor is a member of the owner, %s, so it can neither replace nor lock them",
			role, strings.Join(tables, ", "), strings.Join(owners, ", ")),
		"connect as the role that MAS uses, which owns its tables")}, nil
}

// inspectMode says whether [Bulk] is possible.
func (e Engine) inspectMode(ctx context.Context, conn *pgx.Conn) (migrate.Findings, error) {
	if e.Mode == Single {
		return nil, nil
	}
	obstacles, err := e.obstacles(ctx, conn)
	if err != nil || len(obstacles) == 0 {
		return nil, err
	}
	f := finding(CodeNoBulk, "", "MAS's tables cannot be replaced: "+strings.Join(obstacles, "; "), "remove it for the time of the migration, or set Engine.Mode to Single")
	f.Effect = "the tables are filled in place, which takes some three times as long on a large server"
	if e.Mode == Auto {
		f.Severity = maskit.SeverityWarning
	}
	return migrate.Findings{f}, nil
}

// obstacles lists what makes [Bulk] impossible, for people.
func (e Engine) obstacles(ctx context.Context, conn *pgx.Conn) ([]string, error) {
	obstacles, err := masdb.Obstacles(ctx, conn)
	if err != nil {
		return nil, fmt.Errorf("native: %w", err)
	}
	var aside, inPlace bool
	err = conn.QueryRow(ctx, `SELECT has_database_privilege(current_database(), 'CREATE'), has_schema_privilege(current_schema(), 'CREATE')`).Scan(&aside, &inPlace)
	if err != nil {
		return nil, fmt.Errorf("native: read the privileges on MAS's database: %w", err)
	}
	if !aside {
		obstacles = append(obstacles, "the role may not create a schema (GRANT CREATE ON DATABASE)")
	}
	if !inPlace {
		obstacles = append(obstacles, "the role may not create tables in MAS's schema (GRANT CREATE ON SCHEMA)")
	}
	if e.withDefaults().MaxConnections < bulkConnections {
		obstacles = append(obstacles, fmt.Sprintf("MaxConnections is below %d", bulkConnections))
	}
	return obstacles, nil
}

// providers looks whether MAS's database has the identity providers that links point to.
func (r *run) providers(ctx context.Context) (migrate.Findings, error) {
	if len(r.job.Providers) == 0 {
		return nil, nil
	}
	there, err := masdb.Providers(ctx, r.conn)
	if err != nil {
		return nil, fmt.Errorf("native: %w", err)
	}
	var findings migrate.Findings
	for name, id := range r.job.Providers {
		switch enabled, ok := there[id]; {
		case !ok:
			findings = append(findings, finding(migrate.CodeProviderMissing, "upstream_oauth_providers",
				fmt.Sprintf("MAS's database does not have the provider %s (%s in Synapse)", id, name), "run mas-cli config sync"))
		case !enabled:
			findings = append(findings, finding(migrate.CodeProviderDisabled, "upstream_oauth_providers",
				fmt.Sprintf("the provider %s (%s in Synapse) is disabled in MAS's database", id, name), "run mas-cli config sync with the provider in the configuration"))
		}
	}
	return findings.Sorted(), nil
}

// notEmpty reports the first table of MAS that has rows.
func (r *run) notEmpty(ctx context.Context) (migrate.Findings, error) {
	table, rows, err := masdb.NonEmpty(ctx, r.conn)
	if err != nil {
		return nil, fmt.Errorf("native: %w", err)
	}
	if table == "" {
		return nil, nil
	}
	return migrate.Findings{notEmpty(table, rows)}, nil
}

func notEmpty(table string, rows int64) migrate.Finding {
	f := finding(migrate.CodeMASNotEmpty, table, fmt.Sprintf("MAS's table %s is not empty: it has %d rows", table, rows),
		"stop MAS, and start from an empty database: whoever made users in MAS before the migration has to make them again after it")
	f.Count = rows
	return f
}

func finding(code, path, message, hint string) migrate.Finding {
	return migrate.Finding{Problem: maskit.Problem{Path: path, Code: code, Severity: maskit.SeverityError, Message: message, Hint: hint}}
}
