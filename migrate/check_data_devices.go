package migrate

import (
	"fmt"
	"net/netip"
	"time"

	"github.com/maskit-dev/maskit/mas"
)

// unlikeIPv4 are the addresses that need a second look. Leading zeros and empty parts
// are not noticed, which Synapse cannot have written; the whole grammar would be slow.
const unlikeIPv4 = `(d.ip NOT LIKE '_%._%._%._%' OR d.ip ~ '[^0-9.]|[3-9][0-9][0-9]|2([6-9][0-9]|5[6-9])')`

// deviceRows is the pass over devices that become sessions.
func deviceRows(job *Job) table {
	t := table{
		path: "devices", from: "devices d LEFT JOIN users u ON u.name = d.user_id", where: visible,
		key: "d.user_id || ' ' || d.device_id", user: "d.user_id", suspect: "d.ip",
		flags: []flag{
			{code: CodeOrphanRows, when: "u.name IS NULL"},
			{code: CodeUnreadableIP, when: unlikeIPv4 + " AND d.ip <> '-' AND " + active, confirmed: unreadable},
			remains(),
		},
	}
	idle := inactiveAfter(job.Config)
	if idle == 0 {
		return t
	}
	t.args = []any{job.Started.Add(-idle).UnixMilli()}
	t.flags = append(t.flags, flag{code: CodeInactiveDevices, when: "d.last_seen < $1 AND " + active})
	t.complete = func(a *Anomaly) { a.IdleSeconds = int64(idle / time.Second) }
	return t
}

// unreadable reports whether MAS gets no address of it. PostgreSQL knows no zones.
func unreadable(ip string) bool {
	addr, err := netip.ParseAddr(ip)
	return err != nil || addr.Zone() != ""
}

// inactiveAfter is how long MAS keeps sessions that are not used; zero if it always does.
func inactiveAfter(config *mas.Config) time.Duration {
	if config == nil || config.Experimental == nil {
		return 0
	}
	inactive := config.Experimental.InactiveSessionExpiration
	if inactive == nil || !inactive.ExpireCompatSessions.Or(true) {
		return 0
	}
	return time.Duration(inactive.TTL) * time.Second //nolint:gosec // MAS allows at most 90 days
}

// dehydratedRows finds dehydrated devices that would become sessions.
func dehydratedRows() table {
	return table{
		path: "dehydrated_devices", key: "d.user_id || ' ' || d.device_id", user: "d.user_id",
		from: "dehydrated_devices x JOIN devices d ON d.user_id = x.user_id AND d.device_id = x.device_id JOIN users u ON u.name = d.user_id",
		flags: []flag{
			{code: CodeDehydratedDevices, when: visible + " AND " + active},
		},
	}
}

// sessionLimitLooks counts users with more sessions than MAS allows, if it limits them.
func sessionLimitLooks(job *Job) []look {
	if job.Config == nil || job.Config.Experimental == nil || job.Config.Experimental.SessionLimit == nil {
		return nil
	}
	limit := *job.Config.Experimental.SessionLimit
	limits := SessionLimits{
		Soft: limit.SoftLimit, Hard: limit.HardLimit,
		Threshold: limit.MaxSessionThreshold.Or(0), Evicts: limit.DangerousHardLimitEviction,
	}
	return []look{manyDeviceUsers(limits).look()}
}

func manyDeviceUsers(limits SessionLimits) table {
	having := fmt.Sprintf("count(*) >= %d", limits.Soft)
	if limits.Threshold > 0 {
		having += fmt.Sprintf(" AND count(*) <= %d", limits.Threshold)
	}
	return table{
		path: "devices", key: "s.user_id",
		from: `(SELECT s.user_id FROM (
				SELECT d.user_id FROM devices d WHERE ` + visible + `
				UNION ALL SELECT a.user_id FROM access_tokens a WHERE a.device_id IS NULL AND a.puppets_user_id IS NULL AND a.refresh_token_id IS NULL
			) s JOIN users u ON u.name = s.user_id WHERE ` + active + " GROUP BY 1 HAVING " + having + ") s",
		flags:    []flag{{code: CodeManyDevices, when: "true"}},
		complete: func(a *Anomaly) { a.Limits = limits },
	}
}
