package migrate_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit/migrate"
)

// edges are rows at the edge of what columns can hold, and of what Synapse writes.
const edges = `
INSERT INTO users (name, creation_ts, password_hash) VALUES
	('@before1970:example.com', -7, 'x'), ('@year0:example.com', -99999999999, NULL), ('@epoch:example.com', 0, NULL), ('@first:example.com', -9223372036854775808, NULL),
	('@last:example.com', 9223372036854775807, 'x'), ('@millis:example.com', 1700000000123, 'x'), ('@year10000:example.com', 253402300800, NULL), ('@unknown:example.com', NULL, ''),
	(U&'@caf\00e9:example.com', 1700000000, NULL), (U&'@cafe\0301:example.com', 1700000000, NULL), ('@ÄÖ:example.com', 1700000000, NULL), ('@äö:example.com', 1700000000, NULL),
	('@🎉:example.com', 1700000000, NULL), ('@Twin:example.com', 1700000000, 'a'), ('@twin:example.com', 1700000000, 'b'), ('@TWIN:example.com', 1700000000, 'c'),
	('@a-b:example.com', 1700000000, NULL), ('@a_b:example.com', 1700000000, NULL), ('@a.b:example.com', 1700000000, NULL), ('@ab:example.com', 1700000000, NULL), ('@0:example.com', 1700000000, NULL),
	('@twin:other.org', 1700000000, 'other'), ('@twin:example.com:8448', 1700000000, 'other'), ('@twin:xexample.com', 1700000000, 'other');
INSERT INTO user_threepids (user_id, medium, address, validated_at, added_at)
	SELECT '@twin:example.com', m, 'at ' || ts, 0, ts FROM unnest(ARRAY['email', 'Email', 'msisdn']) m, unnest(ARRAY[-9223372036854775808, -1, 0, 253402300799999, 253402300800000, 9223372036854775807]) ts;
INSERT INTO user_threepids (user_id, medium, address, validated_at, added_at) VALUES
	('@twin:example.com', 'email', '', 0, 1), ('@Twin:example.com', 'email', U&'caf\00e9@example.com', 0, 1), ('@twin:example.com', 'email', U&'cafe\0301@example.com', 0, 1), ('@twin:other.org', 'email', 'o', 0, 1);
INSERT INTO user_external_ids (user_id, auth_provider, external_id)
	SELECT name, 'oidc-keycloak', name FROM users WHERE name LIKE '%:example.com';
INSERT INTO user_external_ids (user_id, auth_provider, external_id) VALUES ('@twin:example.com', 'oidc-gitlab', '@twin:example.com'), ('@twin:example.com', 'oidc-keycloak', ''), ('@twin:other.org', 'oidc-keycloak', 'o');
INSERT INTO devices (user_id, device_id, display_name, last_seen, ip, user_agent, hidden)
	SELECT '@twin:example.com', 'seen ' || ts, repeat('é', 5000), ts, NULL, '', false FROM unnest(ARRAY[-9223372036854775808, -62135596800001, -1, 0, 1700000000123, 253402300800000, 9223372036854775807]) ts;
INSERT INTO devices (user_id, device_id, display_name, ip, hidden)
	SELECT '@Twin:example.com', 'ip ' || ip, ip, ip, false FROM unnest(ARRAY['', '-', '::', '::1', '::ffff:192.0.2.1', '::ffff:c000:201', '::192.0.2.1', '64:ff9b::192.0.2.1', '2001:DB8:0:0:0:0:0:1', 'fe80::1%eth0', '[::1]',
		'192.0.2.1', '192.0.2.01', '192.0.2.1 ', '192.0.2', '192.0.2.256', '192.0.2.1/24', '0xc0.0.2.1', '3221225985', '1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:8:9', '127.0.0.1:8008', E'192.0.2.1\n']) ip;
INSERT INTO devices (user_id, device_id, hidden) VALUES ('@TWIN:example.com', '', false), ('@TWIN:example.com', 'x' || repeat('y', 2000), false), ('@TWIN:example.com', U&'\00e9', false), ('@TWIN:example.com', U&'e\0301', false),
	('@ÄÖ:example.com', 'D', false), ('@äö:example.com', 'D', false), ('@twin:other.org', 'seen 0', false);
INSERT INTO access_tokens (id, user_id, device_id, token, valid_until_ms, last_validated)
	SELECT 1000000 + row_number() OVER (), user_id, device_id, 'syt_' || row_number() OVER (), ts, ts FROM devices CROSS JOIN unnest(ARRAY[NULL, -9223372036854775808, -1, 0, 1700000000123, 253402300799999, 253402300800000, 9223372036854775807]) ts;
INSERT INTO access_tokens (id, user_id, token, last_validated) SELECT 2000000 + n, '@twin:example.com', 'syt_none' || n, CASE WHEN n > 5 THEN 1700000000123 END FROM generate_series(1, 10) n;
INSERT INTO refresh_tokens (id, user_id, device_id, token) SELECT id, user_id, device_id, 'syr_' || id FROM access_tokens WHERE id > 1000000 AND id % 3 = 0 AND device_id IS NOT NULL;
UPDATE access_tokens SET refresh_token_id = id WHERE id > 1000000 AND id % 3 = 0 AND device_id IS NOT NULL;
`

// TestVerifyEdges migrates what is at the edge by the native engine, and holds that
// Verify, which shares no code with it, expects the very same rows; and that it sees each
// of them when it is taken away.
func TestVerifyEdges(t *testing.T) {
	t.Parallel()
	s := newStage(t, 10)
	s.on(t, s.synapse, func(ctx context.Context, conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, edges, pgx.QueryExecModeSimpleProtocol)
		return err
	})
	m := s.migration()
	m.Policy = migrate.Policy{ForeignUsers: migrate.Skip, NoCreationTime: migrate.Skip, HiddenDeviceTokens: migrate.Skip, OrphanRows: migrate.Skip}
	run, err := m.Run(t.Context())
	require.NoError(t, err, run.Findings)
	report, err := m.Verify(t.Context())
	require.NoError(t, err)
	require.NoError(t, report.Err(), report.String())

	s.exec(t, s.mas, `TRUNCATE compat_refresh_tokens, compat_access_tokens, compat_sessions, upstream_oauth_links,
		user_unsupported_third_party_ids, user_emails, user_passwords, users CASCADE`)
	empty, err := m.Verify(t.Context())
	require.NoError(t, err)
	for i, e := range empty.Entities {
		require.Equal(t, report.Entities[i].Found, e.Missing, e.Entity)
		require.Equal(t, e.Expected, e.Missing, e.Entity)
	}
}
