package official_test

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/mas/mascli"
	"github.com/maskit-dev/maskit/migrate"
	"github.com/maskit-dev/maskit/migrate/internal/masdb"
)

func TestRunMigratesAndKnowsThatItIsDone(t *testing.T) {
	t.Parallel()
	s := newSides(t)
	s.people(t)
	exec(t, s.synapse, `UPDATE devices SET ip = 'nonsense' WHERE device_id = 'PHONE'`)
	before := s.schema(t)
	s.job.MAS.Password, s.job.Synapse.Password = "mas-database-password", "synapse-database-password"
	runner := &recorder{Runner: s.engine.Runner}
	s.engine.Runner = runner

	report, err := s.engine.Run(t.Context(), s.job)
	require.NoError(t, err, report.Findings)
	require.Equal(t, "official", report.Engine)
	require.Equal(t, "1.22.0", report.Version)
	require.Equal(t, []migrate.EntityReport{
		{Entity: migrate.Users, Migrated: 2, Skipped: map[string]int64{"appservice": 1}},
		{Entity: migrate.Passwords, Migrated: 1},
		{Entity: migrate.Emails, Migrated: 1},
		{Entity: migrate.Unsupported, Migrated: 1},
		{Entity: migrate.Links, Migrated: 1},
		{Entity: migrate.Sessions, Migrated: 2, Skipped: map[string]int64{"appservice": 1}},
		{Entity: migrate.AccessTokens, Migrated: 1, Skipped: map[string]int64{"appservice": 1}},
		{Entity: migrate.RefreshTokens},
	}, report.Entities)
	require.Equal(t, []string{migrate.CodeNonEmailThreepids, migrate.CodeUnreadableIP}, codes(report.Findings))
	require.Equal(t, []string{"@alice:example.com PHONE"}, report.Findings[1].Samples)
	require.Equal(t, "0", s.leftovers(t))
	require.Empty(t, before.Difference(s.schema(t)))
	require.GreaterOrEqual(t, len(report.Timings), 6+51+1, "stages, indexes and constraints, and the whole")
	require.Contains(t, s.done(), migrate.Users)
	runner.requireNoSecret(t, "mas-database-password", "synapse-database-password", "a-pepper-of-synapse", "oidc-client-secret", "upstream-client-secret", "matrix-shared-secret")

	again, err := s.engine.Run(t.Context(), s.job)
	require.NoError(t, err)
	require.True(t, again.AlreadyDone)

	exec(t, s.mas, `INSERT INTO users (user_id, username, created_at) VALUES ('018bcfe5-6800-7000-8000-000000000001', 'carol', now())`)
	refused, err := s.engine.Run(t.Context(), s.job)
	require.ErrorIs(t, err, maskit.ErrInvalid)
	require.Equal(t, []string{migrate.CodeMASNotEmpty}, codes(refused.Findings))
	require.Equal(t, "users", refused.Findings[0].Path)
	require.Equal(t, int64(3), refused.Findings[0].Count)
}

// done lists the entities of which an event said that they are finished.
func (s *sides) done() []migrate.Entity {
	s.mu.Lock()
	defer s.mu.Unlock()
	var entities []migrate.Entity
	for _, e := range s.events {
		if e.Done && e.Entity != "" {
			entities = append(entities, e.Entity)
		}
	}
	return entities
}

func (s *sides) schema(t *testing.T) masdb.Schema {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), s.mas.URI())
	require.NoError(t, err)
	defer conn.Close(context.WithoutCancel(t.Context())) //nolint:errcheck // of a test
	schema, err := masdb.Capture(t.Context(), conn)
	require.NoError(t, err)
	return schema
}

// recorder remembers what was asked of a runner.
type recorder struct {
	mascli.Runner
	commands []mascli.Command
}

func (r *recorder) Run(ctx context.Context, c mascli.Command) (mascli.Result, error) {
	r.commands = append(r.commands, c)
	return r.Runner.Run(ctx, c)
}

func (r *recorder) requireNoSecret(t *testing.T, secrets ...string) {
	t.Helper()
	require.NotEmpty(t, r.commands)
	for _, command := range r.commands {
		for _, secret := range secrets {
			for _, arg := range command.Args {
				require.NotContains(t, arg, secret)
			}
		}
		for name := range command.Env {
			require.Equal(t, "PGPASSWORD", name)
		}
	}
}

func TestRowsThatStopMASCLIAreFindingsAndTheDatabaseIsPutBack(t *testing.T) {
	t.Parallel()
	s := newSides(t)
	s.people(t)
	before := s.schema(t)
	for name, bad := range map[string]struct {
		insert, remove       []string
		code, path, in, text string
	}{
		"orphan device": {
			insert: []string{device("@nobody:example.com", "GONE")}, remove: []string{`DELETE FROM devices WHERE user_id = '@nobody:example.com'`},
			code: migrate.CodeOrphanRows, path: "devices", in: "@nobody:example.com", text: "DELETE FROM devices",
		},
		"orphan token": {
			insert: []string{device("@nobody:example.com", "GONE"), token(9, "@nobody:example.com", "GONE")},
			remove: []string{`DELETE FROM devices WHERE user_id = '@nobody:example.com'`, `DELETE FROM access_tokens WHERE id = 9`},
			code:   migrate.CodeOrphanRows, path: "access_tokens", in: "@nobody:example.com",
		},
		"orphan address": {
			insert: []string{`INSERT INTO user_threepids (user_id, medium, address, validated_at, added_at) VALUES ('@nobody:example.com', 'email', 'n@example.com', 1, 2)`},
			remove: []string{`DELETE FROM user_threepids WHERE user_id = '@nobody:example.com'`},
			code:   migrate.CodeOrphanRows, path: "user_threepids", in: "@nobody:example.com",
		},
		"another domain": {
			insert: []string{user("@x:other.org", "")}, remove: []string{`DELETE FROM users WHERE name = '@x:other.org'`},
			code: migrate.CodeForeignUsers, path: "users", in: "@x:other.org",
		},
		"no time of creation": {
			insert: []string{`UPDATE users SET creation_ts = NULL WHERE name = '@bob:example.com'`}, remove: []string{`UPDATE users SET creation_ts = 1700000000 WHERE name = '@bob:example.com'`},
			code: migrate.CodeNullCreationTime, path: "users",
		},
		"token of a hidden device": {
			insert: []string{device("@alice:example.com", "HIDDEN"), token(9, "@alice:example.com", "HIDDEN"), `UPDATE devices SET hidden = true WHERE device_id = 'HIDDEN'`},
			remove: []string{`DELETE FROM devices WHERE device_id = 'HIDDEN'`, `DELETE FROM access_tokens WHERE id = 9`},
			code:   migrate.CodeHiddenDeviceTokens, path: "access_tokens",
		},
		"user of an application service with a colon": {
			insert: []string{user("@a:b:example.com", "irc"), device("@a:b:example.com", "D")},
			remove: []string{`DELETE FROM users WHERE name = '@a:b:example.com'`, `DELETE FROM devices WHERE user_id = '@a:b:example.com'`},
			code:   migrate.CodeAppserviceLocalpart, path: "users", in: "@a:b:example.com",
		},
		"link of a provider that MAS lacks": {
			insert: []string{`INSERT INTO user_external_ids (user_id, auth_provider, external_id) VALUES ('@bob:example.com', 'oidc-unknown', 'x')`},
			remove: []string{`DELETE FROM user_external_ids WHERE auth_provider = 'oidc-unknown'`},
			code:   migrate.CodeMASMissingOAuthProvider, path: "user_external_ids",
		},
		"leftovers of another MAS": {
			insert: []string{`INSERT INTO user_external_ids (user_id, auth_provider, external_id) VALUES ('@bob:example.com', 'oauth-delegated', 'x')`},
			remove: []string{`DELETE FROM user_external_ids WHERE auth_provider = 'oauth-delegated'`},
			code:   migrate.CodeExistingOAuthDelegated, path: "user_external_ids",
		},
	} {
		t.Run(name, func(t *testing.T) {
			exec(t, s.synapse, bad.insert...)
			defer exec(t, s.synapse, bad.remove...)
			report, err := s.engine.Run(t.Context(), s.job)
			require.ErrorIs(t, err, maskit.ErrInvalid)
			errs := report.Findings.Only(maskit.SeverityError)
			require.Contains(t, codes(errs), bad.code, "%v", err)
			for _, f := range errs {
				if f.Code != bad.code {
					continue
				}
				require.Equal(t, bad.path, f.Path)
				if bad.in != "" {
					require.Equal(t, []string{bad.in}, f.Samples)
				}
				require.Contains(t, f.Fix, bad.text)
				require.NotEmpty(t, f.Hint)
			}
			require.Equal(t, "0", s.leftovers(t))
			require.Empty(t, before.Difference(s.schema(t)))
			require.Equal(t, "0", text(t, s.mas, `SELECT count(*)::text FROM users`))
		})
	}
}

func TestPolicies(t *testing.T) {
	t.Parallel()
	s := newSides(t)
	s.people(t)
	exec(t, s.synapse, `INSERT INTO user_external_ids (user_id, auth_provider, external_id) VALUES ('@bob:example.com', 'saml', 'x')`)
	s.job.Policy = migrate.Policy{OrphanRows: migrate.Skip, UnusableHashes: migrate.Skip}
	report, err := s.engine.Run(t.Context(), s.job)
	require.ErrorIs(t, err, maskit.ErrInvalid)
	require.Equal(t, []string{"engine-cannot-skip", "engine-cannot-skip"}, codes(report.Findings))
	require.Equal(t, "policy.OrphanRows", report.Findings[0].Path)

	s.job.Policy = migrate.Policy{UnmappedLinks: migrate.Skip, UnusableHashes: migrate.Skip}
	s.job.Judge = func(f migrate.Findings) error { return f.Accept(maskit.Ack{Code: "engine-cannot-skip"}).Err() }
	report, err = s.engine.Run(t.Context(), s.job)
	require.NoError(t, err)
	require.Equal(t, []string{
		"warning engine-cannot-skip policy.UnusableHashes", "warning non-email-threepids-in-database user_threepids", "warning synapse-missing-oauth-provider user_external_ids",
	}, severities(report.Findings))
	require.Equal(t, int64(1), report.Findings[2].Count)
	require.Contains(t, report.Findings[2].Message, "saml")
	require.Equal(t, migrate.EntityReport{Entity: migrate.Links, Migrated: 1, Skipped: map[string]int64{"appservice-or-unmapped": 1}}, report.Entities[4])
}

func TestAKilledRunIsBegunAnew(t *testing.T) {
	t.Parallel()
	s := newSides(t)
	s.people(t)
	before := s.schema(t)
	s.hang(t)
	blocker, err := pgx.Connect(t.Context(), s.mas.URI())
	require.NoError(t, err)
	defer blocker.Close(context.WithoutCancel(t.Context())) //nolint:errcheck // of a test
	killed := s.killMidRun(t, blocker)
	require.ErrorIs(t, killed, context.Canceled)
	require.ErrorIs(t, killed, masdb.ErrLocked, "somebody else has the lock now, so that nothing can be put back")
	require.Equal(t, "10", s.leftovers(t))

	_, err = s.engine.Run(t.Context(), s.job)
	require.ErrorIs(t, err, masdb.ErrLocked)
	require.Equal(t, "10", s.leftovers(t))

	require.NoError(t, masdb.Unlock(t.Context(), blocker))
	exec(t, s.mas, `DROP FUNCTION hang() CASCADE`)
	report, err := s.engine.Run(t.Context(), s.job)
	require.NoError(t, err, report.Findings)
	require.Equal(t, int64(2), report.Entities[0].Migrated)
	require.Empty(t, before.Difference(s.schema(t)))
}

func TestACancelledRunPutsTheDatabaseBack(t *testing.T) {
	t.Parallel()
	s := newSides(t)
	s.people(t)
	s.hang(t)
	before := s.schema(t)
	err := s.killMidRun(t, nil)
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, "0", s.leftovers(t))
	require.Empty(t, before.Difference(s.schema(t)))
	require.NoError(t, s.engine.Reset(t.Context(), s.job), "without leftovers it does nothing")
}

// hang makes MAS's database take ten seconds for each device.
func (s *sides) hang(t *testing.T) {
	t.Helper()
	exec(t, s.mas, `CREATE FUNCTION hang() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(10); RETURN NEW; END $$`,
		`CREATE TRIGGER hang BEFORE INSERT ON compat_sessions FOR EACH ROW EXECUTE FUNCTION hang()`)
}

// killMidRun runs until mas-cli has renamed MAS's tables, and kills it. The session, if there is
// one, waits for the lock and has it as soon as mas-cli is dead.
func (s *sides) killMidRun(t *testing.T, waiting *pgx.Conn) error {
	t.Helper()
	ctx, kill := context.WithCancel(t.Context())
	defer kill()
	ended := make(chan error, 1)
	go func() {
		_, err := s.engine.Run(ctx, s.job)
		ended <- err
	}()
	require.Eventually(t, func() bool {
		return text(t, s.mas, `SELECT count(*)::text FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'`) != "0"
	}, time.Minute, 50*time.Millisecond)
	if waiting == nil {
		kill()
		return <-ended
	}
	locked := make(chan error, 1)
	go func() {
		_, err := waiting.Exec(t.Context(), `SELECT pg_advisory_lock($1)`, masdb.LockKey)
		locked <- err
	}()
	require.Eventually(t, func() bool {
		return text(t, s.mas, `SELECT count(*)::text FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`) == "1"
	}, time.Minute, 50*time.Millisecond)
	kill()
	require.NoError(t, <-locked)
	return <-ended
}

func TestASynapseThatRunsStopsIt(t *testing.T) {
	t.Parallel()
	s := newSides(t)
	s.people(t)
	conn, err := pgx.Connect(t.Context(), s.synapse.URI())
	require.NoError(t, err)
	defer conn.Close(context.WithoutCancel(t.Context())) //nolint:errcheck // of a test
	tx, err := conn.Begin(t.Context())
	require.NoError(t, err)
	_, err = tx.Exec(t.Context(), `UPDATE devices SET last_seen = 1`)
	require.NoError(t, err)
	report, err := s.engine.Run(t.Context(), s.job)
	require.ErrorIs(t, err, maskit.ErrInvalid)
	require.Equal(t, []string{migrate.CodeSynapseRunning}, codes(report.Findings.Only(maskit.SeverityError)))
	require.Equal(t, "0", s.leftovers(t))
}

func TestRehearse(t *testing.T) {
	t.Parallel()
	s := newSides(t)
	s.people(t)
	_, err := s.engine.Rehearse(t.Context(), s.job, nil)
	require.ErrorIs(t, err, maskit.ErrUnsupported)
	s.job.Scratch = s.job.MAS
	same, err := s.engine.Rehearse(t.Context(), s.job, nil)
	require.ErrorIs(t, err, maskit.ErrInvalid)
	require.Equal(t, []string{migrate.CodeSameDatabase}, codes(same.Findings))

	scratch := live.Postgres(t)
	s.job.Scratch = connection(t, scratch)
	conn, err := pgx.Connect(t.Context(), s.synapse.URI())
	require.NoError(t, err)
	defer conn.Close(context.WithoutCancel(t.Context())) //nolint:errcheck // of a test
	tx, err := conn.Begin(t.Context())
	require.NoError(t, err)
	_, err = tx.Exec(t.Context(), `UPDATE devices SET last_seen = 1`) // Synapse runs
	require.NoError(t, err)
	report, err := s.engine.Rehearse(t.Context(), s.job, func(context.Context, *pgx.ConnConfig) error { panic("there is nothing to verify") })
	require.NoError(t, err, report.Findings)
	require.Equal(t, []string{migrate.CodeNonEmailThreepids, "rehearsal-not-verified"}, codes(report.Findings))
	require.Contains(t, s.done(), migrate.Sessions)
	require.Equal(t, migrate.EntityReport{Entity: migrate.Emails, Migrated: 2}, report.Entities[1], "with other identifiers")
	require.Len(t, report.Entities, 5, "what mas-cli does not count, such as passwords, is left out")
	require.Equal(t, "0", text(t, scratch, `SELECT count(*)::text FROM users`))
	require.Equal(t, "0", text(t, s.mas, `SELECT count(*)::text FROM upstream_oauth_providers`), "MAS's database is not touched")
}
