package migrate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/mas"
	"github.com/maskit-dev/maskit/migrate/migratetest"
)

// judge is an engine whose check says what it is told to.
type judge struct {
	Engine

	found Findings
	err   error
}

func (judge) Name() string { return "native" }

func (j judge) Check(context.Context, *Job) (Findings, error) { return j.found, j.err }

// fingerprint is what is in a database: the rows of each table, by hash, and the catalog.
func fingerprint(t *testing.T, conn *pgx.Conn) map[string]string {
	t.Helper()
	rows, err := conn.Query(t.Context(), `SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`)
	require.NoError(t, err)
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	prints := map[string]string{}
	for _, table := range tables {
		var text string
		// xmin tells of rows that were written anew with what was there.
		require.NoError(t, conn.QueryRow(t.Context(), "SELECT count(*) || ' ' || coalesce(sum(hashtextextended(xmin::text || t::text, 0)), 0) FROM "+table+" t").Scan(&text))
		prints[table] = text
	}
	var catalog string
	require.NoError(t, conn.QueryRow(t.Context(), `SELECT concat_ws(' ', (SELECT sum(hashtextextended(c::text, 0)) FROM (SELECT oid, relname, relnamespace, relowner, relacl, relkind FROM pg_class) c),
		(SELECT sum(hashtextextended(c::text, 0)) FROM pg_constraint c), (SELECT count(*) FROM pg_namespace))`).Scan(&catalog))
	prints["catalog"] = catalog
	return prints
}

// The whole check on real schemas: what it finds, that it writes nothing, and that it tells no secret.
func TestCheck(t *testing.T) {
	t.Parallel()
	p := newPair(t, true, true)
	_, err := migratetest.Generate(t.Context(), p.synapse, migratetest.Spec{Users: 50, Seed: 1})
	require.NoError(t, err)
	sql(t, p.synapse, "INSERT INTO devices (user_id, device_id, hidden) VALUES ('@nobody:example.com', 'GONE', false)")
	synapse, theirs := fingerprint(t, p.synapse), fingerprint(t, p.mas)
	var events []string
	p.m.Events = func(e Event) {
		require.Equal(t, StageCheck, e.Stage)
		require.False(t, e.Time.IsZero())
		events = append(events, e.Object)
	}
	p.m.Engine = judge{found: Findings{{Problem: maskit.Problem{Path: "engine", Code: "of-the-engine", Severity: maskit.SeverityWarning, Message: "m", Hint: "h"}}}}
	report, err := p.m.Check(t.Context())
	require.NoError(t, err)
	codes := found(report.Findings)
	require.Contains(t, codes, "error devices orphan-rows")
	require.Contains(t, codes, "warning engine of-the-engine")
	require.Contains(t, codes, "info mas database space")
	require.ErrorIs(t, report.Err(), maskit.ErrInvalid)
	require.Len(t, report.Findings.Only(maskit.SeverityError), 1)
	require.Equal(t, "native", report.Engine)
	require.Equal(t, "example.com", report.ServerName)
	require.Equal(t, 94, report.Versions.SynapseSchema)
	require.Equal(t, "1.22", report.Versions.MAS)
	require.NotEmpty(t, report.Versions.SynapsePostgreSQL)
	require.Equal(t, "users", report.Counts[0].Table)
	require.Equal(t, int64(50), report.Counts[0].Rows)
	require.Subset(t, events, []string{"configuration", synapseDatabase, masDatabase, "engine native", ""})
	require.Equal(t, "", events[len(events)-1])

	require.Equal(t, synapse, fingerprint(t, p.synapse))
	require.Equal(t, theirs, fingerprint(t, p.mas))
	text, err := json.Marshal(report)
	require.NoError(t, err)
	for _, shown := range []string{report.String(), string(text), fmt.Sprintf("%+v", report)} {
		require.NotContains(t, shown, "odd pepper")
		require.NotContains(t, shown, "syt_")
		require.NotContains(t, shown, "$2b$")
	}

	p.m.Acks = []maskit.Ack{{Code: CodeOrphanRows, Max: 1}}
	report, err = p.m.Check(t.Context())
	require.NoError(t, err)
	require.NoError(t, report.Err())
	p.m.Engine = judge{err: errors.New("out of order")}
	_, err = p.m.Check(t.Context())
	require.EqualError(t, err, "migrate: check by the native engine: out of order")
}

// The sessions of a check cannot write.
func TestCheckIsReadOnly(t *testing.T) {
	t.Parallel()
	p := newPair(t, false, true)
	job, _, err := p.m.prepare(t.Context())
	require.NoError(t, err)
	conn, findings := connect(t.Context(), job.MAS, masDatabase)
	require.Empty(t, findings)
	defer conn.Close(context.WithoutCancel(t.Context())) //nolint:errcheck // a test
	_, err = conn.Exec(t.Context(), "CREATE TABLE t ()")
	failed, ok := errors.AsType[*pgconn.PgError](err)
	require.True(t, ok)
	require.Equal(t, "25006", failed.Code) // read_only_sql_transaction
	require.Empty(t, job.MAS.RuntimeParams["default_transaction_read_only"], "the configuration of the job is not changed")
}

// Databases that cannot be reached do not keep the configurations from being judged.
func TestCheckWithoutDatabases(t *testing.T) {
	t.Parallel()
	nowhere := maskit.NewSecret("postgresql://u:canary@127.0.0.1:1/d")
	s := Syn2MAS{
		Source: Source{Files: homeserver("enable_3pid_changes: true"), DSN: nowhere},
		Target: Target{Config: masConfig(t, func(c *mas.Config) { c.Passwords = nil }), DSN: nowhere}, Engine: judge{},
	}
	report, err := s.Check(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{
		"error enable_3pid_changes threepid-changes-enabled", "error passwords.schemes[0].algorithm password-scheme-not-bcrypt",
		"error synapse database database-unreachable", "error mas database database-unreachable",
	}, found(report.Findings))
	requireNoSecret(t, report.String())

	report, err = (&Syn2MAS{}).Check(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{"error source.files required", "error target.config required"}, found(report.Findings))

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = s.Check(ctx)
	require.ErrorIs(t, err, context.Canceled)
}

// An end of the context while the databases are asked is an error, not a finding.
func TestCheckInterrupted(t *testing.T) {
	t.Parallel()
	p := newPair(t, true, true)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	p.m.Events = func(e Event) {
		if e.Object == "configuration" {
			cancel()
		}
	}
	report, err := p.m.Check(ctx)
	require.ErrorIs(t, err, context.Canceled)
	require.False(t, strings.Contains(report.String(), CodeUnreachable))
}
