package native_test

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/migrate"
	"github.com/maskit-dev/maskit/migrate/internal/masdb"
	"github.com/maskit-dev/maskit/migrate/migratetest"
	"github.com/maskit-dev/maskit/migrate/native"
	"github.com/maskit-dev/maskit/synapse"
)

// home is a homeserver with users, and an empty MAS.
type home struct {
	job    *migrate.Job
	mas    live.DB
	conn   *pgx.Conn
	counts migratetest.Counts
	before masdb.Schema

	mu     sync.Mutex
	events []migrate.Event
	// on is called with each event.
	on func(migrate.Event)
}

// newHome makes one, after preparing MAS's database by statements.
func newHome(t *testing.T, users int, statements ...string) *home {
	t.Helper()
	h := &home{mas: live.MASDatabase(t), on: func(migrate.Event) {}}
	h.conn = open(t, h.mas)
	require.NoError(t, migratetest.InsertProviders(t.Context(), h.conn, migratetest.Keycloak(), migratetest.GitLab()))
	execute(t, h.conn, statements...)
	db := live.SynapseDatabase(t, live.SynapseCurrent)
	var err error
	h.counts, err = migratetest.Generate(t.Context(), open(t, db), migratetest.Spec{Users: users, Seed: 7})
	require.NoError(t, err)
	h.before, err = masdb.Capture(t.Context(), h.conn)
	require.NoError(t, err)
	h.job = &migrate.Job{
		RunID: "01J4Z0RVN00000000000000000", Started: time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC), Key: maskit.NewSecret("the key of a test"),
		Legacy: synapse.Legacy{ServerName: "example.com"}, Synapse: config(t, db), MAS: config(t, h.mas),
		Providers: map[string]maskit.ULID{
			migratetest.Keycloak().SynapseID: migratetest.Keycloak().ID, migratetest.GitLab().SynapseID: migratetest.GitLab().ID,
		},
		Judge: func(found migrate.Findings) error { return found.Err() }, Events: h.event, Logger: slog.New(slog.DiscardHandler),
	}
	return h
}

func (h *home) event(e migrate.Event) {
	h.mu.Lock()
	h.events = append(h.events, e)
	on := h.on
	h.mu.Unlock()
	on(e)
}

// once calls do at the first event that matches.
func (h *home) once(matches func(migrate.Event) bool, do func()) {
	var once sync.Once
	h.on = func(e migrate.Event) {
		if matches(e) {
			once.Do(do)
		}
	}
}

func config(t *testing.T, db live.DB) *pgx.ConnConfig {
	t.Helper()
	c, err := pgx.ParseConfig(db.URI())
	require.NoError(t, err)
	c.RuntimeParams["application_name"] = "maskit"
	return c
}

func open(t *testing.T, db live.DB) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), db.URI())
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close(context.WithoutCancel(t.Context())) })
	return conn
}

func execute(t *testing.T, conn *pgx.Conn, statements ...string) {
	t.Helper()
	for _, statement := range statements {
		_, err := conn.Exec(t.Context(), statement)
		require.NoError(t, err, statement)
	}
}

func number(t *testing.T, conn *pgx.Conn, query string) int64 {
	t.Helper()
	var n int64
	require.NoError(t, conn.QueryRow(t.Context(), query).Scan(&n), query)
	return n
}

// requireUntouched holds MAS's database against what it was, but for the side schema.
func (h *home) requireUntouched(t *testing.T) {
	t.Helper()
	h.requireSameSchema(t)
	table, rows, err := masdb.NonEmpty(t.Context(), h.conn)
	require.NoError(t, err)
	require.Empty(t, table, rows)
}

func (h *home) requireSameSchema(t *testing.T) {
	t.Helper()
	now, err := masdb.Capture(t.Context(), h.conn)
	require.NoError(t, err)
	require.Empty(t, h.before.Difference(now))
}

// requireDone holds it against what it has to be after a run.
func (h *home) requireDone(t *testing.T) {
	t.Helper()
	h.requireSameSchema(t)
	for _, table := range masdb.Tables() {
		require.Equal(t, h.counts.MAS[table], number(t, h.conn, "SELECT count(*) FROM "+table), table)
		if h.counts.MAS[table] > 0 {
			require.NotZero(t, number(t, h.conn, "SELECT count(*) FROM pg_stats WHERE tablename = '"+table+"'"), "the planner knows %s", table)
		}
	}
	h.requireNothingOfOurs(t)
}

func (h *home) requireNothingOfOurs(t *testing.T) {
	t.Helper()
	require.Zero(t, number(t, h.conn, "SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'maskit%'"))
	require.Eventually(t, func() bool { // the server notices later than we do that a session was closed
		return number(t, h.conn, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'maskit'") == 0
	}, 5*time.Second, 20*time.Millisecond)
	require.Zero(t, number(t, h.conn, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"))
}

func modes() map[string]native.Engine {
	return map[string]native.Engine{"bulk": {Mode: native.Bulk}, "single": {Mode: native.Single}}
}

func TestRun(t *testing.T) {
	t.Parallel()
	for name, engine := range modes() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHome(t, 1000)
			report, err := engine.Run(t.Context(), h.job)
			require.NoError(t, err)
			h.requireDone(t)
			require.Equal(t, "native", report.Engine)
			require.False(t, report.AlreadyDone)
			require.Positive(t, report.Duration())
			for i, entity := range migrate.Entities() {
				require.Equal(t, entity, report.Entities[i].Entity)
				require.Equal(t, h.counts.MAS[string(entity)], report.Entities[i].Migrated, entity)
			}
			last := h.events[len(h.events)-1]
			require.Equal(t, migrate.StageSwitch, last.Stage)
			require.True(t, last.Done)

			report, err = engine.Run(t.Context(), h.job)
			require.NoError(t, err)
			require.True(t, report.AlreadyDone)
			h.requireDone(t)

			another := *h.job
			another.Key = maskit.NewSecret("another key")
			report, err = engine.Run(t.Context(), &another)
			require.ErrorIs(t, err, maskit.ErrInvalid)
			require.False(t, report.AlreadyDone)
			require.Equal(t, migrate.CodeMASNotEmpty, report.Findings[0].Code)
			h.requireDone(t)
		})
	}
}

func TestModesGiveTheSameRows(t *testing.T) {
	t.Parallel()
	h := newHome(t, 500)
	hashes := map[string]map[string]string{}
	for name, engine := range map[string]native.Engine{
		"bulk": {Mode: native.Bulk, Workers: 2}, "single": {Mode: native.Single, Workers: 2}, "auto": {},
	} {
		_, err := engine.Run(t.Context(), h.job)
		require.NoError(t, err)
		hashes[name] = map[string]string{}
		for _, table := range masdb.Tables() {
			var hash string
			require.NoError(t, h.conn.QueryRow(t.Context(), "SELECT md5(string_agg(r::text, ',' ORDER BY r::text)) FROM "+table+" r").Scan(&hash))
			hashes[name][table] = hash
		}
		execute(t, h.conn, "TRUNCATE users CASCADE")
	}
	require.Equal(t, hashes["bulk"], hashes["single"])
	require.Equal(t, hashes["bulk"], hashes["auto"])
}

func TestRehearse(t *testing.T) {
	t.Parallel()
	h := newHome(t, 1000)
	seen := map[string]int64{}
	report, err := native.Engine{}.Rehearse(t.Context(), h.job, func(ctx context.Context, c *pgx.ConnConfig) error {
		conn, err := pgx.ConnectConfig(ctx, c)
		require.NoError(t, err)
		defer func() { _ = conn.Close(ctx) }()
		for _, table := range append(masdb.Tables(), "upstream_oauth_providers") {
			var rows int64
			require.NoError(t, conn.QueryRow(ctx, "SELECT count(*) FROM "+table).Scan(&rows))
			seen[table] = rows
		}
		return nil
	})
	require.NoError(t, err)
	require.Equal(t, int64(2), seen["upstream_oauth_providers"], "other tables are MAS's")
	delete(seen, "upstream_oauth_providers")
	require.Equal(t, h.counts.MAS, seen)
	require.NotEmpty(t, h.job.Snapshot)
	require.Equal(t, h.counts.MAS["users"], report.Entities[0].Migrated)
	h.requireUntouched(t)
	h.requireNothingOfOurs(t)
}

func TestRehearseReturnsWhatVerifySays(t *testing.T) {
	t.Parallel()
	h := newHome(t, 10)
	_, err := native.Engine{}.Rehearse(t.Context(), h.job, func(context.Context, *pgx.ConnConfig) error { return errSpoilt })
	require.ErrorIs(t, err, errSpoilt)
	h.requireUntouched(t)
	h.requireNothingOfOurs(t)
}

func TestRehearseInAScratchDatabase(t *testing.T) {
	t.Parallel()
	h := newHome(t, 100)
	scratch := live.MASDatabase(t)
	require.NoError(t, migratetest.InsertProviders(t.Context(), open(t, scratch), migratetest.Keycloak(), migratetest.GitLab()))
	h.job.Scratch = config(t, scratch)
	_, err := native.Engine{}.Rehearse(t.Context(), h.job, func(ctx context.Context, c *pgx.ConnConfig) error {
		require.Equal(t, scratch.Name, c.Database)
		return nil
	})
	require.NoError(t, err)
}
