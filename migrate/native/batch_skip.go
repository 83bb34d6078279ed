package native

import "github.com/maskit-dev/maskit/migrate"

// end takes the row that was appended to the tuples of a table.
func (b *batch) end(of table, tuples []byte) {
	b.tuples[of] = tuples
	b.pending[of]++
}

// skipDependents counts the rows of a user whom MAS does not get, without the user's own.
func (b *batch) skipDependents(u *user, reason string) {
	for i := range u.threepids {
		b.skipThreepid(&u.threepids[i], reason)
	}
	for range u.links {
		b.skip(tableLinks, reason)
	}
	b.skipSessions(u, reason)
}

// skipSessions counts the devices and tokens of a user who has none in MAS.
func (b *batch) skipSessions(u *user, reason string) {
	for i := range u.devices {
		b.skipDevice(&u.devices[i], reason)
	}
	for i := range u.access {
		b.skipAccess(&u.access[i], reason)
	}
	for range u.refresh {
		b.skip(tableRefresh, reason)
	}
}

func (b *batch) skipThreepid(p *threepid, reason string) {
	if string(p.medium) == mediumEmail {
		b.skip(tableEmails, reason)
	} else {
		b.skip(tableUnsupported, reason)
	}
}

func (b *batch) skipDevice(d *device, reason string) {
	if d.hidden {
		reason = skipHidden
	}
	b.skip(tableSessions, reason)
}

func (b *batch) skipAccess(a *accessToken, reason string) {
	if a.puppet {
		reason = skipPuppet
	}
	b.skip(tableAccess, reason)
}

// The orphans: rows whose user does not exist. Hidden devices, puppets' tokens and
// those of a refresh token do not count as such: nobody would have moved them.

func (b *batch) orphanThreepid(p *threepid, user []byte) {
	b.skipThreepid(p, migrate.CodeOrphanRows)
	b.note(migrate.CodeOrphanRows, "user_threepids", user, nil)
}

func (b *batch) orphanLink(user []byte) {
	b.skip(tableLinks, migrate.CodeOrphanRows)
	b.note(migrate.CodeOrphanRows, "user_external_ids", user, nil)
}

func (b *batch) orphanDevice(d *device, user []byte) {
	b.skipDevice(d, migrate.CodeOrphanRows)
	if !d.hidden {
		b.note(migrate.CodeOrphanRows, "devices", user, d.id)
	}
}

func (b *batch) orphanAccess(a *accessToken, user []byte) {
	b.skipAccess(a, migrate.CodeOrphanRows)
	if !a.puppet && !a.refresh.valid {
		b.note(migrate.CodeOrphanRows, "access_tokens", user, a.device)
	}
}

func (b *batch) orphanRefresh(r *refreshToken, user []byte) {
	b.skip(tableRefresh, migrate.CodeOrphanRows)
	b.note(migrate.CodeOrphanRows, "refresh_tokens", user, r.device)
}
