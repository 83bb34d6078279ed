package migrate

import (
	"fmt"

	"github.com/maskit-dev/maskit"
)

// deviceText is about devices and the sessions that they become.
func deviceText(a Anomaly, p Policy) (Finding, bool) {
	switch a.Code {
	case CodeUnreadableIP:
		return unreadableIP(a).finding(), true
	case CodeDehydratedDevices:
		return dehydratedDevices(a, p).finding(), true
	case CodeManyDevices:
		return manyDevices(a).finding(), true
	case CodeInactiveDevices:
		return inactiveDevices(a).finding(), true
	}
	return Finding{}, false
}

func unreadableIP(a Anomaly) says {
	return says{
		severity: maskit.SeverityInfo,
		message:  a.of("devices") + ", whose last IP address is none: the sessions have no address until they are used",
		hint:     "nothing to do",
	}
}

func dehydratedDevices(a Anomaly, p Policy) says {
	s := says{
		severity: maskit.SeverityWarning,
		message: number(a.Count, "dehydrated devices") + " (MSC3814, which keep messages for people who are signed out everywhere): " +
			verb(a.Count, "it becomes a session", "they become sessions") + " without a token, as by mas-cli syn2mas",
		hint:   "nothing to do, but tell people not to end a session that they do not know; Policy.DehydratedDevices can skip them",
		effect: number(a.Count, "users") + " would see a session that they never began; ending it loses the messages that it keeps",
	}
	if p.DehydratedDevices == Skip {
		s.message = number(a.Count, "dehydrated devices") + " (MSC3814, which keep messages for people who are signed out everywhere), left without a session as Policy.DehydratedDevices says"
		s.hint = "do not skip them, unless Synapse has the change of July 2026 by which it spares such devices when MAS lists those of a user"
		s.effect = number(a.Count, "users") + " would lose the messages that " + verb(a.Count, "it keeps", "they keep") + ", when an older Synapse deletes " + verb(a.Count, "the device", "the devices") + " at their next logout"
	}
	return s
}

func manyDevices(a Anomaly) says {
	at, becomes := a.Limits.Soft, "must end old sessions before a new one"
	switch {
	case a.Limits.Evicts:
		becomes = fmt.Sprintf("must end old sessions before a new one, or lose the oldest beyond %d, with their keys", a.Limits.Hard)
	case a.Limits.Hard > 0:
		becomes = fmt.Sprintf("must end old sessions before a new one, and beyond %d cannot log in with a password at all in old clients", a.Limits.Hard)
	}
	return says{
		severity: maskit.SeverityWarning,
		message:  fmt.Sprintf("%s with as many devices as experimental.session_limit of MAS allows (%d), or more", number(a.Count, "users"), at),
		hint:     "raise the limits, or exempt these users by max_session_threshold, or have old devices deleted before",
		effect:   number(a.Count, "users") + " " + becomes,
	}
}

func inactiveDevices(a Anomaly) says {
	return says{
		severity: maskit.SeverityWarning,
		message: fmt.Sprintf("%s, unused for %s: experimental.inactive_session_expiration of MAS ends their sessions as soon as it starts",
			a.of("devices"), duration(a.IdleSeconds)),
		hint:   "leave inactive_session_expiration out at first, so that people who come back can verify new devices with old ones",
		effect: a.of("devices") + " would be signed out, and deleted from Synapse with the keys that they have",
	}
}

// duration writes seconds in the largest unit of which there is one.
func duration(seconds int64) string {
	const minute, hour, day = 60, 60 * 60, 24 * 60 * 60
	switch {
	case seconds >= day:
		return number(seconds/day, "days")
	case seconds >= hour:
		return number(seconds/hour, "hours")
	}
	return number(seconds/minute, "minutes")
}
