package migrate

import "github.com/maskit-dev/maskit"

// tokenText is about access and refresh tokens.
func tokenText(a Anomaly, p Policy) (Finding, bool) {
	switch a.Code {
	case CodeHiddenDeviceTokens:
		return hiddenDeviceTokens(a, p).finding(), true
	case CodeUnrecognisedTokens:
		return unrecognisedTokens(a).finding(), true
	case CodeLostDeviceTokens:
		return lostDeviceTokens(a).finding(), true
	case CodeDevicelessAdmins:
		return devicelessAdmins(a).finding(), true
	case CodePuppetTokens:
		return puppetTokens(a).finding(), true
	case CodeAppserviceTokens:
		return appserviceTokens(a).finding(), true
	case CodeExpiredTokens:
		return expiredTokens(a).finding(), true
	case CodeSessionLifetimes:
		return sessionLifetimes(a).finding(), true
	case CodeRegistrationTokens:
		return registrationTokens(a).finding(), true
	}
	return Finding{}, false
}

func hiddenDeviceTokens(a Anomaly, p Policy) says {
	return says{
		severity: judged(p.HiddenDeviceTokens),
		message: a.of("access tokens") + ", on devices that Synapse hides (keys for cross-signing, guests): " +
			"mas-cli syn2mas fails at them after everything is loaded",
		hint:   "delete them" + orSkip(p.HiddenDeviceTokens, "HiddenDeviceTokens"),
		effect: "whatever uses " + verb(a.Count, "this token is", "these tokens is") + " signed out",
		fix: "DELETE FROM access_tokens a USING users u, devices d\n" +
			"WHERE u.name = a.user_id AND d.user_id = a.user_id AND d.device_id = a.device_id\n" +
			"  AND u.appservice_id IS NULL AND u.is_guest = 0 AND u.deactivated = 0\n" +
			"  AND a.puppets_user_id IS NULL AND (d.hidden IS NOT FALSE OR d.device_id = 'guest_device');",
	}
}

func unrecognisedTokens(a Anomaly) says {
	kind, form := "access tokens", "syt_…, a macaroon, or a token that MAS made"
	if a.Path == "refresh_tokens" {
		kind, form = "refresh tokens", "syr_…, or a token that MAS made"
	}
	return says{
		severity: maskit.SeverityWarning,
		message:  a.of(kind) + ", of a form that MAS refuses (it takes " + form + "): they are moved, and answered with an error",
		hint:     "these were written into the database by hand: have those who use them log in anew, or give them a token of MAS (mas-cli manage issue-compatibility-token)",
		effect:   "whatever uses " + verb(a.Count, "this token is", "these tokens is") + " signed out",
	}
}

func lostDeviceTokens(a Anomaly) says {
	return says{
		severity: maskit.SeverityWarning,
		message:  a.of("access tokens") + ", whose device is not in the table devices: no engine moves them",
		hint:     "enter the devices anew, which keeps the sessions, or delete the tokens if nobody uses them",
		effect:   a.of("sessions") + " would be signed out",
		fix: "INSERT INTO devices (user_id, device_id, hidden)\n" +
			"SELECT DISTINCT a.user_id, a.device_id, false FROM access_tokens a JOIN users u ON u.name = a.user_id\n" +
			"WHERE u.appservice_id IS NULL AND u.is_guest = 0 AND u.deactivated = 0\n" +
			"  AND a.puppets_user_id IS NULL AND a.device_id IS NOT NULL\n" +
			"ON CONFLICT (user_id, device_id) DO NOTHING;",
	}
}

func devicelessAdmins(a Anomaly) says {
	return says{
		severity: maskit.SeverityWarning,
		message:  number(a.Count, "access tokens") + " of server administrators, without a device: MAS gives their sessions no right to Synapse's admin API",
		hint:     "give what uses them a token of MAS: mas-cli manage issue-compatibility-token --yes-i-want-to-grant-synapse-admin-privileges",
		effect:   "scripts that use " + verb(a.Count, "this token", "these tokens") + " stay signed in, but the admin API refuses them",
	}
}

func puppetTokens(a Anomaly) says {
	return says{
		severity: maskit.SeverityWarning,
		message:  number(a.Count, "access tokens") + " with which an administrator acts as another user: no engine moves them",
		hint:     "give what uses them a token of MAS (mas-cli manage issue-compatibility-token), or let it go",
		effect:   "whatever uses " + verb(a.Count, "this token stops", "these tokens stops") + " working",
		fix:      "DELETE FROM access_tokens WHERE puppets_user_id IS NOT NULL;",
	}
}

// What Synapse with MAS does with an application service: 1.141 and newer have all of them
// manage devices by MSC4190, older ones those that ask for it.
func appserviceTokens(a Anomaly) says {
	return says{
		severity: maskit.SeverityWarning,
		message: a.of("access tokens") + " of application services: no engine moves them, and with MAS Synapse takes of a bridge only its as_token. " +
			"Bridges have them mostly for encryption",
		hint:   "if the bridge uses them, switch it to MSC4190 (mautrix: encryption.msc4190; with Synapse before 1.141 also io.element.msc4190 in the registration); else let them go",
		effect: "a bridge that uses " + verb(a.Count, "this token", "these tokens") + " stops working until it uses MSC4190",
	}
}

func expiredTokens(a Anomaly) says {
	return says{
		severity: maskit.SeverityInfo,
		message:  a.of("expired access tokens") + ": they are moved, and stay expired",
		hint:     "deleting them saves the time of moving them",
		fix: "DELETE FROM access_tokens WHERE refresh_token_id IS NULL AND puppets_user_id IS NULL\n" +
			"  AND valid_until_ms < extract(epoch FROM now()) * 1000;",
	}
}

func sessionLifetimes(a Anomaly) says {
	return says{
		severity: maskit.SeverityInfo,
		message:  a.of("refresh tokens") + ", with a last day (refresh_token_lifetime, session_lifetime): MAS keeps no such day, so these sessions no longer end by themselves",
		hint:     "experimental.inactive_session_expiration of MAS ends sessions that are not used",
	}
}

func registrationTokens(a Anomaly) says {
	return says{
		severity: maskit.SeverityWarning,
		message:  number(a.Count, "registration tokens") + " that can still be used: MAS has its own",
		hint:     "make them anew in MAS, with account.registration_token_required: mas-cli manage issue-user-registration-token --token … keeps their text",
		effect:   number(a.Count, "invitations") + " to register " + verb(a.Count, "stops", "stop") + " working",
	}
}
