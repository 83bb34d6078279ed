package migrate_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/migrate"
)

// server is one that is not there: of it, only whether it runs matters.
type server struct{ runs bool }

func (s *server) Status(context.Context) (migrate.ServiceStatus, error) {
	if s.runs {
		return migrate.StatusRunning, nil
	}
	return migrate.StatusStopped, nil
}

func (s *server) Record(context.Context) (string, error)  { return "3 replicas", nil }
func (s *server) Stop(context.Context) error              { s.runs = false; return nil }
func (s *server) Start(_ context.Context, _ string) error { s.runs = true; return nil }

// sides are a configuration and a proxy.
type sides struct{ config, routes migrate.Side }

func (s *sides) Configured(context.Context) (migrate.Side, error)   { return s.config, nil }
func (s *sides) Configure(_ context.Context, to migrate.Side) error { s.config = to; return nil }
func (s *sides) Routed(context.Context) (migrate.Side, error)       { return s.routes, nil }
func (s *sides) Route(_ context.Context, to migrate.Side) error     { s.routes = to; return nil }

type killedAt struct{ step string }

// cutOver runs a cut-over that is killed when the step begins; "" lets it go to its end.
func cutOver(t *testing.T, c migrate.Cutover, step string) (report migrate.CutoverReport, err error) {
	t.Helper()
	m := *c.Migration
	m.Events = func(e migrate.Event) {
		if step != "" && e.Stage == migrate.StageCutover && e.Object == step && !e.Done {
			panic(killedAt{step})
		}
	}
	c.Migration = &m
	defer func() {
		if r := recover(); r != nil && r != any(killedAt{step}) {
			panic(r)
		}
	}()
	return c.Run(t.Context())
}

func TestCutoverOfRealDatabases(t *testing.T) {
	t.Parallel()
	for _, step := range []migrate.CutoverStep{"", migrate.CutoverStop, migrate.CutoverMigrate, migrate.CutoverVerify, migrate.CutoverConfig, migrate.CutoverStartSynapse} {
		t.Run("killed at "+string(step), func(t *testing.T) {
			t.Parallel()
			s := newStage(t, 30)
			before, synapse := contents(t, s.mas), contents(t, s.synapse)
			now := &sides{migrate.SideSynapse, migrate.SideSynapse}
			one, two := &server{runs: true}, &server{}
			c := migrate.Cutover{Migration: s.migration(), Synapse: one, MAS: two, Config: now, Routes: now, Rehearse: true}
			if step != "" {
				_, _ = cutOver(t, c, string(step))
				require.Equal(t, step, s.state(t).Cutover.Step)
			}
			report, err := cutOver(t, c, "")
			require.NoError(t, err)
			require.Equal(t, sides{migrate.SideMAS, migrate.SideMAS}, *now)
			require.True(t, one.runs && two.runs)
			require.Equal(t, migrate.StepVerified, s.state(t).Step)
			verified, err := s.migration().Verify(t.Context())
			require.NoError(t, err)
			require.NoError(t, verified.Err())
			requireNoSecrets(t, s, report, s.state(t))

			back, err := c.Back(t.Context(), migrate.RollbackOptions{})
			require.NoError(t, err)
			require.Equal(t, sides{migrate.SideSynapse, migrate.SideSynapse}, *now)
			require.True(t, one.runs)
			require.False(t, two.runs)
			require.Equal(t, before, contents(t, s.mas))
			require.Equal(t, synapse, contents(t, s.synapse))
			require.NotNil(t, back.Rollback)
			require.Nil(t, s.state(t).Cutover)
		})
	}
}

// TestCutoverIsBusyWhileAnotherMigrates leaves the state as the other one wants it.
func TestCutoverIsBusyWhileAnotherMigrates(t *testing.T) {
	t.Parallel()
	s := newStage(t, 5)
	now := &sides{migrate.SideSynapse, migrate.SideSynapse}
	c := migrate.Cutover{Migration: s.migration(), Synapse: &server{runs: true}, MAS: &server{}, Config: now}
	_, _ = cutOver(t, c, string(migrate.CutoverMigrate)) // as if it were at work
	state := s.state(t)
	s.on(t, s.mas, func(ctx context.Context, conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, `SELECT set_config('application_name', 'maskit', false), pg_advisory_lock(6584285998412104315)`)
		require.NoError(t, err)
		_, err = c.Run(ctx)
		require.ErrorIs(t, err, migrate.ErrBusy)
		_, err = c.Back(ctx, migrate.RollbackOptions{})
		require.ErrorIs(t, err, migrate.ErrBusy)
		return nil
	})
	require.Equal(t, state, s.state(t))
	_, err := c.Run(t.Context())
	require.NoError(t, err)
	require.Equal(t, migrate.StepVerified, s.state(t).Step)
}

func TestCutoverStartsSynapseAgainAtAFinding(t *testing.T) {
	t.Parallel()
	s := newStage(t, 5)
	before := contents(t, s.mas)
	now := &sides{migrate.SideSynapse, migrate.SideSynapse}
	one := &server{runs: true}
	c := migrate.Cutover{Migration: s.migration(), Synapse: one, MAS: &server{}, Config: now}
	_, _ = cutOver(t, c, string(migrate.CutoverMigrate))
	require.False(t, one.runs, "it was killed, and could do nothing")
	s.exec(t, s.synapse, `INSERT INTO user_threepids (user_id, medium, address, validated_at, added_at) VALUES ('@nobody:example.com', 'email', 'nobody@example.org', 1, 1)`)
	_, err := cutOver(t, c, "")
	require.ErrorIs(t, err, maskit.ErrInvalid)
	var failed *migrate.CutoverError
	require.ErrorAs(t, err, &failed)
	require.True(t, failed.Restarted)
	require.True(t, one.runs)
	require.ErrorContains(t, err, migrate.CodeOrphanRows)
	require.ErrorContains(t, err, "Synapse works as before, so take your time")
	text, err := json.Marshal(failed)
	require.NoError(t, err)
	require.Contains(t, string(text), `"restarted":true`)

	c.Migration.Policy.OrphanRows = migrate.Skip
	report, err := cutOver(t, c, "")
	require.NoError(t, err)
	require.Contains(t, report.String(), "people could not work for")
	require.Equal(t, migrate.SideMAS, now.config)
	_, err = c.Back(t.Context(), migrate.RollbackOptions{})
	require.NoError(t, err)
	require.Equal(t, before, contents(t, s.mas))
}
