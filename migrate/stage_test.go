package migrate_test

import (
	"context"
	"encoding/json"
	"errors"
	"path/filepath"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

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
