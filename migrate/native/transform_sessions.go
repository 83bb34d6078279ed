package native

import (
	"net/netip"

	"github.com/maskit-dev/maskit/internal/pgcopy"
	"github.com/maskit-dev/maskit/migrate"
)

// sessions is the memory for the devices of one user.
type sessions struct {
	list  []session
	index deviceIndex
	pairs pairs
}

// session is what becomes of a device.
type session struct {
	*device
	// reason says why it becomes no session of MAS; empty if it does.
	reason string
	// oldest is when the oldest of its tokens was made.
	oldest optional
	id     [16]byte
}

// devices makes sessions of the devices of an active user, and tokens of its tokens.
func (t *transformer) devices(a *account, out *batch) {
	s := &t.sessions
	s.begin(a.user)
	t.judgeDevices(a, out)
	s.pairs.match(a.user)
	t.judgeTokens(a, out)
	for i := range s.list {
		if s.list[i].reason == "" {
			t.session(a, &s.list[i], out)
		}
	}
	t.tokens(a, out)
}

func (s *sessions) begin(u *user) {
	s.list = s.list[:0]
	for i := range u.devices {
		s.list = append(s.list, session{device: &u.devices[i]})
	}
	s.index.build(s.list)
}

// of returns what becomes of a device; nil if there is no such device.
func (s *sessions) of(device []byte) *session {
	if device == nil {
		return nil
	}
	i, found := s.index.find(s.list, device)
	if !found {
		return nil
	}
	return &s.list[i]
}

// judgeDevices finds the devices that become no session.
func (t *transformer) judgeDevices(a *account, out *batch) {
	for i := range t.sessions.list {
		s := &t.sessions.list[i]
		if !s.hidden && s.dehydrated {
			out.note(migrate.CodeDehydratedDevices, "dehydrated_devices", a.name, s.device.id)
		}
		switch {
		case s.hidden:
			s.reason = skipHidden
		case s.dehydrated && t.policy.DehydratedDevices == migrate.Skip:
			s.reason = migrate.CodeDehydratedDevices
		default:
			continue
		}
		out.skip(tableSessions, s.reason)
	}
}

// session makes the row of a device.
func (t *transformer) session(a *account, s *session, out *batch) {
	at := pgcopy.UnixMilli(s.oldest.or(t.started))
	s.id = t.ids.make(kindSession, at.UnixMilli(), a.localpart, s.device.id)
	row := pgcopy.AppendTuple(out.tuples[tableSessions], sessionFields)
	row = pgcopy.AppendUUID(row, s.id)
	row = pgcopy.AppendUUID(row, a.id)
	row = pgcopy.AppendText(row, s.device.id)
	row = appendText(row, s.display)
	row = pgcopy.AppendTimestamp(row, at)
	row = pgcopy.AppendBool(row, a.admin)
	row = appendTime(row, s.seen)
	row = pgcopy.AppendInet(row, t.address(a, s.device, out))
	out.end(tableSessions, appendText(row, s.agent))
}

const sessionFields = 9

// address is the last address of a device; Synapse writes "-" if it knows none.
func (t *transformer) address(a *account, d *device, out *batch) netip.Addr {
	if d.ip == nil || string(d.ip) == "-" {
		return netip.Addr{}
	}
	addr, err := netip.ParseAddr(string(d.ip))
	if err != nil || addr.Zone() != "" {
		out.note(migrate.CodeUnreadableIP, "devices", a.name, d.id)
		return netip.Addr{}
	}
	return addr
}

// deviceless makes the session of a token without a device: it is its own, and not
// that of an administrator.
func (t *transformer) deviceless(a *account, at pgcopy.Timestamp, token []byte, out *batch) [16]byte {
	id := t.ids.make(kindDeviceless, at.UnixMilli(), token, nil)
	row := pgcopy.AppendTuple(out.tuples[tableSessions], sessionFields)
	row = pgcopy.AppendUUID(row, id)
	row = pgcopy.AppendUUID(row, a.id)
	row = pgcopy.AppendNull(pgcopy.AppendNull(row))
	row = pgcopy.AppendTimestamp(row, at)
	row = pgcopy.AppendBool(row, false)
	out.end(tableSessions, pgcopy.AppendNull(pgcopy.AppendNull(pgcopy.AppendNull(row))))
	return id
}

func appendText(row, text []byte) []byte {
	if text == nil {
		return pgcopy.AppendNull(row)
	}
	return pgcopy.AppendText(row, text)
}

func appendTime(row []byte, ms optional) []byte {
	if !ms.valid {
		return pgcopy.AppendNull(row)
	}
	return pgcopy.AppendTimestamp(row, pgcopy.UnixMilli(ms.value))
}
