package migrate

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestVerifySharedSession: two tokens without a device must have a session each. That
// they share one does not show where they are joined with it.
func TestVerifySharedSession(t *testing.T) {
	t.Parallel()
	v := newMigrated(t)
	v.execSynapse(t, `INSERT INTO access_tokens (id, user_id, token) VALUES (98, '@bob:example.com', 'syt_canary_98'), (99, '@bob:example.com', 'syt_canary_99')`)
	v.exec(t, `INSERT INTO compat_sessions (compat_session_id, user_id, created_at, is_synapse_admin) VALUES (pg_temp.id(1800000000000, 70), pg_temp.id(1700000001000, 2), pg_temp.ts(1800000000000), false);
		INSERT INTO compat_access_tokens (compat_access_token_id, compat_session_id, access_token, created_at) VALUES
			(pg_temp.id(1800000000000, 71), pg_temp.id(1800000000000, 70), 'syt_canary_98', pg_temp.ts(1800000000000)),
			(pg_temp.id(1800000000000, 72), pg_temp.id(1800000000000, 70), 'syt_canary_99', pg_temp.ts(1800000000000))`)
	report := v.verify(t)
	require.Equal(t, []string{"missing compat_sessions @bob:example.com (no device)"}, lines(report))
	require.Equal(t, VerifiedEntity{Entity: Sessions, Expected: 6, Found: 5, Missing: 1}, report.Entities[5])

	v.exec(t, `INSERT INTO compat_sessions (compat_session_id, user_id, created_at, is_synapse_admin) VALUES (pg_temp.id(1800000000001, 73), pg_temp.id(1700000001000, 2), pg_temp.ts(1800000000001), false);
		UPDATE compat_access_tokens SET compat_session_id = pg_temp.id(1800000000001, 73) WHERE access_token = 'syt_canary_99'`)
	require.Empty(t, lines(v.verify(t)))
}

// TestVerifyCountsOnce: a user with two passwords is one user, and a token with two
// refresh tokens one token.
func TestVerifyCountsOnce(t *testing.T) {
	t.Parallel()
	v := newMigrated(t)
	v.exec(t, `INSERT INTO user_passwords SELECT gen_random_uuid(), user_id, 'canary', created_at, 1 FROM users WHERE username = 'bob';
		INSERT INTO compat_refresh_tokens SELECT gen_random_uuid(), compat_session_id, compat_access_token_id, 'syr_canary_x', now() FROM compat_refresh_tokens`)
	report := v.verify(t)
	require.Equal(t, VerifiedEntity{Entity: Users, Expected: 4, Found: 4}, report.Entities[0])
	require.Equal(t, VerifiedEntity{Entity: Passwords, Expected: 2, Found: 3, Extra: 1}, report.Entities[1])
	require.Equal(t, VerifiedEntity{Entity: AccessTokens, Expected: 5, Found: 5}, report.Entities[6])
	require.Equal(t, VerifiedEntity{Entity: RefreshTokens, Expected: 1, Found: 2, Extra: 1}, report.Entities[7])
}

// TestVerifyOneOfMany: one user may have any number of rows that differ.
func TestVerifyOneOfMany(t *testing.T) {
	t.Parallel()
	v := newMigrated(t)
	const n = 50_000
	v.exec(t, fmt.Sprintf(`INSERT INTO compat_sessions (compat_session_id, user_id, created_at, is_synapse_admin)
		SELECT pg_temp.id(1600000000000 + n, n), pg_temp.id(1700000001000, 2), pg_temp.ts(1600000000000 + n), false FROM generate_series(1, %d) n`, n))
	report := v.verify(t)
	require.Equal(t, VerifiedEntity{Entity: Sessions, Expected: 4, Found: 4 + n, Extra: n}, report.Entities[5])
	require.Less(t, report.Seconds, 20.0)
}
