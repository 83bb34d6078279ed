package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/migrate"
	"github.com/maskit-dev/maskit/migrate/migratetest"
)

// deployment is a homeserver with every oddity that can be migrated by some policy, as files.
type deployment struct {
	synapse, mas live.DB
	dir          string
}

func newDeployment(t *testing.T, users int) deployment {
	t.Helper()
	d := deployment{synapse: live.SynapseDatabase(t, live.SynapseCurrent), mas: live.MASDatabase(t), dir: t.TempDir()}
	spec := migratetest.SiteSpec{ServerName: migratetest.OdditiesServerName, Synapse: d.database(d.synapse), MAS: d.database(d.mas)}
	synapse, mas := connect(t, d.synapse), connect(t, d.mas)
	_, err := migratetest.Generate(t.Context(), synapse, migratetest.Spec{Users: users, Seed: 7, ServerName: migratetest.OdditiesServerName})
	require.NoError(t, err)
	for _, o := range migratetest.Oddities() {
		if o.RefusedAlways || o.AppliesToMAS() {
			continue
		}
		require.NoError(t, o.Apply(t.Context(), synapse, mas), o.Name)
		spec.Providers = append(spec.Providers, o.Providers...)
	}
	site, err := migratetest.NewSite(spec)
	require.NoError(t, err)
	require.NoError(t, migratetest.InsertProviders(t.Context(), mas, site.Providers...))
	require.NoError(t, synapse.Close(t.Context()))
	require.NoError(t, mas.Close(t.Context()))
	config, err := site.MASFile()
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(d.path("mas.yaml"), config, 0o600))
	require.NoError(t, os.WriteFile(d.path("homeserver.yaml"), site.Files[0].Data, 0o600))
	return d
}

func (deployment) database(db live.DB) migratetest.Database {
	return migratetest.Database{Host: db.SocketDir, User: db.User, Name: db.Name}
}

func (d deployment) path(name string) string { return filepath.Join(d.dir, name) }

// run runs a command of the program.
func (d deployment) run(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	return d.runUntil(t.Context(), args...)
}

func (d deployment) runUntil(ctx context.Context, args ...string) (code int, stdout, stderr string) {
	var out, errs bytes.Buffer
	code = run(ctx, append([]string{
		"-synapse-config", d.path("homeserver.yaml"), "-mas-config", d.path("mas.yaml"), "-state", d.path("state.json"),
	}, args...), &out, &errs)
	return code, out.String(), errs.String()
}

func connect(t *testing.T, db live.DB) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), db.URI())
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close(context.Background()) }) //nolint:usetesting // t.Context is over
	return conn
}

func skipAll() []string {
	var flags []string
	for _, code := range skippable() {
		flags = append(flags, "-skip", code)
	}
	return flags
}

// The whole path on a database with every oddity: what does not fit is refused until
// the policy says what to do with it; then verify is clean, and finds one changed row.
func TestLiveEveryOddity(t *testing.T) {
	t.Parallel()
	d := newDeployment(t, 300)

	code, stdout, stderr := d.run(t, "check")
	require.Equal(t, exitErrors, code, stderr)
	for _, want := range []string{migrate.CodeOrphanRows, migrate.CodeForeignUsers, migrate.CodeHiddenDeviceTokens, migrate.CodeNullCreationTime, "fix:", "such as:"} {
		require.Contains(t, stdout, want)
	}
	code, stdout, stderr = d.run(t, "run")
	require.Equal(t, exitErrors, code, stderr)
	require.Contains(t, stdout, "Nothing was migrated.")

	code, stdout, stderr = d.run(t, append(skipAll(), "-json", "rehearse")...)
	require.Equal(t, exitDone, code, stdout+stderr)
	var rehearsal migrate.RehearseReport
	require.NoError(t, json.Unmarshal([]byte(stdout), &rehearsal))
	require.Positive(t, rehearsal.Downtime)

	code, stdout, stderr = d.run(t, append(skipAll(), "run")...)
	require.Equal(t, exitDone, code, stdout+stderr)
	require.Contains(t, stdout, "left out:")
	code, stdout, stderr = d.run(t, append(skipAll(), "verify")...)
	require.Equal(t, exitDone, code, stdout+stderr)
	code, stdout, _ = d.run(t, append(skipAll(), "resume")...)
	require.Equal(t, exitDone, code)
	require.Contains(t, stdout, "It was done before.")

	mas := connect(t, d.mas)
	var name string
	require.NoError(t, mas.QueryRow(t.Context(), "SELECT username FROM users WHERE locked_at IS NULL ORDER BY username LIMIT 1").Scan(&name))
	_, err := mas.Exec(t.Context(), "UPDATE users SET locked_at = now() WHERE username = $1", name)
	require.NoError(t, err)
	code, stdout, _ = d.run(t, append(skipAll(), "verify")...)
	require.Equal(t, exitErrors, code)
	require.Contains(t, stdout, "@"+name+":example.com")
	require.Contains(t, stdout, "locked_at")
}

func TestLiveRollback(t *testing.T) {
	t.Parallel()
	d := newDeployment(t, 50)
	_, _, stderr := d.run(t, "resume")
	require.Contains(t, stderr, "no migration was begun")

	code, stdout, stderr := d.run(t, append(skipAll(), "run")...)
	require.Equal(t, exitDone, code, stdout+stderr)
	code, stdout, stderr = d.run(t, append(skipAll(), "rollback")...)
	require.Equal(t, exitDone, code, stdout+stderr)
	var users int
	require.NoError(t, connect(t, d.mas).QueryRow(t.Context(), "SELECT count(*) FROM users").Scan(&users))
	require.Zero(t, users)
}

// An interrupted run has changed nothing that MAS sees, and resume ends it.
func TestLiveInterruptedRun(t *testing.T) {
	t.Parallel()
	d := newDeployment(t, 5000)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		d.runUntil(ctx, append(skipAll(), "run")...)
	}()
	require.Eventually(t, func() bool { _, err := os.Stat(d.path("state.json")); return err == nil }, timeLimit, tick)
	cancel()
	<-done
	code, stdout, stderr := d.run(t, append(skipAll(), "resume")...)
	require.Equal(t, exitDone, code, stdout+stderr)
	code, stdout, stderr = d.run(t, append(skipAll(), "verify")...)
	require.Equal(t, exitDone, code, stdout+stderr)
}

// Nothing secret is printed or stored by any command.
func TestLiveNoSecretIsShown(t *testing.T) {
	t.Parallel()
	d := newDeployment(t, 50)
	synapse := connect(t, d.synapse)
	rows, err := synapse.Query(t.Context(), `SELECT token FROM access_tokens UNION ALL SELECT token FROM refresh_tokens
		UNION ALL SELECT password_hash FROM users WHERE length(password_hash) > 8`)
	require.NoError(t, err)
	secrets, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	require.NotEmpty(t, secrets)
	require.NoError(t, synapse.Close(t.Context()))
	var all string
	for _, command := range commands() {
		for _, form := range [][]string{{command}, {command, "-json"}} {
			_, stdout, stderr := d.run(t, append(skipAll(), form...)...)
			all += stdout + stderr
		}
		state, err := os.ReadFile(d.path("state.json"))
		if err == nil {
			all += string(state)
		}
	}
	for _, secret := range secrets {
		require.NotContains(t, all, secret)
	}
	require.NotContains(t, all, "odd pepper")
}

const (
	timeLimit = 60 * time.Second
	tick      = 2 * time.Millisecond
)
