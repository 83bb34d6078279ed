package migrate_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/migrate"
	"github.com/maskit-dev/maskit/migrate/migratetest"
)

// manage calls mas-cli manage, which changes MAS's database as a running MAS does.
func (s *stage) manage(t *testing.T, args ...string) {
	t.Helper()
	// Of Synapse it asks nothing but whether a name is free; jobs for it are only noted.
	synapse := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("{}")) }))
	defer synapse.Close()
	site, err := migratetest.NewSite(migratetest.SiteSpec{Synapse: address(s.synapse), MAS: address(s.mas), URLs: maskit.Site{
		AccountURL: "https://account.example/", ClientAPIURL: "https://matrix.example/", SynapseURL: synapse.URL + "/", MASURL: "http://mas.example:8080/",
	}})
	require.NoError(t, err)
	file, err := site.MASFile()
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "mas.yaml")
	require.NoError(t, os.WriteFile(path, file, 0o600))
	result := live.MASCLI(t).Run(t, append([]string{"--config", path, "manage"}, args...)...)
	require.Equal(t, 0, result.Code, result.Stderr)
}

// people are there by name.
const people = `
	INSERT INTO users (name, password_hash, creation_ts, admin, is_guest, deactivated, locked) VALUES
		('@anna:example.com', '$2b$12$annaannaannaannaannaauAnnaAnnaAnnaAnnaAnnaAnnaAnnaAnnaA', 1700000000, 0, 0, 0, false),
		('@bert:example.com', '$2b$12$bertbertbertbertbertbuBertBertBertBertBertBertBertBertB', 1700000000, 0, 0, 0, false),
		('@cleo:example.com', NULL, 1700000000, 0, 0, 0, false);
	INSERT INTO user_external_ids (auth_provider, external_id, user_id) VALUES ('oidc-keycloak', 'cleo-kc', '@cleo:example.com');
	INSERT INTO devices (user_id, device_id, hidden) VALUES ('@anna:example.com', 'ANNA', false), ('@bert:example.com', 'BERT', false), ('@bert:example.com', 'FRESH', false);
	INSERT INTO access_tokens (id, user_id, device_id, token) VALUES (900001, '@anna:example.com', 'ANNA', 'syt_anna'), (900002, '@bert:example.com', 'BERT', 'syt_bert')`

// migrated is a stage after Run, with people.
func migrated(t *testing.T) *stage {
	t.Helper()
	s := newStage(t, 20)
	s.exec(t, s.synapse, people)
	_, err := s.migration().Run(t.Context())
	require.NoError(t, err)
	return s
}

// madeByMAS is what a running MAS writes; id makes a uuid.
const madeByMAS = `CREATE FUNCTION pg_temp.id(n int) RETURNS uuid LANGUAGE sql AS $$SELECT ('0199ffff-ffff-7000-8000-' || lpad(n::text, 12, '0'))::uuid$$;
	CREATE FUNCTION pg_temp.who(name text) RETURNS uuid LANGUAGE sql AS $$SELECT user_id FROM users WHERE username = name$$;
	CREATE FUNCTION pg_temp.device(name text) RETURNS uuid LANGUAGE sql AS $$SELECT compat_session_id FROM compat_sessions WHERE device_id = name$$;`

const newSession = `INSERT INTO compat_sessions (compat_session_id, user_id, device_id, created_at, is_synapse_admin)
	VALUES (pg_temp.id(1), pg_temp.who('bert'), 'NEW', clock_timestamp(), false);
	INSERT INTO compat_access_tokens (compat_access_token_id, compat_session_id, access_token, created_at, expires_at)
	VALUES (pg_temp.id(2), pg_temp.id(1), 'mct_canary', clock_timestamp(), clock_timestamp() + interval '5 minutes');
	INSERT INTO compat_refresh_tokens (compat_refresh_token_id, compat_session_id, compat_access_token_id, refresh_token, created_at)
	VALUES (pg_temp.id(3), pg_temp.id(1), pg_temp.id(2), 'mcr_canary', clock_timestamp());`

func TestRollbackTellsWhatWouldBeLost(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		sql  string
		want []string // of the losses, without effects
	}{
		"nothing but activity":    {`UPDATE compat_sessions SET last_active_at = now(), last_active_ip = '203.0.113.9', user_agent = 'Element' WHERE device_id = 'ANNA'`, nil},
		"a MAS that only came up": {`INSERT INTO queue_workers (queue_worker_id, registered_at, last_seen_at) VALUES (pg_temp.id(1), clock_timestamp(), clock_timestamp())`, nil},
		"a password hashed anew at login": {`INSERT INTO user_passwords (user_password_id, user_id, hashed_password, created_at, version, upgraded_from_id)
			SELECT pg_temp.id(1), user_id, '$argon2id$v=19$m=19456,t=2,p=1$canary', clock_timestamp(), 2, user_password_id FROM user_passwords WHERE user_id = pg_temp.who('anna')`, nil},
		"a login that was begun": {`INSERT INTO upstream_oauth_authorization_sessions (upstream_oauth_authorization_session_id, upstream_oauth_provider_id, state, created_at)
			SELECT pg_temp.id(1), upstream_oauth_provider_id, 'canary', clock_timestamp() FROM upstream_oauth_providers LIMIT 1`, nil},
		"a new password of scheme 2": {
			`INSERT INTO user_passwords (user_password_id, user_id, hashed_password, created_at, version)
			VALUES (pg_temp.id(1), pg_temp.who('anna'), '$argon2id$v=19$m=19456,t=2,p=1$canary', clock_timestamp(), 2)`,
			[]string{"1 passwords of scheme 2 of @anna:example.com"},
		},
		"a session that expires":   {newSession, []string{"1 compat sessions of @bert:example.com"}},
		"a session that was ended": {newSession + `UPDATE compat_sessions SET finished_at = clock_timestamp() WHERE device_id = 'NEW'`, nil},
		"new tokens of an old session": {
			`INSERT INTO compat_access_tokens (compat_access_token_id, compat_session_id, access_token, created_at, expires_at)
			VALUES (pg_temp.id(2), pg_temp.device('ANNA'), 'mct_canary', clock_timestamp(), clock_timestamp() + interval '5 minutes')`,
			[]string{"1 refreshed tokens of @anna:example.com"},
		},
		"a session signed out": {
			`UPDATE compat_sessions SET finished_at = clock_timestamp() WHERE device_id = 'ANNA'`,
			[]string{"1 sign outs of @anna:example.com, all of which CopyBack saves"},
		},
		"Element X": {
			`INSERT INTO user_sessions (user_session_id, user_id, created_at) VALUES (pg_temp.id(5), pg_temp.who('cleo'), clock_timestamp());
			INSERT INTO oauth2_clients (oauth2_client_id, redirect_uris, grant_type_authorization_code, grant_type_refresh_token, grant_type_client_credentials, grant_type_device_code, is_static)
			VALUES (pg_temp.id(6), '{}', true, true, false, false, false);
			INSERT INTO oauth2_sessions (oauth2_session_id, user_session_id, user_id, oauth2_client_id, created_at, scope_list)
			VALUES (pg_temp.id(7), pg_temp.id(5), pg_temp.who('cleo'), pg_temp.id(6), clock_timestamp(), '{openid,urn:matrix:client:device:X1}')`,
			[]string{"1 oauth sessions of @cleo:example.com", "1 devices of @cleo:example.com", "1 browser sessions of @cleo:example.com"},
		},
		"a personal token": {`INSERT INTO personal_sessions (personal_session_id, owner_user_id, actor_user_id, human_name, scope_list, created_at)
			VALUES (pg_temp.id(1), pg_temp.who('anna'), pg_temp.who('anna'), 'bot', '{}', clock_timestamp())`, []string{"1 personal sessions of @anna:example.com"}},
		"terms": {
			`INSERT INTO user_terms (user_terms_id, user_id, terms_url, created_at) VALUES (pg_temp.id(1), pg_temp.who('anna'), 'https://example.com/', clock_timestamp())`,
			[]string{"1 other (user_terms)"},
		},
		"a link that was removed": {`DELETE FROM upstream_oauth_links WHERE subject = 'cleo-kc'`, []string{"1 removed links"}},
		"an address that was added": {
			`INSERT INTO user_emails (user_email_id, user_id, email, created_at) VALUES (pg_temp.id(1), pg_temp.who('anna'), 'anna@example.org', clock_timestamp())`,
			[]string{"1 emails of @anna:example.com"},
		},
		"locked":                {`UPDATE users SET locked_at = clock_timestamp() WHERE username = 'anna'`, []string{"1 flags of @anna:example.com, all of which CopyBack saves"}},
		"made an administrator": {`UPDATE users SET can_request_admin = true WHERE username = 'anna'`, []string{"1 flags of @anna:example.com, all of which CopyBack saves"}},
		"a session of somebody who was deactivated": {
			newSession + `UPDATE users SET deactivated_at = clock_timestamp() WHERE username = 'bert'`,
			[]string{"1 flags of @bert:example.com, all of which CopyBack saves"},
		},
		"a table of a later MAS": {
			`CREATE TABLE user_passkeys (user_passkey_id uuid PRIMARY KEY, user_id uuid NOT NULL REFERENCES users (user_id), created_at timestamptz NOT NULL);
			INSERT INTO user_passkeys VALUES (pg_temp.id(1), pg_temp.who('anna'), clock_timestamp())`,
			[]string{"1 other (user_passkeys)"},
		},
		"a table of somebody else": {
			`CREATE SCHEMA notes; CREATE TABLE notes.people (user_id uuid REFERENCES users (user_id)); INSERT INTO notes.people VALUES (pg_temp.who('anna'))`,
			[]string{"1 other (people)"},
		},
		"a row with an old time": {
			`INSERT INTO user_emails (user_email_id, user_id, email, created_at) VALUES (pg_temp.id(1), pg_temp.who('anna'), 'anna@example.org', '2020-01-01')`,
			[]string{"1 other (user_emails)"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := migrated(t)
			s.exec(t, s.mas, madeByMAS+tc.sql)
			mas, synapse := contents(t, s.mas), contents(t, s.synapse)

			preview, err := s.migration().Rollback(t.Context(), migrate.RollbackOptions{DryRun: true})
			require.NoError(t, err)
			require.Equal(t, tc.want, items(preview.Losses), preview.String())
			require.Equal(t, mas, contents(t, s.mas), "a dry run writes nothing")
			requireNoSecrets(t, s, preview)
			require.NotContains(t, preview.String(), "canary")
			if tc.want == nil {
				require.NoError(t, preview.Err())
				_, err = s.migration().Rollback(t.Context(), migrate.RollbackOptions{})
				require.NoError(t, err)
				require.Empty(t, contents(t, s.mas)["public.users"])
				return
			}
			var losses *migrate.LossesError
			require.ErrorAs(t, preview.Err(), &losses)
			_, err = s.migration().Rollback(t.Context(), migrate.RollbackOptions{})
			require.ErrorAs(t, err, &losses)
			require.Equal(t, mas, contents(t, s.mas), "refused, so nothing is written")
			require.Equal(t, migrate.StepMigrated, s.state(t).Step)

			_, err = s.migration().Rollback(t.Context(), migrate.RollbackOptions{AcceptLosses: true})
			require.NoError(t, err)
			require.Empty(t, contents(t, s.mas)["public.users"])
			require.Equal(t, synapse, contents(t, s.synapse))
			require.Equal(t, migrate.StepRolledBack, s.state(t).Step)
		})
	}
}

func items(losses migrate.Losses) []string {
	var lines []string
	for _, l := range losses.Items {
		text, _, _ := strings.Cut(l.String(), ": ")
		lines = append(lines, text)
	}
	return lines
}

func TestRollbackLeavesSessionsOfClients(t *testing.T) {
	t.Parallel()
	s := newStage(t, 20)
	s.exec(t, s.mas, madeByMAS+`INSERT INTO oauth2_clients (oauth2_client_id, redirect_uris, grant_type_authorization_code, grant_type_refresh_token, grant_type_client_credentials, grant_type_device_code, is_static)
		VALUES (pg_temp.id(6), '{}', false, false, true, false, true);
		INSERT INTO oauth2_sessions (oauth2_session_id, oauth2_client_id, created_at, scope_list) VALUES (pg_temp.id(7), pg_temp.id(6), now(), '{urn:mas:admin}')`)
	before := contents(t, s.mas)
	_, err := s.migration().Run(t.Context())
	require.NoError(t, err)
	report, err := s.migration().Rollback(t.Context(), migrate.RollbackOptions{})
	require.NoError(t, err)
	require.Equal(t, before, contents(t, s.mas))
	require.Contains(t, report.Left, "1 clients, which mas-cli config sync or their owners made")
}

func TestRollbackWithoutAWatermarkJudgesByTimes(t *testing.T) {
	t.Parallel()
	s := migrated(t)
	state := s.state(t)
	copied := state
	copied.Loaded.UsersTable++ // the database was restored from a backup
	require.NoError(t, s.store.Save(t.Context(), state, copied))
	s.exec(t, s.mas, madeByMAS+newSession)
	_, err := s.migration().Rollback(t.Context(), migrate.RollbackOptions{})
	var losses *migrate.LossesError
	require.ErrorAs(t, err, &losses)
	require.Equal(t, []string{"1 compat sessions of @bert:example.com"}, items(losses.Losses))
}

// TestCopyBack changes MAS's database by mas-cli, and brings to Synapse what it can use.
func TestCopyBack(t *testing.T) {
	t.Parallel()
	s := migrated(t)
	s.manage(t, "set-password", "anna", "new password", "--ignore-complexity")
	s.manage(t, "register-user", "--yes", "--ignore-password-complexity", "-p", "dora password", "-m", string(migratetest.Keycloak().ID)+":dora-kc", "-e", "dora@example.org", "dora")
	s.manage(t, "register-user", "--yes", "erik")
	s.manage(t, "issue-compatibility-token", "bert", "FRESH")
	s.manage(t, "issue-compatibility-token", "bert", "NOTINSYNAPSE")
	s.manage(t, "lock-user", "cleo")
	s.exec(t, s.mas, madeByMAS+`UPDATE compat_sessions SET finished_at = clock_timestamp() WHERE device_id = 'ANNA';
		UPDATE users SET can_request_admin = true WHERE username = 'cleo'`)
	token := ask[string](t, s.mas, `SELECT access_token FROM compat_access_tokens JOIN compat_sessions USING (compat_session_id) WHERE device_id = 'FRESH' AND access_token LIKE 'mct%'`)
	// What a running MAS tells Synapse.
	s.exec(t, s.synapse, `INSERT INTO users (name, creation_ts, admin, is_guest, deactivated, locked) VALUES ('@dora:example.com', 1800000000, 0, 0, 0, false), ('@erik:example.com', 1800000000, 0, 0, 0, false);
		INSERT INTO user_threepids (user_id, medium, address, validated_at, added_at) VALUES ('@dora:example.com', 'email', 'dora@example.org', 1, 1)`)
	mas, synapse := contents(t, s.mas), contents(t, s.synapse)

	preview, err := s.migration().Rollback(t.Context(), migrate.RollbackOptions{DryRun: true, CopyBack: true})
	require.NoError(t, err)
	require.Equal(t, []string{
		"2 passwords of scheme 1 of @anna:example.com, @dora:example.com, all of which CopyBack saves",
		"1 links of @dora:example.com, all of which CopyBack saves",
		"2 users of @dora:example.com, @erik:example.com, 1 of which CopyBack saves",
		"1 flags of @cleo:example.com, all of which CopyBack saves",
		"2 compat sessions of @bert:example.com, 1 of which CopyBack saves",
		"1 sign outs of @anna:example.com, all of which CopyBack saves",
	}, items(preview.Losses), preview.String())
	require.Equal(t, strings.Join([]string{
		"update users @anna:example.com: password_hash: [redacted] → [redacted]",
		"update users @dora:example.com: password_hash: unset → [redacted]",
		"create user_external_ids @dora:example.com oidc-keycloak",
		"update users @cleo:example.com: locked: false → true, admin: false → true",
		"create access_tokens @bert:example.com FRESH: token: unset → [redacted]",
		"delete access_tokens @anna:example.com ANNA (signed out at MAS)",
	}, "\n"), preview.CopyBack.String())
	require.Equal(t, mas, contents(t, s.mas))
	require.Equal(t, synapse, contents(t, s.synapse))
	requireHidden(t, preview, token, ask[string](t, s.mas, `SELECT hashed_password FROM user_passwords JOIN users USING (user_id) WHERE username = 'dora'`))

	_, err = s.migration().Rollback(t.Context(), migrate.RollbackOptions{CopyBack: true})
	var losses *migrate.LossesError
	require.ErrorAs(t, err, &losses, "erik, and a device that Synapse has not")
	require.Equal(t, []string{"1 users of @dora:example.com, @erik:example.com", "1 compat sessions of @bert:example.com"}, items(losses.Losses))
	require.Equal(t, synapse, contents(t, s.synapse))

	hashes := ask[[]string](t, s.mas, `SELECT array_agg(hashed_password ORDER BY username) FROM (SELECT DISTINCT ON (username) username, hashed_password
		FROM user_passwords JOIN users USING (user_id) WHERE username IN ('anna', 'dora') ORDER BY username, user_passwords.created_at DESC) x`)
	highest := ask[int64](t, s.synapse, `SELECT max(id) FROM access_tokens`)
	done, err := s.migration().Rollback(t.Context(), migrate.RollbackOptions{CopyBack: true, AcceptLosses: true})
	require.NoError(t, err)
	require.Equal(t, preview.CopyBack.String(), done.CopyBack.String())
	requireNoSecrets(t, s, done)
	require.Equal(t, hashes, ask[[]string](t, s.synapse, `SELECT array_agg(password_hash ORDER BY name) FROM users WHERE name IN ('@anna:example.com', '@dora:example.com')`))
	require.Equal(t, "@dora:example.com", ask[string](t, s.synapse, `SELECT user_id FROM user_external_ids WHERE auth_provider = 'oidc-keycloak' AND external_id = 'dora-kc'`))
	require.True(t, ask[bool](t, s.synapse, `SELECT locked AND admin = 1 AND deactivated = 0 FROM users WHERE name = '@cleo:example.com'`))
	require.Equal(t, highest+1, ask[int64](t, s.synapse, `SELECT id FROM access_tokens WHERE token = $1 AND device_id = 'FRESH' AND user_id = '@bert:example.com' AND valid_until_ms IS NULL`, token))
	require.Zero(t, ask[int64](t, s.synapse, `SELECT count(*) FROM access_tokens WHERE user_id = '@anna:example.com'`))
	require.Empty(t, contents(t, s.mas)["public.users"])
	require.Equal(t, migrate.StepRolledBack, s.state(t).Step)
}

// TestCopyBackGoesOnAfterItsFirstHalf stops between the two databases.
func TestCopyBackGoesOnAfterItsFirstHalf(t *testing.T) {
	t.Parallel()
	s := migrated(t)
	s.exec(t, s.mas, madeByMAS+`INSERT INTO compat_sessions (compat_session_id, user_id, device_id, created_at, is_synapse_admin)
		VALUES (pg_temp.id(1), pg_temp.who('bert'), 'FRESH', clock_timestamp(), false);
		INSERT INTO compat_access_tokens (compat_access_token_id, compat_session_id, access_token, created_at) VALUES (pg_temp.id(2), pg_temp.id(1), 'mct_canary', clock_timestamp());
		CREATE FUNCTION public.full_disk() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE 'no space left'; END$$;
		CREATE TRIGGER full_disk BEFORE TRUNCATE ON users EXECUTE FUNCTION public.full_disk()`)
	_, err := s.migration().Rollback(t.Context(), migrate.RollbackOptions{CopyBack: true})
	require.ErrorContains(t, err, "no space left")
	require.Equal(t, migrate.StepResetting, s.state(t).Step)
	_, err = s.migration().Run(t.Context())
	require.ErrorContains(t, err, "a rollback was begun")
	s.exec(t, s.mas, `DROP TRIGGER full_disk ON users; DROP FUNCTION public.full_disk()`)
	report, err := s.migration().Rollback(t.Context(), migrate.RollbackOptions{CopyBack: true})
	require.NoError(t, err)
	require.Empty(t, report.CopyBack, "it is there already")
	require.Equal(t, int64(1), ask[int64](t, s.synapse, `SELECT count(*) FROM access_tokens WHERE token = 'mct_canary'`))
	require.Empty(t, contents(t, s.mas)["public.users"])
}

// requireHidden looks for secrets in what people and programs read.
func requireHidden(t *testing.T, report migrate.RollbackReport, secrets ...string) {
	t.Helper()
	text, err := json.Marshal(report)
	require.NoError(t, err)
	for _, secret := range secrets {
		require.NotEmpty(t, secret)
		require.NotContains(t, string(text)+report.String(), secret)
	}
	require.Contains(t, string(text), maskit.NewSecret("x").String())
}
