package migrate_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/migrate"
	"github.com/maskit-dev/maskit/migrate/native"
)

func TestRunThenRollback(t *testing.T) {
	t.Parallel()
	for name, engine := range map[string]migrate.Engine{"single": native.Engine{Mode: native.Single}, "bulk": native.Engine{Mode: native.Bulk}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t, 60)
			s.engine = engine
			synapse, before := contents(t, s.synapse), contents(t, s.mas)

			report, err := s.migration().Run(t.Context())
			require.NoError(t, err)
			require.False(t, report.AlreadyDone)
			state := s.state(t)
			require.Equal(t, migrate.StepMigrated, state.Step)
			require.Equal(t, 167, state.Before.Count)
			require.Positive(t, state.Loaded.Rows[migrate.Users])
			require.Equal(t, report.Entities, state.Report.Entities)
			verified, err := s.migration().Verify(t.Context())
			require.NoError(t, err)
			require.NoError(t, verified.Err())

			again, err := s.migration().Run(t.Context())
			require.NoError(t, err)
			require.True(t, again.AlreadyDone)
			require.Equal(t, state, s.state(t), "nothing was stored")

			preview, err := s.migration().Rollback(t.Context(), migrate.RollbackOptions{DryRun: true})
			require.NoError(t, err)
			require.NoError(t, preview.Err())
			require.Equal(t, migrate.Losses{Since: state.Loaded.Time}, preview.Losses)
			require.NotEmpty(t, preview.Emptied)
			require.Equal(t, state, s.state(t))

			undone, err := s.migration().Rollback(t.Context(), migrate.RollbackOptions{})
			require.NoError(t, err)
			require.Equal(t, preview.Emptied, undone.Emptied)
			require.Equal(t, []string{"2 identity providers, which mas-cli config sync made"}, undone.Left)
			require.Equal(t, before, contents(t, s.mas))
			require.Equal(t, synapse, contents(t, s.synapse))
			require.Equal(t, migrate.StepRolledBack, s.state(t).Step)

			twice, err := s.migration().Rollback(t.Context(), migrate.RollbackOptions{})
			require.NoError(t, err)
			require.True(t, twice.AlreadyDone)
			_, err = s.migration().Run(t.Context())
			require.NoError(t, err)
			require.NotEqual(t, state.RunID, s.state(t).RunID, "a new migration")
			requireNoSecrets(t, s, report, undone, s.state(t))
		})
	}
}

func TestRunRefusesServersThatRun(t *testing.T) {
	t.Parallel()
	s := newStage(t, 5)
	for _, db := range []live.DB{s.synapse, s.mas} {
		conn, err := pgx.Connect(t.Context(), db.URI())
		require.NoError(t, err)
		defer conn.Close(context.WithoutCancel(t.Context())) //nolint:errcheck // the test has ended
	}
	report, err := s.migration().Run(t.Context())
	require.ErrorIs(t, err, maskit.ErrInvalid)
	var codes []string
	for _, f := range report.Findings.Only(maskit.SeverityError) {
		codes = append(codes, f.Code)
	}
	require.ElementsMatch(t, []string{migrate.CodeSynapseRunning, migrate.CodeMASRunning}, codes)
	require.NoFileExists(t, s.store.Path, "nothing was begun")

	m := s.migration()
	m.Acks = []maskit.Ack{{Code: migrate.CodeSynapseRunning, Max: 9}, {Code: migrate.CodeMASRunning, Max: 9}}
	_, err = m.Run(t.Context())
	require.ErrorIs(t, err, maskit.ErrInvalid, "no ack lets it run")
}

// interrupted is an engine that is stopped.
type interrupted struct {
	migrate.Engine
	// after commits first; else the work ends when an event of this stage comes.
	after bool
	stage migrate.Stage
}

var errStopped = errors.New("stopped")

func (e interrupted) Run(ctx context.Context, job *migrate.Job) (migrate.RunReport, error) {
	if e.after {
		report, err := e.Engine.Run(ctx, job)
		return report, errors.Join(err, errStopped)
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	copied := *job
	copied.Events = func(event migrate.Event) {
		if event.Stage == e.stage {
			stop(errStopped)
		}
	}
	report, err := e.Engine.Run(ctx, &copied)
	if err == nil {
		err = errStopped // too late, but nobody hears of it
	}
	return report, err
}

func TestRunGoesOnWhereverItWasStopped(t *testing.T) {
	t.Parallel()
	for name, engine := range map[string]interrupted{
		"loading":   {Engine: native.Engine{Mode: native.Bulk}, stage: migrate.StageLoad},
		"building":  {Engine: native.Engine{Mode: native.Bulk}, stage: migrate.StageBuild},
		"switching": {Engine: native.Engine{Mode: native.Bulk}, stage: migrate.StageSwitch},
		"committed": {Engine: native.Engine{Mode: native.Bulk}, after: true},
		"single":    {Engine: native.Engine{Mode: native.Single}, stage: migrate.StageLoad},
	} {
		for _, then := range []string{"run", "rollback"} {
			t.Run(name+" then "+then, func(t *testing.T) {
				t.Parallel()
				s := newStage(t, 60)
				before := contents(t, s.mas)
				s.engine = engine
				_, err := s.migration().Run(t.Context())
				require.Error(t, err)
				stopped := s.state(t)
				require.Equal(t, migrate.StepRunning, stopped.Step)
				s.engine = engine.Engine
				if then == "rollback" {
					_, err = s.migration().Rollback(t.Context(), migrate.RollbackOptions{})
					require.NoError(t, err)
					require.Equal(t, before, contents(t, s.mas))
					require.Equal(t, migrate.StepRolledBack, s.state(t).Step)
					return
				}
				_, err = s.migration().Run(t.Context())
				require.NoError(t, err)
				require.Equal(t, stopped.RunID, s.state(t).RunID)
				require.Equal(t, stopped.Key, s.state(t).Key)
				require.Equal(t, stopped.Before, s.state(t).Before)
				verified, err := s.migration().Verify(t.Context())
				require.NoError(t, err)
				require.NoError(t, verified.Err())
			})
		}
	}
}

// waiting is an engine that waits before it works.
type waiting struct {
	migrate.Engine
	reached, goOn chan struct{}
}

func (e waiting) Run(ctx context.Context, job *migrate.Job) (migrate.RunReport, error) {
	copied := *job
	copied.Judge = func(found migrate.Findings) error {
		close(e.reached)
		<-e.goOn
		return job.Judge(found)
	}
	return e.Engine.Run(ctx, &copied)
}

func TestOfTwoRunsTheSecondIsRefused(t *testing.T) {
	t.Parallel()
	s := newStage(t, 5)
	engine := waiting{native.Engine{}, make(chan struct{}), make(chan struct{})}
	s.engine = engine
	first := make(chan error)
	go func() {
		_, err := s.migration().Run(t.Context())
		first <- err
	}()
	<-engine.reached
	other := *s
	other.engine = native.Engine{}
	_, err := other.migration().Run(t.Context())
	require.ErrorIs(t, err, migrate.ErrBusy)
	_, err = other.migration().Rollback(t.Context(), migrate.RollbackOptions{})
	require.Error(t, err)
	other.store.Path += ".other" // another state, the same databases
	_, err = other.migration().Run(t.Context())
	require.ErrorIs(t, err, migrate.ErrBusy)
	require.NoFileExists(t, other.store.Path)
	close(engine.goOn)
	require.NoError(t, <-first)
	require.Equal(t, migrate.StepMigrated, s.state(t).Step)
}

func TestRunRefusesAnothersState(t *testing.T) {
	t.Parallel()
	s := newStage(t, 5)
	s.engine = interrupted{Engine: native.Engine{}, after: true}
	_, err := s.migration().Run(t.Context())
	require.ErrorIs(t, err, errStopped)

	s.engine = renamed{native.Engine{}}
	_, err = s.migration().Run(t.Context())
	require.ErrorIs(t, err, maskit.ErrConflict)
	require.ErrorContains(t, err, "begun by the engine native, and this is other")

	s.engine = native.Engine{}
	elsewhere := newStage(t, 5)
	elsewhere.store = s.store
	_, err = elsewhere.migration().Run(t.Context())
	require.ErrorIs(t, err, maskit.ErrConflict)
	require.ErrorContains(t, err, "begun with another database")
	_, err = elsewhere.migration().Rollback(t.Context(), migrate.RollbackOptions{})
	require.ErrorIs(t, err, maskit.ErrConflict)
}

type renamed struct{ migrate.Engine }

func (renamed) Name() string { return "other" }

func TestRunWritesNothingIfTheStateCannotBeStored(t *testing.T) {
	t.Parallel()
	s := newStage(t, 5)
	before := contents(t, s.mas)
	s.store.Path = filepath.Join(t.TempDir(), "none", "migration.json")
	_, err := s.migration().Run(t.Context())
	require.ErrorIs(t, err, os.ErrNotExist)
	require.Equal(t, before, contents(t, s.mas))
}

func TestRunWantsItsParts(t *testing.T) {
	t.Parallel()
	m := migrate.Syn2MAS{}
	_, err := m.Run(t.Context())
	require.ErrorIs(t, err, maskit.ErrInvalid)
	m = migrate.Syn2MAS{Engine: native.Engine{}, Store: migrate.FileStore{Path: filepath.Join(t.TempDir(), "state")}}
	_, err = m.Run(t.Context())
	require.ErrorIs(t, err, maskit.ErrInvalid)
	require.ErrorContains(t, err, "the configuration of Synapse is missing")
}

func TestRehearseLeavesEverythingAsItIs(t *testing.T) {
	t.Parallel()
	s := newStage(t, 60)
	synapse, before := contents(t, s.synapse), contents(t, s.mas)
	conn, err := pgx.Connect(t.Context(), s.synapse.URI()) // Synapse runs
	require.NoError(t, err)
	defer conn.Close(context.WithoutCancel(t.Context())) //nolint:errcheck // the test has ended
	report, err := s.migration().Rehearse(t.Context())
	require.NoError(t, err)
	require.NoError(t, report.Err())
	require.Positive(t, report.Downtime)
	require.True(t, report.Verify.Equal())
	require.Contains(t, report.String(), "The migration will take about")
	require.Equal(t, before, contents(t, s.mas))
	require.Equal(t, synapse, contents(t, s.synapse))
	require.NoFileExists(t, s.store.Path)
	requireNoSecrets(t, s, report)
	require.Less(t, strings.Count(report.String(), "\n"), 60)
}

func TestRunRefusesWhatIsOutOfDate(t *testing.T) {
	t.Parallel()
	s := newStage(t, 5)
	_, err := s.migration().Run(t.Context())
	require.NoError(t, err)
	state := s.state(t)
	restarted := state
	restarted.Cutover = &migrate.CutoverState{Step: migrate.CutoverVerify, Restarted: true}
	require.NoError(t, s.store.Save(t.Context(), state, restarted))
	_, err = s.migration().Run(t.Context())
	require.ErrorIs(t, err, maskit.ErrConflict)
	require.ErrorContains(t, err, "out of date")
	_, err = s.migration().Rollback(t.Context(), migrate.RollbackOptions{})
	require.NoError(t, err)
}

// busyPeople is an engine during whose rehearsal people log in.
type busyPeople struct {
	migrate.Engine
	between func()
}

func (e busyPeople) Rehearse(ctx context.Context, job *migrate.Job, verify func(context.Context, *pgx.ConnConfig) error) (migrate.RunReport, error) {
	return e.Engine.Rehearse(ctx, job, func(ctx context.Context, mas *pgx.ConnConfig) error {
		e.between()
		return verify(ctx, mas)
	})
}

func TestRehearseDoesNotMindWhatPeopleDoMeanwhile(t *testing.T) {
	t.Parallel()
	s := newStage(t, 20)
	s.engine = busyPeople{native.Engine{}, func() {
		s.exec(t, s.synapse, `INSERT INTO users (name, creation_ts, admin, is_guest, deactivated, locked) VALUES ('@late:example.com', 1800000000, 0, 0, 0, false)`)
	}}
	report, err := s.migration().Rehearse(t.Context())
	require.NoError(t, err)
	require.NoError(t, report.Err())
}

// careless is an engine that loses an index.
type careless struct {
	migrate.Engine
	lose func()
}

func (e careless) Run(ctx context.Context, job *migrate.Job) (migrate.RunReport, error) {
	report, err := e.Engine.Run(ctx, job)
	e.lose()
	return report, err
}

func TestRunComparesTheSchemaWithThatFromBefore(t *testing.T) {
	t.Parallel()
	s := newStage(t, 5)
	s.engine = careless{native.Engine{}, func() { s.exec(t, s.mas, `ALTER TABLE user_emails DROP CONSTRAINT user_emails_user_id_fkey`) }}
	_, err := s.migration().Run(t.Context())
	var changed *migrate.SchemaError
	require.ErrorAs(t, err, &changed)
	require.Equal(t, []string{"user_emails: user_emails_user_id_fkey is gone"}, changed.Differences)
	require.ErrorContains(t, err, "do not start MAS")
	require.Equal(t, migrate.StepRunning, s.state(t).Step)

	s.engine = native.Engine{}
	_, err = s.migration().Rollback(t.Context(), migrate.RollbackOptions{})
	require.ErrorAs(t, err, &changed, "it cannot be made as it was")
	require.Equal(t, migrate.StepResetting, s.state(t).Step)
	s.exec(t, s.mas, `ALTER TABLE user_emails ADD CONSTRAINT user_emails_user_id_fkey FOREIGN KEY (user_id) REFERENCES users (user_id) ON DELETE CASCADE`)
	_, err = s.migration().Rollback(t.Context(), migrate.RollbackOptions{})
	require.NoError(t, err)
}
