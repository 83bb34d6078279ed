package rowdiff

import "sync/atomic"

// masScans are the queries of MAS's side, the longest first. A row that belongs to
// nobody must be seen, hence the outer joins. since says from when on times are those
// of the migration. mixedCase is set if a username has a capital letter.
func masScans(since since, mixedCase *atomic.Bool) []scan {
	m := masReader{since, mixedCase}
	confirmed := "NULL::timestamptz"
	if since.confirmed {
		confirmed = "confirmed_at"
	}
	return []scan{
		{cluster: devices, table: "compat_sessions", build: m.session, sql: `
			SELECT u.username AS k, s.compat_session_id, s.device_id, s.human_name, s.user_agent, s.is_synapse_admin, s.last_active_at,
				s.last_active_ip, s.finished_at, s.user_session_id, s.created_at,
				t.compat_access_token_id, t.access_token, t.created_at, t.expires_at,
				r.compat_refresh_token_id, r.refresh_token, r.created_at, r.consumed_at, r.compat_session_id IS NOT DISTINCT FROM t.compat_session_id
			FROM compat_sessions s FULL JOIN compat_access_tokens t ON t.compat_session_id = s.compat_session_id
				FULL JOIN compat_refresh_tokens r ON r.compat_access_token_id = t.compat_access_token_id
				LEFT JOIN users u ON u.user_id = s.user_id`},
		{cluster: accounts, table: "users", build: m.user, sql: `
			SELECT u.username AS k, u.user_id, u.created_at, u.locked_at, u.deactivated_at, u.can_request_admin, u.is_guest,
				p.user_password_id, p.hashed_password, p.created_at, p.version, p.upgraded_from_id
			FROM users u FULL JOIN user_passwords p ON p.user_id = u.user_id`},
		{cluster: thirdParties, table: "user_emails", build: m.thirdParty, sql: `
			SELECT u.username AS k, t.id, t.medium, t.address, t.created_at, t.confirmed
			FROM (SELECT user_id, user_email_id AS id, NULL::text AS medium, email AS address, created_at, ` + confirmed + ` AS confirmed FROM user_emails
				UNION ALL SELECT user_id, NULL, medium, address, created_at, NULL FROM user_unsupported_third_party_ids) t
				LEFT JOIN users u ON u.user_id = t.user_id`},
		{cluster: upstream, table: "upstream_oauth_links", build: m.link, sql: `
			SELECT u.username AS k, l.upstream_oauth_link_id, l.upstream_oauth_provider_id, l.subject, l.created_at, l.human_account_name
			FROM upstream_oauth_links l LEFT JOIN users u ON u.user_id = l.user_id`},
	}
}

// masUser is the localpart in the order of a sorted scan.
const masUser = `coalesce(k, '')`

type masReader struct {
	since     since
	mixedCase *atomic.Bool
}

func (m masReader) user(c [][]byte, r *row) bool {
	limit := m.since.accounts
	r.begin(c[0])
	if hasCase(c[0]) {
		m.mixedCase.Store(true)
	}
	if id := c[1]; id != nil {
		created := fromMAS(c[2])
		r.part(users, id).time(created.before(limit)).time(fromMAS(c[3]).before(limit)).time(fromMAS(c[4]).before(limit)).
			bytes(c[5]).bytes(c[6]).state(idState(id, created))
	}
	if id := c[7]; id != nil {
		created := fromMAS(c[9])
		r.part(passwords, id).bytes(c[8]).time(created.before(limit)).bytes(c[10]).bytes(c[11]).state(idState(id, created))
	}
	return true
}

func (m masReader) thirdParty(c [][]byte, r *row) bool {
	created := fromMAS(c[4])
	if r.begin(c[0]); c[2] != nil {
		r.part(unsupported, nil).bytes(c[2]).bytes(c[3]).time(created)
	} else {
		r.part(emails, nil).bytes(c[3]).time(created).time(fromMAS(c[5])).state(idState(c[1], created))
	}
	return true
}

func (m masReader) link(c [][]byte, r *row) bool {
	created := fromMAS(c[4])
	r.begin(c[0]).part(links, nil).bytes(c[2]).bytes(c[3]).time(created.since1970().before(m.since.accounts)).bytes(c[5]).state(idState(c[1], created))
	return true
}

func (m masReader) session(c [][]byte, r *row) bool {
	r.begin(c[0])
	if c[1] != nil {
		m.sessionPart(c, r)
	}
	if id := c[11]; id != nil {
		created := fromMAS(c[13])
		r.part(accessTokens, id).bytes(c[2]).bytes(c[12]).time(created.before(m.since.tokens)).time(fromMAS(c[14])).state(idState(id, created))
	}
	if id := c[15]; id != nil {
		created := fromMAS(c[17])
		r.part(refreshTokens, id).bytes(c[2]).bytes(c[16]).bytes(c[12]).time(created.before(m.since.tokens)).
			time(fromMAS(c[18])).bytes(c[19]).state(idState(id, created))
	}
	return true
}

// sessionPart leaves the time of a device out: engines take it from different tokens.
func (m masReader) sessionPart(c [][]byte, r *row) {
	created := fromMAS(c[10])
	shown, k := moment{state: absent}, sessions
	if c[2] == nil {
		shown, k = created.before(m.since.tokens), deviceless
	}
	r.part(k, c[1]).bytes(c[2]).bytes(c[3]).bytes(c[4]).bytes(c[5]).time(fromMAS(c[6])).bytes(c[7]).
		time(fromMAS(c[8])).bytes(c[9]).time(shown).state(idState(c[1], created))
}

// hasCase says that a name may have a capital letter.
func hasCase(name []byte) bool {
	for _, b := range name {
		if b >= 'A' && b <= 'Z' || b >= 0x80 {
			return true
		}
	}
	return false
}
