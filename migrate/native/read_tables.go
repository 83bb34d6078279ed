package native

// The rows of Synapse's tables (Synapse 1.136 to 1.163): the columns that are read,
// in this order, and what is done with a row.

// tableQuery is what is read of a table. key is the column with the user id.
type tableQuery struct{ table, key, columns string }

func usersQuery() tableQuery {
	return tableQuery{
		table: "users", key: "name",
		columns: "name, password_hash, creation_ts, admin, deactivated, is_guest, locked, appservice_id IS NOT NULL",
	}
}

func decodeUser(r *row, u *user) {
	u.name, u.hash, u.created = r.text(0), r.text(1), r.optional(2)
	u.admin, u.deactivated, u.guest = r.number(3), r.number(4), r.number(5)
	u.locked, u.appservice = r.flag(6), r.flag(7)
}

// dependent reads the rows of a table that belong to users.
type dependent interface {
	query() tableQuery
	// keep adds the row to the user.
	keep(r *row, u *user)
	// skip counts it as one of a user whom MAS does not get.
	skip(r *row, reason string, out *batch)
	// orphan counts it as one of a user who does not exist.
	orphan(r *row, user []byte, out *batch)
}

// dependents are the five tables.
func dependents() []dependent {
	return []dependent{readThreepids{}, readLinks{}, readDevices{}, readAccess{}, readRefresh{}}
}

type readThreepids struct{}

func (readThreepids) query() tableQuery {
	return tableQuery{table: "user_threepids", key: "user_id", columns: "user_id, medium, address, added_at"}
}

func (readThreepids) decode(r *row) threepid {
	return threepid{medium: r.text(1), address: r.text(2), added: r.int(3)}
}

func (d readThreepids) keep(r *row, u *user) { u.threepids = append(u.threepids, d.decode(r)) }

func (d readThreepids) skip(r *row, reason string, out *batch) {
	p := d.decode(r)
	out.skipThreepid(&p, reason)
}

func (d readThreepids) orphan(r *row, user []byte, out *batch) {
	p := d.decode(r)
	out.orphanThreepid(&p, user)
}

type readLinks struct{}

func (readLinks) query() tableQuery {
	return tableQuery{table: "user_external_ids", key: "user_id", columns: "user_id, auth_provider, external_id"}
}

func (readLinks) keep(r *row, u *user) {
	u.links = append(u.links, link{provider: r.text(1), subject: r.text(2)})
}

func (readLinks) skip(_ *row, reason string, out *batch) { out.skip(tableLinks, reason) }

func (readLinks) orphan(_ *row, user []byte, out *batch) { out.orphanLink(user) }

type readDevices struct{}

func (readDevices) query() tableQuery {
	return tableQuery{
		table: "devices", key: "user_id",
		// As long as dehydrated_devices is empty, PostgreSQL does not even look for a row.
		columns: "user_id, device_id, display_name, ip, user_agent, last_seen, hidden IS NOT FALSE OR device_id = 'guest_device', " +
			"(user_id, device_id) IN (SELECT user_id, device_id FROM dehydrated_devices)",
	}
}

func (readDevices) decode(r *row) device {
	return device{
		id: r.text(1), display: r.text(2), ip: r.text(3), agent: r.text(4), seen: r.optional(5),
		hidden: r.flag(6), dehydrated: r.flag(7),
	}
}

func (d readDevices) keep(r *row, u *user) { u.devices = append(u.devices, d.decode(r)) }

func (d readDevices) skip(r *row, reason string, out *batch) {
	v := d.decode(r)
	out.skipDevice(&v, reason)
}

func (d readDevices) orphan(r *row, user []byte, out *batch) {
	v := d.decode(r)
	out.orphanDevice(&v, user)
}

type readAccess struct{}

func (readAccess) query() tableQuery {
	return tableQuery{
		table: "access_tokens", key: "user_id",
		columns: "user_id, device_id, token, valid_until_ms, last_validated, refresh_token_id, used, puppets_user_id IS NOT NULL",
	}
}

func (readAccess) decode(r *row) accessToken {
	return accessToken{
		device: r.text(1), token: r.text(2), until: r.optional(3), validated: r.optional(4),
		refresh: r.optional(5), used: r.flag(6), puppet: r.flag(7),
	}
}

func (d readAccess) keep(r *row, u *user) { u.access = append(u.access, d.decode(r)) }

func (d readAccess) skip(r *row, reason string, out *batch) {
	v := d.decode(r)
	out.skipAccess(&v, reason)
}

func (d readAccess) orphan(r *row, user []byte, out *batch) {
	v := d.decode(r)
	out.orphanAccess(&v, user)
}

type readRefresh struct{}

func (readRefresh) query() tableQuery {
	return tableQuery{table: "refresh_tokens", key: "user_id", columns: "user_id, id, device_id, token, next_token_id"}
}

func (readRefresh) decode(r *row) refreshToken {
	return refreshToken{id: r.int(1), device: r.text(2), token: r.text(3), next: r.optional(4)}
}

func (d readRefresh) keep(r *row, u *user) { u.refresh = append(u.refresh, d.decode(r)) }

func (readRefresh) skip(_ *row, reason string, out *batch) { out.skip(tableRefresh, reason) }

func (d readRefresh) orphan(r *row, user []byte, out *batch) {
	v := d.decode(r)
	out.orphanRefresh(&v, user)
}
