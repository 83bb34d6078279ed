package migrate

import (
	"strings"

	"github.com/maskit-dev/maskit"
)

// accountText is about the states of accounts.
func accountText(a Anomaly, _ Policy) (Finding, bool) {
	switch a.Code {
	case CodeGuestsInDatabase:
		return guestsInDatabase(a).finding(), true
	case CodeDeactivatedRemains:
		return deactivatedRemains(a).finding(), true
	case CodeLockedUsers:
		return lockedUsers(a).finding(), true
	case CodeSuspendedUsers:
		return suspendedUsers(a).finding(), true
	case CodeShadowBannedUsers:
		return shadowBannedUsers(a).finding(), true
	case CodeUnapprovedUsers:
		return unapprovedUsers(a).finding(), true
	case CodeUserTypes:
		return userTypes(a).finding(), true
	case CodeExpiredAccounts:
		return expiredAccounts(a).finding(), true
	}
	return Finding{}, false
}

func guestsInDatabase(a Anomaly) says {
	return says{
		severity: maskit.SeverityWarning,
		message:  number(a.Count, "guests") + ": MAS keeps their names and has no guests",
		hint:     "nothing to do, if guests may lose their sessions",
		effect:   number(a.Count, "guests") + " would be signed out for good",
	}
}

func deactivatedRemains(a Anomaly) says {
	s := says{
		severity: maskit.SeverityInfo,
		message:  deactivatedRows(a) + "they are moved",
		hint:     "delete them, so that addresses and links are free for others",
		fix:      "DELETE FROM " + a.Path + " t USING users u WHERE u.name = t.user_id AND u.deactivated = 1 AND u.appservice_id IS NULL;",
	}
	switch a.Path {
	case "users":
		s.message = number(a.Count, "deactivated users") + " with a password_hash: it is moved, and nobody can use it"
		s.hint = "delete them"
		s.fix = "UPDATE users SET password_hash = NULL WHERE deactivated = 1 AND appservice_id IS NULL;"
	case "devices", "access_tokens":
		s.message = deactivatedRows(a) + "they are not moved"
		s.hint = "nothing to do, but they can be deleted"
	}
	if a.Path == "devices" {
		s.fix = strings.TrimSuffix(s.fix, ";") + " AND NOT t.hidden AND t.device_id <> 'guest_device';"
	}
	return s
}

func deactivatedRows(a Anomaly) string {
	return number(a.Count, "rows") + " of " + number(max(a.Users, 1), "deactivated users") +
		": Synapse deletes such rows when it deactivates a user, and something prevented it; "
}

func lockedUsers(a Anomaly) says {
	return says{
		severity: maskit.SeverityInfo,
		message:  number(a.Count, "locked users") + ": MAS keeps the lock, and the sessions behind it",
		hint:     "nothing to do; unlock them in MAS from now on (mas-cli manage unlock-user)",
	}
}

func suspendedUsers(a Anomaly) says {
	return says{
		severity: maskit.SeverityInfo,
		message:  number(a.Count, "suspended users") + ": Synapse goes on to enforce that by itself",
		hint:     "nothing to do",
	}
}

func shadowBannedUsers(a Anomaly) says {
	return says{
		severity: maskit.SeverityWarning,
		message:  number(a.Count, "shadow-banned users") + ": Synapse does not enforce that for users of MAS",
		hint:     "suspend or lock them instead; they notice either",
		effect:   "what " + verb(a.Count, "this user writes", "these users write") + " is seen by others again",
		fix:      "UPDATE users SET shadow_banned = false, suspended = true WHERE shadow_banned AND deactivated = 0 AND appservice_id IS NULL;",
	}
}

func unapprovedUsers(a Anomaly) says {
	return says{
		severity: maskit.SeverityWarning,
		message:  number(a.Count, "users") + " without an administrator's approval, which MAS does not know",
		hint:     "decide on them before, or lock them",
		effect:   number(a.Count, "users") + " can log in without approval",
		fix:      "UPDATE users SET locked = true, approved = true WHERE approved IS FALSE AND deactivated = 0 AND appservice_id IS NULL;",
	}
}

func userTypes(a Anomaly) says {
	return says{
		severity: maskit.SeverityInfo,
		message:  number(a.Count, "users") + " of a type (bot, support): it stays in Synapse, and MAS does not know it",
		hint:     "nothing to do",
	}
}

func expiredAccounts(a Anomaly) says {
	return says{
		severity: maskit.SeverityWarning,
		message:  number(a.Count, "users") + " whose account has expired (table account_validity), which nobody enforces with MAS",
		hint:     "lock them, if the feature was in use",
		effect:   number(a.Count, "users") + " can log in again",
		fix: "UPDATE users u SET locked = true FROM account_validity v\n" +
			"WHERE v.user_id = u.name AND v.expiration_ts_ms < extract(epoch FROM now()) * 1000 AND u.deactivated = 0 AND u.appservice_id IS NULL;",
	}
}
