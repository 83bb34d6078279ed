package migrate_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/migrate"
	"github.com/maskit-dev/maskit/migrate/native"
)

// What an ack accepts is a warning in every report, and each thing is said once.
func TestAcceptedRowsAreWarningsAfterwards(t *testing.T) {
	t.Parallel()
	s := newStage(t, 5)
	s.engine = native.Engine{}
	s.exec(t, s.synapse, "INSERT INTO devices (user_id, device_id, hidden) VALUES ('@gone:example.com', 'A', false), ('@gone:example.com', 'B', false)")
	refused, err := s.migration().Run(t.Context())
	require.ErrorIs(t, err, maskit.ErrInvalid)
	require.Len(t, of(refused.Findings, migrate.CodeOrphanRows), 1)

	m := s.migration()
	m.Acks = []maskit.Ack{{Code: migrate.CodeOrphanRows, Max: 2}}
	checked, err := m.Check(t.Context())
	require.NoError(t, err)
	rehearsed, err := m.Rehearse(t.Context())
	require.NoError(t, err)
	require.NoError(t, rehearsed.Err())
	done, err := m.Run(t.Context())
	require.NoError(t, err)
	require.NoError(t, done.Findings.Err())
	require.Contains(t, done.String(), "The native engine migrated ")
	for _, found := range []migrate.Findings{checked.Findings, rehearsed.Run.Findings, done.Findings} {
		require.Len(t, of(found, migrate.CodeOrphanRows), 1)
		require.Equal(t, maskit.SeverityWarning, of(found, migrate.CodeOrphanRows)[0].Severity)
		require.Empty(t, of(found, "ack-unused"))
	}
}

func of(findings migrate.Findings, code string) (found migrate.Findings) {
	for _, f := range findings {
		if f.Code == code {
			found = append(found, f)
		}
	}
	return found
}
