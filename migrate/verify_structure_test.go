package migrate

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/migrate/internal/masdb"
)

func TestVerifyStructure(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		sql    string
		want   string
		sample string
		rows   []string
	}{
		"side schema": {
			sql: `CREATE SCHEMA maskit_syn2mas`, want: "error mas unfinished-run", sample: "schema maskit_syn2mas",
		},
		"restore tables of mas-cli": {
			sql: `CREATE TABLE syn2mas_restore_constraints (order_key serial PRIMARY KEY, table_name text NOT NULL, name text NOT NULL, definition text NOT NULL);
				CREATE TABLE syn2mas_restore_indices (LIKE syn2mas_restore_constraints INCLUDING ALL)`,
			want: "error mas unfinished-run", sample: "syn2mas_restore_constraints",
		},
		"constraint": {
			sql:  `ALTER TABLE user_emails ADD CONSTRAINT odd CHECK (email <> 'x') NOT VALID`,
			want: "error mas constraint-not-valid", sample: "user_emails: odd",
		},
		"foreign key of another table": {
			sql:  `ALTER TABLE user_terms ADD CONSTRAINT odd FOREIGN KEY (user_id) REFERENCES users NOT VALID`,
			want: "error mas constraint-not-valid", sample: "user_terms: odd",
		},
		"index": {
			sql:  `UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'user_emails_email_idx'::regclass`,
			want: "error mas index-not-valid", sample: "user_emails: user_emails_email_idx",
		},
		"provider": {
			sql:  `UPDATE upstream_oauth_providers SET disabled_at = now() WHERE issuer LIKE '%/realms/staff'`,
			want: "error upstream_oauth_links provider-not-in-database", sample: "01913e09-bbcc-02a6-a529-4a5294a5294a: disabled",
		},
		"deactivated": {
			sql:  `INSERT INTO compat_sessions (compat_session_id, user_id, device_id, created_at) SELECT gen_random_uuid(), user_id, 'X', now() FROM users WHERE username = 'carol'`,
			want: "error compat_sessions deactivated-users-have-sessions", sample: "carol",
			rows: []string{"extra compat_sessions @carol:example.com X"},
		},
		"twins": {
			sql:  `INSERT INTO users (user_id, username, created_at) VALUES (gen_random_uuid(), 'BOB', now())`,
			want: "warning users case-twins", sample: "BOB",
			rows: []string{"extra users @BOB:example.com"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := newMigrated(t)
			v.exec(t, c.sql)
			report := v.verify(t)
			require.Equal(t, []string{c.want}, found(report.Structure))
			require.Contains(t, report.Structure[0].Samples, c.sample)
			require.ElementsMatch(t, c.rows, lines(report))
			require.Error(t, report.Err())
		})
	}
}

// TestVerifyRenamedTables: mas-cli was killed, so there is nothing to compare.
func TestVerifyRenamedTables(t *testing.T) {
	t.Parallel()
	v := newMigrated(t)
	v.exec(t, `CREATE TABLE syn2mas_restore_constraints (order_key serial PRIMARY KEY, table_name text NOT NULL, name text NOT NULL, definition text NOT NULL);
		CREATE TABLE syn2mas_restore_indices (LIKE syn2mas_restore_constraints INCLUDING ALL); ALTER TABLE users RENAME TO syn2mas__users`)
	report := v.verify(t)
	require.Equal(t, []string{"error mas unfinished-run"}, found(report.Structure))
	require.Empty(t, report.Entities)
	require.False(t, report.Equal())
	require.ErrorIs(t, report.Err(), maskit.ErrInvalid)
	require.Contains(t, report.String(), "NOT what Synapse's database says")
}

// TestVerifyConfirmedAt: MAS up to 1.9 has one column more.
func TestVerifyConfirmedAt(t *testing.T) {
	t.Parallel()
	v := newMigrated(t)
	v.exec(t, `ALTER TABLE user_emails ADD confirmed_at timestamptz`)
	const is = "changed user_emails @alice:example.com Alice@example.org: confirmed_at is "
	require.Equal(t, []string{is + "NULL instead of 2023-11-14T22:15:00.123Z"}, lines(v.verify(t)))
	v.exec(t, `UPDATE user_emails SET confirmed_at = created_at`)
	require.Empty(t, lines(v.verify(t)))
}

func TestVerifyDefinitions(t *testing.T) {
	t.Parallel()
	v := newMigrated(t)
	captured, err := masdb.Capture(t.Context(), v.mas)
	require.NoError(t, err)
	store := FileStore{Path: t.TempDir() + "/state.json"}
	require.NoError(t, store.Save(t.Context(), State{}, State{RunID: "run", Step: StepMigrated, Started: v.m.now(), Before: storedSchema(captured)}))
	v.m.Store = store
	require.NoError(t, v.verify(t).Err())

	v.exec(t, `DROP INDEX user_emails_email_idx; INSERT INTO _sqlx_migrations SELECT max(version) + 1, 'x', now(), true, '', 0 FROM _sqlx_migrations`)
	report := v.verify(t)
	require.Equal(t, []string{"error mas schema-changed"}, found(report.Structure))
	require.Contains(t, report.Structure[0].Message, "user_emails: index user_emails_email_idx is gone")
	require.Contains(t, report.Structure[0].Message, "migrations: ")
	require.ErrorIs(t, report.Err(), maskit.ErrInvalid)
}

// TestVerifyRehearsal verifies tables in a schema of their own, while MAS's are empty.
func TestVerifyRehearsal(t *testing.T) {
	t.Parallel()
	v := newMigrated(t)
	v.exec(t, `CREATE SCHEMA maskit_syn2mas`)
	for _, e := range Entities() {
		v.exec(t, `ALTER TABLE `+string(e)+` SET SCHEMA maskit_syn2mas; CREATE TABLE `+string(e)+` (LIKE maskit_syn2mas.`+string(e)+` INCLUDING ALL)`)
	}
	job, findings, err := v.m.prepare(t.Context())
	require.NoError(t, err)
	require.NoError(t, findings.Err())
	mas := job.MAS.Copy()
	mas.RuntimeParams["search_path"] = masdb.SideSchema + ", public"
	report, err := verifyDatabases(t.Context(), job, job.Synapse, mas, verifyOptions{rehearsal: true})
	require.NoError(t, err)
	require.NoError(t, report.Err(), report)
	require.Equal(t, VerifiedEntity{Entity: Sessions, Expected: 4, Found: 4}, report.Entities[5])
	require.False(t, v.verify(t).Equal())
}

func TestVerifySnapshot(t *testing.T) {
	t.Parallel()
	v := newMigrated(t)
	tx, err := v.synapse.Begin(t.Context())
	require.NoError(t, err)
	_, err = tx.Exec(t.Context(), `SET TRANSACTION ISOLATION LEVEL REPEATABLE READ`)
	require.NoError(t, err)
	var snapshot string
	require.NoError(t, tx.QueryRow(t.Context(), `SELECT pg_export_snapshot()`).Scan(&snapshot))
	job, _, err := v.m.prepare(t.Context())
	require.NoError(t, err)

	other := openConfig(t, job.Synapse) // what Synapse goes on to do
	_, err = other.Exec(t.Context(), `INSERT INTO users (name, creation_ts) VALUES ('@new:example.com', 1700000009)`)
	require.NoError(t, err)

	report, err := verifyDatabases(t.Context(), job, job.Synapse, job.MAS, verifyOptions{snapshot: snapshot})
	require.NoError(t, err)
	require.Empty(t, lines(report))
	require.Equal(t, []string{"missing users @new:example.com"}, lines(v.verify(t)))
}
