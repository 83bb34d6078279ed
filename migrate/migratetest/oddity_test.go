package migratetest_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/migrate/migratetest"
)

// TestOfficialEngine holds what is said of mas-cli syn2mas against the real one:
// everything that it migrates at once, and what it does not one by one.
func TestOfficialEngine(t *testing.T) {
	t.Parallel()
	var migrated []migratetest.Oddity
	for _, oddity := range migratetest.Oddities() {
		if oddity.Official.Migrate == 0 {
			migrated = append(migrated, oddity)
			continue
		}
		t.Run(oddity.Name, func(t *testing.T) {
			t.Parallel()
			h := newHomeserver(t, live.SynapseCurrent, oddity)
			check := h.syn2mas(t, "check")
			require.Equal(t, oddity.Official.Check, check.Code, check.Stderr)
			migrate := h.syn2mas(t, "migrate")
			require.Equal(t, oddity.Official.Migrate, migrate.Code, migrate.Stderr)
			require.Contains(t, migrate.Stderr, oddity.Official.Message)
		})
	}
	t.Run("all that it migrates", func(t *testing.T) {
		t.Parallel()
		h := newHomeserver(t, live.SynapseCurrent, migrated...)
		want := map[string]int64{}
		for _, oddity := range migrated {
			for table, n := range oddity.Default() {
				want[table] += n
			}
		}
		check := h.syn2mas(t, "check")
		require.Equal(t, 11, check.Code, check.Stderr)
		migrate := h.syn2mas(t, "migrate")
		require.Zero(t, migrate.Code, migrate.Stderr)
		require.Equal(t, want, h.masRows(t))
	})
}

func TestOfficialEngineOnAGeneratedHomeserver(t *testing.T) {
	t.Parallel()
	h := newHomeserver(t, live.SynapseFloor)
	counts, err := migratetest.Generate(t.Context(), h.synapse, migratetest.Spec{Users: 2000, Seed: 9})
	require.NoError(t, err)
	result := h.syn2mas(t, "migrate")
	require.Zero(t, result.Code, result.Stderr)
	require.Equal(t, counts.MAS, h.masRows(t))
}

func TestOdditiesGoTogether(t *testing.T) {
	t.Parallel()
	h := newHomeserver(t, live.SynapseFloor)
	_, err := migratetest.Generate(t.Context(), h.synapse, migratetest.Spec{Users: 1000})
	require.NoError(t, err)
	names := map[string]bool{}
	for _, oddity := range migratetest.Oddities() {
		require.NoError(t, oddity.Apply(t.Context(), h.synapse, h.mas), oddity.Name)
		require.False(t, names[oddity.Name], oddity.Name)
		names[oddity.Name] = true
	}
}

// homeserver is a pair of databases and their configurations.
type homeserver struct {
	synapseDB, masDB live.DB
	synapse, mas     *pgx.Conn
	site             migratetest.Site
}

// alone closes the connections of the test for a while: a migration refuses databases
// that somebody uses.
func (h *homeserver) alone(t *testing.T, work func()) {
	t.Helper()
	require.NoError(t, h.synapse.Close(t.Context()))
	require.NoError(t, h.mas.Close(t.Context()))
	work()
	h.synapse, h.mas = connect(t, h.synapseDB), connect(t, h.masDB)
}

func newHomeserver(t *testing.T, version live.SynapseVersion, oddities ...migratetest.Oddity) *homeserver {
	t.Helper()
	return newHomeserverOn(t, live.SynapseDatabase(t, version), live.MASDatabase(t), oddities...)
}

func newHomeserverOn(t *testing.T, synapseDB, masDB live.DB, oddities ...migratetest.Oddity) *homeserver {
	t.Helper()
	spec := migratetest.SiteSpec{
		Synapse: migratetest.Database{Host: synapseDB.SocketDir, User: synapseDB.User, Name: synapseDB.Name},
		MAS:     migratetest.Database{Host: masDB.SocketDir, User: masDB.User, Name: masDB.Name},
	}
	h := &homeserver{synapseDB: synapseDB, masDB: masDB, synapse: connect(t, synapseDB), mas: connect(t, masDB)}
	for _, oddity := range oddities {
		spec.Providers = append(spec.Providers, oddity.Providers...)
		require.NoError(t, oddity.Apply(t.Context(), h.synapse, h.mas))
	}
	var err error
	h.site, err = migratetest.NewSite(spec)
	require.NoError(t, err)
	return h
}

func (h *homeserver) syn2mas(t *testing.T, command string) live.MASResult {
	t.Helper()
	dir := t.TempDir()
	mas, err := h.site.MASFile()
	require.NoError(t, err)
	masPath, synapsePath := filepath.Join(dir, "mas.yaml"), filepath.Join(dir, "homeserver.yaml")
	require.NoError(t, os.WriteFile(masPath, mas, 0o600))
	require.NoError(t, os.WriteFile(synapsePath, h.site.Files[0].Data, 0o600))
	return live.MASCLI(t).Run(t, "--config", masPath, "syn2mas", command, "--synapse-config", synapsePath)
}

// masRows counts the rows of the tables that have any.
func (h *homeserver) masRows(t *testing.T) map[string]int64 {
	t.Helper()
	counts := map[string]int64{}
	for _, table := range slices.Sorted(maps.Keys(readByMAS())) {
		if n := number(t, h.mas, "SELECT count(*) FROM "+table); n > 0 {
			counts[table] = n
		}
	}
	return counts
}
