package migrate

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/maskit-dev/maskit"
)

func openConfig(t *testing.T, config *pgx.ConnConfig) *pgx.Conn {
	t.Helper()
	conn, err := pgx.ConnectConfig(t.Context(), config.Copy())
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close(context.WithoutCancel(t.Context())) })
	return conn
}

// TestVerifyPolicy: what a policy skips must not be there.
func TestVerifyPolicy(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		synapse string
		policy  Policy
		fail    []string
		skip    []string
	}{
		"unusable hash": {
			synapse: `UPDATE users SET password_hash = 'canary' WHERE name = '@bob:example.com'`, policy: Policy{UnusableHashes: Skip},
			fail: []string{"changed user_passwords @bob:example.com: hashed_password is another one"},
			skip: []string{"extra user_passwords @bob:example.com"},
		},
		"empty hash": {
			synapse: `UPDATE users SET password_hash = '' WHERE name = '@1:example.com'`, policy: Policy{UnusableHashes: Skip},
			fail: []string{"missing user_passwords @1:example.com"}, skip: []string{},
		},
		"dehydrated device": {
			synapse: `INSERT INTO devices (user_id, device_id, hidden) VALUES ('@bob:example.com', 'DRY', false);
				INSERT INTO dehydrated_devices (user_id, device_id, device_data) VALUES ('@bob:example.com', 'DRY', '{}')`,
			policy: Policy{DehydratedDevices: Skip},
			fail:   []string{"missing compat_sessions @bob:example.com DRY"}, skip: []string{},
		},
		"orphans": {
			synapse: `INSERT INTO devices (user_id, device_id, hidden) VALUES ('@nobody:example.com', 'X', false);
				INSERT INTO access_tokens (id, user_id, device_id, token) VALUES (99, '@nobody:example.com', 'X', 'syt_canary_99'), (98, '@nobody:example.com', NULL, 'syt_canary_98');
				INSERT INTO user_threepids VALUES ('@nobody:example.com', 'email', 'x', 1, 1); INSERT INTO user_external_ids VALUES ('oidc-keycloak', 'x', '@nobody:example.com')`,
			fail: []string{}, skip: []string{},
		},
		"users of other domains": {
			synapse: `INSERT INTO users (name, creation_ts, password_hash) VALUES ('@x:other.org', 1, 'canary'), ('x', 1, NULL), ('@x', 1, NULL), ('x:example.com', 1, NULL), ('@a:b:example.com', 1, NULL);
				INSERT INTO devices (user_id, device_id, hidden) VALUES ('@x:other.org', 'X', false)`,
			fail: []string{}, skip: []string{},
		},
		"tokens of hidden devices": {
			synapse: `INSERT INTO access_tokens (id, user_id, device_id, token) VALUES (99, '@alice:example.com', 'keys', 'syt_canary_99')`,
			fail:    []string{}, skip: []string{},
		},
		"no creation time": {
			synapse: `UPDATE users SET creation_ts = NULL`, fail: []string{}, skip: []string{},
		},
		"no creation time of one": {
			synapse: `UPDATE users SET creation_ts = NULL WHERE name = '@alice:example.com'`, fail: []string{}, skip: []string{},
		},
		"no time of a token": {
			synapse: `UPDATE access_tokens SET last_validated = NULL`, fail: []string{}, skip: []string{},
		},
		"addresses that are none": {
			synapse: `UPDATE devices SET ip = 'fe80::1%eth0' WHERE device_id = 'BDEVICE'; UPDATE devices SET ip = '999.1.1.1' WHERE device_id = 'CDEVICE'`,
			fail:    []string{"changed compat_sessions @bob:example.com CDEVICE: last_active_ip is 2001:db8::1 instead of NULL"},
			skip:    []string{"changed compat_sessions @bob:example.com CDEVICE: last_active_ip is 2001:db8::1 instead of NULL"},
		},
		"hidden NULL": {
			synapse: `UPDATE devices SET hidden = NULL WHERE device_id = 'keys'`, fail: []string{}, skip: []string{},
		},
		"a pair whose successor was used": {
			synapse: `INSERT INTO refresh_tokens (id, user_id, device_id, token) VALUES (3, '@alice:example.com', 'BDEVICE', 'syr_canary_3');
				INSERT INTO access_tokens (id, user_id, device_id, token, refresh_token_id, used, last_validated) VALUES (99, '@alice:example.com', 'BDEVICE', 'syt_canary_99', 3, true, 1700000300999);
				UPDATE refresh_tokens SET next_token_id = 3 WHERE id = 2`,
			fail: []string{"changed compat_access_tokens @alice:example.com BDEVICE: access_token is another one, created_at is 2023-11-14T22:18:20.333Z instead of 2023-11-14T22:18:20.999Z, expires_at is 2023-11-14T22:21:40Z instead of NULL", "changed compat_refresh_tokens @alice:example.com BDEVICE: refresh_token is another one, compat_access_token_id is another one, created_at is 2023-11-14T22:18:20.333Z instead of 2023-11-14T22:18:20.999Z"},
			skip: []string{"changed compat_access_tokens @alice:example.com BDEVICE: access_token is another one, created_at is 2023-11-14T22:18:20.333Z instead of 2023-11-14T22:18:20.999Z, expires_at is 2023-11-14T22:21:40Z instead of NULL", "changed compat_refresh_tokens @alice:example.com BDEVICE: refresh_token is another one, compat_access_token_id is another one, created_at is 2023-11-14T22:18:20.333Z instead of 2023-11-14T22:18:20.999Z"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := newMigrated(t)
			v.execSynapse(t, c.synapse)
			require.Equal(t, c.fail, lines(v.verify(t)))
			v.m.Policy = c.policy
			require.Equal(t, c.skip, lines(v.verify(t)))
		})
	}
}

// TestVerifyWhileSynapseRuns: Synapse goes on after the rehearsal was begun.
func TestVerifyWhileSynapseRuns(t *testing.T) {
	t.Parallel()
	v := newMigrated(t)
	v.m.Now = func() time.Time { return time.UnixMilli(1700000300500) } // before bob's token
	require.Empty(t, lines(v.verify(t)))
}

func TestVerifyNeedsSettings(t *testing.T) {
	t.Parallel()
	_, err := (&Syn2MAS{}).Verify(t.Context())
	require.ErrorIs(t, err, maskit.ErrInvalid)
	require.ErrorContains(t, err, "migrate: verify: ")
}

func TestVerifyUnreachable(t *testing.T) {
	t.Parallel()
	v := newMigrated(t)
	v.m.Target.DSN = maskit.NewSecret("postgresql://u:canary-password@127.0.0.1:1/x?connect_timeout=2")
	_, err := v.m.Verify(t.Context())
	require.ErrorContains(t, err, "MAS's database")
	require.NotContains(t, err.Error(), "canary")

	v = newMigrated(t)
	v.exec(t, `ALTER TABLE users DROP COLUMN locked_at`)
	_, err = v.m.Verify(t.Context())
	require.ErrorContains(t, err, `MAS's database: read users: ERROR: column u.locked_at does not exist`)

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = v.m.Verify(ctx)
	require.ErrorIs(t, err, context.Canceled)
}

func TestVerifyEvents(t *testing.T) {
	t.Parallel()
	v := newMigrated(t)
	done := map[Entity]int64{}
	whole := 0
	v.m.Events = func(e Event) {
		require.Equal(t, StageVerify, e.Stage)
		if e.Done && e.Entity != "" {
			done[e.Entity] = e.Rows
		} else if e.Done {
			whole++
		}
	}
	v.verify(t)
	require.Equal(t, map[Entity]int64{Users: 4, Emails: 2, Links: 1, Sessions: 5}, done)
	require.Equal(t, 1, whole)
}
