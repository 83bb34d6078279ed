package native_test

import (
	"crypto/rand"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/migrate"
	"github.com/maskit-dev/maskit/migrate/internal/masdb"
	"github.com/maskit-dev/maskit/migrate/native"
)

// newRole makes a role that is dropped, with all it has in these databases, at the end.
func newRole(t *testing.T, options string, dbs ...live.DB) string {
	t.Helper()
	role := "r_" + strings.ToLower(rand.Text())
	execute(t, open(t, dbs[0]), "CREATE ROLE "+role+" "+options)
	t.Cleanup(func() {
		ctx := t.Context()
		for _, db := range dbs {
			if conn, err := pgx.Connect(ctx, db.URI()); err == nil {
				_, _ = conn.Exec(ctx, "DROP OWNED BY "+role)
				_, _ = conn.Exec(ctx, "DROP ROLE "+role)
				_ = conn.Close(ctx)
			}
		}
	})
	return role
}

func TestEverythingIsCarriedOver(t *testing.T) {
	t.Parallel()
	for name, engine := range modes() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHome(t, 50)
			reader := newRole(t, "NOLOGIN", h.mas)
			execute(t, h.conn,
				"GRANT SELECT ON users, user_emails TO "+reader, "GRANT UPDATE ON users TO "+reader+" WITH GRANT OPTION", "GRANT SELECT ON user_emails TO PUBLIC",
				"GRANT SELECT (username, created_at), UPDATE (username) ON users TO "+reader, "REVOKE TRUNCATE ON user_emails FROM CURRENT_USER",
				"ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO "+reader, // which the copies would have
				"COMMENT ON TABLE users IS E'it''s \\\\ quoted'", "COMMENT ON COLUMN users.username IS 'column'", "COMMENT ON INDEX users_lower_username_idx IS 'index'",
				"COMMENT ON CONSTRAINT users_pkey ON users IS 'primary'", "COMMENT ON CONSTRAINT user_emails_user_id_fkey ON user_emails IS 'inner'",
				"COMMENT ON CONSTRAINT user_terms_user_id_fkey ON user_terms IS E'of \\\\ another''s'",
				"ALTER TABLE users SET (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.05)", "ALTER TABLE user_emails SET (autovacuum_enabled = false)",
				"ALTER TABLE users ALTER username SET STATISTICS 500", "ALTER TABLE users ALTER username SET (n_distinct = -1)",
				"ALTER TABLE users ALTER username SET STORAGE EXTERNAL", "ALTER TABLE users REPLICA IDENTITY FULL",
				"ALTER TABLE user_emails REPLICA IDENTITY USING INDEX user_emails_pkey", "ALTER TABLE compat_sessions CLUSTER ON compat_sessions_user_fk",
				"ALTER TABLE users ADD CONSTRAINT named CHECK (username <> 'forbidden')", "ALTER TABLE users RENAME CONSTRAINT users_username_unique TO \"Odd name\"",
				"CREATE INDEX ON compat_sessions (device_id text_pattern_ops) WHERE human_name IS NOT NULL",
				"ALTER TABLE user_terms DROP CONSTRAINT user_terms_user_id_fkey, ADD CONSTRAINT user_terms_user_id_fkey FOREIGN KEY (user_id) REFERENCES users ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED NOT VALID",
			)
			var err error
			h.before, err = masdb.Capture(t.Context(), h.conn)
			require.NoError(t, err)
			_, err = engine.Run(t.Context(), h.job)
			require.NoError(t, err)
			h.requireDone(t)
		})
	}
}

// TestPlainOwner has MAS's role, which owns its tables and nothing else, do it, with
// settings that suit a server.
func TestPlainOwner(t *testing.T) {
	t.Parallel()
	for name, engine := range modes() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHome(t, 200)
			role := ownedByRole(t, h)
			execute(t, h.conn, "GRANT CREATE ON DATABASE "+h.mas.Name+" TO "+role,
				"ALTER ROLE "+role+" SET statement_timeout = '1ms'", "ALTER ROLE "+role+" SET lock_timeout = '1ms'", "ALTER ROLE "+role+" SET default_transaction_read_only = on",
				"ALTER ROLE "+role+" SET default_transaction_isolation = 'serializable'", "ALTER ROLE "+role+" SET idle_in_transaction_session_timeout = '1ms'")
			findings, err := engine.Check(t.Context(), h.job)
			require.NoError(t, err)
			require.Empty(t, findings)
			_, err = engine.Run(t.Context(), h.job)
			require.NoError(t, err)
			h.requireDone(t)
		})
	}
}

// ownedByRole gives MAS's tables to a new role, by which the job connects.
func ownedByRole(t *testing.T, h *home) string {
	t.Helper()
	role := newRole(t, "LOGIN", h.mas)
	execute(t, h.conn, `DO $$ DECLARE t text; BEGIN FOR t IN SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname = 'public' LOOP
		EXECUTE 'ALTER TABLE ' || t || ' OWNER TO `+role+`'; END LOOP; END $$`, "GRANT CREATE ON SCHEMA public TO "+role)
	h.job.MAS.User = role
	var err error
	h.before, err = masdb.Capture(t.Context(), h.conn)
	require.NoError(t, err)
	return role
}

func TestRoleThatMayNotCreateSchemas(t *testing.T) {
	t.Parallel()
	h := newHome(t, 50)
	ownedByRole(t, h)
	findings, err := native.Engine{}.Check(t.Context(), h.job)
	require.NoError(t, err)
	require.Len(t, findings, 1)
	require.Equal(t, native.CodeNoBulk, findings[0].Code)
	require.Equal(t, maskit.SeverityWarning, findings[0].Severity)
	require.Contains(t, findings[0].Message, "GRANT CREATE ON DATABASE")

	_, err = native.Engine{}.Rehearse(t.Context(), h.job, nil)
	require.ErrorIs(t, err, maskit.ErrUnsupported)
	_, err = native.Engine{Mode: native.Bulk}.Run(t.Context(), h.job)
	require.ErrorIs(t, err, maskit.ErrInvalid)
	h.requireUntouched(t)
	_, err = native.Engine{}.Run(t.Context(), h.job)
	require.NoError(t, err)
	h.requireDone(t)
}

func TestRoleThatOwnsNothing(t *testing.T) {
	t.Parallel()
	h := newHome(t, 10)
	h.job.MAS.User = newRole(t, "LOGIN", h.mas)
	execute(t, h.conn, "GRANT SELECT ON ALL TABLES IN SCHEMA public TO "+h.job.MAS.User)
	report, err := native.Engine{Mode: native.Single}.Run(t.Context(), h.job)
	require.ErrorIs(t, err, maskit.ErrInvalid)
	require.Len(t, report.Findings, 1, "one finding for all tables")
	require.Equal(t, migrate.CodeNotOwner, report.Findings[0].Code)
	require.Contains(t, report.Findings[0].Message, h.job.MAS.User+" neither owns compat_access_tokens, compat_refresh_tokens, ")
}

// TestViewOnATable keeps tables from being replaced.
func TestViewOnATable(t *testing.T) {
	t.Parallel()
	h := newHome(t, 50, "CREATE VIEW people AS SELECT username FROM users")
	_, err := native.Engine{Mode: native.Bulk}.Run(t.Context(), h.job)
	require.ErrorIs(t, err, maskit.ErrInvalid)
	require.ErrorContains(t, err, "view people")
	h.requireUntouched(t)
	_, err = native.Engine{}.Run(t.Context(), h.job)
	require.NoError(t, err)
	h.requireDone(t)
	require.Equal(t, h.counts.MAS["users"], number(t, h.conn, "SELECT count(*) FROM people"))
}

func TestSchemaOfAnotherName(t *testing.T) {
	t.Parallel()
	h := newHome(t, 50)
	execute(t, h.conn, `ALTER SCHEMA public RENAME TO "MAS db"`, `ALTER DATABASE `+h.mas.Name+` SET search_path = "MAS db"`, `SET search_path = "MAS db"`)
	var err error
	h.before, err = masdb.Capture(t.Context(), h.conn)
	require.NoError(t, err)
	_, err = native.Engine{Mode: native.Bulk}.Run(t.Context(), h.job)
	require.NoError(t, err)
	h.requireDone(t)
}

func TestRunIsRefused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ statement, code string }{
		"user":             {"INSERT INTO users (user_id, username, created_at) VALUES (gen_random_uuid(), 'alice', now())", migrate.CodeMASNotEmpty},
		"missing provider": {"DELETE FROM upstream_oauth_providers WHERE issuer LIKE '%gitlab%'", migrate.CodeProviderMissing},
		"disabled":         {"UPDATE upstream_oauth_providers SET disabled_at = now()", migrate.CodeProviderDisabled},
		"newer MAS":        {"INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (20991231000000, 'newer', true, '', 0)", migrate.CodeUnknownSchema},
		"other shape":      {"ALTER TABLE users ADD COLUMN needed text NOT NULL", migrate.CodeUnknownSchema},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHome(t, 10, test.statement)
			report, err := native.Engine{}.Run(t.Context(), h.job)
			require.ErrorIs(t, err, maskit.ErrInvalid)
			require.Equal(t, test.code, report.Findings[0].Code)
			require.NotEmpty(t, report.Findings[0].Hint)
			h.requireSameSchema(t)
			h.requireNothingOfOurs(t)
		})
	}
}

func TestUnknownSchemaByChoice(t *testing.T) {
	t.Parallel()
	h := newHome(t, 10, "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (20991231000000, 'newer', true, '', 0)")
	report, err := native.Engine{AllowUnknownSchema: true}.Run(t.Context(), h.job)
	require.NoError(t, err)
	require.Equal(t, migrate.CodeUnknownSchema, report.Findings[0].Code)
	require.Equal(t, maskit.SeverityWarning, report.Findings[0].Severity)
	h.requireDone(t)
}

func TestSecondRunIsRefused(t *testing.T) {
	t.Parallel()
	h := newHome(t, 10)
	execute(t, h.conn, "SET application_name = 'mas-cli'")
	require.NoError(t, masdb.Lock(t.Context(), h.conn))
	_, err := native.Engine{}.Run(t.Context(), h.job)
	require.ErrorIs(t, err, masdb.ErrLocked)
	require.ErrorContains(t, err, "mas-cli")
	require.ErrorIs(t, native.Engine{}.Reset(t.Context(), h.job), masdb.ErrLocked)
	require.NoError(t, masdb.Unlock(t.Context(), h.conn))
	h.requireUntouched(t)
}

func TestJudgeRefuses(t *testing.T) {
	t.Parallel()
	for name, engine := range modes() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHome(t, 20)
			synapse, err := pgx.ConnectConfig(t.Context(), h.job.Synapse.Copy())
			require.NoError(t, err)
			execute(t, synapse, "INSERT INTO devices (user_id, device_id, hidden) VALUES ('@nobody:example.com', 'ORPHAN', false)")
			require.NoError(t, synapse.Close(t.Context()))
			report, err := engine.Run(t.Context(), h.job)
			require.ErrorIs(t, err, maskit.ErrInvalid)
			require.Equal(t, migrate.CodeOrphanRows, report.Findings[0].Code)
			require.Equal(t, []string{"@nobody:example.com ORPHAN"}, report.Findings[0].Samples)
			h.requireUntouched(t)
			h.requireNothingOfOurs(t)

			h.job.Policy.OrphanRows = migrate.Skip
			_, err = engine.Run(t.Context(), h.job)
			require.NoError(t, err)
			h.requireDone(t)
		})
	}
}

func TestResetOfASideSchema(t *testing.T) {
	t.Parallel()
	h := newHome(t, 10, "CREATE SCHEMA maskit_syn2mas", "CREATE TABLE maskit_syn2mas.users (LIKE users)")
	require.NoError(t, native.Engine{}.Reset(t.Context(), h.job))
	h.requireUntouched(t)
	h.requireNothingOfOurs(t)
	require.NoError(t, native.Engine{}.Reset(t.Context(), h.job))
}

func TestThrottle(t *testing.T) {
	t.Parallel()
	h := newHome(t, 200)
	begun := time.Now()
	_, err := native.Engine{Mode: native.Bulk, MaxRowsPerSecond: 1000}.Run(t.Context(), h.job)
	require.NoError(t, err)
	var rows int64
	for _, n := range h.counts.MAS {
		rows += n
	}
	// The last rows do not wait for what comes after them.
	require.Greater(t, time.Since(begun), time.Duration(rows-600)*time.Millisecond)
}

func TestUnknownMode(t *testing.T) {
	t.Parallel()
	_, err := native.Engine{Mode: "quick"}.Run(t.Context(), &migrate.Job{})
	require.ErrorIs(t, err, maskit.ErrInvalid)
	require.ErrorContains(t, err, `"quick"`)
}

func TestFewConnections(t *testing.T) {
	t.Parallel()
	h := newHome(t, 50)
	few := native.Engine{MaxConnections: 8, Workers: 8, Builders: 20}
	findings, err := few.Check(t.Context(), h.job)
	require.NoError(t, err)
	require.Equal(t, native.CodeNoBulk, findings[0].Code)
	_, err = few.Run(t.Context(), h.job)
	require.NoError(t, err)
	h.requireDone(t)
}
