package migrate

import (
	"time"

	"github.com/maskit-dev/maskit/mas"
)

// dataCase is rows that are added to the clean ones, and the findings of them.
type dataCase struct {
	name, rows string
	set        func(*Job)
	want       []string
}

func dataCases() map[string][]dataCase {
	return map[string][]dataCase{
		"rows": rowCases(), "users": userCases(), "accounts": accountCases(), "tokens": tokenCases(), "devices": deviceCases(), "links": linkCases(),
	}
}

func rowCases() []dataCase {
	skip := func(job *Job) {
		job.Policy = Policy{OrphanRows: Skip, ForeignUsers: Skip, NoCreationTime: Skip, HiddenDeviceTokens: Skip, UnmappedLinks: Skip}
	}
	orphans := `INSERT INTO devices (user_id, device_id, hidden) VALUES ('@z:example.com', 'D2', false), ('@z:example.com', 'D1', false);
		INSERT INTO user_threepids VALUES ('@y:example.com', 'email', 'y@example.com', 1, 1);
		INSERT INTO user_external_ids VALUES ('oidc-known', '9', '@y:example.com');
		INSERT INTO refresh_tokens (id, user_id, device_id, token) VALUES (90, '@z:example.com', 'D1', 'syr_SECRET90');
		INSERT INTO access_tokens (id, user_id, device_id, token, refresh_token_id) VALUES (90, '@z:example.com', 'D2', 'syt_SECRET90', NULL),
			(91, '@z:example.com', NULL, 'syt_SECRET91', NULL), (92, '@z:example.com', 'D1', 'syt_SECRET92', 90);`
	found := func(severity string) []string {
		return []string{
			severity + "|orphan-rows|access_tokens|2 rows|@z:example.com, @z:example.com D2",
			severity + "|orphan-rows|devices|2 rows|@z:example.com D1, @z:example.com D2",
			severity + "|orphan-rows|user_threepids|1 row|@y:example.com",
			severity + "|orphan-rows|refresh_tokens|1 row|@z:example.com D1",
			severity + "|orphan-rows|user_external_ids|1 row|@y:example.com",
		}
	}
	foreign := `INSERT INTO users (name, creation_ts) VALUES ('@x:other.org', 1), ('x', 1), ('@noserver', 1), ('@a:b:example.com', 1), ('@x:example.com:8448', 1);
		INSERT INTO users (name, creation_ts, appservice_id) VALUES ('@_irc_:other.org', 1, 'irc');
		INSERT INTO per_user_experimental_features (user_id, feature, enabled) VALUES ('@x:other.org', 'msc3881', true);
		INSERT INTO users_to_send_full_presence_to (user_id, presence_stream_id) VALUES ('@x:other.org', NULL);
		INSERT INTO devices (user_id, device_id) VALUES ('@x:other.org', 'D');
		INSERT INTO refresh_tokens (id, user_id, device_id, token) VALUES (90, '@x:other.org', 'D', 'syr_SECRET90');
		INSERT INTO access_tokens (id, user_id, device_id, token, refresh_token_id) VALUES (90, '@x:other.org', 'D', 'syt_SECRET90', 90);`
	return []dataCase{
		{"orphans", orphans, nil, found("error")},
		{"orphans that are skipped", orphans, skip, found("warning")},
		{"foreign users", foreign, nil, []string{"error|foreign-users|users|6 rows|@_irc_:other.org, @a:b:example.com, @noserver, @x:example.com:8448, @x:other.org"}},
		{"foreign users that are skipped", foreign, skip, []string{"warning|foreign-users|users|6 rows|@_irc_:other.org, @a:b:example.com, @noserver, @x:example.com:8448, @x:other.org"}},
		{"no creation time", `UPDATE users SET creation_ts = NULL WHERE name IN ('@bob:example.com', '@_irc_Dave:example.com')`, nil, []string{
			"error|null-creation-time|users|2 rows|@_irc_Dave:example.com, @bob:example.com",
		}},
		{"no creation time, skipped", `UPDATE users SET creation_ts = NULL WHERE name = '@bob:example.com'`, skip, []string{
			"warning|null-creation-time|users|1 row|@bob:example.com",
		}},
		{
			"milliseconds, and before 1970",
			`UPDATE users SET creation_ts = 1530393962000 WHERE name = '@bob:example.com'; UPDATE users SET creation_ts = -1 WHERE name = '@carol:example.com'`,
			nil,
			[]string{"warning|implausible-times|users|2 rows|@bob:example.com, @carol:example.com"},
		},
		{
			"application service's user with a colon",
			`INSERT INTO devices (user_id, device_id, hidden) VALUES ('@_irc_:x:example.com', 'BRIDGE', false)`,
			nil,
			[]string{"warning|appservice-localpart|users|1 row|@_irc_:x:example.com"},
		},
	}
}

func userCases() []dataCase {
	return []dataCase{
		{"case twins", `INSERT INTO users (name, creation_ts) VALUES ('@BOB:example.com', 1), ('@Zoe:example.com', 1), ('@zOE:example.com', 1), ('@_IRC_dave:example.com', 1)`, nil, []string{
			"warning|case-twins|users|4 rows|@BOB:example.com, @Zoe:example.com, @bob:example.com, @zOE:example.com",
			"info|odd-usernames|users|4 rows|@BOB:example.com, @Zoe:example.com, @_IRC_dave:example.com, @zOE:example.com",
		}},
		{"odd names", `INSERT INTO users (name, creation_ts) VALUES ('@12345:example.com', 1), ('@a b:example.com', 1), ('@:example.com', 1), ('@é:example.com', 1), ('@a!:example.com', 1), ('@a@b:example.com', 1)`, nil, []string{
			"info|odd-usernames|users|5 rows|@:example.com, @a b:example.com, @a!:example.com, @a@b:example.com, @é:example.com",
		}},
		{
			"hashes",
			`UPDATE users SET password_hash = 'SECRET' WHERE name = '@bob:example.com';
			UPDATE users SET password_hash = '' WHERE name = '@alice:example.com';
			INSERT INTO users (name, creation_ts, password_hash) VALUES ('@cut:example.com', 1, '$2b$12$SECRET789012345678901234567890123456789012345678901'),
				('@y:example.com', 1, '$2y$12$SECRET78901234567890123456789012345678901234567890123'), ('@argon:example.com', 1, '$argon2id$SECRET')`,
			nil,
			[]string{"warning|unusable-password-hash|users|4 rows|@alice:example.com, @argon:example.com, @bob:example.com, @cut:example.com"},
		},
		{
			"phone numbers",
			`INSERT INTO user_threepids VALUES ('@bob:example.com', 'msisdn', '1', 1, 1), ('@bob:example.com', 'msisdn', '2', 1, 1), ('@alice:example.com', 'msisdn', '3', 1, 1)`,
			nil,
			[]string{"warning|non-email-threepids-in-database|user_threepids|3 rows|@alice:example.com, @bob:example.com"},
		},
		{
			"addresses of two, and one address twice",
			`INSERT INTO user_threepids VALUES ('@bob:example.com', 'email', 'Bob@Example.com', 1, 1), ('@bob:example.com', 'email', 'ALICE@example.com', 1, 1)`,
			nil,
			[]string{"warning|email-twins|user_threepids|4 rows|@alice:example.com, @bob:example.com"},
		},
	}
}

func accountCases() []dataCase {
	return []dataCase{
		{"guests", `INSERT INTO users (name, creation_ts, is_guest) VALUES ('@1:example.com', 1, 1), ('@2:example.com', 1, 1)`, nil, []string{
			"warning|guests-in-database|users|2 rows|@1:example.com, @2:example.com",
		}},
		{"deactivated with a password", `UPDATE users SET password_hash = '$2a$10$SECRET78901234567890123456789012345678901234567890123' WHERE name = '@carol:example.com'`, nil, []string{
			"info|deactivated-remains|users|1 row|@carol:example.com",
		}},
		{"deactivated with everything else", `INSERT INTO users (name, creation_ts, deactivated) VALUES ('@d:example.com', 1, 1), ('@e:example.com', 1, 1), ('@f:example.com', 1, 1);
			INSERT INTO devices (user_id, device_id, hidden) VALUES ('@carol:example.com', 'D', false), ('@f:example.com', 'KEY', true);
			INSERT INTO access_tokens (id, user_id, token) VALUES (90, '@d:example.com', 'SECRET');
			INSERT INTO user_external_ids VALUES ('oidc-known', '9', '@f:example.com');
			INSERT INTO user_threepids VALUES ('@e:example.com', 'email', 'e@example.com', 1, 1)`, nil, []string{
			"info|deactivated-remains|access_tokens|1 row|@d:example.com",
			"info|deactivated-remains|devices|1 row|@carol:example.com D",
			"info|deactivated-remains|user_threepids|1 row|@e:example.com",
			"info|deactivated-remains|user_external_ids|1 row|@f:example.com",
		}},
		{"locked", `UPDATE users SET locked = true WHERE name LIKE '%b:%' OR appservice_id IS NOT NULL`, nil, []string{"info|locked-users|users|1 row|@bob:example.com"}},
		{"suspended", `UPDATE users SET suspended = true WHERE name NOT LIKE '@alice%'`, nil, []string{"info|suspended-users|users|1 row|@bob:example.com"}},
		{"shadow-banned", `UPDATE users SET shadow_banned = name LIKE '@bob%'`, nil, []string{"warning|shadow-banned-users|users|1 row|@bob:example.com"}},
		{"not approved", `UPDATE users SET approved = false WHERE name NOT LIKE '@alice%'`, nil, []string{"warning|unapproved-users|users|1 row|@bob:example.com"}},
		{"bots", `UPDATE users SET user_type = 'bot' WHERE name <> '@alice:example.com'`, nil, []string{"info|user-types|users|2 rows|@bob:example.com, @carol:example.com"}},
		{"expired accounts", `INSERT INTO account_validity (user_id, expiration_ts_ms, email_sent) VALUES ('@bob:example.com', 1, true), ('@carol:example.com', 1, true)`, nil, []string{
			"warning|expired-accounts|account_validity|1 row|@bob:example.com",
		}},
		{"registration tokens", `INSERT INTO registration_tokens (token, uses_allowed, pending, completed, expiry_time) VALUES ('SECRET', 2, 0, 1, NULL), ('SECRET2', NULL, 0, 9, 4000000000000)`, nil, []string{
			"warning|registration-tokens|registration_tokens|2 rows|",
		}},
	}
}

func tokenCases() []dataCase {
	return []dataCase{
		{"on hidden devices", `INSERT INTO devices (user_id, device_id, hidden) VALUES ('@bob:example.com', 'guest_device', false), ('@bob:example.com', 'UNKNOWN', NULL);
			INSERT INTO access_tokens (id, user_id, device_id, token) VALUES (90, '@bob:example.com', 'guest_device', 'SECRET'), (91, '@bob:example.com', 'UNKNOWN', 'SECRET91'),
				(92, '@alice:example.com', 'c2lnbmluZyBrZXk', 'syt_SECRET92')`, nil, []string{
			"error|hidden-device-tokens|access_tokens|3 rows|@alice:example.com c2lnbmluZyBrZXk, @bob:example.com UNKNOWN, @bob:example.com guest_device",
		}},
		{
			"on devices that are gone", `INSERT INTO refresh_tokens (id, user_id, device_id, token) VALUES (90, '@alice:example.com', 'GONE', 'syr_SECRET90');
			INSERT INTO access_tokens (id, user_id, device_id, token, refresh_token_id) VALUES (94, '@alice:example.com', 'GONE', 'syt_SECRET94', 90);
			INSERT INTO access_tokens (id, user_id, device_id, token) VALUES (90, '@bob:example.com', 'GONE', 'syt_SECRET90'),
			(91, '@bob:example.com', 'GONE', 'syt_SECRET91'), (92, '@carol:example.com', 'GONE', 'syt_SECRET92'), (93, '@_irc_Dave:example.com', 'GONE', 'syt_SECRET93')`,
			func(job *Job) { job.Policy.HiddenDeviceTokens = Skip },
			[]string{
				"warning|lost-device-tokens|access_tokens|3 rows|@alice:example.com GONE, @bob:example.com GONE",
				"warning|appservice-tokens|access_tokens|1 row|@_irc_Dave:example.com GONE",
				"info|deactivated-remains|access_tokens|1 row|@carol:example.com GONE",
			},
		},
		{"made by hand", `INSERT INTO access_tokens (id, user_id, device_id, token) VALUES (90, '@bob:example.com', 'PHONE', 'SECRET'), (91, '@bob:example.com', NULL, 'syr_SECRET91'),
				(92, '@alice:example.com', 'PHONE', 'mat_SECRET'), (93, '@alice:example.com', 'GONE', 'SECRET93');
			DELETE FROM access_tokens WHERE id = 93;
			INSERT INTO refresh_tokens (id, user_id, device_id, token) VALUES (90, '@bob:example.com', 'PHONE', 'SECRET'), (91, '@bob:example.com', 'PHONE', 'mcr_LoYqtrtBUBcWlE4RX6o47chBCGkadB_9gzpc1')`, nil, []string{
			"warning|unrecognised-tokens|access_tokens|3 rows|@alice:example.com PHONE, @bob:example.com, @bob:example.com PHONE",
			"warning|unrecognised-tokens|refresh_tokens|1 row|@bob:example.com PHONE",
		}},
		{"of administrators, without a device", `INSERT INTO access_tokens (id, user_id, token) VALUES (90, '@alice:example.com', 'syt_SECRET90')`, nil, []string{
			"warning|deviceless-admin-tokens|access_tokens|1 row|@alice:example.com",
		}},
		{"puppets", `INSERT INTO access_tokens (id, user_id, token, puppets_user_id, valid_until_ms) VALUES (90, '@alice:example.com', 'SECRET90', '@bob:example.com', NULL),
			(91, '@alice:example.com', 'SECRET91', '@carol:example.com', 1999999999999)`, nil, []string{
			"warning|puppet-tokens|access_tokens|2 rows|@alice:example.com as @bob:example.com, @alice:example.com as @carol:example.com",
		}},
		{"of bridges", `INSERT INTO access_tokens (id, user_id, device_id, token, valid_until_ms) VALUES (90, '@_irc_Dave:example.com', 'BRIDGE', 'SECRET90', NULL),
			(91, '@_irc_Dave:example.com', 'BRIDGE', 'SECRET91', 1600000000000)`, nil, []string{
			"warning|appservice-tokens|access_tokens|1 row|@_irc_Dave:example.com BRIDGE",
		}},
		{"expired", `INSERT INTO access_tokens (id, user_id, device_id, token, valid_until_ms) VALUES (90, '@bob:example.com', 'PHONE', 'syt_SECRET90', 1600000000000)`, nil, []string{
			"info|expired-tokens|access_tokens|1 row|@bob:example.com PHONE",
		}},
		{"sessions that end", `UPDATE refresh_tokens SET ultimate_session_expiry_ts = 1999999999999`, nil, []string{
			"info|session-lifetimes|refresh_tokens|1 row|@alice:example.com LAPTOP",
		}},
	}
}

func deviceCases() []dataCase {
	limited := func(limit mas.SessionLimit) func(*Job) {
		return func(job *Job) { job.Config = &mas.Config{Experimental: &mas.Experimental{SessionLimit: &limit}} }
	}
	inactive := func(expiration mas.InactiveSessionExpiration) func(*Job) {
		return func(job *Job) {
			job.Config = &mas.Config{Experimental: &mas.Experimental{InactiveSessionExpiration: &expiration}}
			job.Started = time.UnixMilli(1700000000000 + 3600_000)
		}
	}
	return []dataCase{
		{"addresses that are none", `INSERT INTO devices (user_id, device_id, ip, hidden) VALUES ('@bob:example.com', 'A', '', false), ('@bob:example.com', 'B', '203.0.113.256', false),
			('@bob:example.com', 'C', '203.0.113', false), ('@bob:example.com', 'D', 'fe80::1%eth0', false), ('@bob:example.com', 'E', '::ffff:203.0.113.1', false),
			('@bob:example.com', 'F', '203.0.113.7', false), ('@bob:example.com', 'G', 'unix:', false), ('@bob:example.com', 'H', '255.255.249.0', false)`, nil, []string{
			"info|unreadable-device-ip|devices|5 rows|@bob:example.com A, @bob:example.com B, @bob:example.com C, @bob:example.com D, @bob:example.com G",
		}},
		{"dehydrated", `INSERT INTO devices (user_id, device_id, hidden) VALUES ('@bob:example.com', 'DRY', false);
			INSERT INTO dehydrated_devices (user_id, device_id, device_data) VALUES ('@bob:example.com', 'DRY', '{}'), ('@alice:example.com', 'GONE', '{}')`, nil, []string{
			"warning|dehydrated-devices|dehydrated_devices|1 row|@bob:example.com DRY",
		}},
		{"as many as are allowed", "", limited(mas.SessionLimit{SoftLimit: 3, HardLimit: 5}), []string{"warning|many-devices|devices|1 row|@alice:example.com"}},
		{"fewer than are allowed", "", limited(mas.SessionLimit{SoftLimit: 4, HardLimit: 5}), nil},
		{"exempt by the threshold", "", limited(mas.SessionLimit{SoftLimit: 2, HardLimit: 5, MaxSessionThreshold: mas.Set[uint64](2)}), []string{"warning|many-devices|devices|1 row|@bob:example.com"}},
		{"idle", "", inactive(mas.InactiveSessionExpiration{TTL: 3599}), []string{"warning|inactive-devices|devices|2 rows|@alice:example.com PHONE, @bob:example.com PHONE"}},
		{"idle, and one just not", "", inactive(mas.InactiveSessionExpiration{TTL: 3600}), []string{"warning|inactive-devices|devices|1 row|@bob:example.com PHONE"}},
		{"idle, which does not matter", "", inactive(mas.InactiveSessionExpiration{TTL: 3599, ExpireCompatSessions: mas.Set(false)}), nil},
	}
}

func linkCases() []dataCase {
	unmapped := `INSERT INTO user_external_ids VALUES ('oidc-new', '1', '@alice:example.com'), ('oidc-new', '2', '@bob:example.com'), ('ldap', '1', '@bob:example.com')`
	return []dataCase{
		{"of an earlier MAS", `INSERT INTO user_external_ids VALUES ('oauth-delegated', '1', '@alice:example.com')`, nil, []string{
			"error|existing-oauth-delegated|user_external_ids|1 row|@alice:example.com",
		}},
		{"of providers that MAS lacks", unmapped, nil, []string{
			"error|synapse-missing-oauth-provider|user_external_ids|1 row|@bob:example.com",
			"error|mas-missing-oauth-provider|user_external_ids|2 rows|@alice:example.com, @bob:example.com",
		}},
		{"of providers that MAS lacks, skipped", unmapped, func(job *Job) { job.Policy.UnmappedLinks = Skip }, []string{
			"warning|synapse-missing-oauth-provider|user_external_ids|1 row|@bob:example.com",
			"warning|mas-missing-oauth-provider|user_external_ids|2 rows|@alice:example.com, @bob:example.com",
		}},
		{"of a provider that only MAS has", `INSERT INTO user_external_ids VALUES ('saml', '1', '@alice:example.com')`, nil, []string{
			"error|synapse-missing-oauth-provider|user_external_ids|1 row|@alice:example.com",
		}},
	}
}
