package migrate

func sessionChanges() []change {
	const (
		a    = ` WHERE device_id = 'ADEVICE'`
		none = ` WHERE device_id IS NULL`
		is   = "changed compat_sessions @alice:example.com ADEVICE: "
	)
	return []change{
		{
			"session", `DELETE FROM compat_access_tokens WHERE access_token = 'syt_canary_c'; DELETE FROM compat_sessions WHERE device_id = 'CDEVICE'`,
			[]string{"missing compat_sessions @bob:example.com CDEVICE", "missing compat_access_tokens @bob:example.com CDEVICE"},
		},
		{
			"extra session", `INSERT INTO compat_sessions (compat_session_id, user_id, device_id, created_at) SELECT gen_random_uuid(), user_id, 'X', now() FROM users WHERE username = 'carol'`,
			[]string{"extra compat_sessions @carol:example.com X"},
		},
		{
			"session twice", `INSERT INTO compat_sessions SELECT ('018bcfe5' || substr(gen_random_uuid()::text, 9))::uuid, user_id, device_id, created_at FROM compat_sessions WHERE device_id = 'CDEVICE'`,
			[]string{"extra compat_sessions @bob:example.com CDEVICE"},
		},
		{ // joined with their tokens they look like one session
			"session twice, each with a token", `INSERT INTO compat_sessions SELECT ('018bcfe5' || substr(gen_random_uuid()::text, 9))::uuid, user_id, device_id, created_at,
					finished_at, is_synapse_admin, last_active_at, last_active_ip, user_session_id, user_agent, human_name FROM compat_sessions WHERE device_id = 'ADEVICE';
				UPDATE compat_sessions SET created_at = pg_temp.ts(('x' || left(replace(compat_session_id::text, '-', ''), 12))::bit(48)::bigint) WHERE device_id = 'ADEVICE';
				UPDATE compat_access_tokens SET compat_session_id = (SELECT max(compat_session_id::text)::uuid FROM compat_sessions WHERE device_id = 'ADEVICE') WHERE access_token = 'syt_canary_a';
				UPDATE compat_access_tokens SET compat_session_id = (SELECT min(compat_session_id::text)::uuid FROM compat_sessions WHERE device_id = 'ADEVICE') WHERE access_token = 'syt_canary_a2'`,
			[]string{"extra compat_sessions @alice:example.com ADEVICE"},
		},
		{
			"device_id", `UPDATE compat_sessions SET device_id = 'XDEVICE' WHERE device_id = 'CDEVICE'`,
			[]string{
				"missing compat_sessions @bob:example.com CDEVICE", "extra compat_sessions @bob:example.com XDEVICE",
				`changed compat_access_tokens @bob:example.com CDEVICE: device_id is "XDEVICE" instead of "CDEVICE"`,
			},
		},
		{"human_name", `UPDATE compat_sessions SET human_name = NULL` + a, []string{is + `human_name is NULL instead of "Element"`}},
		{"user_agent", `UPDATE compat_sessions SET user_agent = 'x'` + a, []string{is + `user_agent is "x" instead of "Mozilla"`}},
		{"is_synapse_admin", `UPDATE compat_sessions SET is_synapse_admin = false` + a, []string{is + `is_synapse_admin is false instead of true`}},
		{
			"last_active_at", `UPDATE compat_sessions SET last_active_at = '2020-01-01 00:00Z'` + a,
			[]string{is + `last_active_at is 2020-01-01T00:00:00Z instead of 2023-11-14T22:16:40.789Z`},
		},
		{"last_active_ip", `UPDATE compat_sessions SET last_active_ip = '203.0.113.8'` + a, []string{is + `last_active_ip is 203.0.113.8 instead of 203.0.113.7`}},
		{"network", `UPDATE compat_sessions SET last_active_ip = '203.0.113.7/24'` + a, []string{is + `last_active_ip is 203.0.113.7/24 instead of 203.0.113.7`}},
		{
			"IPv6", `UPDATE compat_sessions SET last_active_ip = '2001:db8::2' WHERE device_id = 'CDEVICE'`,
			[]string{"changed compat_sessions @bob:example.com CDEVICE: last_active_ip is 2001:db8::2 instead of 2001:db8::1"},
		},
		{"finished_at", `UPDATE compat_sessions SET finished_at = '2020-01-01 00:00Z'` + a, []string{is + `finished_at is 2020-01-01T00:00:00Z instead of NULL`}},
		{
			"user_session_id", `UPDATE compat_sessions SET user_session_id = '00000000-0000-0000-0000-000000000001'` + a,
			[]string{is + `user_session_id is 00000000000000000000000000000001 instead of NULL`},
		},
		{"session created_at", `UPDATE compat_sessions SET created_at = '2020-01-01 00:00Z'` + a, []string{is + `compat_session_id is an id made at another time instead of an id made at created_at`}},
		{"deviceless session", `UPDATE compat_sessions SET device_id = 'NEW'` + none, []string{
			"extra compat_sessions @alice:example.com NEW", "missing compat_sessions @alice:example.com (no device)",
			`changed compat_access_tokens @alice:example.com (no device): device_id is "NEW" instead of NULL`,
		}},
		{
			"deviceless created_at", `UPDATE compat_sessions SET created_at = '2020-01-01 00:00Z'` + none,
			[]string{"changed compat_sessions @alice:example.com (no device): created_at is 2020-01-01T00:00:00Z instead of 2023-11-14T22:18:20.444Z"},
		},
		{
			"deviceless admin", `UPDATE compat_sessions SET is_synapse_admin = true` + none,
			[]string{"changed compat_sessions @alice:example.com (no device): is_synapse_admin is true instead of false"},
		},
		{
			"session of another", `UPDATE compat_sessions SET user_id = (SELECT user_id FROM users WHERE username = 'carol') WHERE device_id = 'CDEVICE'`,
			[]string{
				"missing compat_sessions @bob:example.com CDEVICE", "extra compat_sessions @carol:example.com CDEVICE",
				"missing compat_access_tokens @bob:example.com CDEVICE", "extra compat_access_tokens @carol:example.com CDEVICE",
			},
		},
		{
			"session of nobody", `UPDATE compat_sessions SET user_id = gen_random_uuid() WHERE device_id = 'CDEVICE'`,
			[]string{
				"extra compat_sessions (no user) CDEVICE", "missing compat_sessions @bob:example.com CDEVICE",
				"extra compat_access_tokens (no user) CDEVICE", "missing compat_access_tokens @bob:example.com CDEVICE",
			},
		},
	}
}

func tokenChanges() []change {
	const (
		a       = ` WHERE access_token = 'syt_canary_a'`
		is      = "changed compat_access_tokens @alice:example.com ADEVICE: "
		refresh = "changed compat_refresh_tokens @alice:example.com BDEVICE: "
	)
	return []change{
		{"access token", `DELETE FROM compat_access_tokens` + a, []string{"missing compat_access_tokens @alice:example.com ADEVICE"}},
		{
			"extra access token", `INSERT INTO compat_access_tokens SELECT gen_random_uuid(), compat_session_id, 'syt_canary_x', now() FROM compat_sessions WHERE device_id = 'CDEVICE'`,
			[]string{"extra compat_access_tokens @bob:example.com CDEVICE"},
		},
		{"access_token", `UPDATE compat_access_tokens SET access_token = 'syt_canary_x'` + a, []string{is + "access_token is another one"}},
		{
			"token created_at", `UPDATE compat_access_tokens SET created_at = '2020-01-01 00:00Z'` + a,
			[]string{is + "created_at is 2020-01-01T00:00:00Z instead of 2023-11-14T22:18:20.111Z"},
		},
		{
			"token created_at at the migration", `UPDATE compat_access_tokens SET created_at = now()` + a,
			[]string{is + "created_at is the time of the migration instead of 2023-11-14T22:18:20.111Z"},
		},
		{"expires_at", `UPDATE compat_access_tokens SET expires_at = '2020-01-01 00:00Z'` + a, []string{is + "expires_at is 2020-01-01T00:00:00Z instead of NULL"}},
		{
			"expires_at by a millisecond", `UPDATE compat_access_tokens SET expires_at = expires_at - interval '1 millisecond' WHERE access_token = 'syt_canary_b'`,
			[]string{"changed compat_access_tokens @alice:example.com BDEVICE: expires_at is 2023-11-14T22:21:39.999Z instead of 2023-11-14T22:21:40Z"},
		},
		{
			"compat_access_token_id", `UPDATE compat_access_tokens SET compat_access_token_id = gen_random_uuid()` + a,
			[]string{is + "compat_access_token_id is an id made at another time instead of an id made at created_at"},
		},
		{
			"token on another device", `UPDATE compat_access_tokens SET compat_session_id = (SELECT compat_session_id FROM compat_sessions WHERE device_id = 'BDEVICE')` + a,
			[]string{is + `device_id is "BDEVICE" instead of "ADEVICE"`},
		},
		{
			"tokens swapped", `UPDATE compat_access_tokens SET access_token = 'x' WHERE access_token = 'syt_canary_c'; UPDATE compat_access_tokens SET access_token = 'syt_canary_c'` + a + `;
				UPDATE compat_access_tokens SET access_token = 'syt_canary_a' WHERE access_token = 'x'`,
			[]string{is + "access_token is another one", "changed compat_access_tokens @bob:example.com CDEVICE: access_token is another one"},
		},
		{
			"token of nothing", `UPDATE compat_access_tokens SET compat_session_id = gen_random_uuid()` + a,
			[]string{"extra compat_access_tokens (no user) (no device)", "missing compat_access_tokens @alice:example.com ADEVICE"},
		},

		{"refresh token", `DELETE FROM compat_refresh_tokens`, []string{"missing compat_refresh_tokens @alice:example.com BDEVICE"}},
		{
			"extra refresh token", `INSERT INTO compat_refresh_tokens SELECT gen_random_uuid(), compat_session_id, compat_access_token_id, 'syr_canary_x', now() FROM compat_access_tokens` + a,
			[]string{"extra compat_refresh_tokens @alice:example.com ADEVICE"},
		},
		{
			"second refresh token of a token", `INSERT INTO compat_refresh_tokens SELECT gen_random_uuid(), compat_session_id, compat_access_token_id, 'syr_canary_x', now() FROM compat_refresh_tokens`,
			[]string{"extra compat_refresh_tokens @alice:example.com BDEVICE"},
		},
		{"refresh_token", `UPDATE compat_refresh_tokens SET refresh_token = 'syr_canary_x'`, []string{refresh + "refresh_token is another one"}},
		{
			"refresh created_at", `UPDATE compat_refresh_tokens SET created_at = '2020-01-01 00:00Z'`,
			[]string{refresh + "created_at is 2020-01-01T00:00:00Z instead of 2023-11-14T22:18:20.333Z"},
		},
		{
			"consumed_at", `UPDATE compat_refresh_tokens SET consumed_at = '2020-01-01 00:00Z'`,
			[]string{refresh + "consumed_at is 2020-01-01T00:00:00Z instead of NULL"},
		},
		{
			"compat_refresh_token_id", `UPDATE compat_refresh_tokens SET compat_refresh_token_id = gen_random_uuid()`,
			[]string{refresh + "compat_refresh_token_id is an id made at another time instead of an id made at created_at"},
		},
		{
			"session of the refresh token", `UPDATE compat_refresh_tokens SET compat_session_id = (SELECT compat_session_id FROM compat_sessions WHERE device_id = 'ADEVICE')`,
			[]string{refresh + "compat_session_id is another than that of the access token instead of the same as that of the access token"},
		},
		{
			"access token of the refresh token", `UPDATE compat_refresh_tokens SET compat_access_token_id = (SELECT compat_access_token_id FROM compat_access_tokens WHERE access_token = 'syt_canary_a2')`,
			[]string{refresh + `device_id is "ADEVICE" instead of "BDEVICE", compat_access_token_id is another one, compat_session_id is another than that of the access token instead of the same as that of the access token`},
		},
		{
			"refresh token of nothing", `UPDATE compat_refresh_tokens SET compat_access_token_id = gen_random_uuid()`,
			[]string{"extra compat_refresh_tokens (no user) (no device)", "missing compat_refresh_tokens @alice:example.com BDEVICE"},
		},
	}
}
