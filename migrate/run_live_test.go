package migrate_test

import (
	"context"
	"encoding/json"
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
	"github.com/maskit-dev/maskit/migrate/migratetest"
	"github.com/maskit-dev/maskit/migrate/native"
)

// stage is a homeserver with people, an empty MAS, and a state file.
type stage struct {
	synapse, mas live.DB
	site         migratetest.Site
	store        migrate.FileStore
	engine       migrate.Engine
}

func newStage(t *testing.T, users int) *stage {
	t.Helper()
	s := &stage{
		synapse: live.SynapseDatabase(t, live.SynapseCurrent), mas: live.MASDatabase(t),
		store: migrate.FileStore{Path: filepath.Join(t.TempDir(), "migration.json")}, engine: native.Engine{},
	}
	var err error
	s.site, err = migratetest.NewSite(migratetest.SiteSpec{Synapse: address(s.synapse), MAS: address(s.mas)})
	require.NoError(t, err)
	s.on(t, s.synapse, func(ctx context.Context, conn *pgx.Conn) error {
		_, err := migratetest.Generate(ctx, conn, migratetest.Spec{Users: users, Seed: 7})
		return err
	})
	s.on(t, s.mas, func(ctx context.Context, conn *pgx.Conn) error {
		return migratetest.InsertProviders(ctx, conn, s.site.Providers...)
	})
	return s
}

func address(db live.DB) migratetest.Database {
	return migratetest.Database{Host: db.SocketDir, User: db.User, Name: db.Name}
}

// on works with a database; afterwards nobody is connected.
func (s *stage) on(t *testing.T, db live.DB, do func(context.Context, *pgx.Conn) error) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), db.URI())
	require.NoError(t, err)
	require.NoError(t, errors.Join(do(t.Context(), conn), conn.Close(t.Context())))
}

func (s *stage) exec(t *testing.T, db live.DB, sql string) {
	t.Helper()
	s.on(t, db, func(ctx context.Context, conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, sql)
		return err
	})
}

func ask[T any](t *testing.T, db live.DB, sql string, args ...any) T {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), db.URI())
	require.NoError(t, err)
	var answer T
	require.NoError(t, errors.Join(conn.QueryRow(t.Context(), sql, args...).Scan(&answer), conn.Close(t.Context())))
	return answer
}

// migration is a fresh value, as in a new process.
func (s *stage) migration() *migrate.Syn2MAS {
	return &migrate.Syn2MAS{
		Source: migrate.Source{Files: s.site.Files}, Target: migrate.Target{Config: s.site.Config},
		Engine: s.engine, Store: s.store,
	}
}

func (s *stage) state(t *testing.T) migrate.State {
	t.Helper()
	state, err := s.store.Load(t.Context())
	require.NoError(t, err)
	return state
}

// contents is every row of a database, by table, in one text.
func contents(t *testing.T, db live.DB) map[string]string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), db.URI())
	require.NoError(t, err)
	defer func() { require.NoError(t, conn.Close(context.WithoutCancel(t.Context()))) }()
	rows, err := conn.Query(t.Context(), `SELECT table_schema || '.' || table_name, (xpath('//t/text()', query_to_xml(
			format('SELECT coalesce(string_agg(x::text, E''\n'' ORDER BY x::text), '''') AS t FROM %I.%I x', table_schema, table_name), false, true, '')))[1]::text
		FROM information_schema.tables WHERE table_schema NOT IN ('pg_catalog', 'information_schema') AND table_type = 'BASE TABLE'`)
	require.NoError(t, err)
	all := map[string]string{}
	var table string
	var text *string
	_, err = pgx.ForEachRow(rows, []any{&table, &text}, func() error {
		all[table] = ""
		if text != nil {
			all[table] = *text
		}
		return nil
	})
	require.NoError(t, err)
	return all
}

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

// requireNoSecrets looks for tokens and hashes of Synapse, and for the pepper, in texts and JSON.
func requireNoSecrets(t *testing.T, s *stage, values ...any) {
	t.Helper()
	secrets := ask[[]string](t, s.synapse, `SELECT array_agg(s) FROM (SELECT token FROM access_tokens UNION SELECT token FROM refresh_tokens
		UNION SELECT password_hash FROM users WHERE password_hash IS NOT NULL) x (s)`)
	secrets = append(secrets, "odd pepper", "odd secret")
	for _, value := range values {
		text, err := json.Marshal(value)
		require.NoError(t, err)
		all := string(text)
		if stringer, ok := value.(interface{ String() string }); ok {
			all += stringer.String()
		}
		for _, secret := range secrets {
			require.NotContains(t, all, secret)
		}
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
	require.Contains(t, report.String(), "the migration will take about")
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
