package migrate_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/mas/mascli"
	"github.com/maskit-dev/maskit/migrate"
	"github.com/maskit-dev/maskit/migrate/native"
	"github.com/maskit-dev/maskit/migrate/official"
)

// finishedUnheard is a stage whose engine has finished, without the caller having stored
// that: it was killed.
func finishedUnheard(t *testing.T, engine migrate.Engine) *stage {
	t.Helper()
	s := newStage(t, 20)
	s.exec(t, s.synapse, people)
	s.engine = interrupted{Engine: engine, after: true}
	_, err := s.migration().Run(t.Context())
	require.ErrorIs(t, err, errStopped)
	require.Nil(t, s.state(t).Loaded)
	s.engine = engine
	return s
}

func engines(t *testing.T) map[string]migrate.Engine {
	t.Helper()
	cli := live.MASCLI(t)
	return map[string]migrate.Engine{
		"single":   native.Engine{Mode: native.Single},
		"bulk":     native.Engine{Mode: native.Bulk},
		"official": official.Engine{Runner: mascli.Local{Binary: cli.Binary, Share: cli.Share}},
	}
}

func TestRollbackAfterAnEngineWhoseEndWasNotStored(t *testing.T) {
	t.Parallel()
	for name, engine := range engines(t) {
		for _, then := range []string{"rollback", "run"} {
			t.Run(name+" then "+then, func(t *testing.T) {
				t.Parallel()
				s := finishedUnheard(t, engine)
				if then == "run" {
					report, err := s.migration().Run(t.Context())
					require.NoError(t, err)
					require.True(t, report.AlreadyDone)
				}
				report, err := s.migration().Rollback(t.Context(), migrate.RollbackOptions{})
				require.NoError(t, err)
				require.Empty(t, report.Losses.Items)
				require.Empty(t, contents(t, s.mas)["public.users"])
			})
		}
	}
}

// TestRollbackKnowsPeopleWhoUsedMASThen starts MAS after that, which nobody should.
func TestRollbackKnowsPeopleWhoUsedMASThen(t *testing.T) {
	t.Parallel()
	for name, engine := range engines(t) {
		for _, then := range []string{"rollback", "run"} {
			t.Run(name+" then "+then, func(t *testing.T) {
				t.Parallel()
				s := finishedUnheard(t, engine)
				s.exec(t, s.mas, madeByMAS+newSession+`UPDATE users SET locked_at = clock_timestamp() WHERE username = 'anna';
					UPDATE compat_sessions SET finished_at = clock_timestamp() WHERE device_id = 'ANNA'; DISCARD TEMP`)
				if then == "run" {
					_, err := s.migration().Run(t.Context())
					require.NoError(t, err)
				}
				mas := contents(t, s.mas)
				_, err := s.migration().Rollback(t.Context(), migrate.RollbackOptions{})
				var losses *migrate.LossesError
				require.ErrorAs(t, err, &losses)
				require.Equal(t, []string{
					"1 flags of @anna:example.com, all of which CopyBack saves", "1 compat sessions of @bert:example.com",
					"1 sign outs of @anna:example.com, all of which CopyBack saves",
				}, items(losses.Losses))
				require.Equal(t, mas, contents(t, s.mas))
			})
		}
	}
}

// TestRollbackLeavesPeopleOfAMASThatWasNeverMigrated: Run was killed before it wrote
// anything, and MAS put to use.
func TestRollbackLeavesPeopleOfAMASThatWasNeverMigrated(t *testing.T) {
	t.Parallel()
	s := newStage(t, 5)
	s.engine = interrupted{Engine: native.Engine{Mode: native.Bulk}, stage: migrate.StageLoad}
	_, err := s.migration().Run(t.Context())
	require.Error(t, err)
	s.engine = native.Engine{}
	s.exec(t, s.mas, madeByMAS+`INSERT INTO users (user_id, username, created_at) VALUES (pg_temp.id(1), 'zoe', clock_timestamp())`)
	_, err = s.migration().Rollback(t.Context(), migrate.RollbackOptions{})
	var losses *migrate.LossesError
	require.ErrorAs(t, err, &losses)
	require.Equal(t, []string{"1 users of @zoe:example.com"}, items(losses.Losses))
}

// forgetful is a store that is killed before it stores a step.
type forgetful struct {
	migrate.Store
	step migrate.Step
}

func (f forgetful) Save(ctx context.Context, old, new migrate.State) error {
	if new.Step == f.step {
		return errStopped
	}
	return f.Store.Save(ctx, old, new)
}

func TestRollbackIsKilledAfterItEmptiedTheTables(t *testing.T) {
	t.Parallel()
	s := migrated(t)
	m := s.migration()
	m.Store = forgetful{s.store, migrate.StepRolledBack}
	_, err := m.Rollback(t.Context(), migrate.RollbackOptions{})
	require.ErrorIs(t, err, errStopped)
	require.Equal(t, migrate.StepResetting, s.state(t).Step)
	require.Empty(t, contents(t, s.mas)["public.users"])
	report, err := s.migration().Rollback(t.Context(), migrate.RollbackOptions{})
	require.NoError(t, err)
	require.Empty(t, report.Losses.Items)
	require.Equal(t, migrate.StepRolledBack, s.state(t).Step)
}
