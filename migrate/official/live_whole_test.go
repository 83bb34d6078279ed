package official_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/migrate"
	"github.com/maskit-dev/maskit/synapse"
)

// mortal is a store whose owner dies when it is about to note that all is migrated.
type mortal struct{ migrate.Store }

var errDied = errors.New("died")

func (m mortal) Save(ctx context.Context, before, after migrate.State) error {
	if after.Step == migrate.StepMigrated {
		return errDied
	}
	return m.Store.Save(ctx, before, after)
}

func TestARunWhoseCallerDiedAfterMASCLIHadFinished(t *testing.T) {
	t.Parallel()
	s := newSides(t)
	s.people(t)
	store := migrate.FileStore{Path: filepath.Join(t.TempDir(), "state.json")}
	m := migrate.Syn2MAS{
		Source: migrate.Source{Files: []synapse.File{{Name: "homeserver.yaml", Data: s.job.Legacy.File.Data}}, DSN: maskit.NewSecret(s.synapse.URI())},
		Target: migrate.Target{Config: s.job.Config, DSN: maskit.NewSecret(s.mas.URI())},
		Engine: s.engine, Store: mortal{store},
	}
	_, err := m.Run(t.Context())
	require.ErrorIs(t, err, errDied)

	m.Store = store
	report, err := m.Run(t.Context())
	require.NoError(t, err, report.Findings)
	require.True(t, report.AlreadyDone)
	verified, err := m.Verify(t.Context())
	require.NoError(t, err)
	require.NoError(t, verified.Err(), verified.String())
	state, err := store.Load(t.Context())
	require.NoError(t, err)
	require.Equal(t, migrate.StepMigrated, state.Step)
}
