package migrate

import "github.com/maskit-dev/maskit"

// rowText is about rows that no user of this homeserver has.
func rowText(a Anomaly, p Policy) (Finding, bool) {
	switch a.Code {
	case CodeOrphanRows:
		return orphanRows(a, p).finding(), true
	case CodeForeignUsers:
		return foreignUsers(a, p).finding(), true
	case CodeNullCreationTime:
		return nullCreationTime(a, p).finding(), true
	case CodeImplausibleTimes:
		return implausibleTimes(a).finding(), true
	case CodeAppserviceLocalpart:
		return appserviceLocalpart(a).finding(), true
	}
	return Finding{}, false
}

func orphanRows(a Anomaly, p Policy) says {
	return says{
		severity: judged(p.OrphanRows),
		message:  number(a.Count, "rows") + " whose user does not exist, left by users who were deleted by hand; mas-cli syn2mas stops at the first of them",
		hint:     "delete them" + orSkip(p.OrphanRows, "OrphanRows"),
		fix:      orphanFix(a.Path),
	}
}

func orphanFix(table string) string {
	fix := "DELETE FROM " + table + " t WHERE NOT EXISTS (SELECT FROM users u WHERE u.name = t.user_id)"
	switch table {
	case "devices":
		fix += " AND NOT t.hidden AND t.device_id <> 'guest_device'"
	case "access_tokens":
		fix += " AND t.puppets_user_id IS NULL AND t.refresh_token_id IS NULL"
	}
	return fix + ";"
}

func foreignUsers(a Anomaly, p Policy) says {
	return says{
		severity: judged(p.ForeignUsers),
		message:  number(a.Count, "users") + " whose id is not @name:" + a.ServerName + "; mas-cli syn2mas stops at the first of them",
		hint:     "find out where they came from (a server that was renamed? a file that was imported?), and delete them" + orSkip(p.ForeignUsers, "ForeignUsers"),
		effect:   number(a.Count, "accounts") + " cannot be moved: nobody can log in to " + verb(a.Count, "it", "them") + " afterwards, nor use " + verb(a.Count, "its", "their") + " devices",
		fix:      foreignFix(a.ServerName),
	}
}

// foreignFix removes the users and what they have in the other tables. Newer versions of
// Synapse have more tables whose foreign keys lead to users; the catalog knows which.
func foreignFix(serverName string) string {
	suffix := literal(":" + serverName)
	return "DO $fix$ DECLARE other record; BEGIN\n" +
		"  CREATE TEMPORARY TABLE gone ON COMMIT DROP AS SELECT name FROM users\n" +
		"    WHERE (name NOT LIKE '@%' OR strpos(name, ':') = 0 OR substr(name, strpos(name, ':')) <> " + suffix + ")\n" +
		"    AND NOT (appservice_id IS NOT NULL AND right(name, length(" + suffix + ")) = " + suffix + ");\n" +
		"  FOR other IN\n" +
		"    SELECT t::regclass AS name, 'user_id' AS field\n" +
		"      FROM unnest(ARRAY['access_tokens', 'refresh_tokens', 'devices', 'user_external_ids', 'user_threepids']) t\n" +
		"    UNION ALL SELECT c.conrelid::regclass, a.attname FROM pg_constraint c\n" +
		"      JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]\n" +
		"      WHERE c.contype = 'f' AND c.confrelid = 'users'::regclass\n" +
		"  LOOP\n" +
		"    EXECUTE format('DELETE FROM %s WHERE %I IN (SELECT name FROM gone)', other.name, other.field);\n" +
		"  END LOOP;\n" +
		"  DELETE FROM users WHERE name IN (SELECT name FROM gone);\n" +
		"END $fix$;"
}

func nullCreationTime(a Anomaly, p Policy) says {
	hint := "give them a time, or set Policy.NoCreationTime to skip, which takes the start of the migration"
	if p.NoCreationTime == Skip {
		hint = "give them a time, or leave it as it is: they get the start of the migration"
	}
	return says{
		severity: judged(p.NoCreationTime),
		message:  number(a.Count, "users") + " without creation_ts; mas-cli syn2mas stops at the first of them",
		hint:     hint,
		fix:      "UPDATE users SET creation_ts = extract(epoch FROM now())::bigint WHERE creation_ts IS NULL;",
	}
}

func implausibleTimes(a Anomaly) says {
	return says{
		severity: maskit.SeverityWarning,
		message:  number(a.Count, "users") + " whose creation_ts is before 1970 or after 2100: it is in seconds, and something may have written milliseconds",
		hint:     "divide by 1000 what are milliseconds; MAS keeps a time as far as it can, and derives ids from it",
		fix:      "UPDATE users SET creation_ts = CASE WHEN creation_ts < 0 THEN 0 ELSE creation_ts / 1000 END WHERE creation_ts < 0 OR creation_ts > 4102444800;",
	}
}

func appserviceLocalpart(a Anomaly) says {
	return says{
		severity: maskit.SeverityWarning,
		message: number(a.Count, "users") + " of application services with a colon in the name, and with devices, tokens, addresses or links: " +
			"mas-cli syn2mas leaves out such a user, and then stops at what the user has",
		hint: "the native engine leaves out both; for mas-cli, delete the rows after a look at what the application service needs of them",
	}
}
