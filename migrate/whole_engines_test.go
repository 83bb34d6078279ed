package migrate_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/mas/mascli"
	"github.com/maskit-dev/maskit/migrate"
	"github.com/maskit-dev/maskit/migrate/internal/masdb"
	"github.com/maskit-dev/maskit/migrate/migratetest"
	"github.com/maskit-dev/maskit/migrate/native"
	"github.com/maskit-dev/maskit/migrate/official"
)

// engineDifference is what maskit writes otherwise than mas-cli, besides ids.
type engineDifference struct {
	column string // as compared, see comparedTables
	// allowed says which of two values may differ.
	allowed func(w *engineWorld, ours, theirs any) bool
	reason  string
}

// engineDifferences are all that there are; TestEnginesOnOddities meets each of them.
func engineDifferences() []engineDifference {
	thenNow := func(w *engineWorld, ours, theirs any) bool { return w.isNow(ours) && w.isNow(theirs) }
	endOfTime := func(_ *engineWorld, ours, _ any) bool { return ours == "9999-12-31T23:59:59+00:00" }
	const overflow = "A time beyond the year 9999, mostly milliseconds in the place of seconds: mas-cli's overflows and wraps to some year before, maskit's is the end of 9999."
	return []engineDifference{
		{"users.created_at", endOfTime, overflow},
		{"user_passwords.created_at", endOfTime, overflow},
		{
			"compat_sessions.created_at", func(*engineWorld, any, any) bool { return true },
			"Synapse does not know when a device was made. mas-cli takes the time of that token of the device which it happens to read first, or the time of its run; " +
				"maskit the earliest, or the start of the migration: so that two runs agree. That these are the times is compared apart.",
		},
		{
			"compat_access_tokens.created_at", thenNow,
			"A token without last_validated has no time: mas-cli takes that of its run, maskit the start of the migration.",
		},
		{
			"compat_refresh_tokens.created_at", thenNow,
			"As with the access token of the pair.",
		},
	}
}

// otherDifferences are columns of tables that a migration does not fill, which differ
// because each MAS had a "mas-cli config sync" of its own: at another time, with another
// nonce and key for the secrets of providers.
func otherDifferences() []string { return []string{"created_at", "encrypted_client_secret"} }

// engineWorld is one Synapse, and a MAS for each engine.
type engineWorld struct {
	synapse        live.DB
	theirs         live.DB
	theirSite      migratetest.Site
	providers      []migratetest.Provider
	began          time.Time
	met            map[string]int
	nativePolicies migrate.Policy
}

func newEngineWorld(t *testing.T, providers ...migratetest.Provider) *engineWorld {
	t.Helper()
	w := &engineWorld{synapse: live.SynapseDatabase(t, live.SynapseCurrent), providers: providers, met: map[string]int{}}
	w.theirs, w.theirSite = w.newMAS(t)
	return w
}

func (w *engineWorld) newMAS(t *testing.T) (live.DB, migratetest.Site) {
	t.Helper()
	db := live.MASDatabase(t)
	site, err := migratetest.NewSite(migratetest.SiteSpec{Synapse: address(w.synapse), MAS: address(db), Providers: w.providers})
	require.NoError(t, err)
	return db, site
}

func (w *engineWorld) fill(t *testing.T, do func(context.Context, *pgx.Conn) error) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), w.synapse.URI())
	require.NoError(t, err)
	require.NoError(t, errors.Join(do(t.Context(), conn), conn.Close(t.Context())))
	w.began = time.Now()
}

// isNow reports whether a time is that of a run.
func (w *engineWorld) isNow(value any) bool {
	at, err := time.Parse("2006-01-02T15:04:05.999999Z07:00", fmt.Sprint(value))
	return err == nil && at.After(w.began.Add(-time.Millisecond)) && at.Before(time.Now())
}

// native migrates by maskit, and returns MAS's database.
func (w *engineWorld) native(t *testing.T, mode native.Mode) live.DB {
	t.Helper()
	db, site := w.newMAS(t)
	cli := live.MASCLI(t)
	_, err := mascli.CLI{Runner: mascli.Local{Binary: cli.Binary, Share: cli.Share}, Config: site.Config}.ConfigSync(t.Context(), mascli.SyncOptions{})
	require.NoError(t, err)
	w.migrate(t, site, native.Engine{Mode: mode}, w.nativePolicies)
	return db
}

func (w *engineWorld) migrate(t *testing.T, site migratetest.Site, engine migrate.Engine, policy migrate.Policy) {
	t.Helper()
	m := &migrate.Syn2MAS{
		Source: migrate.Source{Files: site.Files}, Target: migrate.Target{Config: site.Config},
		Engine: engine, Policy: policy, Store: migrate.FileStore{Path: filepath.Join(t.TempDir(), "state.json")},
	}
	run, err := m.Run(t.Context())
	require.NoError(t, err, run.Findings)
	verified, err := m.Verify(t.Context())
	require.NoError(t, err)
	require.NoError(t, verified.Err(), verified.String())
}

// TestEnginesOnOddities has both engines migrate every oddity that mas-cli migrates, and
// compares all that there is in MAS's database afterwards.
func TestEnginesOnOddities(t *testing.T) {
	t.Parallel()
	live.MASCLI(t)
	var oddities []migratetest.Oddity
	var providers []migratetest.Provider
	for _, oddity := range migratetest.Oddities() {
		if oddity.Official.Migrate == 0 {
			require.False(t, oddity.AppliesToMAS(), oddity.Name)
			oddities, providers = append(oddities, oddity), append(providers, oddity.Providers...)
		}
	}
	require.Greater(t, len(oddities), 50)
	w := newEngineWorld(t, providers...)
	w.nativePolicies = migrate.Policy{OrphanRows: migrate.Skip} // those whose device is gone, too, mas-cli leaves out without a word
	w.fill(t, func(ctx context.Context, conn *pgx.Conn) error {
		for _, oddity := range oddities {
			if err := oddity.Apply(ctx, conn, nil); err != nil {
				return err
			}
		}
		return nil
	})
	w.syn2mas(t)
	for _, mode := range []native.Mode{native.Bulk, native.Single} {
		w.compare(t, w.native(t, mode))
	}
	for _, d := range engineDifferences() {
		require.NotZero(t, w.met[d.column], "there is no such difference: %s", d.column)
	}
}

// syn2mas runs mas-cli alone, as operators do.
func (w *engineWorld) syn2mas(t *testing.T) {
	t.Helper()
	dir := t.TempDir()
	config, err := w.theirSite.MASFile()
	require.NoError(t, err)
	masFile, synapseFile := filepath.Join(dir, "mas.yaml"), filepath.Join(dir, "homeserver.yaml")
	require.NoError(t, os.WriteFile(masFile, config, 0o600))
	require.NoError(t, os.WriteFile(synapseFile, w.theirSite.Files[0].Data, 0o600))
	result := live.MASCLI(t).Run(t, "--config", masFile, "syn2mas", "migrate", "--synapse-config", synapseFile)
	require.Zero(t, result.Code, result.Stderr)
}

// TestEnginesOnAGeneratedHomeserver is the same on many users; on a million in the long form.
func TestEnginesOnAGeneratedHomeserver(t *testing.T) {
	t.Parallel()
	cli := live.MASCLI(t)
	users := 10_000
	if long() {
		users = 1_000_000
	}
	w := newEngineWorld(t)
	w.fill(t, func(ctx context.Context, conn *pgx.Conn) error {
		_, err := migratetest.Generate(ctx, conn, migratetest.Spec{Users: users, Seed: 2026})
		return err
	})
	w.migrate(t, w.theirSite, official.Engine{Runner: mascli.Local{Binary: cli.Binary, Share: cli.Share}}, migrate.Policy{})
	w.compare(t, w.native(t, native.Bulk))
}

// long reports whether the long forms of tests are wanted.
func long() bool { return os.Getenv("MASKIT_MIGRATE_LONG") == "1" }

// compare compares the database that maskit filled with that of mas-cli.
func (w *engineWorld) compare(t *testing.T, ours live.DB) {
	t.Helper()
	a, b := openDatabase(t, ours), openDatabase(t, w.theirs)
	one, err := masdb.Capture(t.Context(), a)
	require.NoError(t, err)
	two, err := masdb.Capture(t.Context(), b)
	require.NoError(t, err)
	require.Empty(t, one.Difference(two))
	for _, table := range comparedTables() {
		w.compareTable(t, a, b, table)
	}
	same, others := otherTables(t, b), otherTables(t, a)
	for table, rows := range same {
		require.Equal(t, rows, others[table], table)
	}
	require.Len(t, others, len(same))
	w.requireSessionTimes(t, a, "s.created_at = t.first")
	w.requireSessionTimes(t, b, "s.created_at = ANY (t.all_of_them)")
}

// requireSessionTimes requires that a session with tokens has the time of one of them, in
// milliseconds as in its id, and one without the time of the run.
func (w *engineWorld) requireSessionTimes(t *testing.T, conn *pgx.Conn, condition string) {
	t.Helper()
	require.Zero(t, count(t, conn, `SELECT count(*) FROM (SELECT date_trunc('milliseconds', created_at) AS created_at, compat_session_id FROM compat_sessions) s LEFT JOIN
		(SELECT compat_session_id, date_trunc('milliseconds', min(created_at)) AS first, array_agg(date_trunc('milliseconds', created_at)) AS all_of_them FROM compat_access_tokens GROUP BY 1) t
		USING (compat_session_id) WHERE NOT CASE WHEN t.first IS NULL THEN s.created_at >= $1 ELSE `+condition+" END", w.began.Add(-time.Second)))
}

// comparedTable is a table that a migration fills.
type comparedTable struct {
	name string
	// from names the table x, and joins the user u.
	from string
	// key is what a row is found by.
	key string
	// instead of ids stand what they point to; empty for the row's own.
	instead map[string]string
}

func comparedTables() []comparedTable {
	const (
		user    = " JOIN users u USING (user_id)"
		session = " JOIN compat_sessions s USING (compat_session_id) JOIN users u USING (user_id)"
		name    = "concat(u.username, ' on ', %[1]s.device_id, (SELECT min(access_token) FROM compat_access_tokens t WHERE %[1]s.device_id IS NULL AND t.compat_session_id = %[1]s.compat_session_id))"
	)
	of := func(table string) string { return fmt.Sprintf(name, table) }
	owner := func(id string) map[string]string { return map[string]string{id: "", "user_id": "u.username"} }
	return []comparedTable{
		{"users", "users x", "x.username", map[string]string{"user_id": ""}},
		{"user_passwords", "user_passwords x" + user, "u.username", owner("user_password_id")},
		{"user_emails", "user_emails x" + user, "concat(u.username, ' ', x.email, ' ', x.created_at)", owner("user_email_id")},
		{"user_unsupported_third_party_ids", "user_unsupported_third_party_ids x" + user, "concat(u.username, ' ', x.medium, ' ', x.address)", map[string]string{"user_id": "u.username"}},
		{"upstream_oauth_links", "upstream_oauth_links x" + user, "concat(x.upstream_oauth_provider_id, ' ', x.subject)", owner("upstream_oauth_link_id")},
		{"compat_sessions", "compat_sessions x" + user, of("x"), owner("compat_session_id")},
		{"compat_access_tokens", "compat_access_tokens x" + session, "x.access_token", map[string]string{"compat_access_token_id": "", "compat_session_id": of("s")}},
		{"compat_refresh_tokens", "compat_refresh_tokens x" + session, "x.refresh_token", map[string]string{
			"compat_refresh_token_id": "", "compat_session_id": of("s"),
			"compat_access_token_id": "(SELECT access_token FROM compat_access_tokens t WHERE t.compat_access_token_id = x.compat_access_token_id)",
		}},
	}
}

// query reads the key of each row, and the row, with all columns that the table has.
func (c comparedTable) query() string {
	var drop, put []string
	for id, instead := range c.instead {
		drop = append(drop, fmt.Sprintf("- '%s'", id))
		if instead != "" {
			put = append(put, fmt.Sprintf("|| jsonb_build_object('%s', %s)", id, instead))
		}
	}
	slices.Sort(drop)
	slices.Sort(put)
	return fmt.Sprintf(`SELECT %s COLLATE "C" AS key, (to_jsonb(x) %s %s)::text FROM %s ORDER BY key`, c.key, join(drop), join(put), c.from)
}

func join(parts []string) string {
	text := ""
	for _, p := range parts {
		text += " " + p
	}
	return text
}

// compareTable reads both tables side by side.
func (w *engineWorld) compareTable(t *testing.T, a, b *pgx.Conn, table comparedTable) {
	t.Helper()
	ours, err := a.Query(t.Context(), table.query())
	require.NoError(t, err, table.query())
	theirs, err := b.Query(t.Context(), table.query())
	require.NoError(t, err)
	rows := 0
	for ours.Next() {
		require.True(t, theirs.Next(), "%s: mas-cli has %d rows, maskit has more", table.name, rows)
		var key, otherKey, row, other string
		require.NoError(t, ours.Scan(&key, &row))
		require.NoError(t, theirs.Scan(&otherKey, &other))
		require.Equal(t, otherKey, key, "%s: row %d", table.name, rows)
		if row != other {
			w.judge(t, table.name, row, other)
		}
		rows++
	}
	require.False(t, theirs.Next(), "%s: maskit has %d rows, mas-cli has more", table.name, rows)
	require.NoError(t, errors.Join(ours.Err(), theirs.Err()))
	require.NotZero(t, rows, table.name)
}

// judge fails unless what differs is documented.
func (w *engineWorld) judge(t *testing.T, table, ours, theirs string) {
	t.Helper()
	var a, b map[string]any
	require.NoError(t, errors.Join(json.Unmarshal([]byte(ours), &a), json.Unmarshal([]byte(theirs), &b)))
	for column := range b {
		if fmt.Sprint(a[column]) == fmt.Sprint(b[column]) {
			continue
		}
		name := table + "." + column
		i := slices.IndexFunc(engineDifferences(), func(d engineDifference) bool { return d.column == name })
		require.True(t, i >= 0 && engineDifferences()[i].allowed(w, a[column], b[column]), "%s: maskit %s, mas-cli %s", name, ours, theirs)
		w.met[name]++
	}
}

// otherTables is all that stands in the tables that a migration does not fill.
func otherTables(t *testing.T, conn *pgx.Conn) map[string]string {
	t.Helper()
	rows, err := conn.Query(t.Context(), "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> ALL ($1)", masdb.Tables())
	require.NoError(t, err)
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	all := map[string]string{}
	for _, table := range tables {
		var text string
		require.NoError(t, conn.QueryRow(t.Context(), fmt.Sprintf(`SELECT coalesce(string_agg(r, E'\n' ORDER BY r), '') FROM (
			SELECT (to_jsonb(x) - $1::text[])::text AS r FROM %s x) y`, pgx.Identifier{table}.Sanitize()), otherDifferences()).Scan(&text))
		all[table] = text
	}
	require.NotEmpty(t, all["upstream_oauth_providers"])
	return all
}

func openDatabase(t *testing.T, db live.DB) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), db.URI())
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close(context.WithoutCancel(t.Context())) })
	return conn
}

func count(t *testing.T, conn *pgx.Conn, sql string, args ...any) (n int64) {
	t.Helper()
	require.NoError(t, conn.QueryRow(t.Context(), sql, args...).Scan(&n))
	return n
}
