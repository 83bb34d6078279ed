package migratetest

import "encoding/base64"

// tokenOddities are about access tokens that have no refresh token.
func tokenOddities() []Oddity {
	macaroon := base64.RawURLEncoding.EncodeToString([]byte("0017location " + OdditiesServerName + "\n0010identifier key\n"))
	one := rows{users: 1, sessions: 1, access: 1}.tables()
	return []Oddity{
		{Name: "token without a device", Rows: one, synapse: insertUser("odd-deviceless") + insertToken("odd-deviceless", "", "syt_odd_deviceless")},
		{
			Name: "two tokens without a device", Rows: rows{users: 1, sessions: 2, access: 2}.tables(),
			synapse: insertUser("odd-deviceless-2") + insertToken("odd-deviceless-2", "", "syt_odd_deviceless_2") + insertToken("odd-deviceless-2", "", "syt_odd_deviceless_3"),
		},
		{
			Name: "administrator's token without a device", Findings: found("deviceless-admin-tokens", 1), Rows: one,
			synapse: insertUser("odd-deviceless-admin", "admin", "1") + insertToken("odd-deviceless-admin", "", "syt_odd_deviceless_admin"),
		},
		{
			Name: "two tokens of one device", Rows: rows{users: 1, sessions: 1, access: 2}.tables(),
			synapse: insertUser("odd-two") + insertDevice("odd-two", "D") + insertToken("odd-two", "D", "syt_odd_two_1", "last_validated", "1660000000000") +
				insertToken("odd-two", "D", "syt_odd_two_2", "last_validated", "1655000000000"),
		},
		{
			Name: "token of unknown age", Rows: one,
			synapse: insertUser("odd-ageless") + insertDevice("odd-ageless", "D") + insertToken("odd-ageless", "D", "syt_odd_ageless", "last_validated", "NULL"),
		},
		{
			Name: "token that has expired", Findings: found("expired-tokens", 1), Rows: one,
			synapse: insertUser("odd-over") + insertDevice("odd-over", "D") + insertToken("odd-over", "D", "syt_odd_over", "valid_until_ms", "1651000000000"),
		},
		{
			Name: "token with which an administrator is somebody else", Findings: found("puppet-tokens", 1), Rows: rows{users: 2}.tables(),
			synapse: insertUser("odd-puppeteer", "admin", "1") + insertUser("odd-puppet") +
				insertToken("odd-puppeteer", "", "syt_odd_puppet", "puppets_user_id", mxid("odd-puppet")),
		},
		{
			Name: "token of a device that is gone", Findings: found("lost-device-tokens", 1), Rows: rows{users: 1}.tables(),
			synapse: insertUser("odd-lost") + insertToken("odd-lost", "GONE", "syt_odd_lost"),
		},
		{
			Name: "macaroon", Rows: one,
			synapse: insertUser("odd-macaroon") + insertDevice("odd-macaroon", "D") + insertToken("odd-macaroon", "D", macaroon),
		},
		{
			Name: "token that was made by hand", Findings: found("unrecognised-tokens", 1), Rows: one,
			synapse: insertUser("odd-handmade") + insertDevice("odd-handmade", "D") + insertToken("odd-handmade", "D", "odd-by-hand"),
		},
	}
}

// refreshOddities are about refresh tokens.
func refreshOddities() []Oddity {
	someone := func(name string) string { return insertUser(name) + insertDevice(name, "D") }
	pair := func(name string, number int, token string, columns ...string) string {
		return insertToken(name, "D", "syt_"+token, append([]string{"refresh_token_id", refreshNumber(number), "valid_until_ms", "4000000000000"}, columns...)...)
	}
	return []Oddity{
		{
			Name: "refresh token", Rows: rows{users: 1, sessions: 1, access: 1, refresh: 1}.tables(),
			synapse: someone("odd-refresh") + insertRefresh("odd-refresh", "D", 10, "syr_odd_refresh") + pair("odd-refresh", 10, "odd_refresh"),
		},
		{
			Name: "refresh token of unknown age", Rows: rows{users: 1, sessions: 1, access: 1, refresh: 1}.tables(),
			synapse: someone("odd-refresh-ageless") + insertRefresh("odd-refresh-ageless", "D", 20, "syr_odd_refresh_ageless") +
				pair("odd-refresh-ageless", 20, "odd_refresh_ageless", "last_validated", "NULL"),
		},
		{
			Name: "refresh token whose successor was not used yet", Rows: rows{users: 1, sessions: 1, access: 2, refresh: 2}.tables(),
			synapse: someone("odd-fresh") + insertRefresh("odd-fresh", "D", 12, "syr_odd_fresh_2") + insertRefresh("odd-fresh", "D", 11, "syr_odd_fresh_1", "next_token_id", refreshNumber(12)) +
				pair("odd-fresh", 11, "odd_fresh_1", "used", "true") + pair("odd-fresh", 12, "odd_fresh_2", "used", "false"),
		},
		{
			Name: "refresh token whose successor was used", Rows: rows{users: 1, sessions: 1, access: 1, refresh: 1}.tables(),
			synapse: someone("odd-stale") + insertRefresh("odd-stale", "D", 14, "syr_odd_stale_2") + insertRefresh("odd-stale", "D", 13, "syr_odd_stale_1", "next_token_id", refreshNumber(14)) +
				pair("odd-stale", 13, "odd_stale_1", "used", "true") + pair("odd-stale", 14, "odd_stale_2", "used", "true"),
		},
		{
			Name: "refresh token without an access token", Rows: rows{users: 1, sessions: 1}.tables(),
			synapse: someone("odd-half") + insertRefresh("odd-half", "D", 15, "syr_odd_half"),
		},
		{
			Name: "refresh token of another device than its access token", Rows: rows{users: 1, sessions: 2}.tables(),
			synapse: someone("odd-mixed") + insertDevice("odd-mixed", "E") + insertRefresh("odd-mixed", "E", 16, "syr_odd_mixed") + pair("odd-mixed", 16, "odd_mixed"),
		},
		{
			Name: "refresh token of a session that ends", Findings: found("session-lifetimes", 1), Rows: rows{users: 1, sessions: 1, access: 1, refresh: 1}.tables(),
			synapse: someone("odd-end") + insertRefresh("odd-end", "D", 17, "syr_odd_end", "ultimate_session_expiry_ts", "4000000000000") + pair("odd-end", 17, "odd_end"),
		},
		{
			Name: "refresh token that was made by hand", Findings: found("unrecognised-tokens", 1), Rows: rows{users: 1, sessions: 1, access: 1, refresh: 1}.tables(),
			synapse: someone("odd-refresh-hand") + insertRefresh("odd-refresh-hand", "D", 18, "odd-by-hand") + pair("odd-refresh-hand", 18, "odd_refresh_hand"),
		},
		{
			Name: "refresh token and a token beside it, on one device", Rows: rows{users: 1, sessions: 1, access: 2, refresh: 1}.tables(),
			synapse: someone("odd-beside") + insertRefresh("odd-beside", "D", 19, "syr_odd_beside") + pair("odd-beside", 19, "odd_beside") +
				insertToken("odd-beside", "D", "syt_odd_beside_2"),
		},
	}
}
