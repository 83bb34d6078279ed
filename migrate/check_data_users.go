package migrate

import (
	"regexp"

	"github.com/maskit-dev/maskit/migrate/internal/synapsedb"
)

// migrated are the users that MAS gets, active those whose devices and tokens it gets.
const (
	migrated = "u.appservice_id IS NULL"
	active   = "u.appservice_id IS NULL AND u.is_guest = 0 AND u.deactivated = 0"
)

// foreign are the users that are none of this server ($1 is ":" and its name), but for
// those of application services that mas-cli syn2mas leaves out although their names
// have a colon.
const foreign = "(u.name NOT LIKE '@%' OR strpos(u.name, ':') = 0 OR substr(u.name, strpos(u.name, ':')) <> $1) " +
	"AND NOT (u.appservice_id IS NOT NULL AND right(u.name, length($1)) = $1)"

// userRows is the pass over the users themselves.
func userRows(job *Job, schema synapsedb.Schema) table {
	server := job.Legacy.ServerName
	t := table{
		path: "users", from: "users u", key: "u.name",
		// An ordinary name needs no second look.
		args: []any{":" + server, "^@[a-z0-9.=_/+-]+:" + regexp.QuoteMeta(server) + "$"},
		flags: []flag{
			{code: CodeForeignUsers, when: "CASE WHEN u.name ~ $2 THEN false ELSE " + foreign + " END"},
			{code: CodeOddUsernames, when: migrated + " AND CASE WHEN u.name ~ $2 THEN false ELSE NOT (" + foreign + ") END"},
			{code: CodeNullCreationTime, when: "u.creation_ts IS NULL"},
			{code: CodeImplausibleTimes, when: "u.creation_ts < 0 OR u.creation_ts > 4102444800"},
			{code: CodeUnusableHash, when: migrated + " AND u.password_hash !~ '" + BcryptPattern + "'"},
			{code: CodeGuestsInDatabase, when: "u.is_guest <> 0"},
			{code: CodeShadowBannedUsers, when: "u.shadow_banned AND " + migrated},
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

// deactivatedUsers finds what deactivation should have deleted.
func deactivatedUsers() table {
	return table{
		path: "users", from: "users u", key: "u.name",
		where: "u.deactivated = 1 AND " + migrated,
		flags: []flag{{code: CodeDeactivatedRemains, when: "u.password_hash IS NOT NULL OR " + hasRows}},
	}
}

// appserviceUsers finds users of application services that mas-cli syn2mas would leave
// out, and then stop at what they have.
func appserviceUsers(job *Job) table {
	return table{
		path: "users", from: "users u", key: "u.name", args: []any{":" + job.Legacy.ServerName},
		where: "u.appservice_id IS NOT NULL AND right(u.name, length($1)) = $1 AND strpos(left(u.name, -length($1)), ':') > 0",
		flags: []flag{{code: CodeAppserviceLocalpart, when: hasRows}},
	}
}

// hasRows are the users of whom another table has rows.
const hasRows = "EXISTS (SELECT FROM user_threepids WHERE user_id = u.name)" +
	" OR EXISTS (SELECT FROM user_external_ids WHERE user_id = u.name)" +
	" OR EXISTS (SELECT FROM devices WHERE user_id = u.name AND NOT hidden AND device_id <> 'guest_device')" +
	" OR EXISTS (SELECT FROM access_tokens WHERE user_id = u.name AND puppets_user_id IS NULL)"

// expiredAccountRows finds accounts whose validity has ended ($1: now, in milliseconds).
func expiredAccountRows(job *Job) table {
	return table{
		path: "account_validity", key: "u.name", args: []any{job.Started.UnixMilli()},
		from:  "account_validity v JOIN users u ON u.name = v.user_id",
		flags: []flag{{code: CodeExpiredAccounts, when: "v.expiration_ts_ms < $1 AND u.deactivated = 0 AND NOT u.locked AND " + migrated}},
	}
}
