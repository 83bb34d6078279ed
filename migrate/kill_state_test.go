package migrate_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/internal/live/install"
	"github.com/maskit-dev/maskit/migrate"
	"github.com/maskit-dev/maskit/migrate/internal/masdb"
	"github.com/maskit-dev/maskit/migrate/migratetest"
)

// origin is how both databases were before the first attempt.
type origin struct {
	synapse, mas map[string]string
	// definitions is the schema of MAS's database in SQL.
	definitions string
	// rows are how many each of MAS's tables will have.
	rows []int64
}

// populated is a stage of so many people, and how it is.
func populated(t *testing.T, users int) (*stage, origin) {
	t.Helper()
	s := newStage(t, users)
	return s, s.before(t, users)
}

// before is how a stage of so many people is now.
func (s *stage) before(t *testing.T, users int) origin {
	t.Helper()
	counts := migratetest.Count(migratetest.Spec{Users: users, Seed: 7})
	now := origin{synapse: contents(t, s.synapse), mas: s.masContents(t), definitions: definitions(t, s.mas)}
	for _, table := range masdb.Tables() {
		now.rows = append(now.rows, counts.MAS[table])
	}
	return now
}

// definitions is every definition of a database but those that a run builds aside.
func definitions(t *testing.T, db live.DB) string {
	t.Helper()
	found, err := install.FindPostgres()
	require.NoError(t, err)
	dump := exec.CommandContext(t.Context(), filepath.Join(filepath.Dir(found.Postgres), "pg_dump"),
		"--schema-only", "--exclude-schema", masdb.SideSchema, db.URI())
	text, err := dump.CombinedOutput()
	require.NoError(t, err, string(text))
	var kept []string
	for line := range strings.SplitSeq(string(text), "\n") {
		if !strings.HasPrefix(line, `\restrict`) && !strings.HasPrefix(line, `\unrestrict`) { // a random word
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "\n")
}

// rows are how many MAS's tables have, at one instant.
func (s *stage) rows(t *testing.T) []int64 {
	t.Helper()
	var each []string
	for _, table := range masdb.Tables() {
		each = append(each, "(SELECT count(*) FROM "+table+")")
	}
	return ask[[]int64](t, s.mas, "SELECT ARRAY["+strings.Join(each, ", ")+"]")
}

// requireWhole looks at MAS's database as MAS would, right after a death: either nothing is there or everything.
func (s *stage) requireWhole(t *testing.T, before origin) {
	t.Helper()
	require.Equal(t, before.definitions, definitions(t, s.mas))
	rows := s.rows(t)
	none := make([]int64, len(rows))
	require.Contains(t, [][]int64{none, before.rows}, rows)
}

// requireMigrated looks whether all is there, and nothing else has changed.
func (s *stage) requireMigrated(t *testing.T, before origin) {
	t.Helper()
	require.Equal(t, migrate.StepMigrated, s.state(t).Step)
	verified, err := s.migration().Verify(t.Context())
	require.NoError(t, err)
	require.NoError(t, verified.Err())
	require.Equal(t, before.rows, s.rows(t))
	now := s.masContents(t)
	for _, table := range masdb.Tables() {
		now["public."+table] = ""
	}
	require.Equal(t, before.mas, now)
	s.requireQuiet(t, before)
}

// requireAsBefore looks whether nothing at all is different.
func (s *stage) requireAsBefore(t *testing.T, before origin) {
	t.Helper()
	require.Equal(t, before.mas, s.masContents(t))
	s.requireQuiet(t, before)
}

// requireQuiet looks whether the schema is as it was, and nobody is left.
func (s *stage) requireQuiet(t *testing.T, before origin) {
	t.Helper()
	require.Equal(t, before.synapse, contents(t, s.synapse))
	require.Equal(t, before.definitions, definitions(t, s.mas))
	require.False(t, ask[bool](t, s.mas, `SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = $1)`, masdb.SideSchema))
	require.Eventually(t, func() bool { return s.sessions(t) == 0 }, 20*time.Second, 50*time.Millisecond, "sessions are left, and their locks")
	data, err := os.ReadFile(s.store.Path)
	if !errors.Is(err, os.ErrNotExist) { // killed before anything was begun
		require.NoError(t, err)
	}
	s.requireNothingSecret(t, string(data))
}

// masContents is all rows but those that mas-cli writes whenever it is started.
func (s *stage) masContents(t *testing.T) map[string]string {
	t.Helper()
	all := contents(t, s.mas)
	require.Contains(t, all, "public.upstream_oauth_providers")
	delete(all, "public.upstream_oauth_providers")
	return all
}

// sessions counts those in both databases, from another one.
func (s *stage) sessions(t *testing.T) int {
	t.Helper()
	outside := s.mas
	outside.Name = "postgres"
	return ask[int](t, outside, `SELECT count(*) FROM pg_stat_activity WHERE datname IN ($1, $2) AND backend_type = 'client backend'`, s.mas.Name, s.synapse.Name)
}
