package migrate

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/maskit-dev/maskit/migrate/internal/mastoken"
)

// visible are the devices that become sessions.
const visible = "NOT d.hidden AND d.device_id <> 'guest_device'"

// accessTokens is the pass over access tokens ($1: now, in milliseconds).
func accessTokens(job *Job) table {
	const own = "a.puppets_user_id IS NULL"
	return table{
		path: "access_tokens",
		from: "access_tokens a LEFT JOIN users u ON u.name = a.user_id" +
			" LEFT JOIN devices d ON d.user_id = a.user_id AND d.device_id = a.device_id",
		key:     "a.user_id || COALESCE(' ' || a.device_id, '') || COALESCE(' as ' || a.puppets_user_id, '')",
		user:    "a.user_id",
		suspect: "a.token",
		args:    []any{job.Started.UnixMilli()},
		flags: []flag{
			{code: CodeOrphanRows, when: own + " AND a.refresh_token_id IS NULL AND u.name IS NULL"},
			{code: CodeHiddenDeviceTokens, when: own + " AND d.device_id IS NOT NULL AND (d.hidden IS NOT FALSE OR d.device_id = 'guest_device') AND " + active},
			{code: CodeLostDeviceTokens, when: own + " AND a.device_id IS NOT NULL AND d.device_id IS NULL AND " + active},
			{
				code:      CodeUnrecognisedTokens,
				when:      own + ` AND a.token NOT LIKE 'syt\_%' AND (a.device_id IS NULL OR ` + visible + ") AND " + active,
				confirmed: func(token string) bool { return !mastoken.Access(token) },
			},
			{code: CodeDevicelessAdmins, when: own + " AND a.device_id IS NULL AND a.refresh_token_id IS NULL AND u.admin <> 0 AND " + active},
			{code: CodePuppetTokens, when: "a.puppets_user_id IS NOT NULL AND (a.valid_until_ms IS NULL OR a.valid_until_ms >= $1)"},
			{code: CodeAppserviceTokens, when: own + " AND u.appservice_id IS NOT NULL AND (a.valid_until_ms IS NULL OR a.valid_until_ms >= $1)"},
			{code: CodeExpiredTokens, when: own + " AND a.refresh_token_id IS NULL AND a.valid_until_ms < $1 AND (a.device_id IS NULL OR " + visible + ") AND " + active},
			{code: CodeDeactivatedRemains, when: own + " AND u.deactivated = 1 AND " + migrated},
		},
	}
}

// refreshTokens is the pass over refresh tokens.
func refreshTokens() table {
	const onVisible = "(SELECT " + visible + " FROM devices d WHERE d.user_id = r.user_id AND d.device_id = r.device_id)"
	return table{
		path: "refresh_tokens", from: "refresh_tokens r LEFT JOIN users u ON u.name = r.user_id",
		key: "r.user_id || ' ' || r.device_id", user: "r.user_id", suspect: "r.token",
		flags: []flag{
			{code: CodeOrphanRows, when: "u.name IS NULL"},
			{
				code:      CodeUnrecognisedTokens,
				when:      `r.token NOT LIKE 'syr\_%' AND ` + active + " AND " + onVisible,
				confirmed: func(token string) bool { return !mastoken.Refresh(token) },
			},
			{code: CodeSessionLifetimes, when: "(r.expiry_ts IS NOT NULL OR r.ultimate_session_expiry_ts IS NOT NULL) AND " + active},
		},
	}
}

// registrationLook counts registration tokens that can be used. They are secrets: no samples.
func registrationLook(job *Job) look {
	return look{name: "registration_tokens", run: func(ctx context.Context, tx pgx.Tx) ([]Anomaly, error) {
		a := Anomaly{Code: CodeRegistrationTokens, Path: "registration_tokens"}
		err := tx.QueryRow(ctx, `SELECT count(*) FROM registration_tokens
			WHERE (uses_allowed IS NULL OR completed < uses_allowed) AND (expiry_time IS NULL OR expiry_time > $1)`, job.Started.UnixMilli()).Scan(&a.Count)
		if err != nil || a.Count == 0 {
			return nil, err
		}
		return []Anomaly{a}, nil
	}}
}
