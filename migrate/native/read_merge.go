package native

import (
	"bytes"
	"context"
)

// merge walks the streams of Synapse's tables user by user.
type merge struct {
	*transformer
	users      *stream
	dependents []dependentStream
	row        *row
	user       user
	last       []byte
	batch      batch
	out        sink
	free       *buffers
}

// dependentStream is a table whose rows belong to users.
type dependentStream struct {
	dependent
	*stream
}

// run reads all streams to their ends and writes what becomes of them.
func (m *merge) run(ctx context.Context) error {
	for i := range m.dependents {
		if err := m.dependents[i].next(); err != nil {
			return err
		}
	}
	for {
		if err := m.users.next(); err != nil {
			return err
		}
		if m.users.done {
			break
		}
		if err := m.one(); err != nil {
			return err
		}
		if m.batch.full() {
			if err := m.batch.flush(ctx, m.out, m.free); err != nil {
				return err
			}
		}
	}
	if err := m.orphans(nil); err != nil {
		return err
	}
	return m.batch.flush(ctx, m.out, m.free)
}

// one moves the user at whom the stream of users stands.
func (m *merge) one() error {
	m.row.forget()
	m.user.reset()
	m.row.values = m.users.values
	decodeUser(m.row, &m.user)
	if m.row.err != nil {
		return m.users.wrap(m.row.err)
	}
	name := m.user.name
	if m.last != nil && bytes.Compare(m.last, name) >= 0 {
		return m.users.wrap(errUnsorted)
	}
	m.last = append(m.last[:0], name...)
	if err := m.orphans(name); err != nil {
		return err
	}
	localpart, reason := m.admit(&m.user, &m.batch)
	if reason != "" {
		return m.skip(name, reason)
	}
	if err := m.gather(name); err != nil {
		return err
	}
	m.move(&m.user, localpart, &m.batch)
	return nil
}

// gather reads what belongs to the user.
func (m *merge) gather(name []byte) error {
	for _, d := range m.dependents {
		for d.of(name) {
			m.row.values = d.values
			d.keep(m.row, &m.user)
			if err := m.advance(d); err != nil {
				return err
			}
		}
	}
	return nil
}

// skip counts what belongs to a user whom MAS does not get, without keeping it: an
// application service may have any number of devices.
func (m *merge) skip(name []byte, reason string) error {
	kept := len(m.row.arena)
	for _, d := range m.dependents {
		for d.of(name) {
			m.row.values = d.values
			d.dependent.skip(m.row, reason, &m.batch)
			m.row.arena = m.row.arena[:kept]
			if err := m.advance(d); err != nil {
				return err
			}
		}
	}
	return nil
}

// orphans counts the rows of users before that one, who does not exist; all that are
// left if name is nil.
func (m *merge) orphans(name []byte) error {
	kept := len(m.row.arena)
	for _, d := range m.dependents {
		var user []byte
		for d.before(name) || name == nil && !d.done {
			if user == nil || !bytes.Equal(user, d.values[0]) {
				user = append(user[:0], d.values[0]...)
				m.batch.nextUser()
			}
			m.row.values = d.values
			d.orphan(m.row, user, &m.batch)
			m.row.arena = m.row.arena[:kept]
			if err := m.advance(d); err != nil {
				return err
			}
		}
	}
	return nil
}

func (m *merge) advance(d dependentStream) error {
	if m.row.err != nil {
		return d.wrap(m.row.err)
	}
	return d.next()
}
