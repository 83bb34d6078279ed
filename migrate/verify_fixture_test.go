package migrate

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/internal/live"
	"github.com/maskit-dev/maskit/migrate/migratetest"
)

// verifySynapse is a small homeserver with something in every column that is migrated.
const verifySynapse = `
INSERT INTO users (name, password_hash, creation_ts, admin, is_guest, deactivated, appservice_id, locked) VALUES
	('@alice:example.com', '$2b$12$aliceHashIsCanaryaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 1700000000, 1, 0, 0, NULL, false),
	('@bob:example.com', '$2b$12$bobHashIsCanaryaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 1700000001, 0, 0, 0, NULL, true),
	('@carol:example.com', NULL, 1700000002, 0, 0, 1, NULL, false),
	('@1:example.com', NULL, 1700000003, 0, 1, 0, NULL, false),
	('@_irc_x:example.com', NULL, 1700000004, 0, 0, 0, 'irc', false);
INSERT INTO user_threepids (user_id, medium, address, validated_at, added_at) VALUES
	('@alice:example.com', 'email', 'Alice@example.org', 1, 1700000100123),
	('@alice:example.com', 'msisdn', '4915112345678', 1, 1700000100456);
INSERT INTO user_external_ids (user_id, auth_provider, external_id) VALUES ('@alice:example.com', 'oidc-keycloak', 'subject-a'), ('@bob:example.com', 'saml', 'b');
INSERT INTO devices (user_id, device_id, display_name, last_seen, ip, user_agent, hidden) VALUES
	('@alice:example.com', 'ADEVICE', 'Element', 1700000200789, '203.0.113.7', 'Mozilla', false),
	('@alice:example.com', 'BDEVICE', NULL, NULL, '-', NULL, false),
	('@alice:example.com', 'keys', 'master', NULL, NULL, NULL, true),
	('@bob:example.com', 'CDEVICE', NULL, NULL, '2001:db8::1', NULL, false),
	('@carol:example.com', 'DDEVICE', NULL, NULL, NULL, NULL, false),
	('@1:example.com', 'guest_device', NULL, NULL, NULL, NULL, false),
	('@_irc_x:example.com', 'IRC', NULL, NULL, NULL, NULL, false);
INSERT INTO refresh_tokens (id, user_id, device_id, token, next_token_id) VALUES (1, '@alice:example.com', 'BDEVICE', 'syr_canary_old', 2), (2, '@alice:example.com', 'BDEVICE', 'syr_canary', NULL);
INSERT INTO access_tokens (id, user_id, device_id, token, valid_until_ms, puppets_user_id, last_validated, refresh_token_id, used) VALUES
	(1, '@alice:example.com', 'ADEVICE', 'syt_canary_a', NULL, NULL, 1700000300111, NULL, NULL),
	(2, '@alice:example.com', 'BDEVICE', 'syt_canary_old', 1700000400000, NULL, 1700000300222, 1, true),
	(3, '@alice:example.com', 'BDEVICE', 'syt_canary_b', 1700000500000, NULL, 1700000300333, 2, true),
	(4, '@alice:example.com', NULL, 'syt_canary_none', NULL, NULL, 1700000300444, NULL, NULL),
	(5, '@alice:example.com', 'ADEVICE', 'syt_canary_a2', NULL, NULL, NULL, NULL, NULL),
	(6, '@alice:example.com', NULL, 'syt_canary_puppet', NULL, '@bob:example.com', 1700000300555, NULL, NULL),
	(7, '@alice:example.com', 'GONE', 'syt_canary_gone', NULL, NULL, 1700000300666, NULL, NULL),
	(8, '@bob:example.com', 'CDEVICE', 'syt_canary_c', NULL, NULL, 1700000300777, NULL, NULL),
	(9, '@_irc_x:example.com', 'IRC', 'syt_canary_irc', NULL, NULL, 1700000300888, NULL, NULL);`

// verifyMAS is what a migration makes of it. id makes a ULID; ts reads milliseconds.
const verifyMAS = `
CREATE FUNCTION pg_temp.id(ms bigint, n int) RETURNS uuid LANGUAGE sql AS $$SELECT (lpad(to_hex(ms), 12, '0') || lpad(to_hex(n), 20, '0'))::uuid$$;
CREATE FUNCTION pg_temp.ts(ms bigint) RETURNS timestamptz LANGUAGE sql AS $$SELECT 'epoch'::timestamptz + ms * interval '1 millisecond'$$;
INSERT INTO users (user_id, username, created_at, locked_at, deactivated_at, can_request_admin, is_guest) VALUES
	(pg_temp.id(1700000000000, 1), 'alice', pg_temp.ts(1700000000000), NULL, NULL, true, false),
	(pg_temp.id(1700000001000, 2), 'bob', pg_temp.ts(1700000001000), pg_temp.ts(1700000001000), NULL, false, false),
	(pg_temp.id(1700000002000, 3), 'carol', pg_temp.ts(1700000002000), NULL, pg_temp.ts(1700000002000), false, false),
	(pg_temp.id(1700000003000, 4), '1', pg_temp.ts(1700000003000), NULL, NULL, false, true);
INSERT INTO user_passwords (user_password_id, user_id, hashed_password, created_at, version) VALUES
	(pg_temp.id(1700000000000, 10), pg_temp.id(1700000000000, 1), '$2b$12$aliceHashIsCanaryaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', pg_temp.ts(1700000000000), 1),
	(pg_temp.id(1700000001000, 11), pg_temp.id(1700000001000, 2), '$2b$12$bobHashIsCanaryaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', pg_temp.ts(1700000001000), 1);
INSERT INTO user_emails (user_email_id, user_id, email, created_at) VALUES
	(pg_temp.id(1700000100123, 20), pg_temp.id(1700000000000, 1), 'Alice@example.org', pg_temp.ts(1700000100123));
INSERT INTO user_unsupported_third_party_ids (user_id, medium, address, created_at) VALUES
	(pg_temp.id(1700000000000, 1), 'msisdn', '4915112345678', pg_temp.ts(1700000100456));
INSERT INTO upstream_oauth_links (upstream_oauth_link_id, upstream_oauth_provider_id, user_id, subject, created_at)
	SELECT pg_temp.id(1700000000000, 30), min(upstream_oauth_provider_id::text)::uuid, pg_temp.id(1700000000000, 1), 'subject-a', pg_temp.ts(1700000000000)
	FROM upstream_oauth_providers WHERE issuer LIKE '%/realms/staff';
INSERT INTO compat_sessions (compat_session_id, user_id, device_id, created_at, is_synapse_admin, last_active_at, last_active_ip, user_agent, human_name) VALUES
	(pg_temp.id(1700000300111, 40), pg_temp.id(1700000000000, 1), 'ADEVICE', pg_temp.ts(1700000300111), true, pg_temp.ts(1700000200789), '203.0.113.7', 'Mozilla', 'Element'),
	(pg_temp.id(1700000300333, 41), pg_temp.id(1700000000000, 1), 'BDEVICE', pg_temp.ts(1700000300333), true, NULL, NULL, NULL, NULL),
	(pg_temp.id(1700000300444, 42), pg_temp.id(1700000000000, 1), NULL, pg_temp.ts(1700000300444), false, NULL, NULL, NULL, NULL),
	(pg_temp.id(1800000000000, 43), pg_temp.id(1700000001000, 2), 'CDEVICE', pg_temp.ts(1800000000000), false, NULL, '2001:db8::1', NULL, NULL);
INSERT INTO compat_access_tokens (compat_access_token_id, compat_session_id, access_token, created_at, expires_at) VALUES
	(pg_temp.id(1700000300111, 50), pg_temp.id(1700000300111, 40), 'syt_canary_a', pg_temp.ts(1700000300111), NULL),
	(pg_temp.id(1700000300333, 51), pg_temp.id(1700000300333, 41), 'syt_canary_b', pg_temp.ts(1700000300333), pg_temp.ts(1700000500000)),
	(pg_temp.id(1700000300444, 52), pg_temp.id(1700000300444, 42), 'syt_canary_none', pg_temp.ts(1700000300444), NULL),
	(pg_temp.id(1800000000000, 53), pg_temp.id(1700000300111, 40), 'syt_canary_a2', pg_temp.ts(1800000000000), NULL),
	(pg_temp.id(1700000300777, 54), pg_temp.id(1800000000000, 43), 'syt_canary_c', pg_temp.ts(1700000300777), NULL);
INSERT INTO compat_refresh_tokens (compat_refresh_token_id, compat_session_id, compat_access_token_id, refresh_token, created_at) VALUES
	(pg_temp.id(1700000300333, 60), pg_temp.id(1700000300333, 41), pg_temp.id(1700000300333, 51), 'syr_canary', pg_temp.ts(1700000300333));`

// verified is a migration that is finished.
type verified struct {
	m            *Syn2MAS
	synapse, mas *pgx.Conn
	synapseDB    live.DB
}

// newVerified makes empty databases and settings that fit them.
func newVerified(t *testing.T, providers ...migratetest.Provider) *verified {
	t.Helper()
	synapseDB, masDB := live.SynapseDatabase(t, live.SynapseCurrent), live.MASDatabase(t)
	site, err := migratetest.NewSite(migratetest.SiteSpec{
		Synapse: migratetest.Database{Host: synapseDB.SocketDir, User: synapseDB.User, Name: synapseDB.Name},
		MAS:     migratetest.Database{Host: masDB.SocketDir, User: masDB.User, Name: masDB.Name}, Providers: providers,
	})
	require.NoError(t, err)
	v := &verified{
		m:       &Syn2MAS{Source: Source{Files: site.Files}, Target: Target{Config: site.Config}},
		synapse: openDB(t, synapseDB), mas: openDB(t, masDB), synapseDB: synapseDB,
	}
	return v
}

// newMigrated is the small homeserver, migrated.
func newMigrated(t *testing.T) *verified {
	t.Helper()
	v := newVerified(t)
	v.execSynapse(t, verifySynapse)
	require.NoError(t, migratetest.InsertProviders(t.Context(), v.mas, migratetest.Keycloak(), migratetest.GitLab()))
	v.exec(t, verifyMAS)
	return v
}

func openDB(t *testing.T, db live.DB) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), db.URI())
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close(context.WithoutCancel(t.Context())) })
	return conn
}

// exec changes MAS's database.
func (v *verified) exec(t *testing.T, sql string) {
	t.Helper()
	_, err := v.mas.Exec(t.Context(), sql, pgx.QueryExecModeSimpleProtocol)
	require.NoError(t, err)
}

func (v *verified) execSynapse(t *testing.T, sql string) {
	t.Helper()
	_, err := v.synapse.Exec(t.Context(), sql, pgx.QueryExecModeSimpleProtocol)
	require.NoError(t, err)
}

// verify verifies, and holds that no secret is in the report.
func (v *verified) verify(t *testing.T) VerifyReport {
	t.Helper()
	report, err := v.m.Verify(t.Context())
	require.NoError(t, err)
	requireNoToken(t, report)
	return report
}

// requireNoToken looks for the tokens and hashes of the small homeserver.
func requireNoToken(t *testing.T, report interface{ String() string }) {
	t.Helper()
	encoded, err := json.Marshal(report)
	require.NoError(t, err)
	for _, text := range []string{report.String(), string(encoded)} {
		for _, secret := range []string{"anary", "$2b$", "syt_", "syr_"} {
			require.NotContains(t, text, secret)
		}
	}
}

// lines are the differences.
func lines(report VerifyReport) []string {
	all := []string{}
	for _, d := range report.Differences {
		all = append(all, d.String())
	}
	return all
}
