package migrate

import "github.com/maskit-dev/maskit"

// userText is about names and passwords: how people log in.
func userText(a Anomaly, p Policy) (Finding, bool) {
	switch a.Code {
	case CodeCaseTwins:
		return caseTwins(a).finding(), true
	case CodeOddUsernames:
		return oddUsernames(a).finding(), true
	case CodeUnusableHash:
		return unusableHash(a, p).finding(), true
	case CodeNonEmailThreepids:
		return nonEmailThreepids(a).finding(), true
	case CodeEmailTwins:
		return emailTwins(a).finding(), true
	}
	return Finding{}, false
}

func caseTwins(a Anomaly) says {
	return says{
		severity: maskit.SeverityWarning,
		message:  number(a.Count, "users") + " whose names are equal but for upper and lower case",
		hint:     "tell these people to write their name exactly; a name cannot be changed, and deactivating a twin does not help, because MAS still finds it",
		effect:   "MAS, which otherwise ignores case, lets them log in only with the exact name",
	}
}

func oddUsernames(a Anomaly) says {
	return says{
		severity: maskit.SeverityInfo,
		message:  number(a.Count, "users") + " with names that nobody could register today (upper case, or characters besides a-z 0-9 . = _ / + -): MAS takes them as they are",
		hint:     "nothing to do: upper case is found in any spelling; with other characters people log in with the name alone, not with the whole Matrix id",
	}
}

func unusableHash(a Anomaly, p Policy) says {
	s := says{
		severity: maskit.SeverityWarning,
		message:  number(a.Count, "users") + " whose password_hash is not bcrypt (or empty): it is moved, and no password fits it",
		hint:     "empty them, or set Policy.UnusableHashes to skip, so that these people are asked to reset their password",
		effect:   number(a.Count, "users") + " cannot log in by password until " + verb(a.Count, "it is", "theirs are") + " reset",
		fix:      "UPDATE users SET password_hash = NULL WHERE appservice_id IS NULL AND\n  " + notBcrypt + ";",
	}
	if p.UnusableHashes == Skip {
		s.message = number(a.Count, "users") + " whose password_hash is not bcrypt (or empty): it is left out, because no password fits it"
		s.hint = "nothing to do: these people have to reset their password (Policy.UnusableHashes skips the hashes)"
	}
	return s
}

// notBcrypt is the SQL of hashes that MAS cannot use: it takes bcrypt, of any of its
// versions (MAS 1.22). PostgreSQL counts to 53 slowly in an expression.
const notBcrypt = `(octet_length(password_hash) <> 60 OR password_hash !~ '^\$2[abxy]\$[0-9][0-9]\$[./A-Za-z0-9]+$')`

func nonEmailThreepids(a Anomaly) says {
	return says{
		severity: maskit.SeverityWarning,
		message:  a.of("third-party identifiers") + " besides e-mail addresses (phone numbers): MAS stores them, and uses them for nothing",
		hint:     "tell people that they can no longer log in with a phone number",
		effect:   "nobody can log in, be found or reset a password with " + verb(a.Count, "it", "them"),
	}
}

func emailTwins(a Anomaly) says {
	return says{
		severity: maskit.SeverityWarning,
		message:  a.of("e-mail address|es") + ", equal but for upper and lower case",
		hint:     "remove all but one of each, after asking whose it is",
		effect:   "MAS, which ignores case, finds nobody by such an address: no login with it, no reset of a password, no link by it",
	}
}
