package migrate_test

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/migrate"
	"github.com/maskit-dev/maskit/migrate/migratetest"
	"github.com/maskit-dev/maskit/migrate/native"
)

// failed runs the migration, which has to fail, and looks for words in the error, for secrets in all
// that is said, and whether MAS's database is as it was for MAS.
func (s *stage) failed(t *testing.T, m *migrate.Syn2MAS, before origin, words ...string) {
	t.Helper()
	log := &safeLog{}
	m.Logger = slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	report, err := m.Run(t.Context())
	require.Error(t, err)
	for _, word := range words {
		require.ErrorContains(t, err, word)
	}
	s.requireNothingSecret(t, err.Error(), report.String(), log.String())
	s.requireWhole(t, before)
	require.Zero(t, s.rows(t)[0], "nothing is there")
}

// mended runs it again, which has to end well.
func (s *stage) mended(t *testing.T, before origin) {
	t.Helper()
	report, err := s.migration().Run(t.Context())
	require.NoError(t, err, report.String())
	s.requireMigrated(t, before)
}

type safeLog struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *safeLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *safeLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// role makes a role that is dropped at the end, with what it has in the stage's databases.
func (s *stage) role(t *testing.T) string {
	t.Helper()
	role := "r_" + strings.ToLower(rand.Text())
	s.exec(t, s.mas, "CREATE ROLE "+role+" LOGIN")
	t.Cleanup(func() {
		ctx := context.WithoutCancel(t.Context())
		for _, db := range []live.DB{s.synapse, s.mas} {
			if conn, err := pgx.Connect(ctx, db.URI()); err == nil {
				_, _ = conn.Exec(ctx, "DROP OWNED BY "+role)
				_, _ = conn.Exec(ctx, "DROP ROLE "+role)
				_ = conn.Close(ctx)
			}
		}
	})
	return role
}

// roles are of Synapse and MAS: the second owns MAS's tables, the first may read and lock Synapse's.
func (s *stage) roles(t *testing.T) (synapse, mas string) {
	t.Helper()
	synapse, mas = s.role(t), s.role(t)
	s.exec(t, s.synapse, "GRANT SELECT, UPDATE ON ALL TABLES IN SCHEMA public TO "+synapse)
	s.exec(t, s.mas, `DO $$ DECLARE t text; BEGIN FOR t IN SELECT format('%I', tablename) FROM pg_tables WHERE schemaname = 'public' LOOP
		EXECUTE 'ALTER TABLE ' || t || ' OWNER TO `+mas+`'; END LOOP; END $$`)
	s.exec(t, s.mas, "GRANT CREATE, USAGE ON SCHEMA public TO "+mas)
	s.exec(t, s.mas, "GRANT CREATE ON DATABASE "+s.mas.Name+" TO "+mas)
	s.as(t, synapse, mas)
	return synapse, mas
}

// as has the migration use other roles.
func (s *stage) as(t *testing.T, synapse, mas string) {
	t.Helper()
	a, b := address(s.synapse), address(s.mas)
	a.User, b.User = synapse, mas
	site, err := migratetest.NewSite(migratetest.SiteSpec{Synapse: a, MAS: b})
	require.NoError(t, err)
	s.site.Files, s.site.Config = site.Files, site.Config
}

func TestRolesWithSettingsOfServers(t *testing.T) {
	t.Parallel()
	for _, setting := range []string{
		"statement_timeout = '300ms'", "lock_timeout = '300ms'", "idle_in_transaction_session_timeout = '300ms'",
		"default_transaction_isolation = 'serializable'", "work_mem = '64kB'", "DateStyle = 'German'", "TimeZone = 'Asia/Kathmandu'",
		"bytea_output = 'escape'", "standard_conforming_strings = off", "IntervalStyle = 'sql_standard'",
	} {
		for _, mode := range []native.Mode{native.Bulk, native.Single} {
			t.Run(setting+" "+string(mode), func(t *testing.T) {
				t.Parallel()
				s, _ := populated(t, 60)
				synapse, mas := s.roles(t)
				before := s.before(t, 60)
				s.exec(t, s.mas, "ALTER ROLE "+synapse+" SET "+setting)
				s.exec(t, s.mas, "ALTER ROLE "+mas+" SET "+setting)
				s.engine = native.Engine{Mode: mode, MaxRowsPerSecond: 200}
				s.mended(t, before)
				s.finish(t, before, true)
			})
		}
	}
}

func TestConnectionsAreFew(t *testing.T) {
	t.Parallel()
	for _, side := range []string{"Synapse", "MAS"} {
		t.Run(side, func(t *testing.T) {
			t.Parallel()
			s, _ := populated(t, 20)
			synapse, mas := s.roles(t)
			before := s.before(t, 20)
			role := mas
			if side == "Synapse" {
				role = synapse
			}
			s.engine = native.Engine{Mode: native.Bulk}
			s.exec(t, s.mas, "ALTER ROLE "+role+" CONNECTION LIMIT 4")
			s.failed(t, s.migration(), before, side+"'s database", "too many connections")
			s.exec(t, s.mas, "ALTER ROLE "+role+" CONNECTION LIMIT -1")
			s.mended(t, before)
		})
	}
}

func TestSynapseComesBack(t *testing.T) {
	t.Parallel()
	s, before := populated(t, 60)
	s.engine = native.Engine{Mode: native.Bulk, MaxRowsPerSecond: 300}
	m := s.migration()
	written := make(chan error, 1)
	var once sync.Once
	m.Events = func(e migrate.Event) {
		if e.Stage == migrate.StageLoad {
			once.Do(func() {
				go func() {
					conn, err := pgx.Connect(t.Context(), s.synapse.URI())
					if err == nil {
						_, err = conn.Exec(t.Context(), `INSERT INTO devices (user_id, device_id, hidden) SELECT name, 'TOO_EARLY', false FROM users
							WHERE deactivated = 0 AND is_guest = 0 AND appservice_id IS NULL ORDER BY name LIMIT 1`)
						err = errors.Join(err, conn.Close(t.Context()))
					}
					written <- err
				}()
			})
		}
	}
	_, err := m.Run(t.Context())
	require.NoError(t, err)
	require.NoError(t, <-written, "it waited")
	require.Equal(t, before.rows, s.rows(t), "all of one instant")
	verified, err := s.migration().Verify(t.Context())
	require.NoError(t, err)
	require.Contains(t, verified.String(), "TOO_EARLY", "what came later is found")
}

func TestSynapseChangesBetweenRehearsalAndRun(t *testing.T) {
	t.Parallel()
	s, _ := populated(t, 60)
	rehearsed, err := s.migration().Rehearse(t.Context())
	require.NoError(t, err)
	require.NoError(t, rehearsed.Err())
	s.exec(t, s.synapse, `DELETE FROM user_threepids; UPDATE users SET locked = true; INSERT INTO users (name, creation_ts, admin, is_guest, deactivated, locked) VALUES ('@late:example.com', 1800000000, 0, 0, 0, false)`)
	_, err = s.migration().Run(t.Context())
	require.NoError(t, err)
	verified, err := s.migration().Verify(t.Context())
	require.NoError(t, err)
	require.NoError(t, verified.Err())
	require.True(t, ask[bool](t, s.mas, `SELECT EXISTS (SELECT FROM users WHERE username = 'late') AND NOT EXISTS (SELECT FROM user_emails)`))
}

func TestSynapseDatabaseOfAnotherEncoding(t *testing.T) {
	t.Parallel()
	s, before := populated(t, 20)
	s.exec(t, s.synapse, `UPDATE pg_database SET encoding = pg_char_to_encoding('LATIN1') WHERE datname = current_database()`)
	s.failed(t, s.migration(), before, "Synapse's database", "LATIN1", "UTF8")
	s.exec(t, s.synapse, `UPDATE pg_database SET encoding = pg_char_to_encoding('UTF8') WHERE datname = current_database()`)
	s.mended(t, before)
}

func TestUnreachableDatabasesTellNoPassword(t *testing.T) {
	t.Parallel()
	s, _ := populated(t, 5)
	for side, set := range map[string]func(*migrate.Syn2MAS, maskit.Secret){
		"Synapse's database": func(m *migrate.Syn2MAS, dsn maskit.Secret) { m.Source.DSN = dsn },
		"MAS's database":     func(m *migrate.Syn2MAS, dsn maskit.Secret) { m.Target.DSN = dsn },
	} {
		for _, dsn := range []string{"postgresql://u:" + dsnPassword + "@127.0.0.1:1/db", "host=127.0.0.1 port=1 user=u password=" + dsnPassword + " dbname=db"} {
			m := s.migration()
			set(m, maskit.NewSecret(dsn))
			_, err := m.Run(t.Context())
			require.ErrorContains(t, err, side)
			require.NotContains(t, err.Error(), dsnPassword)
			require.NoFileExists(t, s.store.Path)
		}
	}
}
