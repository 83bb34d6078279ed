package native_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/migrate"
	"github.com/maskit-dev/maskit/migrate/internal/masdb"
	"github.com/maskit-dev/maskit/migrate/migratetest"
	"github.com/maskit-dev/maskit/migrate/native"
)

// syn2mas runs mas-cli on the databases of a homeserver.
func (h *home) syn2mas(t *testing.T, cli *live.MAS) live.MASResult {
	t.Helper()
	synapse := h.job.Synapse
	site, err := migratetest.NewSite(migratetest.SiteSpec{
		Synapse: migratetest.Database{Host: synapse.Host, User: synapse.User, Name: synapse.Database},
		MAS:     migratetest.Database{Host: h.mas.SocketDir, User: h.mas.User, Name: h.mas.Name},
	})
	require.NoError(t, err)
	config, err := site.MASFile()
	require.NoError(t, err)
	dir := t.TempDir()
	masFile, synapseFile := filepath.Join(dir, "mas.yaml"), filepath.Join(dir, "homeserver.yaml")
	require.NoError(t, os.WriteFile(masFile, config, 0o600))
	require.NoError(t, os.WriteFile(synapseFile, site.Files[0].Data, 0o600))
	return cli.Run(t, "--config", masFile, "syn2mas", "migrate", "--synapse-config", synapseFile)
}

// TestRunAfterMASCLIFailed lets mas-cli stop in the middle, at a device of nobody.
func TestRunAfterMASCLIFailed(t *testing.T) {
	t.Parallel()
	cli := live.MASCLI(t)
	h := newHome(t, 200)
	synapse := open(t, live.DB{Name: h.job.Synapse.Database, User: h.job.Synapse.User, SocketDir: h.job.Synapse.Host})
	execute(t, synapse, "INSERT INTO devices (user_id, device_id, hidden) VALUES ('@nobody:example.com', 'ORPHAN', false)")
	result := h.syn2mas(t, cli)
	require.Equal(t, 1, result.Code, result.Stderr)
	left, err := masdb.ReadLeftovers(t.Context(), h.conn)
	require.NoError(t, err)
	require.NotEmpty(t, left.MASCLI)

	findings, err := native.Engine{}.Check(t.Context(), h.job)
	require.NoError(t, err)
	require.Empty(t, findings, "it can be reset")
	h.job.Policy.OrphanRows = migrate.Skip
	_, err = native.Engine{Mode: native.Bulk}.Run(t.Context(), h.job)
	require.NoError(t, err)
	h.requireDone(t)
}

// TestMASCLIAfterAKilledRun: mas-cli does not mind what such a run leaves, and its own
// run leaves nothing of that in MAS's tables.
func TestMASCLIAfterAKilledRun(t *testing.T) {
	t.Parallel()
	cli := live.MASCLI(t)
	h := newHome(t, 200, "CREATE SCHEMA maskit_syn2mas", "CREATE TABLE maskit_syn2mas.users (LIKE users INCLUDING DEFAULTS)",
		"CREATE UNIQUE INDEX users_pkey ON maskit_syn2mas.users (user_id)", "INSERT INTO maskit_syn2mas.users (user_id, username, created_at) SELECT gen_random_uuid(), 'half', now()")
	result := h.syn2mas(t, cli)
	require.Zero(t, result.Code, result.Stderr)
	require.NoError(t, native.Engine{}.Reset(t.Context(), h.job))
	h.requireSameSchema(t)
	h.requireNothingOfOurs(t)
	for _, table := range masdb.Tables() {
		require.Equal(t, h.counts.MAS[table], number(t, h.conn, "SELECT count(*) FROM "+table), table)
	}
	report, err := native.Engine{}.Run(t.Context(), h.job)
	require.Error(t, err, "the users are not of this run")
	require.Equal(t, migrate.CodeMASNotEmpty, report.Findings[0].Code)
}
