package migratetest

import "strings"

// orphanOddities are rows whose user was deleted by hand.
func orphanOddities() []Oddity {
	orphan := func(what, statement string, official Official) Oddity {
		return Oddity{Name: what, Findings: found("orphan-rows", 1), Refused: true, Official: official, synapse: statement}
	}
	return []Oddity{
		orphan("device without a user", insertDevice("odd-orphan-1", "D"), fails("a row in devices was found for them")),
		orphan("access token without a user or a device", insertToken("odd-orphan-2", "", "syt_odd_orphan"), fails("a row in access_tokens was found for them")),
		orphan("access token without a user, of a device that is gone", insertToken("odd-orphan-3", "GONE", "syt_odd_orphan_gone"), Official{}),
		orphan("refresh token without a user, of a device that is gone", insertRefresh("odd-orphan-4", "GONE", 1, "syr_odd_orphan"), Official{}),
		orphan("e-mail address without a user", insertThreepid("odd-orphan-5", "email", "odd-orphan@mail.example"), fails("a row in user_threepids was found for them")),
		orphan("link without a user", insertLink("odd-orphan-6", Keycloak().SynapseID, "odd-orphan"), fails("a row in user_external_ids was found for them")),
		{Name: "hidden device without a user", synapse: insertDevice("odd-orphan-7", "a2V5", "hidden", "true")},
	}
}

// deviceOddities are about devices.
func deviceOddities() []Oddity {
	addresses := insertUser("odd-ip")
	for i, ip := range []string{"2001:db8::7", "-", "::ffff:203.0.113.1", "garbage", "", "fe80::1%eth0", "203.0.113.256"} {
		addresses += insertDevice("odd-ip", "IP"+string(rune('A'+i)), "ip", quote(ip))
	}
	return []Oddity{
		{Name: "addresses of all kinds", Findings: found("unreadable-device-ip", 4), Rows: rows{users: 1, sessions: 7}.tables(), synapse: addresses},
		{
			Name: "device of which nothing is known", Rows: rows{users: 1, sessions: 1}.tables(),
			synapse: insertUser("odd-bare") + insertDevice("odd-bare", "BARE", "display_name", "NULL", "last_seen", "NULL", "ip", "NULL", "user_agent", "NULL"),
		},
		{
			Name: "device with a long name", Rows: rows{users: 1, sessions: 1}.tables(),
			synapse: insertUser("odd-long") + insertDevice("odd-long", strings.Repeat("D", 500), "display_name", "repeat('ü', 5000)", "user_agent", "repeat('a', 20000)"),
		},
		{
			Name: "user with 300 devices", Rows: rows{users: 1, sessions: 300}.tables(),
			synapse: insertUser("odd-many") + `INSERT INTO devices (user_id, device_id, hidden)
				SELECT ` + mxid("odd-many") + ", 'M' || n, false FROM generate_series(1, 300) n;\n",
		},
		{
			Name: "dehydrated device", Findings: found("dehydrated-devices", 1), Rows: rows{users: 1}.tables(), ByDefault: rows{users: 1, sessions: 1}.tables(),
			synapse: insertUser("odd-dry") + insertDevice("odd-dry", "DRY") +
				insert("dehydrated_devices", []string{"user_id", mxid("odd-dry"), "device_id", "'DRY'", "device_data", "'{}'"}),
		},
	}
}

// hiddenOddities are about devices that Synapse keeps keys in.
func hiddenOddities() []Oddity {
	refused := func(what, statements string) Oddity {
		return Oddity{
			Name: what, Findings: found("hidden-device-tokens", 1), Refused: true, Rows: rows{users: 1}.tables(),
			Official: fails("compat_access_tokens_compat_session_id_fkey"), synapse: statements,
		}
	}
	pair := refused("token with a refresh token, on a hidden device", insertUser("odd-hidden-4")+insertDevice("odd-hidden-4", "a2V5", "hidden", "true")+
		insertRefresh("odd-hidden-4", "a2V5", 2, "syr_odd_hidden")+insertToken("odd-hidden-4", "a2V5", "syt_odd_hidden_4", "refresh_token_id", refreshNumber(2)))
	pair.Official.Message = "_compat_session_id_fkey"
	return []Oddity{
		{
			Name: "hidden devices, and one of which it is not known", Rows: rows{users: 1}.tables(),
			synapse: insertUser("odd-hidden") + insertDevice("odd-hidden", "a2V5", "hidden", "true") + insertDevice("odd-hidden", "a2V6", "hidden", "NULL"),
		},
		refused("token on a hidden device", insertUser("odd-hidden-1")+insertDevice("odd-hidden-1", "a2V5", "hidden", "true")+
			insertToken("odd-hidden-1", "a2V5", "syt_odd_hidden_1")),
		refused("token on a device of which it is not known whether it is hidden", insertUser("odd-hidden-2")+insertDevice("odd-hidden-2", "a2V5", "hidden", "NULL")+
			insertToken("odd-hidden-2", "a2V5", "syt_odd_hidden_2")),
		refused("token on the device of guests, of somebody who is no guest", insertUser("odd-hidden-3")+insertDevice("odd-hidden-3", guestDevice)+
			insertToken("odd-hidden-3", guestDevice, "syt_odd_hidden_3")),
		pair,
	}
}
