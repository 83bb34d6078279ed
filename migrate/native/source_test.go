package native

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	real "github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/migrate"
)

// village fills a database of Synapse: sixty people, some of each kind, and rows of
// nobody before, between and after them.
const village = `
INSERT INTO users (name, password_hash, creation_ts, admin, is_guest, deactivated, appservice_id, locked)
SELECT '@u' || lpad(i::text, 3, '0') || ':example.com', '$2b$12$' || repeat('a', 53), 1530393962 + i, (i % 10 = 0)::int, (i % 11 = 0)::int,
	(i % 13 = 0)::int, CASE WHEN i % 7 = 0 THEN 'irc' END, i % 17 = 0
FROM generate_series(1, 60) i;
INSERT INTO users (name, creation_ts, appservice_id) VALUES ('@x:other.org', 1, NULL), ('@b:b:example.com', 1, 'irc'), (NULL, 1, NULL);
INSERT INTO user_threepids SELECT name, 'email', name, 1, 1554209349014 FROM users WHERE name LIKE '@u%';
INSERT INTO user_threepids SELECT name, 'msisdn', name, 1, 1554209349014 FROM users WHERE name LIKE '@u%0:%';
INSERT INTO user_external_ids (user_id, auth_provider, external_id) SELECT name, 'oidc-corp', name FROM users WHERE name IS NOT NULL;
INSERT INTO user_external_ids (user_id, auth_provider, external_id) SELECT name, 'saml', name FROM users WHERE name LIKE '@u%1:%';
INSERT INTO devices (user_id, device_id, display_name, last_seen, ip, user_agent, hidden)
SELECT name, 'DEV' || n, 'Device ' || n, 1600000000000, CASE n WHEN 1 THEN '203.0.113.1' WHEN 2 THEN '-' ELSE 'garbage' END, 'agent', n = 4
FROM users, generate_series(1, 4) n WHERE name IS NOT NULL;
INSERT INTO dehydrated_devices (user_id, device_id, device_data) VALUES ('@u001:example.com', 'DEV2', '{}');
INSERT INTO refresh_tokens (id, user_id, device_id, token) SELECT row_number() OVER (ORDER BY name), name, 'DEV2', 'syr_' || name FROM users WHERE name IS NOT NULL;
INSERT INTO access_tokens (id, user_id, device_id, token, last_validated, refresh_token_id, puppets_user_id)
SELECT row_number() OVER (ORDER BY u.name, n), u.name, CASE WHEN n < 5 THEN 'DEV' || n END, 'syt_' || u.name || n, 1600000000000 + n,
	CASE n WHEN 2 THEN r.id END, CASE n WHEN 3 THEN '@u010:example.com' END
FROM users u JOIN refresh_tokens r ON r.user_id = u.name, generate_series(1, 5) n;
INSERT INTO devices (user_id, device_id, hidden) SELECT u, 'LOST', false FROM unnest('{@a:example.com,@u0305:example.com,@z:example.com}'::text[]) u;
INSERT INTO access_tokens (id, user_id, device_id, token) VALUES (100001, '@u0305:example.com', 'LOST', 'syt_lost');
INSERT INTO refresh_tokens (id, user_id, device_id, token) VALUES (100001, '@a:example.com', 'LOST', 'syr_lost');
INSERT INTO user_threepids VALUES ('@z:example.com', 'email', 'z@example.com', 1, 1);
INSERT INTO user_external_ids (user_id, auth_provider, external_id) VALUES ('@zz:example.com', 'oidc-corp', 'zz');
ANALYZE;`

// settle fills a new database and returns the job for it.
func settle(t *testing.T, version real.SynapseVersion, sql string) *migrate.Job {
	t.Helper()
	db := real.SynapseDatabase(t, version)
	config, err := pgx.ParseConfig(db.URI())
	require.NoError(t, err)
	job := testJob()
	job.Synapse = config
	execute(t, job, sql)
	return job
}

func execute(t *testing.T, job *migrate.Job, sql string) {
	t.Helper()
	conn := connect(t, job)
	_, err := conn.Exec(t.Context(), sql)
	require.NoError(t, err)
	require.NoError(t, conn.Close(t.Context()))
}

func connect(t *testing.T, job *migrate.Job) *pgx.Conn {
	t.Helper()
	conn, err := pgx.ConnectConfig(t.Context(), job.Synapse.Copy())
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close(context.WithoutCancel(t.Context())) })
	return conn
}

// read opens a source, calls load, and returns the rows, sorted.
func read(t *testing.T, job *migrate.Job, o sourceOptions, load func(*source, sink) (tally, error)) (collected, *tally) {
	t.Helper()
	s, err := openSource(t.Context(), job, o)
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close(t.Context())) }()
	sink := &collector{t: t, free: s.buffers}
	sum, err := load(s, sink)
	require.NoError(t, err)
	for of, entity := range migrate.Entities() {
		require.Len(t, sink.rows[entity], int(sum.rows[of]), entity)
		slices.SortFunc(sink.rows[entity], func(a, b map[string]string) int { return strings.Compare(rowText(a), rowText(b)) })
	}
	return sink.rows, &sum
}

func rowText(row map[string]string) string {
	var text strings.Builder
	for _, name := range slices.Sorted(maps.Keys(row)) {
		text.WriteString(row[name] + "\x00")
	}
	return text.String()
}

func everything(t *testing.T) func(*source, sink) (tally, error) {
	return func(s *source, out sink) (tally, error) { return s.load(t.Context(), out) }
}

func TestLoadVillage(t *testing.T) {
	t.Parallel()
	for _, version := range []real.SynapseVersion{real.SynapseCurrent, real.SynapseFloor} {
		t.Run(string(version), func(t *testing.T) {
			t.Parallel()
			job := settle(t, version, village)
			rows, sum := read(t, job, sourceOptions{Workers: 1}, everything(t))

			// 60 people: 8 of the application service, of the others 5 guests and 4 deactivated.
			require.Len(t, rows[migrate.Users], 52)
			require.Len(t, rows[migrate.Passwords], 52)
			require.Len(t, rows[migrate.Emails], 52)
			require.Len(t, rows[migrate.Unsupported], 6)
			require.Len(t, rows[migrate.Links], 52)
			require.Len(t, rows[migrate.Sessions], 43*4)
			require.Len(t, rows[migrate.AccessTokens], 43*3)
			require.Len(t, rows[migrate.RefreshTokens], 43)
			require.Equal(t, []string{
				"dehydrated-devices dehydrated_devices 1 [@u001:example.com DEV2]",
				"foreign-users users 2 [@x:other.org NULL]",
				"hidden-device-tokens access_tokens 43 [@u001:example.com DEV4 @u002:example.com DEV4 @u003:example.com DEV4 @u004:example.com DEV4 @u005:example.com DEV4]",
				"orphan-rows access_tokens 1 [@u0305:example.com LOST]",
				"orphan-rows devices 3 [@a:example.com LOST @u0305:example.com LOST @z:example.com LOST]",
				"orphan-rows refresh_tokens 1 [@a:example.com LOST]",
				"orphan-rows user_external_ids 1 [@zz:example.com]",
				"orphan-rows user_threepids 1 [@z:example.com]",
				"synapse-missing-oauth-provider user_external_ids 5 [@u001:example.com @u011:example.com @u031:example.com @u041:example.com @u051:example.com] saml",
				"unreadable-device-ip devices 43 [@u001:example.com DEV3 @u002:example.com DEV3 @u003:example.com DEV3 @u004:example.com DEV3 @u005:example.com DEV3]",
			}, sum.notes())
			require.Equal(t, map[string]int64{"appservice": 9, "foreign-users": 2}, sum.reports()[0].Skipped)
			require.Len(t, sum.findings(job), 10)
			require.Error(t, sum.findings(job).Err())
		})
	}
}

// However the work is split, and whatever the order of the rows in the tables: the same.
func TestLoadIsDeterministic(t *testing.T) {
	t.Parallel()
	job := settle(t, real.SynapseCurrent, village)
	rows, sum := read(t, job, sourceOptions{Workers: 1}, everything(t))
	for _, table := range []string{"users", "devices", "access_tokens", "refresh_tokens"} {
		execute(t, job, "CREATE TEMPORARY TABLE t AS SELECT * FROM "+table+" ORDER BY md5("+table+"::text); "+
			"SET session_replication_role = replica; DELETE FROM "+table+"; INSERT INTO "+table+" SELECT * FROM t")
	}
	execute(t, job, "ANALYZE users")
	again, same := read(t, job, sourceOptions{Workers: 5, Rehearsal: true}, everything(t))
	require.Equal(t, rows, again)
	require.Equal(t, sum.notes(), same.notes())
	require.Equal(t, sum.skips(), same.skips())
}

func TestLoadUsersMakesTheSameRows(t *testing.T) {
	t.Parallel()
	job := settle(t, real.SynapseCurrent, village)
	whole, _ := read(t, job, sourceOptions{Workers: 2}, everything(t))
	names := []string{"@u001:example.com", "@u002:example.com", "@u011:example.com", "@u007:example.com", `@"},{\:example.com`, "@nobody:example.com"}
	part, sum := read(t, job, sourceOptions{}, func(s *source, out sink) (tally, error) { return s.loadUsers(t.Context(), names, out) })
	require.Len(t, part[migrate.Users], 3)
	require.Len(t, part[migrate.Sessions], 2*4)
	for entity, rows := range part {
		require.Subset(t, whole[entity], rows, entity)
	}
	require.Equal(t, map[string]int64{"appservice": 1}, sum.reports()[0].Skipped)

	none, _ := read(t, job, sourceOptions{}, func(s *source, out sink) (tally, error) { return s.loadUsers(t.Context(), nil, out) })
	require.Empty(t, none)
}

// A sink that executes the writes of a goroutine in their order breaks no foreign key.
func TestWritesComeInTheOrderOfForeignKeys(t *testing.T) {
	t.Parallel()
	job := settle(t, real.SynapseCurrent, village)
	s, err := openSource(t.Context(), job, sourceOptions{Workers: 1})
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close(t.Context())) }()
	sink := &collector{t: t}
	_, err = s.load(t.Context(), sink)
	require.NoError(t, err)
	require.Equal(t, migrate.Entities(), sink.writes)
}

func TestLoadEndsWithTheContext(t *testing.T) {
	t.Parallel()
	job := settle(t, real.SynapseCurrent, village)
	s, err := openSource(t.Context(), job, sourceOptions{Workers: 3})
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close(context.WithoutCancel(t.Context()))) }()
	ctx, cancel := context.WithCancelCause(t.Context())
	enough := errors.New("enough")
	cancel(enough)
	_, err = s.load(ctx, &collector{t: t})
	require.ErrorIs(t, err, enough)
}

type brokenSink struct{ err error }

func (b brokenSink) write(context.Context, migrate.Entity, []byte, int) error { return b.err }

func TestLoadEndsWithTheSink(t *testing.T) {
	t.Parallel()
	job := settle(t, real.SynapseCurrent, village)
	s, err := openSource(t.Context(), job, sourceOptions{Workers: 3})
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close(t.Context())) }()
	full := errors.New("disk full")
	_, err = s.load(t.Context(), brokenSink{full})
	require.ErrorIs(t, err, full)
	requireSessions(t, job, 1) // the one that holds the locks
}

// requireSessions waits until so many sessions use the database, besides the asking one.
func requireSessions(t *testing.T, job *migrate.Job, want int) {
	t.Helper()
	const sql = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
	conn := connect(t, job)
	require.Eventually(t, func() bool {
		var count int
		err := conn.QueryRow(t.Context(), sql).Scan(&count)
		return err == nil && count == want
	}, 5*time.Second, 50*time.Millisecond)
}
