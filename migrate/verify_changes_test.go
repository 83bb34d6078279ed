package migrate

// verifyChanges changes every column that is compared, and removes and adds a row of
// every table.
func verifyChanges() []change {
	var all []change
	for _, some := range [][]change{accountChanges(), addressChanges(), sessionChanges(), tokenChanges()} {
		all = append(all, some...)
	}
	return all
}

func accountChanges() []change {
	return []change{
		{"user", `DELETE FROM users WHERE username = '1'`, []string{"missing users @1:example.com"}},
		{
			"extra user", `INSERT INTO users (user_id, username, created_at) VALUES (gen_random_uuid(), 'mallory', now())`,
			[]string{"extra users @mallory:example.com"},
		},
		{
			"username", `UPDATE users SET username = 'Carol' WHERE username = 'carol'`,
			[]string{"extra users @Carol:example.com", "missing users @carol:example.com"},
		},
		{
			"created_at", `UPDATE users SET created_at = created_at + interval '1 millisecond' WHERE username = 'carol'`,
			[]string{"changed users @carol:example.com: created_at is 2023-11-14T22:13:22.001Z instead of 2023-11-14T22:13:22Z"},
		},
		{
			"locked_at", `UPDATE users SET locked_at = NULL WHERE username = 'bob'`,
			[]string{"changed users @bob:example.com: locked_at is NULL instead of 2023-11-14T22:13:21Z"},
		},
		{
			"deactivated_at", `UPDATE users SET deactivated_at = NULL WHERE username = 'carol'`,
			[]string{"changed users @carol:example.com: deactivated_at is NULL instead of 2023-11-14T22:13:22Z"},
		},
		{
			"can_request_admin", `UPDATE users SET can_request_admin = true WHERE username = 'bob'`,
			[]string{"changed users @bob:example.com: can_request_admin is true instead of false"},
		},
		{
			"is_guest", `UPDATE users SET is_guest = false WHERE username = '1'`,
			[]string{"changed users @1:example.com: is_guest is false instead of true"},
		},
		{
			"two columns", `UPDATE users SET is_guest = true, can_request_admin = false WHERE username = 'alice'`,
			[]string{"changed users @alice:example.com: can_request_admin is false instead of true, is_guest is true instead of false"},
		},
		{
			"user_id", `UPDATE users SET user_id = gen_random_uuid() WHERE username = 'carol'`,
			[]string{"changed users @carol:example.com: user_id is an id made at another time instead of an id made at created_at"},
		},
		{
			"nil user_id", `UPDATE users SET user_id = '00000000-0000-0000-0000-000000000000' WHERE username = 'carol'`,
			[]string{"changed users @carol:example.com: user_id is the nil id instead of an id made at created_at"},
		},

		{"password", `DELETE FROM user_passwords WHERE hashed_password LIKE '%bob%'`, []string{"missing user_passwords @bob:example.com"}},
		{
			"extra password", `INSERT INTO user_passwords SELECT gen_random_uuid(), user_id, 'canary', created_at, 1 FROM users WHERE username = 'carol'`,
			[]string{"extra user_passwords @carol:example.com"},
		},
		{
			"second password", `INSERT INTO user_passwords SELECT gen_random_uuid(), user_id, 'canary', created_at, 1 FROM users WHERE username = 'bob'`,
			[]string{"extra user_passwords @bob:example.com"},
		},
		{
			"hashed_password", `UPDATE user_passwords SET hashed_password = 'canary' WHERE hashed_password LIKE '%bob%'`,
			[]string{"changed user_passwords @bob:example.com: hashed_password is another one"},
		},
		{
			"password created_at", `UPDATE user_passwords SET created_at = '2020-01-01 00:00Z' WHERE hashed_password LIKE '%bob%'`,
			[]string{"changed user_passwords @bob:example.com: created_at is 2020-01-01T00:00:00Z instead of 2023-11-14T22:13:21Z"},
		},
		{
			"version", `UPDATE user_passwords SET version = 2 WHERE hashed_password LIKE '%bob%'`,
			[]string{"changed user_passwords @bob:example.com: version is 2 instead of 1"},
		},
		{
			"upgraded_from_id", `UPDATE user_passwords SET upgraded_from_id = '00000000-0000-0000-0000-000000000001' WHERE hashed_password LIKE '%bob%'`,
			[]string{"changed user_passwords @bob:example.com: upgraded_from_id is 00000000000000000000000000000001 instead of NULL"},
		},
		{
			"user_password_id", `UPDATE user_passwords SET user_password_id = gen_random_uuid() WHERE hashed_password LIKE '%bob%'`,
			[]string{"changed user_passwords @bob:example.com: user_password_id is an id made at another time instead of an id made at created_at"},
		},
		{
			"password of another", `UPDATE user_passwords SET user_id = (SELECT user_id FROM users WHERE username = 'carol') WHERE hashed_password LIKE '%bob%'`,
			[]string{"missing user_passwords @bob:example.com", "extra user_passwords @carol:example.com"},
		},
		{
			"password of nobody", `UPDATE user_passwords SET user_id = gen_random_uuid() WHERE hashed_password LIKE '%bob%'`,
			[]string{"extra user_passwords (no user)", "missing user_passwords @bob:example.com"},
		},
		{
			"passwords swapped", `UPDATE user_passwords p SET user_id = (SELECT q.user_id FROM user_passwords q WHERE q.user_id <> p.user_id)`,
			[]string{
				"changed user_passwords @alice:example.com: hashed_password is another one, created_at is 2023-11-14T22:13:21Z instead of 2023-11-14T22:13:20Z",
				"changed user_passwords @bob:example.com: hashed_password is another one, created_at is 2023-11-14T22:13:20Z instead of 2023-11-14T22:13:21Z",
			},
		},
	}
}

func addressChanges() []change {
	const bob = `(SELECT user_id FROM users WHERE username = 'bob')`
	return []change{
		{"email", `DELETE FROM user_emails`, []string{"missing user_emails @alice:example.com Alice@example.org"}},
		{
			"extra email", `INSERT INTO user_emails VALUES (gen_random_uuid(), ` + bob + `, 'bob@example.org', now())`,
			[]string{"extra user_emails @bob:example.com bob@example.org"},
		},
		{
			"email address", `UPDATE user_emails SET email = 'alice@example.org'`,
			[]string{`changed user_emails @alice:example.com Alice@example.org: email is "alice@example.org" instead of "Alice@example.org"`},
		},
		{
			"email created_at", `UPDATE user_emails SET created_at = '2020-01-01 00:00Z'`,
			[]string{"changed user_emails @alice:example.com Alice@example.org: created_at is 2020-01-01T00:00:00Z instead of 2023-11-14T22:15:00.123Z"},
		},
		{
			"user_email_id", `UPDATE user_emails SET user_email_id = gen_random_uuid()`,
			[]string{"changed user_emails @alice:example.com Alice@example.org: user_email_id is an id made at another time instead of an id made at created_at"},
		},
		{
			"email of another", `UPDATE user_emails SET user_id = ` + bob,
			[]string{"missing user_emails @alice:example.com Alice@example.org", "extra user_emails @bob:example.com Alice@example.org"},
		},

		{"unsupported", `DELETE FROM user_unsupported_third_party_ids`, []string{"missing user_unsupported_third_party_ids @alice:example.com msisdn 4915112345678"}},
		{
			"extra unsupported", `INSERT INTO user_unsupported_third_party_ids VALUES (` + bob + `, 'msisdn', '1', now())`,
			[]string{"extra user_unsupported_third_party_ids @bob:example.com msisdn 1"},
		},
		{
			"medium", `UPDATE user_unsupported_third_party_ids SET medium = 'fax'`,
			[]string{`changed user_unsupported_third_party_ids @alice:example.com msisdn 4915112345678: medium is "fax" instead of "msisdn"`},
		},
		{
			"address", `UPDATE user_unsupported_third_party_ids SET address = '1'`,
			[]string{`changed user_unsupported_third_party_ids @alice:example.com msisdn 4915112345678: address is "1" instead of "4915112345678"`},
		},
		{
			"unsupported created_at", `UPDATE user_unsupported_third_party_ids SET created_at = '2020-01-01 00:00Z'`,
			[]string{"changed user_unsupported_third_party_ids @alice:example.com msisdn 4915112345678: created_at is 2020-01-01T00:00:00Z instead of 2023-11-14T22:15:00.456Z"},
		},

		{"link", `DELETE FROM upstream_oauth_links`, []string{"missing upstream_oauth_links @alice:example.com 01J4Z0KEYC0AKAAAAAAAAAAAAA subject-a"}},
		{
			"extra link", `INSERT INTO upstream_oauth_links SELECT gen_random_uuid(), upstream_oauth_provider_id, ` + bob + `, 'b', now() FROM upstream_oauth_links`,
			[]string{"extra upstream_oauth_links @bob:example.com 01J4Z0KEYC0AKAAAAAAAAAAAAA b"},
		},
		{
			"subject", `UPDATE upstream_oauth_links SET subject = 'x'`,
			[]string{`changed upstream_oauth_links @alice:example.com 01J4Z0KEYC0AKAAAAAAAAAAAAA subject-a: subject is "x" instead of "subject-a"`},
		},
		{
			"provider", `UPDATE upstream_oauth_links SET upstream_oauth_provider_id = (SELECT upstream_oauth_provider_id FROM upstream_oauth_providers WHERE issuer LIKE '%gitlab%')`,
			[]string{"changed upstream_oauth_links @alice:example.com 01J4Z0KEYC0AKAAAAAAAAAAAAA subject-a: upstream_oauth_provider_id is 01J4Z0G1T1ABAAAAAAAAAAAAAA instead of 01J4Z0KEYC0AKAAAAAAAAAAAAA"},
		},
		{
			"link created_at", `UPDATE upstream_oauth_links SET created_at = '2020-01-01 00:00Z'`,
			[]string{"changed upstream_oauth_links @alice:example.com 01J4Z0KEYC0AKAAAAAAAAAAAAA subject-a: created_at is 2020-01-01T00:00:00Z instead of 2023-11-14T22:13:20Z"},
		},
		{
			"human_account_name", `UPDATE upstream_oauth_links SET human_account_name = 'a'`,
			[]string{`changed upstream_oauth_links @alice:example.com 01J4Z0KEYC0AKAAAAAAAAAAAAA subject-a: human_account_name is "a" instead of NULL`},
		},
		{
			"upstream_oauth_link_id", `UPDATE upstream_oauth_links SET upstream_oauth_link_id = gen_random_uuid()`,
			[]string{"changed upstream_oauth_links @alice:example.com 01J4Z0KEYC0AKAAAAAAAAAAAAA subject-a: upstream_oauth_link_id is an id made at another time instead of an id made at created_at"},
		},
		{
			"link of nobody", `UPDATE upstream_oauth_links SET user_id = NULL`,
			[]string{"extra upstream_oauth_links (no user) 01J4Z0KEYC0AKAAAAAAAAAAAAA subject-a", "missing upstream_oauth_links @alice:example.com 01J4Z0KEYC0AKAAAAAAAAAAAAA subject-a"},
		},
	}
}
