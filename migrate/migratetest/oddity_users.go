package migratetest

// userOddities are about who is a user of this homeserver.
func userOddities() []Oddity {
	foreign := insertUser("@odd-foreign:other.org", "password_hash", someHash) + insertDevice("@odd-foreign:other.org", "FOREIGN") +
		insertToken("@odd-foreign:other.org", "FOREIGN", "syt_odd_foreign") + insertThreepid("@odd-foreign:other.org", "email", "odd-foreign@mail.example") +
		insertLink("@odd-foreign:other.org", Keycloak().SynapseID, "odd-foreign")
	return []Oddity{
		{
			Name: "user of an application service, with a device and a token", Findings: found("appservice-tokens", 1),
			synapse: insertUser("odd_irc_bob", "appservice_id", "'irc'") + insertDevice("odd_irc_bob", "BRIDGE") +
				insertToken("odd_irc_bob", "BRIDGE", "syt_odd_bridge") + insertThreepid("odd_irc_bob", "email", "odd-irc@mail.example"),
		},
		{
			Name:     "user of an application service, with a colon in the name and a device",
			Findings: found("appservice-localpart", 1),
			Official: fails("wrong server name"),
			synapse:  insertUser("odd_irc_a:b", "appservice_id", "'irc'") + insertDevice("odd_irc_a:b", "BRIDGE"),
		},
		{
			Name:     "user of an application service, with a colon in the name and nothing else",
			Findings: nil,
			synapse:  insertUser("odd_irc_c:d", "appservice_id", "'irc'"),
		},
		{
			Name: "user in the namespace of an application service who is not its",
			Rows: rows{users: 1, sessions: 1, access: 1}.tables(),
			synapse: insertUser("_odd_telegram_1") + insertDevice("_odd_telegram_1", "MINE") +
				insertToken("_odd_telegram_1", "MINE", "syt_odd_namespace"),
		},
		{
			Name: "user of another domain, with everything", Findings: found("foreign-users", 1), Refused: true,
			Official: fails("wrong server name"), synapse: foreign,
		},
		{
			Name: "user whose id is none", Findings: found("foreign-users", 1), Refused: true,
			Official: fails("failed to extract localpart"), synapse: insert("users", []string{"name", "'odd-no-id'", "creation_ts", "1"}),
		},
		{
			Name: "user with no name at all", Findings: found("odd-usernames", 1), Rows: rows{users: 1}.tables(), synapse: insertUser(""),
		},
		{
			Name: "users whose names nobody could register today", Findings: found("odd-usernames", 2), Rows: rows{users: 3}.tables(),
			synapse: insertUser("odd name!") + insertUser("öd") + insertUser("99999999"),
		},
		{
			Name: "users whose names differ in case", Rows: rows{users: 2}.tables(),
			Findings: map[string]int64{"case-twins": 2, "odd-usernames": 1},
			synapse:  insertUser("odd-twin") + insertUser("Odd-Twin"),
		},
		{
			Name: "user without a time of registration", Findings: found("null-creation-time", 1), Refused: true,
			Rows: rows{users: 1, sessions: 1}.tables(), Official: fails("unexpected null"),
			synapse: insertUser("odd-no-time", "creation_ts", "NULL") + insertDevice("odd-no-time", "D"),
		},
		{
			Name: "user registered in milliseconds", Findings: found("implausible-times", 1), Rows: rows{users: 1, passwords: 1}.tables(),
			synapse: insertUser("odd-milliseconds", "creation_ts", "1600000000000", "password_hash", someHash),
		},
		{
			Name: "user registered before 1970", Findings: found("implausible-times", 1), Rows: rows{users: 1, passwords: 1}.tables(),
			synapse: insertUser("odd-antique", "creation_ts", "-86400", "password_hash", someHash),
		},
	}
}

// stateOddities are about what accounts may be in Synapse.
func stateOddities() []Oddity {
	withDevice := func(name string) string {
		return insertDevice(name, "D") + insertToken(name, "D", "syt_"+name)
	}
	full := rows{users: 1, sessions: 1, access: 1}.tables()
	return []Oddity{
		{
			Name: "guest with a device and a token", Findings: found("guests-in-database", 1), Rows: rows{users: 1}.tables(),
			Official: Official{Check: 11},
			synapse: insertUser("77777777", "is_guest", "1") + insertDevice("77777777", guestDevice) + insertDevice("77777777", "GUEST") +
				insertToken("77777777", "GUEST", "syt_odd_guest"),
		},
		{
			Name: "deactivated user with leftovers", Findings: found("deactivated-remains", 5), Rows: rows{users: 1, passwords: 1, emails: 1, links: 1}.tables(),
			synapse: insertUser("odd-deactivated", "deactivated", "1", "password_hash", someHash) + withDevice("odd-deactivated") +
				insertThreepid("odd-deactivated", "email", "odd-deactivated@mail.example") + insertLink("odd-deactivated", Keycloak().SynapseID, "odd-deactivated"),
		},
		{
			Name: "locked user with a token", Findings: found("locked-users", 1), Rows: full,
			synapse: insertUser("odd-locked", "locked", "true") + withDevice("odd-locked"),
		},
		{
			Name: "suspended user", Findings: found("suspended-users", 1), Rows: full,
			synapse: insertUser("odd-suspended", "suspended", "true") + withDevice("odd-suspended"),
		},
		{
			Name: "shadow-banned user", Findings: found("shadow-banned-users", 1), Rows: full,
			synapse: insertUser("odd-shadow", "shadow_banned", "true") + withDevice("odd-shadow"),
		},
		{
			Name: "user whom nobody has approved", Findings: found("unapproved-users", 1), Rows: rows{users: 1}.tables(),
			synapse: insertUser("odd-unapproved", "approved", "false"),
		},
		{
			Name: "bot", Findings: found("user-types", 1), Rows: full,
			synapse: insertUser("odd-bot", "user_type", "'bot'") + withDevice("odd-bot"),
		},
		{
			Name: "account that has expired", Findings: found("expired-accounts", 1), Rows: full,
			synapse: insertUser("odd-expired") + withDevice("odd-expired") +
				insert("account_validity", []string{"user_id", mxid("odd-expired"), "expiration_ts_ms", "1", "email_sent", "true"}),
		},
		{
			Name: "administrator with a device", Rows: full,
			synapse: insertUser("odd-admin", "admin", "1") + withDevice("odd-admin"),
		},
	}
}

// passwordOddities are about hashes.
func passwordOddities() []Oddity {
	unusable := func(what, name, hash string) Oddity {
		return Oddity{
			Name: what, Findings: found("unusable-password-hash", 1), Rows: rows{users: 1}.tables(), ByDefault: rows{users: 1, passwords: 1}.tables(),
			synapse: insertUser(name, "password_hash", hash),
		}
	}
	return []Oddity{
		unusable("empty password hash", "odd-empty-hash", "''"),
		unusable("password hash that is not bcrypt", "odd-argon", "'$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaA'"),
		unusable("password hash that was cut off", "odd-cut-hash", "'$2b$12$abcdefghijklmnopqrstuv'"),
		{
			Name: "password hashes of other versions of bcrypt", Rows: rows{users: 2, passwords: 2}.tables(),
			synapse: insertUser("odd-2a", "password_hash", "replace("+someHash+", '$2b$', '$2a$')") +
				insertUser("odd-2y", "password_hash", "replace("+someHash+", '$2b$12$', '$2y$10$')"),
		},
	}
}

// addressOddities are about e-mail addresses and phone numbers.
func addressOddities() []Oddity {
	return []Oddity{
		{
			Name: "phone number", Findings: found("non-email-threepids-in-database", 1), Rows: rows{users: 1, unsupported: 1}.tables(),
			Official: Official{Check: 11},
			synapse:  insertUser("odd-phone") + insertThreepid("odd-phone", "msisdn", "491510000000"),
		},
		{
			Name: "e-mail addresses that differ in case", Findings: found("email-twins", 2), Rows: rows{users: 2, emails: 2}.tables(),
			synapse: insertUser("odd-mail-1") + insertUser("odd-mail-2") + insertThreepid("odd-mail-1", "email", "odd-twin@mail.example") +
				insertThreepid("odd-mail-2", "email", "Odd-Twin@mail.example"),
		},
		{
			Name: "user with many addresses", Rows: rows{users: 1, emails: 3}.tables(),
			synapse: insertUser("odd-mails") + insertThreepid("odd-mails", "email", "odd1@mail.example") +
				insertThreepid("odd-mails", "email", "odd2@mail.example") + insertThreepid("odd-mails", "email", "Ö \t'\\ <odd>@mail.example"),
		},
	}
}
