package migrate

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/migrate/internal/masdb"
	"github.com/maskit-dev/maskit/migrate/migratetest"
)

// pair is a Synapse and a MAS with real schemas, or one of them, and what fits both.
type pair struct {
	synapseDB, masDB live.DB
	synapse, mas     *pgx.Conn // of a superuser, and called maskit; nil without the database
	m                Syn2MAS
}

func newPair(t *testing.T, withSynapse, withMAS bool) *pair {
	t.Helper()
	p := &pair{}
	if withSynapse {
		p.synapseDB = live.SynapseDatabase(t, live.SynapseCurrent)
		p.synapse = visit(t, p.synapseDB.URI(), applicationName)
	}
	if withMAS {
		p.masDB = live.MASDatabase(t)
		p.mas = visit(t, p.masDB.URI(), applicationName)
	}
	address := func(db live.DB) migratetest.Database {
		return migratetest.Database{Host: cmp.Or(db.SocketDir, "/nowhere"), User: cmp.Or(db.User, "nobody"), Name: cmp.Or(db.Name, "nothing")}
	}
	site, err := migratetest.NewSite(migratetest.SiteSpec{Synapse: address(p.synapseDB), MAS: address(p.masDB)})
	require.NoError(t, err)
	if withMAS {
		require.NoError(t, migratetest.InsertProviders(t.Context(), p.mas, site.Providers...))
	}
	p.m = Syn2MAS{Source: Source{Files: site.Files}, Target: Target{Config: site.Config}}
	return p
}

func visit(t *testing.T, uri, application string) *pgx.Conn {
	t.Helper()
	config, err := pgx.ParseConfig(uri)
	require.NoError(t, err)
	config.RuntimeParams["application_name"] = application
	conn, err := pgx.ConnectConfig(t.Context(), config)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close(context.WithoutCancel(t.Context())) })
	return conn
}

func sql(t *testing.T, conn *pgx.Conn, statements ...string) {
	t.Helper()
	for _, statement := range statements {
		_, err := conn.Exec(t.Context(), statement)
		require.NoError(t, err, statement)
	}
}

// as makes a role that is dropped at the end, and the address of a database as that role.
func as(t *testing.T, db live.DB, admin *pgx.Conn, grants ...string) maskit.Secret {
	t.Helper()
	role := "r_" + strings.ToLower(rand.Text())
	sql(t, admin, "CREATE ROLE "+role+" LOGIN")
	t.Cleanup(func() {
		ctx := context.WithoutCancel(t.Context())
		for _, statement := range []string{"DROP OWNED BY " + role, "DROP ROLE " + role} {
			_, err := admin.Exec(ctx, statement)
			require.NoError(t, err)
		}
	})
	for _, grant := range grants {
		sql(t, admin, strings.ReplaceAll(grant, "ROLE", role))
	}
	return maskit.NewSecret(strings.ReplaceAll(db.URI(), "user="+db.User, "user="+role))
}

// around looks around, and leaves out what depends on the other tests on the server.
func (p *pair) around(t *testing.T, running maskit.Severity) Findings {
	t.Helper()
	job, findings, err := p.m.prepare(t.Context())
	require.NoError(t, err)
	require.NoError(t, findings.Err())
	e := environment{running: running, official: p.m.isOfficial(), alone: p.m.Engine == nil}
	var unreachable Findings
	if p.synapse != nil || !p.m.Source.DSN.IsZero() {
		e.synapse, unreachable = connect(t.Context(), job.Synapse, synapseDatabase)
		require.Empty(t, unreachable)
	}
	if p.mas != nil {
		e.mas, unreachable = connect(t.Context(), job.MAS, masDatabase)
		require.Empty(t, unreachable)
	}
	defer e.close(t.Context())
	findings, err = checkEnvironment(t.Context(), job, e)
	require.NoError(t, err)
	return slices.DeleteFunc(findings, func(f Finding) bool { return f.Code == CodeConnections || f.Code == CodeSpace })
}

// only finds the finding with a code.
func only(t *testing.T, fs Findings, code string) Finding {
	t.Helper()
	for _, f := range fs {
		if f.Code == code {
			return f
		}
	}
	require.Failf(t, "no such finding", "%s in %v", code, found(fs))
	return Finding{}
}

const everyTable = "GRANT SELECT ON ALL TABLES IN SCHEMA public TO ROLE"

func TestCheckEnvironmentOfSynapse(t *testing.T) {
	t.Parallel()
	locked := "users, user_threepids, user_external_ids, devices, access_tokens, refresh_tokens"
	cases := map[string]struct {
		setup func(*testing.T, *pair)
		want  []string
		judge func(*testing.T, Findings)
	}{
		"all is well": {setup: func(*testing.T, *pair) {}},
		"no database of Synapse": {
			setup: func(t *testing.T, p *pair) { sql(t, p.synapse, "ALTER TABLE access_tokens RENAME TO others") },
			want:  []string{"error synapse database not-a-synapse-database"},
		},
		"old schema": {
			setup: func(t *testing.T, p *pair) { sql(t, p.synapse, "UPDATE schema_version SET version = 91") },
			want:  []string{"error schema_version synapse-too-old"},
		},
		"may read nothing": {
			setup: func(t *testing.T, p *pair) { p.m.Source.DSN = as(t, p.synapseDB, p.synapse) },
			want:  []string{"error users privilege", "error users privilege"},
			judge: func(t *testing.T, fs Findings) {
				require.Regexp(t, "^GRANT SELECT ON "+locked+`, dehydrated_devices, account_validity, registration_tokens, schema_version TO "r_\w+";$`, fs[0].Fix)
			},
		},
		"may not see the schema": {
			setup: func(t *testing.T, p *pair) {
				sql(t, p.synapse, "REVOKE USAGE ON SCHEMA public FROM PUBLIC")
				p.m.Source.DSN = as(t, p.synapseDB, p.synapse)
			},
			want: []string{"error synapse database not-a-synapse-database"},
		},
		"may not lock": {
			setup: func(t *testing.T, p *pair) { p.m.Source.DSN = as(t, p.synapseDB, p.synapse, everyTable) },
			want:  []string{"error users privilege"},
			judge: func(t *testing.T, fs Findings) {
				require.Regexp(t, `^the role r_\w+ can read, but not lock `+locked+" in Synapse's database$", fs[0].Message)
				require.Regexp(t, "^GRANT (UPDATE|MAINTAIN) ON "+locked+` TO "r_\w+";$`, fs[0].Fix)
			},
		},
		"may lock all but one": {
			setup: func(t *testing.T, p *pair) {
				p.m.Source.DSN = as(t, p.synapseDB, p.synapse, everyTable, "GRANT DELETE ON users, user_threepids, user_external_ids, devices, access_tokens TO ROLE")
			},
			want: []string{"error refresh_tokens privilege"},
		},
		"may lock": {
			setup: func(t *testing.T, p *pair) {
				p.m.Source.DSN = as(t, p.synapseDB, p.synapse, everyTable, "GRANT UPDATE ON "+locked+" TO ROLE")
			},
		},
		"Synapse runs": {
			setup: func(t *testing.T, p *pair) { visit(t, p.synapseDB.URI(), "synapse-main") },
			want:  []string{"info synapse database synapse-running"},
			judge: func(t *testing.T, fs Findings) {
				require.Equal(t, int64(1), fs[0].Count)
				require.Regexp(t, `^"synapse-main" of maskit \(idle, pid \d+\)$`, fs[0].Samples[0])
			},
		},
		"somebody else is connected": {
			setup: func(t *testing.T, p *pair) {
				visit(t, as(t, p.synapseDB, p.synapse).Reveal(), "exporter")
			},
			want: []string{"info synapse database synapse-running"},
			judge: func(t *testing.T, fs Findings) {
				require.Equal(t, "1 session of other roles: a backup or a long report would hold the migration up", fs[0].Message)
			},
		},
		"an upgrade is not finished": {
			setup: func(t *testing.T, p *pair) {
				sql(t, p.synapse, "INSERT INTO background_updates (update_name, progress_json) VALUES ('later', '{}')")
			},
			want: []string{"info background_updates pending-background-updates"},
			judge: func(t *testing.T, fs Findings) {
				require.Equal(t, []string{"later"}, fs[0].Samples)
			},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPair(t, true, false)
			tc.setup(t, p)
			findings := p.around(t, maskit.SeverityInfo)
			require.Equal(t, append([]string{}, tc.want...), found(findings))
			if tc.judge != nil {
				tc.judge(t, findings)
			}
			for _, f := range findings {
				if f.Fix != "" { // what it says mends it
					sql(t, p.synapse, f.Fix)
					defer func() { require.Empty(t, found(p.around(t, maskit.SeverityInfo))) }()
				}
			}
		})
	}
}

func TestCheckEnvironmentOfMAS(t *testing.T) {
	t.Parallel()
	user := `INSERT INTO users (user_id, username, created_at) VALUES ('01970000-0000-7000-8000-00000000000%d', '%s', '2026-01-0%d 10:00+00')`
	writes := "GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON ALL TABLES IN SCHEMA public TO ROLE"
	cases := map[string]struct {
		setup  func(*testing.T, *pair)
		engine string
		want   []string
		judge  func(*testing.T, Findings)
	}{
		"no database of MAS": {
			setup: func(t *testing.T, p *pair) { p.m.Target.DSN = maskit.NewSecret(live.Postgres(t).URI()) },
			want:  []string{"error mas database not-a-mas-database"},
		},
		"not empty": {
			setup: func(t *testing.T, p *pair) {
				sql(t, p.mas, fmt.Sprintf(user, 1, "admin", 2), fmt.Sprintf(user, 2, "Bob", 1))
			},
			want: []string{"error users mas-not-empty"},
			judge: func(t *testing.T, fs Findings) {
				require.Equal(t, "MAS's database is not empty: users has 2 rows, the oldest @Bob:example.com of 2026-01-01 10:00 UTC; "+
					"a MAS that ran before made them (its web page, or mas-cli manage register-user)", fs[0].Message)
				require.Equal(t, []string{"@Bob:example.com", "@admin:example.com"}, fs[0].Samples)
				require.Contains(t, fs[0].Fix, "TRUNCATE users, ")
			},
		},
		"the fix empties it": {
			setup: func(t *testing.T, p *pair) {
				sql(t, p.mas, fmt.Sprintf(user, 1, "admin", 2))
				sql(t, p.mas, only(t, p.around(t, maskit.SeverityInfo), CodeMASNotEmpty).Fix)
			},
		},
		"migrated already": {
			setup: func(t *testing.T, p *pair) {
				sql(
					t, p.mas, fmt.Sprintf(user, 1, "alice", 1),
					`INSERT INTO compat_sessions (compat_session_id, user_id, created_at, is_synapse_admin) VALUES (gen_random_uuid(), '01970000-0000-7000-8000-000000000001', now(), false)`,
					`INSERT INTO compat_access_tokens (compat_access_token_id, compat_session_id, access_token, created_at) SELECT gen_random_uuid(), compat_session_id, 'syt_canary', now() FROM compat_sessions`,
				)
			},
			want: []string{"error users mas-not-empty"},
			judge: func(t *testing.T, fs Findings) {
				require.Equal(t, "MAS's database was migrated already: it has 1 user, and tokens that Synapse issued", fs[0].Message)
				require.Empty(t, fs[0].Fix)
			},
		},
		"links alone": {
			setup: func(t *testing.T, p *pair) {
				sql(t, p.mas, `INSERT INTO upstream_oauth_links (upstream_oauth_link_id, upstream_oauth_provider_id, subject, created_at)
					SELECT gen_random_uuid(), upstream_oauth_provider_id, 'x', now() FROM upstream_oauth_providers LIMIT 1`)
			},
			want: []string{"error upstream_oauth_links mas-not-empty"},
		},
		"mas-cli was killed": {
			setup: func(t *testing.T, p *pair) {
				statements := []string{"CREATE TABLE syn2mas_restore_constraints ()", "CREATE TABLE syn2mas_restore_indices ()"}
				for _, table := range masdb.Tables() {
					statements = append(statements, "ALTER TABLE "+table+" RENAME TO syn2mas__"+table)
				}
				sql(t, p.mas, statements...)
			},
			want: []string{"warning mas database unfinished-run"},
		},
		"half of what mas-cli leaves": {
			setup: func(t *testing.T, p *pair) { sql(t, p.mas, "CREATE TABLE syn2mas_restore_indices ()") },
			want:  []string{"error mas database unfinished-run"},
		},
		"the native engine was killed": {
			setup: func(t *testing.T, p *pair) { sql(t, p.mas, "CREATE SCHEMA "+masdb.SideSchema) },
			want:  []string{"warning mas database unfinished-run"},
		},
		"another migration runs": {
			setup: func(t *testing.T, p *pair) {
				sql(t, p.mas, fmt.Sprintf("SELECT pg_advisory_lock(%d)", masdb.LockKey))
			},
			want: []string{"error mas database migration-running"},
			judge: func(t *testing.T, fs Findings) {
				require.Regexp(t, `its lock is held by process \d+ of maskit \(maskit\)$`, fs[0].Message)
			},
		},
		"newer schema": {
			setup: func(t *testing.T, p *pair) {
				sql(t, p.mas, `INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (29990101000000, 'x', true, '', 0)`)
			},
			want: []string{"warning _sqlx_migrations unknown-mas-schema"},
		},
		"providers": {
			setup: func(t *testing.T, p *pair) {
				sql(t, p.mas, "DELETE FROM upstream_oauth_providers")
				require.NoError(t, migratetest.InsertProviders(t.Context(), p.mas, migratetest.Keycloak()))
				require.NoError(t, migratetest.DisableProvider(t.Context(), p.mas, migratetest.Keycloak()))
			},
			want: []string{"error upstream_oauth_providers provider-not-in-database", "error upstream_oauth_providers provider-disabled"},
			judge: func(t *testing.T, fs Findings) {
				require.Equal(t, `the provider 01J4Z0G1T1ABAAAAAAAAAAAAAA, which gets the links of "oidc-gitlab", is not in MAS's database`, fs[0].Message)
			},
		},
		"providers, which mas-cli writes": {
			setup: func(t *testing.T, p *pair) { sql(t, p.mas, "DELETE FROM upstream_oauth_providers") }, engine: "official",
		},
		"MAS runs": {
			setup: func(t *testing.T, p *pair) { visit(t, p.masDB.URI(), "matrix-authentication-service") },
			want:  []string{"warning mas database mas-running"},
		},
		"somebody else is connected": {
			setup: func(t *testing.T, p *pair) { visit(t, as(t, p.masDB, p.mas).Reveal(), "exporter") },
			want:  []string{"info mas database mas-running"},
		},
		"may not write": {
			setup: func(t *testing.T, p *pair) { p.m.Target.DSN = as(t, p.masDB, p.mas, everyTable) },
			want:  []string{"error users privilege", "error mas database not-owner", "info mas database privilege"},
		},
		"may write, and owns nothing": {
			setup: func(t *testing.T, p *pair) { p.m.Target.DSN = as(t, p.masDB, p.mas, writes) },
			want:  []string{"error mas database not-owner", "info mas database privilege"},
			judge: func(t *testing.T, fs Findings) {
				require.Contains(t, fs[0].Message, "users, ")
				require.Contains(t, fs[0].Message, ", oauth2_sessions, ") // its foreign key points to users
				require.Regexp(t, `^GRANT CREATE ON DATABASE "\w+" TO "r_\w+";$`, fs[1].Fix)
			},
		},
		"may write, and an engine says what it needs": {
			setup: func(t *testing.T, p *pair) { p.m.Target.DSN = as(t, p.masDB, p.mas, writes) }, engine: "native",
		},
		"may write, and mas-cli cannot rename": {
			setup: func(t *testing.T, p *pair) { p.m.Target.DSN = as(t, p.masDB, p.mas, writes) }, engine: "official",
			want: []string{"error mas database not-owner"},
		},
		"owns all": {
			setup: func(t *testing.T, p *pair) {
				p.m.Target.DSN = as(t, p.masDB, p.mas, "ALTER DATABASE "+p.masDB.Name+" OWNER TO ROLE", owner)
				t.Cleanup(func() {
					_, err := p.mas.Exec(context.WithoutCancel(t.Context()), "ALTER DATABASE "+p.masDB.Name+" OWNER TO maskit; "+strings.ReplaceAll(owner, "ROLE", "maskit"))
					require.NoError(t, err)
				})
			},
		},
		"both are one": {
			setup: func(t *testing.T, p *pair) { p.m.Source.DSN = maskit.NewSecret(p.masDB.URI()) },
			want:  []string{"error synapse database not-a-synapse-database", "error mas database same-database"},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPair(t, false, true)
			if tc.engine != "" {
				p.m.Engine = namedEngine{name: tc.engine}
			}
			tc.setup(t, p)
			findings := p.around(t, maskit.SeverityInfo)
			require.Equal(t, append([]string{}, tc.want...), found(findings))
			if tc.judge != nil {
				tc.judge(t, findings)
			}
			for _, f := range findings {
				require.NotEmpty(t, f.Hint)
				requireNoSecret(t, f.String())
			}
		})
	}
}

const owner = `DO $$ DECLARE t text; BEGIN
	FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP EXECUTE format('ALTER TABLE %I OWNER TO ROLE', t); END LOOP;
	EXECUTE 'GRANT CREATE ON SCHEMA public TO ROLE'; END $$`

// What is an info for Check is an error for Run, which nothing lets pass.
func TestCheckEnvironmentForRun(t *testing.T) {
	t.Parallel()
	p := newPair(t, true, true)
	visit(t, p.synapseDB.URI(), "synapse")
	visit(t, p.masDB.URI(), "mas")
	findings := p.around(t, maskit.SeverityError)
	require.Equal(t, []string{"error synapse database synapse-running", "error mas database mas-running"}, found(findings))
	require.ErrorIs(t, findings.Accept(maskit.Ack{Code: CodeSynapseRunning, Max: 9}, maskit.Ack{Code: CodeMASRunning, Max: 9}).Err(), maskit.ErrInvalid)
}

func TestCheckEnvironmentConnections(t *testing.T) {
	t.Parallel()
	p := newPair(t, false, true)
	p.m.Target.DSN = as(t, p.masDB, p.mas, "ALTER USER ROLE CONNECTION LIMIT 5", "GRANT ALL ON ALL TABLES IN SCHEMA public TO ROLE")
	job, _, err := p.m.prepare(t.Context())
	require.NoError(t, err)
	conn, unreachable := connect(t.Context(), job.MAS, masDatabase)
	require.Empty(t, unreachable)
	defer conn.Close(context.WithoutCancel(t.Context())) //nolint:errcheck // a test
	findings, err := checkEnvironment(t.Context(), job, environment{mas: conn})
	require.NoError(t, err)
	require.Equal(t, "a migration can have 5 connections to MAS's database, and works faster with up to 20", only(t, findings, CodeConnections).Message)
}
