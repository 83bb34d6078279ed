package migrate

import (
	"strings"

	"github.com/maskit-dev/maskit/migrate/internal/synapsedb"
)

// migrated are the users that MAS gets, active those whose devices and tokens it gets.
const (
	migrated = "u.appservice_id IS NULL"
	active   = "u.appservice_id IS NULL AND u.is_guest = 0 AND u.deactivated = 0"
)

// foreign are the users that are none of this server ($1 is ":" and its name, $2 what
// names of it are like), but for those of application services that mas-cli leaves out
// although their names have a colon.
const foreign = "CASE WHEN u.name LIKE $2 AND u.name NOT LIKE '%:%:%' THEN false ELSE" +
	" (u.name NOT LIKE '@%' OR strpos(u.name, ':') = 0 OR substr(u.name, strpos(u.name, ':')) <> $1)" +
	" AND NOT (u.appservice_id IS NOT NULL AND right(u.name, length($1)) = $1) END"

// userRows is the pass over the users themselves.
func userRows(job *Job, schema synapsedb.Schema) table {
	server := job.Legacy.ServerName
	t := table{
		path: "users", from: "users u", key: "u.name", suspect: "u.name",
		args: []any{":" + server, "@%:" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(server)},
		flags: []flag{
			{code: CodeForeignUsers, when: foreign},
			{
				code:      CodeOddUsernames,
				when:      "(u.name ~ '[^a-z0-9.=_/+:@-]' OR u.name LIKE '@%@%' OR u.name LIKE '@:%') AND " + migrated + " AND NOT (" + foreign + ")",
				confirmed: odd,
			},
			{code: CodeNullCreationTime, when: "u.creation_ts IS NULL"},
			{code: CodeImplausibleTimes, when: "u.creation_ts < 0 OR u.creation_ts > 4102444800"},
			{code: CodeUnusableHash, when: notBcrypt + " AND " + migrated},
			{code: CodeDeactivatedRemains, when: "u.password_hash IS NOT NULL AND u.deactivated = 1 AND " + migrated},
			{code: CodeGuestsInDatabase, when: "u.is_guest <> 0"},
			{code: CodeShadowBannedUsers, when: "u.shadow_banned AND u.deactivated = 0 AND " + migrated},
			{code: CodeUserTypes, when: "u.user_type IS NOT NULL AND " + migrated},
		},
		complete: func(a *Anomaly) { a.ServerName = server },
	}
	if schema.Has("users", "approved") {
		t.flags = append(t.flags, flag{code: CodeUnapprovedUsers, when: "u.approved IS FALSE AND u.deactivated = 0 AND " + migrated})
	}
	if schema.Has("users", "locked") {
		t.flags = append(t.flags, flag{code: CodeLockedUsers, when: "u.locked AND " + migrated})
	}
	if schema.Has("users", "suspended") {
		t.flags = append(t.flags, flag{code: CodeSuspendedUsers, when: "u.suspended AND u.deactivated = 0 AND " + migrated})
	}
	return t
}

// odd reports whether nobody could register the name today (Matrix 1.16, "User
// Identifiers").
func odd(mxid string) bool {
	localpart, _, _ := strings.Cut(strings.TrimPrefix(mxid, "@"), ":")
	return strings.Trim(localpart, "abcdefghijklmnopqrstuvwxyz0123456789.=_/+-") != "" || localpart == ""
}

// caseTwinUsers finds users whose names are equal but for case: at least one of them
// has an upper-case letter, and those are few.
func caseTwinUsers() table {
	return table{
		path: "users", key: "u.name", flags: []flag{{code: CodeCaseTwins, when: "u.twins > 1"}},
		from: `(WITH upper AS MATERIALIZED (
				SELECT name, lower(name) AS low FROM users WHERE appservice_id IS NULL AND name <> lower(name)
			), family AS (
				SELECT name, low FROM upper
				UNION ALL SELECT name, name FROM users WHERE appservice_id IS NULL AND name IN (SELECT low FROM upper)
			) SELECT name, count(*) OVER (PARTITION BY low) AS twins FROM family) u`,
	}
}

// emailTwinRows finds addresses that are equal but for case, of one user or of several.
func emailTwinRows() table {
	return table{
		path: "user_threepids", key: "t.user_id", user: "t.user_id", flags: []flag{{code: CodeEmailTwins, when: "t.twins > 1"}},
		from: `(WITH upper AS MATERIALIZED (
				SELECT user_id, lower(address) AS low FROM user_threepids WHERE medium = 'email' AND address <> lower(address)
			), family AS (
				SELECT user_id, low FROM upper
				UNION ALL SELECT user_id, address FROM user_threepids WHERE medium = 'email' AND address IN (SELECT low FROM upper)
			) SELECT f.user_id, count(*) OVER (PARTITION BY f.low) AS twins
				FROM family f JOIN users u ON u.name = f.user_id WHERE u.appservice_id IS NULL) t`,
	}
}

// remains is what deactivation should have deleted.
func remains() flag {
	return flag{code: CodeDeactivatedRemains, when: "u.deactivated = 1 AND " + migrated}
}

// appserviceUsers finds users of application services that mas-cli syn2mas would leave
// out, and then stop at what other tables have of them ($1 is ":" and the server name).
func appserviceUsers(job *Job) table {
	const colon = "u.appservice_id IS NOT NULL AND right(u.name, length($1)) = $1 AND strpos(left(u.name, -length($1)), ':') > 0"
	return table{
		path: "users", key: "u.name", args: []any{":" + job.Legacy.ServerName}, flags: []flag{{code: CodeAppserviceLocalpart, when: "true"}},
		from: "(WITH u AS MATERIALIZED (SELECT u.name FROM users u WHERE " + colon + `)
			SELECT u.name FROM u JOIN user_threepids t ON t.user_id = u.name
			UNION SELECT u.name FROM u JOIN user_external_ids e ON e.user_id = u.name
			UNION SELECT u.name FROM u JOIN devices d ON d.user_id = u.name WHERE ` + visible + `
			UNION SELECT u.name FROM u JOIN access_tokens a ON a.user_id = u.name WHERE a.puppets_user_id IS NULL) u`,
	}
}

// expiredAccountRows finds accounts whose validity has ended ($1: now, in milliseconds).
func expiredAccountRows(job *Job) table {
	return table{
		path: "account_validity", key: "u.name", args: []any{job.Started.UnixMilli()},
		from:  "account_validity v JOIN users u ON u.name = v.user_id",
		flags: []flag{{code: CodeExpiredAccounts, when: "v.expiration_ts_ms < $1 AND u.deactivated = 0 AND NOT u.locked AND " + migrated}},
	}
}
